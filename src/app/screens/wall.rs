//! The wall: signals as rows, environments as columns.

use jiff::Timestamp;

use crate::app::cursor::Followed;
use crate::app::drift::DRIFT;
use crate::app::filter::Filter;
use crate::app::fleet::{EnvironmentState, Fleet};
use crate::app::shown::Freshness;
use crate::model::Severity;

/// What the operator has chosen on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WallState {
    /// Selected row; followed by the signal's index.
    pub rows: Followed<usize>,
    /// Selected column; followed by the environment's index.
    pub columns: Followed<usize>,
    /// What to show.
    pub filter: Filter,
}

/// What the wall shows: indices into the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WallView {
    /// Signals.
    pub rows: Vec<usize>,
    /// Environments.
    pub columns: Vec<usize>,
}

impl WallView {
    /// Where the worst cell stands, as indices into `rows` and `columns`: of equals the production one, then the
    /// first. `None` when nothing is a warning or worse.
    pub fn worst(&self, fleet: &Fleet, now: Timestamp) -> Option<(usize, usize)> {
        let mut worst = None;
        for (column, environment) in self.columns.iter().enumerate() {
            let Some(state) = fleet.environments.get(*environment) else { continue };
            for (row, signal) in self.rows.iter().enumerate() {
                let severity = state.cells.get(*signal).map(|cell| cell.severity(now)).unwrap_or_default();
                let rank = (severity, state.environment.tier);
                if severity >= Severity::Warning && worst.is_none_or(|(best, _)| rank > best) {
                    worst = Some((rank, (row, column)));
                }
            }
        }
        worst.map(|(_, place)| place)
    }
}

/// True when no environment in `scope` has anything for the signal and none is awaited, failed or in doubt. An absence
/// that an earlier run saw counts until this one has looked, so that rows do not come and go at the start. One that is
/// dark as a whole says so in every other row: it brings no rows of its own while another can be read.
fn is_empty(fleet: &Fleet, now: Timestamp, scope: &[usize], signal: usize) -> bool {
    let absent = |environment: &usize| {
        fleet.cell(*environment, signal).is_some_and(|cell| {
            let severity = cell.datum.value().map(|reading| reading.severity);
            let trusted = matches!(cell.freshness(now), Freshness::Fresh | Freshness::Cached);
            severity == Some(Severity::Absent) && trusted
        })
    };
    let dark = |environment: &usize| {
        let polled = |state: &EnvironmentState| {
            let mut cells = fleet.signals.iter().zip(&state.cells).filter(|(info, _)| info.id != DRIFT);
            cells.all(|(_, cell)| cell.datum.fault().is_some())
        };
        fleet.environments.get(*environment).is_some_and(polled)
    };
    let had_nothing = |environment: &usize| {
        fleet
            .cell(*environment, signal)
            .is_some_and(|cell| cell.datum.value().is_none_or(|reading| reading.severity == Severity::Absent))
    };
    let (dark, lit): (Vec<&usize>, Vec<&usize>) = scope.iter().partition(|environment| dark(environment));
    !lit.is_empty() && lit.into_iter().all(absent) && dark.into_iter().all(had_nothing)
}

