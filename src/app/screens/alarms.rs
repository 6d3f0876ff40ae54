//! The alarms screen: all alarms of all environments in one list.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::cursor::Followed;
use crate::app::filter::Filter;
use crate::app::fleet::Fleet;
use crate::app::screens::signal::passes;
use crate::app::screens::sort::Sort;
use crate::app::shown::{Freshness, as_shown};
use crate::base::Text;
use crate::model::{Reading, Resource, Severity, SignalId};

/// The signal whose resources are alarms.
pub const ALARMS: SignalId = SignalId("alarms");

/// What the operator has chosen on the alarms screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlarmsState {
    /// Selected row; followed by environment and alarm name.
    pub rows: Followed<(usize, Text)>,
    /// What to show.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
}

/// One alarm of one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmRow {
    /// Index of its environment in the fleet.
    pub environment: usize,
    /// The reading that it is part of.
    pub reading: Arc<Reading>,
    /// Its place in [`Reading::resources`].
    pub index: usize,
    /// Severity as shown.
    pub severity: Severity,
    /// How far it can be trusted.
    pub freshness: Freshness,
}

impl AlarmRow {
    /// The alarm.
    pub fn resource(&self) -> Option<&Resource> {
        self.reading.resources.get(self.index)
    }

    /// What the selection follows it by.
    pub fn key(&self) -> Option<(usize, Text)> {
        self.resource().map(|resource| (self.environment, resource.name.clone()))
    }
}

/// All alarms that pass the filter and, with `attention`, are not fine.
pub fn rows(fleet: &Fleet, now: Timestamp, filter: &Filter, attention: bool, sort: Sort) -> Vec<AlarmRow> {
    let Some(signal) = fleet.signal_index(ALARMS) else { return Vec::new() };
    let mut rows = Vec::new();
    for (environment, state) in fleet.environments.iter().enumerate() {
        let Some(cell) = state.cells.get(signal) else { continue };
        let Some(reading) = cell.datum.value() else { continue };
        let freshness = cell.freshness(now);
        let label = state.label();
        for (index, resource) in reading.resources.iter().enumerate() {
            let severity = as_shown(resource.severity, freshness);
            if (attention && severity <= Severity::Ok) || !passes(filter, resource, &label) {
                continue;
            }
            rows.push(AlarmRow { environment, reading: Arc::clone(reading), index, severity, freshness });
        }
    }
    let name = |row: &AlarmRow| row.resource().map(|resource| resource.name.clone());
    let since = |row: &AlarmRow| row.resource().and_then(|resource| resource.since);
    match sort {
        Sort::Severity => {
            rows.sort_by_cached_key(|row| (std::cmp::Reverse((row.severity, since(row))), name(row), row.environment))
        }
        Sort::Name => rows.sort_by_cached_key(|row| (name(row), row.environment)),
        Sort::Since => {
            rows.sort_by_cached_key(|row| (std::cmp::Reverse(since(row)), name(row), row.environment));
        }
    }
    rows
}
