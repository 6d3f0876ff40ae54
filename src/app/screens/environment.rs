//! The environment screen: everything in one environment, worst first.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::cursor::Followed;
use crate::app::filter::Filter;
use crate::app::fleet::Fleet;
use crate::app::screens::signal::passes;
use crate::app::screens::sort::Sort;
use crate::app::shown::{Freshness, as_shown};
use crate::base::Text;
use crate::model::{EnvId, Fault, Reading, Resource, Severity};

/// What the operator has chosen there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnvironmentScreenState {
    /// Selected row; followed by the signal's index and the resource's name.
    pub rows: Followed<(usize, Text)>,
    /// What to show.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A resource: its place in the reading's [`Reading::resources`].
    Resource(Arc<Reading>, usize),
    /// A signal of which nothing, or not everything, could be read.
    Unread(Fault),
    /// A signal whose first answer is awaited.
    Awaited,
}

/// One line of the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentRow {
    /// Index of the signal in the fleet.
    pub signal: usize,
    /// What it is about.
    pub subject: Subject,
    /// Severity as shown.
    pub severity: Severity,
    /// How far it can be trusted.
    pub freshness: Freshness,
}

impl EnvironmentRow {
    /// The resource, where it is about one.
    pub fn resource(&self) -> Option<&Resource> {
        match &self.subject {
            Subject::Resource(reading, index) => reading.resources.get(*index),
            Subject::Unread(_) | Subject::Awaited => None,
        }
    }

    /// What the selection follows it by.
    pub fn key(&self) -> Option<(usize, Text)> {
        Some((self.signal, self.resource().map(|resource| resource.name.clone()).unwrap_or_default()))
    }
}

/// Everything of one environment that passes the filter and, with `attention`, is not fine. A signal that could not be
/// read has a row of its own: its resources are unknown, not absent.
pub fn rows(
    fleet: &Fleet,
    now: Timestamp,
    env: EnvId,
    filter: &Filter,
    attention: bool,
    sort: Sort,
) -> Vec<EnvironmentRow> {
    let Some(state) = fleet.position(env).and_then(|index| fleet.environments.get(index)) else { return Vec::new() };
    let mut rows = Vec::new();
    for (signal, (cell, info)) in state.cells.iter().zip(fleet.signals.iter()).enumerate() {
        let freshness = cell.freshness(now);
        let reading = cell.datum.value();
        let partly = reading.and_then(|reading| reading.fault.as_ref());
        let subject = match (cell.datum.fault().or(partly), reading) {
            (Some(fault), _) => Some(Subject::Unread(fault.clone())),
            (None, None) => Some(Subject::Awaited),
            (None, Some(_)) => None,
        };
        let named = |subject: &Subject| match subject {
            Subject::Unread(fault) => filter.passes([&*info.title, fault.kind.word(), &*fault.message].into_iter()),
            _ => filter.passes(std::iter::once(&*info.title)),
        };
        if let Some(subject) = subject.filter(named) {
            rows.push(EnvironmentRow { signal, subject, severity: Severity::Unknown, freshness });
        }
        let Some(reading) = reading else { continue };
        for (index, resource) in reading.resources.iter().enumerate() {
            let severity = as_shown(resource.severity, freshness);
            if (attention && severity <= Severity::Ok) || !passes(filter, resource, &info.title) {
                continue;
            }
            rows.push(EnvironmentRow {
                signal,
                subject: Subject::Resource(Arc::clone(reading), index),
                severity,
                freshness,
            });
        }
    }
    order(&mut rows, sort);
    rows
}

