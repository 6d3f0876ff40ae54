//! Who acts, with what leave, and whether it will be on record.

use jiff::Timestamp;

use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::principal::is_same;
use crate::guard::rules::words::clock_seen;
use crate::guard::situation::{Situation, Trust};
use crate::guard::verdict::Verdict;
use crate::model::Plan;

/// 1: the principal that will send belongs to the configured account, and is the one that planned.
pub(super) fn identity(plan: &Plan, situation: &Situation) -> Verdict {
    const OVER: Override = Override::Never;
    let guard = Guard::Identity;
    let identity = match &situation.identity {
        Ok(identity) => identity,
        Err(fault) => return Verdict::refused(guard, "", format!("not known: {fault}"), OVER).read_at(situation.now),
    };
    let account = &identity.account;
    let verdict = match (&situation.environment.account, &situation.planned_as) {
        (Some(expected), _) if expected != account => {
            Verdict::refused(guard, "account", format!("account {account}, the configuration says {expected}"), OVER)
        }
        _ if plan.target.account != *account => {
            let says = format!("account {account}, the target is in {}", plan.target.account);
            Verdict::refused(guard, "account", says, OVER)
        }
        (_, Some(planned)) if !is_same(&planned.arn, &identity.arn) => {
            let says = format!("{} now, the plan was made as {}", identity.arn, planned.arn);
            Verdict::refused(guard, "principal", says, Override::PlanAgain)
        }
        _ => Verdict::holds(guard, "", format!("{} in {account}", identity.arn)),
    };
    verdict.read_at(situation.now)
}

/// 1: it is known who made the plan; whether that is who sends it is judged with the identity.
pub(super) fn planned(situation: &Situation) -> Verdict {
    let guard = Guard::Identity;
    match &situation.planned_as {
        Some(identity) => Verdict::holds(guard, "principal", format!("planned as {}", identity.arn)),
        None => Verdict::refused(guard, "principal", "who made the plan is not known", Override::PlanAgain),
    }
}

/// Seconds of the operator that an environment is armed for.
const ARMED_S: f64 = 15.0 * 60.0;
/// Seconds by which clocks may differ while that is judged.
const TOLERANCE_S: f64 = 60.0;

/// 10: armed, and may be.
pub(super) fn armed(situation: &Situation) -> Verdict {
    let environment = &situation.environment;
    let name = &environment.name;
    if environment.read_only {
        let says = format!("{name} has `read_only = true` in the configuration and cannot be armed");
        return Verdict::refused(Guard::ReadOnly, name, says, Override::Never);
    }
    let refuse = |says: String| Verdict::refused(Guard::ReadOnly, name, says, Override::Never).read_at(situation.now);
    match situation.armed_until {
        Some(until) if until <= situation.now => {
            refuse(format!("{name} was armed until {}", clock_seen(until, situation.now)))
        }
        // The clock was set back: nobody armed it for so long.
        Some(until) if -situation.operator_seconds_since(until) > ARMED_S + TOLERANCE_S => refuse(format!(
            "{name} is armed until {}, allowed are {:.0} minutes",
            clock_seen(until, situation.now),
            ARMED_S / 60.0
        )),
        Some(until) => {
            Verdict::holds(Guard::ReadOnly, name, format!("armed until {}", clock_seen(until, situation.now)))
        }
        None => refuse(format!("{name} is not armed")),
    }
}

/// 4: the intent is on disk.
pub(super) fn intent(intent_at: Option<Timestamp>) -> Verdict {
    match intent_at {
        Some(at) => Verdict::holds(Guard::Intent, "", "on disk").read_at(at),
        None => Verdict::refused(Guard::Intent, "", "the intent could not be written to the records", Override::Never),
    }
}

/// 18: the records are whole.
pub(super) fn records(situation: &Situation) -> Verdict {
    match &situation.broken_records {
        None => Verdict::holds(Guard::Tamper, "", "the records are whole"),
        Some(says) => Verdict::refused(Guard::Tamper, "records", says.clone(), Override::Never),
    }
}

/// 20: the runbook is trusted.
pub(super) fn trust(policy: &Policy, situation: &Situation) -> Verdict {
    let (guard, id) = (Guard::Trust, policy.runbook.as_str());
    match situation.trust {
        Trust::BuiltIn => Verdict::holds(guard, id, "comes with the program"),
        Trust::Trusted => Verdict::holds(guard, id, "this very content is trusted"),
        Trust::New => Verdict::refused(guard, id, format!("{id} has not been trusted yet"), Override::Named),
        Trust::Changed => {
            Verdict::refused(guard, id, format!("{id} was changed since it was trusted"), Override::Named)
        }
        Trust::Writable => Verdict::refused(guard, id, "others can write its file: chmod go-w", Override::Never),
    }
}
