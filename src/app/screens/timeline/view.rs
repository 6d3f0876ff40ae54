//! The rows of the timeline, derived once for every change of the data.

use std::sync::Arc;

use jiff::Timestamp;

use super::data::{Data, sources};
use super::mode::Mode;
use super::row::{Place, Row};
use super::state::TimelineState;
use crate::app::filter::Filter;
use crate::app::fleet::Fleet;
use crate::base::Text;
use crate::changes::suspects;
use crate::model::{Change, EnvId, Fault, Severity};

/// What the timeline shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimelineView {
    /// What could not be read, then the changes.
    pub rows: Vec<Row>,
    /// Environments that are still read: their names with how many of how many sources have answered.
    pub reading: Vec<(Text, usize, usize)>,
    /// Sources whose older changes are left out, and before when.
    pub cut: Option<(Text, Timestamp)>,
    /// When it turned red, for suspects.
    pub onset: Option<Timestamp>,
}

/// The rows for the environments at these indices of the fleet.
pub fn view(
    state: &TimelineState,
    fleet: &Fleet,
    scope: &[usize],
    filter: &Filter,
    attention: bool,
    now: Timestamp,
) -> TimelineView {
    let data = &state.data;
    let place = |env: EnvId| fleet.position(env).filter(|index| scope.contains(index) || is_suspects(state));
    let label = |index: usize| fleet.environments.get(index).map(|state| state.label()).unwrap_or_default();
    let mut rows = faults(data, &place);
    let mut onset = None;
    match &state.mode {
        Mode::All => {
            let mut changes: Vec<(usize, &Arc<Change>)> = data
                .changes()
                .filter_map(|(env, change)| Some((place(env)?, change)))
                .filter(|(_, change)| !attention || change.severity >= Severity::Warning)
                .collect();
            changes.sort_by(|(_, a), (_, b)| (b.at, a.kind, &a.resource).cmp(&(a.at, b.kind, &b.resource)));
            let row = |(environment, change): (usize, &Arc<Change>)| Row::Change {
                environment,
                change: Arc::clone(change),
                place: None,
            };
            rows.extend(changes.into_iter().map(row));
        }
        Mode::Suspects(subject) => {
            let changes: Vec<Arc<Change>> = data.changes().map(|(_, change)| Arc::clone(change)).collect();
            onset = Some(suspects::onset(changes.iter(), &subject.red, now));
            let found = suspects::suspects(changes.iter(), &subject.red, now);
            rows.extend(found.into_iter().enumerate().filter_map(|(index, suspect)| {
                let place = Place { rank: index + 1, why: suspect.why, likely: suspect.likely };
                let environment = fleet.position(suspect.change.env)?;
                (!attention || suspect.likely).then_some(Row::Change {
                    environment,
                    change: suspect.change,
                    place: Some(place),
                })
            }));
        }
    }
    if !filter.is_empty() {
        rows.retain(|row| passes(filter, row, &label(row.environment())));
    }
    let reading = data.progress.iter().filter(|(_, done)| **done < sources()).filter_map(|(env, done)| {
        let index = fleet.position(*env)?;
        Some((Text::new(label(index)), *done, sources()))
    });
    let cut = data.parts().filter_map(|(_, part)| Some((Text::new(part.title), part.cut_before?)));
    TimelineView { rows, reading: reading.collect(), cut: cut.max_by_key(|(_, before)| *before), onset }
}

fn is_suspects(state: &TimelineState) -> bool {
    matches!(state.mode, Mode::Suspects(_))
}

/// One row for every source that could not be read; one for the environment where all fail the same way.
fn faults(data: &Data, place: &impl Fn(EnvId) -> Option<usize>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for env in data.progress.keys() {
        let Some(environment) = place(*env) else { continue };
        let of_env: Vec<_> = data.parts().filter(|(id, _)| id == env).map(|(_, part)| part).collect();
        let failing: Vec<(&str, &Fault)> =
            of_env.iter().flat_map(|part| part.faults.iter().map(|fault| (part.title, fault))).collect();
        let Some((title, first)) = failing.first() else { continue };
        let everywhere = of_env.iter().all(|part| part.faults.iter().any(|fault| fault.kind == first.kind));
        if title.is_empty() || (everywhere && failing.len() > 2) {
            rows.push(Row::Fault { environment, what: "everything".into(), fault: (*first).clone() });
            continue;
        }
        rows.extend(failing.into_iter().map(|(title, fault)| Row::Fault {
            environment,
            what: title.into(),
            fault: fault.clone(),
        }));
    }
    rows
}

fn passes(filter: &Filter, row: &Row, label: &str) -> bool {
    match row {
        Row::Fault { what, fault, .. } => {
            let parts: [&str; 5] = [label, what, &fault.message, &fault.operation, fault.kind.word()];
            filter.passes(parts.into_iter())
        }
        Row::Change { change, place, .. } => {
            let why = place.as_ref().map_or("", |place| &*place.why);
            let parts: [&str; 9] = [
                label,
                change.kind.word(),
                &change.resource,
                &change.summary,
                &change.before,
                &change.after,
                &change.reason,
                &change.by,
                why,
            ];
            filter.passes(parts.into_iter())
        }
    }
}
