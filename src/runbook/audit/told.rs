//! Our own actions on the timeline: what a record tells of, as a change of the environment.

use crate::base::Text;
use crate::model::record::Ending;
use crate::model::{Change, ChangeKind, Difference, Entry, EnvId, Plan, Record, Sent, Severity, Value};
use crate::runbook::audit::folds::runs::change;

/// `system/name` of the environment that a record speaks of, as far as it says it itself.
pub fn environment(entry: &Entry) -> Option<&Text> {
    match entry {
        Entry::Armed { environment, .. } | Entry::Disarmed { environment, .. } | Entry::Owed { environment, .. } => {
            Some(environment)
        }
        Entry::Refused { plan, .. } => plan.as_ref().map(|plan| &plan.target.environment),
        Entry::Intent { plan, .. } => Some(&plan.target.environment),
        _ => None,
    }
}

/// What is told of a run: the plan of its last intent is remembered, since later records name only the run.
#[derive(Debug, Default)]
pub struct Told {
    plans: std::collections::HashMap<Text, Box<Plan>>,
}

impl Told {
    /// The change that a record tells of; `None` for what changes nothing and for environments without a column.
    /// `place` gives the column of `system/name`.
    pub fn change(&mut self, record: &Record, place: impl Fn(&str) -> Option<EnvId>) -> Option<Change> {
        if let Entry::Intent { run, plan, .. } = &record.entry {
            self.plans.insert(run.clone(), plan.clone());
        }
        let run = record.entry.run();
        let plan = run.and_then(|run| self.plans.get(run));
        let label = environment(&record.entry).or_else(|| plan.map(|plan| &plan.target.environment))?;
        let (resource, arn) = match (plan, label.split_once('/')) {
            (Some(plan), _) => (plan.target.name.clone(), plan.target.arn.clone()),
            (None, Some((_, name))) => (Text::new(name), Text::default()),
            (None, None) => (label.clone(), Text::default()),
        };
        let (summary, reason, severity) = said(record, plan.map(AsRef::as_ref))?;
        let (before, after) = plan_values(record, plan.map(AsRef::as_ref));
        let told = Change::new(record.at, place(label)?, ChangeKind::Action, resource);
        let by = if record.principal.is_empty() { record.operator.clone() } else { record.principal.clone() };
        if matches!(record.entry, Entry::Closed { .. })
            && let Some(run) = run
        {
            self.plans.remove(run);
        }
        Some(Change { arn, summary, reason, by, severity, before, after, ..told })
    }
}

/// What it was before and is since, where this record tells of a change that was made or may have been.
fn plan_values(record: &Record, plan: Option<&Plan>) -> (Text, Text) {
    let (Entry::Outcome { sent, .. }, Some(plan)) = (&record.entry, plan) else { return Default::default() };
    if matches!(sent, Sent::Rejected { .. }) {
        return Default::default();
    }
    let joined = |each: fn(&Difference) -> &Value| {
        let values: Vec<String> = plan.differences.iter().map(|one| each(one).to_string()).collect();
        Text::new(values.join(", "))
    };
    (joined(|one| &one.before), joined(|one| &one.after))
}

/// What happened, why, and how bad it is.
fn said(record: &Record, plan: Option<&Plan>) -> Option<(Text, Text, Severity)> {
    let none = Text::default;
    Some(match &record.entry {
        Entry::Armed { until, .. } => {
            let format = if until.strftime("%F").to_string() == record.at.strftime("%F").to_string() {
                "%H:%M:%SZ"
            } else {
                "%F %H:%M:%SZ"
            };
            (Text::new(format!("armed until {}", until.strftime(format))), none(), Severity::Ok)
        }
        Entry::Disarmed { why, .. } => ("disarmed".into(), why.clone(), Severity::Ok),
        Entry::Refused { runbook, says, .. } => {
            let reason = says.iter().map(Text::as_str).collect::<Vec<_>>().join("; ");
            (Text::new(format!("{runbook} refused, nothing was sent")), reason.into(), Severity::Ok)
        }
        Entry::Outcome { sent, .. } => {
            let plan = plan?;
            let what = format!("{}: {}", plan.action, change(plan));
            match sent {
                Sent::Accepted { .. } => (Text::new(format!("{what}; accepted")), none(), Severity::Ok),
                Sent::Rejected { fault } => {
                    let reason = fault.to_string().into();
                    (Text::new(format!("{what}; rejected, nothing was changed")), reason, Severity::Warning)
                }
                Sent::Unknown { fault } => {
                    let reason = fault.to_string().into();
                    (Text::new(format!("{what}; OUTCOME UNKNOWN")), reason, Severity::Critical)
                }
            }
        }
        Entry::Resolved { applied, says, by_person, .. } => {
            let word = if *applied { "had been applied" } else { "had not been applied" };
            let who = if *by_person { "decided by a person" } else { "read back" };
            (Text::new(format!("unknown outcome: it {word}, {who}")), says.clone(), Severity::Ok)
        }
        Entry::Closed { ending, says, .. } => {
            let severity = match ending {
                Ending::Verified | Ending::NotSent => Severity::Ok,
                Ending::Unverified | Ending::Rejected | Ending::Stopped => Severity::Warning,
                Ending::Failed => Severity::Critical,
            };
            let action = plan.map(|plan| format!("{}: ", plan.action)).unwrap_or_default();
            (Text::new(format!("{action}{}", ending.word())), says.clone(), severity)
        }
        Entry::Owed { says, .. } => (Text::new(format!("to be brought back: {says}")), none(), Severity::Warning),
        Entry::Settled { says, .. } => ("brought back".into(), says.clone(), Severity::Ok),
        Entry::Intent { .. }
        | Entry::Observed { .. }
        | Entry::TakenOver { .. }
        | Entry::Approved { .. }
        | Entry::Rotated { .. }
        | Entry::Torn { .. }
        | Entry::SetAside { .. }
        | Entry::Irregular { .. } => return None,
    })
}
