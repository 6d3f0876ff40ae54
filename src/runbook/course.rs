//! From a runbook and its parameters to the course of a run.

use jiff::Timestamp;

use crate::base::Text;
use crate::config::runbook::{self, Runbook};
use crate::guard::Policy;
use crate::model::{Risk, Undo, Values};
pub use crate::runbook::machine::Course;
use crate::runbook::machine::{Check, Does, OnFailure, Requirement, Step};
use crate::signals;

/// Seconds that an inverse may take: a rollout, or a failover, with room.
const UNDO_S: u64 = 20 * 60;

/// The course of a runbook with these parameters, and the parameters with their defaults.
///
/// # Errors
/// Each parameter that is missing or refused, in words.
pub fn of(book: &Runbook, given: &Values) -> Result<(Course, Values), Vec<Text>> {
    let values = book.values(given)?;
    let mut wrong = Vec::new();
    let steps = book.steps.iter().map(|step| {
        let does = match &step.does {
            runbook::Do::Confirm(text) => Does::Confirm(text.clone()),
            runbook::Do::Send { sets, value, .. } => {
                let mut own = Values::new();
                if let (Some(name), Some(template)) = (sets, value) {
                    match template.value(&values) {
                        Some(value) => {
                            own.insert(name.clone(), value);
                        }
                        None => wrong.push(format!("step {}: its value is not known", step.id).into()),
                    }
                }
                Does::Send(own)
            }
            runbook::Do::Until(condition) => Does::Until(condition.clone()),
            runbook::Do::Hold(span) => Does::Hold(span.as_secs()),
        };
        Step { id: step.id.clone().into(), does, timeout_s: step.timeout.map(|timeout| timeout.as_secs()) }
    });
    let steps: Vec<Step> = steps.collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let require = book.require.iter().map(|requirement| Requirement {
        that: requirement.that.clone(),
        says: requirement.says.clone(),
        else_offer: requirement.else_offer.as_ref().map(Text::from),
    });
    let verify = book.verify.iter().filter_map(|check| match check {
        runbook::Check::That { that } => Some(Check::That(that.clone())),
        runbook::Check::Signal { signal, is, within } => {
            let signal = signals::ALL.iter().map(|known| known.id()).find(|id| id.0 == signal)?;
            Some(Check::Signal { signal, is: *is, within_s: within.as_secs() })
        }
    });
    let course = Course {
        runbook: book.id.clone().into(),
        title: book.title.clone(),
        action: book.action.clone().into(),
        policy: policy(book),
        deadline_s: book.deadline.as_secs(),
        require: require.collect(),
        steps,
        verify: verify.collect(),
        undo: book.undo.clone(),
        on_failure: match book.on_failure {
            runbook::OnFailure::Stop => OnFailure::Stop,
            runbook::OnFailure::Undo => OnFailure::Undo,
        },
    };
    Ok((course, values))
}

/// The same where a team asks for more persons at everything critical than the runbook does. `persons` counts the
/// operator.
///
/// # Errors
/// As [`of`].
pub fn for_team(book: &Runbook, given: &Values, persons: Option<u8>) -> Result<(Course, Values), Vec<Text>> {
    let (mut course, values) = of(book, given)?;
    if course.policy.risk == Risk::Critical {
        course.policy.others = course.policy.others.max(persons.unwrap_or(0).saturating_sub(1));
    }
    Ok((course, values))
}

/// The bounds that the guards hold a runbook to.
pub fn policy(book: &Runbook) -> Policy {
    let usual = Policy::new(book.id.clone(), book.risk);
    let limits = &book.limits;
    Policy {
        floor: limits.floor.unwrap_or(usual.floor),
        healthy_percent: limits.healthy_percent.or(usual.healthy_percent),
        step: limits.step.or(usual.step),
        targets: limits.targets.unwrap_or(usual.targets),
        others: book.approvals.saturating_sub(1),
        ..usual
    }
}

/// The course that brings a run back: one send, and our own change done. The runbook's bounds do not hold it up: it goes
/// to where the target was.
pub fn of_undo(runbook: &Text, policy: &Policy, undo: &Undo) -> Course {
    let policy = Policy {
        risk: policy.risk.min(Risk::High),
        healthy_percent: None,
        step: None,
        inverse: true,
        ..policy.clone()
    };
    Course {
        runbook: runbook.clone(),
        title: format!("Undo: {}", undo.action).into(),
        action: undo.action.clone(),
        policy,
        deadline_s: UNDO_S,
        require: Vec::new(),
        steps: vec![Step { id: "undo".into(), does: Does::Send(Values::new()), timeout_s: None }],
        verify: Vec::new(),
        undo: None,
        on_failure: OnFailure::Stop,
    }
}

/// A name for a run, unique over all consoles: the minute that it began, and chance.
pub fn run_id(now: Timestamp, random: &mut fastrand::Rng) -> Text {
    let chance: String = (0..6).map(|_| random.alphanumeric().to_ascii_lowercase()).collect();
    format!("r-{}-{chance}", now.strftime("%Y%m%dT%H%M%SZ")).into()
}
