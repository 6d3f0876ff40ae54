//! The wall's drift row: how many settings of an environment differ although nothing allows it. It is there as soon as
//! something has been compared.

use crate::app::fleet::{Cell, EnvironmentState, Fleet, SignalInfo};
use crate::base::Text;
use crate::compare::Verdict;
use crate::compare::verdict::{Cell as Compared, EXISTS, JudgedResource, JudgedSetting};
use crate::inquiry::compare::Comparison;
use crate::model::{Datum, Field, Reading, Resource, Severity, SignalId};

/// The row's id.
pub const DRIFT: SignalId = SignalId("drift");

/// Configuration is compared when the operator asks: after twice this time the count is old.
const EVERY_S: u64 = 3 * 3600;
/// An absence that no reading will end grows no older.
const EVER_S: u64 = u64::MAX / 4;

/// How bad a verdict is on its own.
pub fn severity(verdict: Verdict) -> Severity {
    match verdict {
        Verdict::Drift | Verdict::Missing => Severity::Critical,
        Verdict::Untagged | Verdict::Extra => Severity::Warning,
        Verdict::Unknown => Severity::Unknown,
        Verdict::Same | Verdict::Approved => Severity::Ok,
    }
}

/// Puts the counts into the row, which is added where it is not there yet.
pub fn show(fleet: &mut Fleet, comparison: &Comparison) {
    let row = match fleet.signal_index(DRIFT) {
        Some(row) => row,
        None => add(fleet, comparison),
    };
    for (place, column) in comparison.judged.columns.iter().enumerate() {
        let is_it = |state: &&mut EnvironmentState| {
            state.environment.system == comparison.system && state.environment.name == column.environment
        };
        let state = fleet.environments.iter_mut().find(is_it);
        let Some(cell) = state.and_then(|state| state.cells.get_mut(row)) else { continue };
        let at = comparison.at;
        let datum = match &column.fault {
            Some(fault) => Datum::Failed { fault: fault.clone(), at },
            None => Datum::Live { value: reading(comparison, place).into(), at },
        };
        *cell = Cell { datum, every_s: EVERY_S, reported_at: Some(at), ..Cell::default() };
    }
    fleet.generation += 1;
}

fn add(fleet: &mut Fleet, comparison: &Comparison) -> usize {
    let row = fleet.signals.len();
    let info = SignalInfo { id: DRIFT, title: "Drift".into(), always: false };
    fleet.signals = fleet.signals.iter().cloned().chain([info]).collect();
    let none = Datum::Live { value: Reading::default().into(), at: comparison.at };
    for state in &mut fleet.environments {
        state.cells.push(Cell { datum: none.clone(), every_s: EVER_S, ..Cell::default() });
    }
    row
}

/// One environment: what nothing allows, and what could not be read.
fn reading(comparison: &Comparison, place: usize) -> Reading {
    let all = comparison.judged.rows.iter().flat_map(|row| row.settings.iter().map(move |setting| (row, setting)));
    let cells = all.filter_map(|(row, setting)| Some((row, setting, setting.cells.get(place)?.as_ref()?)));
    let mut found: Vec<(&JudgedResource, &JudgedSetting, &Compared)> =
        cells.filter(|(.., cell)| cell.verdict > Verdict::Approved).collect();
    found.sort_by_key(|(.., cell)| std::cmp::Reverse(cell.verdict));
    let count = |verdict: Verdict| found.iter().filter(|(.., cell)| cell.verdict == verdict).count();
    let counted: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|verdict| *verdict > Verdict::Approved && count(*verdict) > 0)
        .map(|verdict| format!("{} {}", count(verdict), verdict.word().to_lowercase()))
        .collect();
    let unapproved = found.iter().filter(|(.., cell)| cell.verdict.is_unapproved()).count();
    let (severity, headline) = match (unapproved, found.len()) {
        (0, 0) => (Severity::Ok, "none".to_owned()),
        (0, _) => (Severity::Unknown, counted.join(", ")),
        (some, _) => (Severity::Warning, format!("{some} differ")),
    };
    let note = if unapproved > 0 { counted.join(", ") } else { String::new() };
    Reading {
        severity,
        headline: Text::new(headline),
        note: Text::new(note),
        value: Some(f64::from(u32::try_from(unapproved).unwrap_or(u32::MAX))),
        unit: "differences".into(),
        resources: found.into_iter().map(|(row, setting, cell)| resource(row, setting, cell, place)).collect(),
        ..Reading::default()
    }
}

fn resource(row: &JudgedResource, setting: &JudgedSetting, cell: &Compared, place: usize) -> Resource {
    let name = row.names.get(place).cloned().flatten().unwrap_or_else(|| row.name.clone());
    let part = if &*setting.key == EXISTS { String::new() } else { format!(" {}", setting.key) };
    Resource {
        name: Text::new(format!("{name}{part}")),
        logical_name: Text::new(format!("{}{part}", row.name)),
        severity: severity(cell.verdict).min(Severity::Warning),
        headline: cell.verdict.word().into(),
        reason: cell.note.clone(),
        fields: vec![Field::new("kind", row.kind.clone()), Field::new("value", Text::new(cell.value.to_string()))],
        ..Resource::default()
    }
}