/// The rows and columns in which a cell passes the filter and, with `attention`, is not fine. Without either
/// everything in `scope` (indices of environments) is shown, but for rows that no environment has anything for.
pub fn view(fleet: &Fleet, now: Timestamp, scope: &[usize], filter: &Filter, attention: bool) -> WallView {
    if filter.is_empty() && !attention {
        let shown = |signal: &usize| fleet.signals[*signal].always || !is_empty(fleet, now, scope, *signal);
        return WallView { rows: (0..fleet.signals.len()).filter(shown).collect(), columns: scope.to_vec() };
    }
    let mut rows = vec![false; fleet.signals.len()];
    let mut columns = Vec::new();
    for environment in scope {
        let Some(state) = fleet.environments.get(*environment) else { continue };
        let label = state.label();
        let mut shown = false;
        for ((signal, cell), row) in fleet.signals.iter().zip(&state.cells).zip(&mut rows) {
            let reading = cell.datum.value();
            let texts = reading.into_iter().flat_map(|r| [r.headline.as_str(), r.note.as_str()]);
            let names = reading.into_iter().flat_map(|r| &r.resources).map(|resource| resource.name.as_str());
            let own = [signal.id.0, signal.title.as_str(), label.as_str(), state.environment.region.as_str()];
            let fault = cell.datum.fault().map(|fault| fault.kind.word());
            let passes = (!attention || cell.severity(now) > Severity::Ok)
                && filter.passes(own.into_iter().chain(texts).chain(fault).chain(names));
            *row |= passes;
            shown |= passes;
        }
        if shown {
            columns.push(*environment);
        }
    }
    let asked_for = |signal: usize| fleet.signals[signal].always || !is_empty(fleet, now, scope, signal);
    let rows = rows.iter().enumerate().filter(|(index, shown)| **shown && asked_for(*index)).map(|(index, _)| index);
    WallView { rows: rows.collect(), columns }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::app::fleet::SignalInfo;
    use crate::model::{Datum, EnvId, Environment, Fault, FaultKind, Origin, Reading, SignalId, Tier};

    fn fleet(datum: Datum<Reading>, always: bool) -> Fleet {
        let environment = Environment {
            id: EnvId(0),
            system: "payments".into(),
            name: "prod".into(),
            tier: Tier::Production,
            region: "us-east-1".into(),
            account: None,
            profile: None,
            read_only: false,
        };
        let other = Environment { id: EnvId(1), name: "dev".into(), ..environment.clone() };
        let info = |id| SignalInfo { id: SignalId(id), title: id.into(), always };
        let mut fleet = Fleet::new(vec![info("alarms"), info("sqs")], vec![environment, other]);
        let absent = Datum::Live { value: Reading::default().into(), at: Timestamp::UNIX_EPOCH };
        for (state, datum) in fleet.environments.iter_mut().zip([absent, datum]) {
            state.cells[1].every_s = 60;
            state.cells[1].datum = datum;
        }
        fleet
    }

    fn stale(fault: Option<Fault>, origin: Origin) -> Datum<Reading> {
        Datum::Stale { value: Reading::default().into(), at: Timestamp::UNIX_EPOCH, fault, origin }
    }

    fn denied() -> Fault {
        Fault::new(FaultKind::Denied, "ListQueues", "no")
    }

    #[rstest]
    #[case::nobody_has_it(Datum::Live { value: Reading::default().into(), at: Timestamp::UNIX_EPOCH }, false)]
    #[case::an_earlier_run_saw_none(stale(None, Origin::Cache), false)]
    #[case::awaited(Datum::Waiting, true)]
    #[case::denied(Datum::Failed { fault: denied(), at: Timestamp::UNIX_EPOCH }, true)]
    #[case::denied_since(stale(Some(denied()), Origin::ThisRun), true)]
    #[case::unknown(
        Datum::Live { value: Reading { severity: Severity::Unknown, ..Reading::default() }.into(), at: Timestamp::UNIX_EPOCH },
        true
    )]
    fn a_row_is_left_out_only_where_it_is_known_to_be_empty(#[case] datum: Datum<Reading>, #[case] shown: bool) {
        let rows = |fleet: &Fleet, attention| {
            view(fleet, Timestamp::UNIX_EPOCH, &[0, 1], &Filter::default(), attention).rows.contains(&1)
        };
        assert_eq!(rows(&fleet(datum.clone(), false), false), shown);
        assert_eq!(rows(&fleet(datum.clone(), false), true), shown, "what is in doubt needs attention");
        assert!(rows(&fleet(datum, true), false), "asked for");
    }

    #[rstest]
    #[case::never_read(Datum::Failed { fault: denied(), at: Timestamp::UNIX_EPOCH }, false)]
    #[case::had_none_before(stale(Some(denied()), Origin::ThisRun), false)]
    #[case::had_some_before(
        Datum::Stale {
            value: Reading { severity: Severity::Ok, ..Reading::default() }.into(),
            at: Timestamp::UNIX_EPOCH,
            fault: Some(denied()),
            origin: Origin::ThisRun,
        },
        true
    )]
    fn a_dark_environment_brings_no_rows_of_its_own(#[case] datum: Datum<Reading>, #[case] shown: bool) {
        let rows = |fleet: &Fleet, scope: &[usize]| {
            view(fleet, Timestamp::UNIX_EPOCH, scope, &Filter::default(), false).rows.contains(&1)
        };
        let mut fleet = fleet(datum, false);
        fleet.environments[1].cells[0].datum = Datum::Failed { fault: denied(), at: Timestamp::UNIX_EPOCH };
        assert_eq!(rows(&fleet, &[0, 1]), shown);
        assert!(rows(&fleet, &[1]), "nobody else can be read");
    }

    #[test]
    fn a_chosen_row_is_followed_when_one_above_it_goes() {
        let mut state = WallState::default();
        let settle = |state: &mut WallState, rows: &[usize]| {
            state.rows.settle(rows.len(), 10, |index| rows.get(index).copied());
        };
        state.rows.choose(2, 3, Some);
        settle(&mut state, &[0, 2]);
        assert_eq!(state.rows.selected(), 1);
        settle(&mut state, &[0, 1, 2]);
        assert_eq!(state.rows.selected(), 2);
    }
}
