//! The lines of a run: what changes, what stands in the way, how far it is.

use crate::runbook::machine::{Does, Phase, Run};

/// A part of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Before and after.
    Change,
    /// What must be done before it can be sent.
    Before,
    /// What has happened.
    Progress,
    /// What must be true in the end.
    Verify,
    /// What it is applied to, and by whom.
    Target,
    /// What else happens.
    Touches,
    /// The guards.
    Guards,
}

impl Part {
    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Before => "before it can be sent",
            Self::Progress => "progress",
            Self::Verify => "verification, on fresh data",
            Self::Target => "target",
            Self::Touches => "what it touches",
            Self::Guards => "guards",
        }
    }
}

/// Something known of where the change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Its name and kind.
    Name,
    /// Its ARN.
    Arn,
    /// Environment, account and region.
    Place,
    /// Who will send.
    Principal,
    /// What is called, with which fields.
    Request,
    /// How old it is.
    Read,
    /// What brings it back.
    Undo,
}

/// A line of the run screen. Indices are those of the run's own lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunRow {
    /// A title.
    Head(Part),
    /// A difference of the plan.
    Change(usize),
    /// Why there is no plan.
    NoPlan,
    /// A requirement of the runbook that does not hold.
    Unmet(usize),
    /// A guard's verdict.
    Guard(usize),
    /// A question of the runbook.
    Question(usize),
    /// Nothing stands in the way.
    Ready,
    /// Something that happens besides.
    Touch(usize),
    /// Where it goes.
    Fact(Fact),
    /// A step of the runbook.
    Step(usize),
    /// A request.
    Sent(usize),
    /// An observation.
    Seen(usize),
    /// A check.
    Check(usize),
    /// Something could not be written to the records.
    Unwritten,
}

/// The lines of a run, in order.
pub fn rows(run: &Run) -> Vec<RunRow> {
    let mut out = Vec::new();
    let begun = run.confirmed || !run.sendings.is_empty() || run.ending.is_some();
    if begun {
        progress(run, &mut out);
        change(run, &mut out);
    } else {
        change(run, &mut out);
        before(run, &mut out);
    }
    out.push(RunRow::Head(Part::Target));
    let planned = run.plan.is_some();
    out.extend([Fact::Name, Fact::Arn, Fact::Place, Fact::Principal].map(RunRow::Fact));
    if planned {
        out.extend([Fact::Request, Fact::Read, Fact::Undo].map(RunRow::Fact));
    }
    let touches = run.plan.as_ref().map_or(0, |plan| plan.touches.len() + usize::from(plan.owed.is_some()));
    if touches > 0 {
        out.push(RunRow::Head(Part::Touches));
        out.extend((0..touches).map(RunRow::Touch));
    }
    let shown_above = |index: &usize| !begun && run.verdicts[*index].refuses();
    let guards: Vec<usize> = (0..run.verdicts.len()).filter(|index| !shown_above(index)).collect();
    if !guards.is_empty() {
        out.push(RunRow::Head(Part::Guards));
        let rank = |index: &usize| rank(&run.verdicts[*index]);
        let mut guards = guards;
        guards.sort_by_key(rank);
        out.extend(guards.into_iter().map(RunRow::Guard));
    }
    out
}

/// Refusals first, then what was overridden, what holds, and what is asked later.
fn rank(verdict: &crate::guard::Verdict) -> u8 {
    use crate::guard::Judged;
    match verdict.judged {
        Judged::Refused => 0,
        Judged::Overridden { .. } => 1,
        Judged::Holds => 2,
        Judged::Later => 3,
    }
}

fn change(run: &Run, out: &mut Vec<RunRow>) {
    out.push(RunRow::Head(Part::Change));
    match &run.plan {
        Some(plan) => out.extend((0..plan.differences.len()).map(RunRow::Change)),
        None if run.no_plan.is_some() => out.push(RunRow::NoPlan),
        None => {}
    }
}

fn before(run: &Run, out: &mut Vec<RunRow>) {
    if run.phase == Phase::Planning {
        return;
    }
    out.push(RunRow::Head(Part::Before));
    let refused = run.verdicts.iter().enumerate().filter(|(_, verdict)| verdict.refuses());
    out.extend(refused.map(|(index, _)| RunRow::Guard(index)));
    out.extend((0..run.unmet.len()).map(RunRow::Unmet));
    out.extend((0..run.questions().count()).map(RunRow::Question));
    if run.is_confirmable() {
        out.push(RunRow::Ready);
    }
}

fn progress(run: &Run, out: &mut Vec<RunRow>) {
    out.push(RunRow::Head(Part::Progress));
    if run.unwritten.is_some() {
        out.push(RunRow::Unwritten);
    }
    let asked = |at: usize, does: &Does| matches!(does, Does::Confirm(_)) && run.is_asked_first(at);
    let steps = run.course.steps.iter().enumerate().filter(|(at, step)| !asked(*at, &step.does));
    out.extend(steps.map(|(index, _)| RunRow::Step(index)));
    let mut told: Vec<(jiff::Timestamp, RunRow)> =
        run.sendings.iter().enumerate().map(|(index, sending)| (sending.at, RunRow::Sent(index))).collect();
    told.extend(run.seen.iter().enumerate().map(|(index, seen)| (seen.at, RunRow::Seen(index))));
    told.sort_by_key(|(at, row)| (*at, matches!(row, RunRow::Seen(_))));
    out.extend(told.into_iter().map(|(_, row)| row));
    if !run.checks.is_empty() {
        out.push(RunRow::Head(Part::Verify));
        out.extend((0..run.checks.len()).map(RunRow::Check));
    }
}

/// Index of the line that matters most: what is to be done next, or the newest that was seen.
pub fn urgent(run: &Run, rows: &[RunRow]) -> usize {
    let newest = run.seen.len().checked_sub(1);
    let is_next = |row: &&RunRow| match row {
        RunRow::NoPlan | RunRow::Unmet(_) | RunRow::Ready | RunRow::Unwritten => true,
        RunRow::Guard(index) => !run.confirmed && run.verdicts.get(*index).is_some_and(|v| v.refuses()),
        RunRow::Question(index) => run.questions().nth(*index).is_some_and(|(id, _)| !run.answered.contains(id)),
        RunRow::Seen(index) => Some(*index) == newest,
        _ => false,
    };
    let found = rows.iter().find(is_next).or_else(|| rows.iter().find(|row| !matches!(row, RunRow::Head(_))));
    found.and_then(|found| rows.iter().position(|row| row == found)).unwrap_or(0)
}
