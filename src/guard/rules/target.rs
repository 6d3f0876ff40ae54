//! What the action is applied to: pinned, able to run what it shall run, and not somebody else's to set.

use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::Plan;

/// 2: an ARN that AWS gave, in this environment, and no more targets than the runbook allows.
pub(super) fn pinned(plan: &Plan, policy: &Policy, situation: &Situation) -> Verdict {
    let (guard, target) = (Guard::Target, &plan.target);
    let (count, most) = (situation.targets, policy.targets);
    if count == 0 || count > most {
        let says = format!("{count} targets, the runbook allows {most}");
        return Verdict::refused(guard, "count", says, Override::Never);
    }
    let environment = &situation.environment;
    let here = format!("{}/{}", environment.system, environment.name);
    if target.environment.as_str() != here || target.region != environment.region {
        let says = format!("{} in {}, asked for {here} in {}", target.environment, target.region, environment.region);
        return Verdict::refused(guard, "environment", says, Override::Never);
    }
    if !target.arn.starts_with("arn:") {
        let says = format!("no ARN is known of {}", target.name);
        return Verdict::refused(guard, "arn", says, Override::Never);
    }
    Verdict::holds(guard, &target.name, target.arn.clone()).read_at(plan.read_at)
}

/// 7: the revision that is rolled back to can run.
pub(super) fn rollback(plan: &Plan) -> Verdict {
    let guard = Guard::Rollback;
    let Some(revision) = &plan.facts.revision else {
        return Verdict::holds(guard, "", "goes to no other revision");
    };
    let (to, current) = (&revision.to, &revision.current);
    let refuse = |says: String| Verdict::refused(guard, to, says, Override::Named).read_at(plan.read_at);
    if to.is_empty() {
        // There is nothing that could be named.
        let says = "no earlier revision is known to have completed";
        return Verdict::refused(guard, "none", says, Override::Never).read_at(plan.read_at);
    }
    if !revision.usable {
        return refuse(format!("{to} is {}", revision.status));
    }
    if to == current {
        return refuse(format!("{to} is what runs already"));
    }
    if to.rsplit(':').next() == Some("$LATEST") {
        return refuse("$LATEST is not a version: it changes under you".to_owned());
    }
    if !revision.same_family {
        return refuse(format!("{to} is not of the same family as {current}"));
    }
    Verdict::holds(guard, to, format!("{current} → {to}, {}", revision.status)).read_at(plan.read_at)
}

/// 12: nothing else owns the field.
pub(super) fn ownership(plan: &Plan) -> Verdict {
    match &plan.facts.owner {
        None => Verdict::holds(Guard::Ownership, "", "nothing else sets this").read_at(plan.read_at),
        Some(owner) => {
            let says = format!("{} owns it: {}", owner.who, owner.instead);
            Verdict::refused(Guard::Ownership, &plan.target.name, says, Override::Named).read_at(plan.read_at)
        }
    }
}

/// 14: a mute has an end, and does not stop scaling.
pub(super) fn mute(plan: &Plan, situation: &Situation) -> Verdict {
    let (guard, name) = (Guard::Mute, &plan.target.name);
    let Some(mute) = &plan.facts.mute else { return Verdict::holds(guard, "", "mutes nothing") };
    if mute.drives_scaling {
        let says = format!("{name} drives scaling: muted, nothing would scale");
        return Verdict::refused(guard, name, says, Override::Named).read_at(plan.read_at);
    }
    match mute.until {
        None => Verdict::refused(guard, name, "it would be muted without an end", Override::Named),
        Some(until) if until <= situation.now => {
            Verdict::refused(guard, name, "the mute would end before it begins", Override::Never)
        }
        Some(until) => Verdict::holds(guard, name, format!("AWS ends it at {}", super::who::clock(until))),
    }
}
