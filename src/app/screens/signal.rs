//! One signal: resources as rows, matched by logical name, environments as columns.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::cursor::Followed;
use crate::app::filter::Filter;
use crate::app::fleet::Fleet;
use crate::app::screens::sort::Sort;
use crate::app::shown::{Freshness, as_shown};
use crate::base::Text;
use crate::model::{Reading, Resource, Severity};

/// What the operator has chosen on the signal screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignalState {
    /// Selected row; followed by logical name.
    pub rows: Followed<Text>,
    /// Selected column; followed by the environment's index.
    pub columns: Followed<usize>,
    /// What to show.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
}

/// What the signal screen shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    /// One for each environment in view.
    pub columns: Vec<MatrixColumn>,
    /// One for each logical name.
    pub rows: Vec<MatrixRow>,
}

/// An environment of the matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixColumn {
    /// Its index in the fleet.
    pub environment: usize,
    /// What its resources are read from; `None` when nothing has been read.
    pub reading: Option<Arc<Reading>>,
    /// How far it can be trusted.
    pub freshness: Freshness,
}

impl MatrixColumn {
    /// What an empty place in this column means: the environment has no such resource, or nobody knows.
    pub fn blank(&self) -> Severity {
        as_shown(Severity::Absent, self.freshness)
    }
}

/// The same resource in every environment.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixRow {
    /// The name that they share.
    pub logical_name: Text,
    /// One for each of [`Matrix::columns`]; `None` where the environment has none.
    pub cells: Vec<Option<MatrixCell>>,
    /// The worst of the cells as shown.
    pub worst: Severity,
    /// The newest change among the worst cells.
    pub since: Option<Timestamp>,
}

/// The resources of one environment that have one logical name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixCell {
    /// The worst of them: index into the column's [`Reading::resources`].
    pub index: usize,
    /// The others.
    pub others: Vec<usize>,
    /// Severity as shown.
    pub severity: Severity,
}

impl MatrixCell {
    /// How many resources of this environment have this logical name.
    pub fn count(&self) -> usize {
        1 + self.others.len()
    }
}

impl Matrix {
    /// The worst resource of a cell.
    pub fn resource(&self, row: usize, column: usize) -> Option<&Resource> {
        self.resources(row, column).next()
    }

    /// All resources of a cell, the worst first.
    pub fn resources(&self, row: usize, column: usize) -> impl Iterator<Item = &Resource> {
        let reading = self.columns.get(column).and_then(|column| column.reading.as_deref());
        let cell = self.rows.get(row).and_then(|row| row.cells.get(column)).and_then(Option::as_ref);
        let indices = cell.into_iter().flat_map(|cell| std::iter::once(&cell.index).chain(&cell.others));
        indices.filter_map(move |index| reading.and_then(|reading| reading.resources.get(*index)))
    }
}

/// Builds the matrix of the signal at `signal` over the environments in `scope` (indices).
///
/// With a filter only rows and columns with a resource that passes are kept; with `attention` only rows that are not
/// fine somewhere, with all columns, since what is fine elsewhere is what one compares with.
pub fn matrix(
    fleet: &Fleet,
    now: Timestamp,
    scope: &[usize],
    signal: usize,
    filter: &Filter,
    attention: bool,
    sort: Sort,
) -> Matrix {
    let columns = columns(fleet, now, scope, signal, filter);
    let mut rows: Vec<MatrixRow> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, column) in columns.iter().enumerate() {
        let Some(reading) = &column.reading else { continue };
        let label = fleet.environments.get(column.environment).map(|state| state.label()).unwrap_or_default();
        for (index, resource) in reading.resources.iter().enumerate() {
            if !passes(filter, resource, &label) {
                continue;
            }
            let place = *places.entry(resource.logical_name.as_str()).or_insert_with(|| {
                rows.push(MatrixRow {
                    logical_name: resource.logical_name.clone(),
                    cells: vec![None; columns.len()],
                    worst: Severity::Absent,
                    since: None,
                });
                rows.len() - 1
            });
            if let Some(row) = rows.get_mut(place) {
                row.add(at, index, resource, as_shown(resource.severity, column.freshness));
            }
        }
    }
    rows.retain(|row| !attention || row.worst > Severity::Ok);
    match sort {
        Sort::Severity => rows.sort_by(|a, b| {
            (b.worst, b.since).cmp(&(a.worst, a.since)).then_with(|| a.logical_name.cmp(&b.logical_name))
        }),
        Sort::Name => rows.sort_by(|a, b| a.logical_name.cmp(&b.logical_name)),
        Sort::Since => {
            rows.sort_by(|a, b| b.since.cmp(&a.since).then_with(|| a.logical_name.cmp(&b.logical_name)));
        }
    }
    Matrix { columns, rows }
}

fn columns(fleet: &Fleet, now: Timestamp, scope: &[usize], signal: usize, filter: &Filter) -> Vec<MatrixColumn> {
    let all: Vec<MatrixColumn> = scope
        .iter()
        .filter_map(|environment| {
            let cell = fleet.cell(*environment, signal)?;
            let reading = cell.datum.value().cloned();
            Some(MatrixColumn { environment: *environment, reading, freshness: cell.freshness(now) })
        })
        .collect();
    if filter.is_empty() {
        return all;
    }
    let shown = |column: &MatrixColumn| {
        let label = fleet.environments.get(column.environment).map(|state| state.label()).unwrap_or_default();
        column.reading.iter().flat_map(|reading| &reading.resources).any(|r| passes(filter, r, &label))
    };
    let shown: Vec<MatrixColumn> = all.iter().filter(|column| shown(column)).cloned().collect();
    if shown.is_empty() { all } else { shown }
}

/// True when a resource of the environment called `label` is to be shown.
pub(in crate::app) fn passes(filter: &Filter, resource: &Resource, label: &str) -> bool {
    let Resource { name, logical_name, headline, reason, severity, .. } = resource;
    filter.is_empty()
        || filter.passes(
            [name, logical_name, headline, reason].map(Text::as_str).into_iter().chain([label, severity.word()]),
        )
}

impl MatrixRow {
    fn add(&mut self, column: usize, index: usize, resource: &Resource, severity: Severity) {
        if severity > self.worst {
            (self.worst, self.since) = (severity, resource.since);
        } else if severity == self.worst {
            self.since = self.since.max(resource.since);
        }
        match self.cells.get_mut(column) {
            Some(Some(cell)) if severity > cell.severity => {
                cell.others.insert(0, std::mem::replace(&mut cell.index, index));
                cell.severity = severity;
            }
            Some(Some(cell)) => cell.others.push(index),
            Some(empty) => *empty = Some(MatrixCell { index, others: Vec::new(), severity }),
            None => {}
        }
    }
}
