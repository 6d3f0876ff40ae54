//! The wall: signals as rows, environments as columns.

use jiff::Timestamp;

use crate::app::cursor::Followed;
use crate::app::filter::Filter;
use crate::app::fleet::Fleet;
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

/// The rows and columns in which a cell passes the filter and, with `attention`, is not fine. Without either
/// everything in `scope` (indices of environments) is shown.
pub fn view(fleet: &Fleet, now: Timestamp, scope: &[usize], filter: &Filter, attention: bool) -> WallView {
    if filter.is_empty() && !attention {
        return WallView { rows: (0..fleet.signals.len()).collect(), columns: scope.to_vec() };
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
    let rows = rows.iter().enumerate().filter(|(_, shown)| **shown).map(|(index, _)| index).collect();
    WallView { rows, columns }
}