fn order(rows: &mut [EnvironmentRow], sort: Sort) {
    let name = |row: &EnvironmentRow| row.resource().map(|resource| resource.name.clone());
    let since = |row: &EnvironmentRow| match row.resource() {
        Some(resource) => resource.since,
        // Why a signal is unknown stands above what is unknown because of it.
        None => Some(Timestamp::MAX),
    };
    match sort {
        Sort::Severity => {
            rows.sort_by_cached_key(|row| (Reverse((row.severity, since(row))), row.signal, name(row)));
        }
        Sort::Name => rows.sort_by_cached_key(|row| (name(row), row.signal)),
        Sort::Since => rows.sort_by_cached_key(|row| (Reverse(since(row)), row.signal, name(row))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::SignalInfo;
    use crate::model::{Datum, Environment, FaultKind, SignalId, Tier};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn fleet(cells: Vec<Datum<Reading>>) -> Fleet {
        let signals = ["alarms", "lambda-errors", "sqs"];
        let infos = signals.map(|id| SignalInfo { id: SignalId(id), title: id.into(), always: false });
        let environment = Environment {
            id: EnvId(7),
            system: "payments".into(),
            name: "prod".into(),
            tier: Tier::Production,
            region: "us-east-1".into(),
            account: None,
            profile: None,
            read_only: false,
        };
        let mut fleet = Fleet::new(infos.to_vec(), vec![environment]);
        for (cell, datum) in fleet.environments[0].cells.iter_mut().zip(cells) {
            (cell.datum, cell.every_s) = (datum, 60);
        }
        fleet
    }

    fn live(resources: Vec<Resource>) -> Datum<Reading> {
        Datum::Live { value: Arc::new(Reading { resources, ..Reading::default() }), at: at(0) }
    }

    fn resource(name: &str, severity: Severity, since: Option<i64>) -> Resource {
        Resource { name: name.into(), severity, since: since.map(at), ..Resource::default() }
    }

    fn shown(rows: &[EnvironmentRow]) -> Vec<(usize, String, Severity)> {
        let name = |row: &EnvironmentRow| row.resource().map_or("-".into(), |r| r.name.to_string());
        rows.iter().map(|row| (row.signal, name(row), row.severity)).collect()
    }

    #[test]
    fn worst_first_then_newest_then_by_signal() {
        let fleet = fleet(vec![
            live(vec![resource("a", Severity::Warning, Some(5)), resource("b", Severity::Ok, None)]),
            live(vec![resource("c", Severity::Critical, Some(1)), resource("d", Severity::Warning, Some(9))]),
            live(vec![resource("e", Severity::Warning, Some(5))]),
        ]);
        let all = rows(&fleet, at(1), EnvId(7), &Filter::default(), false, Sort::Severity);
        let names: Vec<String> = shown(&all).into_iter().map(|(_, name, _)| name).collect();
        assert_eq!(names, ["c", "d", "a", "e", "b"]);
        let bad = rows(&fleet, at(1), EnvId(7), &Filter::default(), true, Sort::Severity);
        assert_eq!(bad.len(), 4);
        let filtered = rows(&fleet, at(1), EnvId(7), &Filter::parse("lambda"), false, Sort::Name);
        assert_eq!(filtered.len(), 2, "the signal's title counts");
    }

    #[test]
    fn what_could_not_be_read_has_a_row_and_stale_good_news_is_unknown() {
        let denied = Fault::new(FaultKind::Denied, "ListQueues", "no");
        let mut stale = live(vec![resource("b", Severity::Ok, None)]);
        stale.fail(denied.clone(), at(1));
        let fleet = fleet(vec![Datum::Waiting, stale, Datum::Failed { fault: denied, at: at(1) }]);
        let all = rows(&fleet, at(1), EnvId(7), &Filter::default(), true, Sort::Severity);
        assert!(all.iter().all(|row| row.severity == Severity::Unknown));
        let places: Vec<(usize, String)> = shown(&all).into_iter().map(|(s, name, _)| (s, name)).collect();
        assert_eq!(places, [(0, "-".into()), (1, "-".into()), (2, "-".into()), (1, "b".into())]);
        assert!(rows(&fleet, at(1), EnvId(1), &Filter::default(), false, Sort::Severity).is_empty());
    }
}
