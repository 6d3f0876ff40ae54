//! The records screen: what nobody knows the outcome of, what runs, what is owed, and all runs.

use crate::app::cursor::Followed;
use crate::app::filter::Filter;
use crate::app::guarded::Guarded;
use crate::base::Text;

/// A part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Intents without a known outcome.
    Unresolved,
    /// Runs of this console that are not over.
    Going,
    /// What must be brought back.
    Owed,
    /// All runs.
    Runs,
}

/// A line of the records screen. Indices are those of the standings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordRow {
    /// A title.
    Head(Part),
    /// An intent without a known outcome.
    Unresolved(usize, Text),
    /// A run of this console.
    Going(Text),
    /// Something owed.
    Owed(usize, Text),
    /// A run of the records.
    Run(usize, Text),
}

/// The screen's state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordsState {
    /// The selected line.
    pub rows: Followed<RecordRow>,
    /// What to show.
    pub filter: Filter,
}

/// The lines, in order: what nobody knows first.
pub fn rows(guarded: &Guarded, filter: &Filter) -> Vec<RecordRow> {
    let mut out = Vec::new();
    let mut part = |part: Part, rows: Vec<RecordRow>| {
        if !rows.is_empty() {
            out.push(RecordRow::Head(part));
            out.extend(rows);
        }
    };
    let passes = |words: &[&str]| filter.passes(words.iter().copied());
    let standings = guarded.standings.as_deref();
    let unresolved = standings.map_or(&[][..], |standings| &standings.unresolved).iter().enumerate();
    let unresolved = unresolved.filter(|(_, (open, _))| {
        let target = &open.plan.target;
        guarded.run(&open.run).is_none() && passes(&[&open.runbook, &target.name, &target.environment, &open.operator])
    });
    part(Part::Unresolved, unresolved.map(|(i, (open, _))| RecordRow::Unresolved(i, open.run.clone())).collect());
    let going = guarded.going().filter(|own| {
        let (course, target) = (&own.run.course, &own.run.target);
        passes(&[&course.runbook, &course.title, &target.name, &target.environment])
    });
    part(Part::Going, going.map(|own| RecordRow::Going(own.run.id.clone())).collect());
    let owed = standings.map_or(&[][..], |standings| &standings.owed).iter().enumerate();
    let owed = owed.filter(|(_, owed)| passes(&[&owed.says, &owed.environment, &owed.operator]));
    part(Part::Owed, owed.map(|(i, owed)| RecordRow::Owed(i, owed.run.clone())).collect());
    let runs = standings.map_or(&[][..], |standings| &standings.runs).iter().enumerate();
    let runs = runs.filter(|(_, run)| {
        passes(&[&run.runbook, &run.target, &run.environment, &run.operator, &run.change, run.state()])
    });
    part(Part::Runs, runs.map(|(i, run)| RecordRow::Run(i, run.run.clone())).collect());
    out
}
