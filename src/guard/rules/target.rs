//! What the action is applied to: pinned, able to run what it shall run, and not somebody else's to set.

use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::rules::several::Refusals;
use crate::guard::rules::words::clock_seen;
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::{Plan, Target};

/// 2: an ARN that AWS gave, in this environment, and no more targets than the runbook allows.
pub(super) fn pinned(plan: &Plan, policy: &Policy, situation: &Situation) -> Verdict {
    let (guard, target) = (Guard::Target, &plan.target);
    let refuse = |on: &str, says: String| Verdict::refused(guard, on, says, Override::Never);
    let (count, most) = (situation.targets, policy.targets);
    if count == 0 || count > most {
        return refuse("count", format!("{count} targets, runbook maximum {most}"));
    }
    let environment = &situation.environment;
    let here = format!("{}/{}", environment.system, environment.name);
    if target.environment.as_str() != here || target.region != environment.region {
        let says = format!("{} in {}, asked for {here} in {}", target.environment, target.region, environment.region);
        return refuse("environment", says);
    }
    if let Some(says) = not_pinned(target) {
        return refuse("arn", says);
    }
    Verdict::holds(guard, &target.name, target.arn.clone()).read_at(plan.read_at)
}

/// `arn:partition:service:region:account:resource`; some services leave region and account empty.
fn not_pinned(target: &Target) -> Option<String> {
    let parts: Vec<&str> = target.arn.splitn(6, ':').collect();
    let ["arn", partition, service, region, account, resource] = parts.as_slice() else {
        return Some(format!("no ARN is known of {}", target.name));
    };
    if partition.is_empty() || service.is_empty() || resource.is_empty() || resource.contains('*') {
        return Some(format!("{} names no single resource", target.arn));
    }
    let elsewhere = |is: &str, expected: &str| !is.is_empty() && is != expected;
    (elsewhere(region, &target.region) || elsewhere(account, &target.account))
        .then(|| format!("{} is not in {} of account {}", target.arn, target.region, target.account))
}

/// 2: AWS would refuse it, whatever anybody says.
pub(super) fn impossible(plan: &Plan) -> Option<Verdict> {
    let says = plan.facts.impossible.clone()?;
    Some(Verdict::refused(Guard::Target, "impossible", says, Override::Never).read_at(plan.read_at))
}

/// 7: the revision that is rolled back to can run.
pub(super) fn rollback(plan: &Plan) -> Verdict {
    let guard = Guard::Rollback;
    let Some(revision) = &plan.facts.revision else {
        return Verdict::holds(guard, "", "goes to no other revision");
    };
    let (to, current) = (&revision.to, &revision.current);
    if to.trim().is_empty() {
        // There is nothing that could be named.
        let says = "no earlier revision is known to have completed";
        return Verdict::refused(guard, "none", says, Override::Never).read_at(plan.read_at);
    }
    let mut against = Refusals::default();
    if !revision.usable {
        let status = if revision.status.is_empty() { "not usable" } else { revision.status.as_str() };
        against.named(format!("{to} is {status}"));
    }
    if to == current {
        against.named(format!("{to} is what runs already"));
    }
    if to.rsplit(':').next() == Some("$LATEST") {
        against.named("$LATEST is not a version: it changes under you");
    }
    if !revision.same_family {
        against.named(format!("{to} is not of the same family as {current}"));
    }
    let holds = || Verdict::holds(guard, to, format!("{current} → {to}, {}", revision.status));
    against.verdict(guard, to, Override::Named).unwrap_or_else(holds).read_at(plan.read_at)
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
    let mut against = Refusals::default();
    match mute.until {
        None => against.named("it would be muted without an end"),
        Some(until) if until <= situation.now => {
            against.never(format!("the mute would end at {}, before it begins", clock_seen(until, situation.now)));
        }
        Some(_) => {}
    }
    if mute.drives_scaling {
        against.named(format!("{name} drives scaling: muted, nothing would scale"));
    }
    let until = || mute.until.map(|until| clock_seen(until, situation.now)).unwrap_or_default();
    let holds = || Verdict::holds(guard, name, format!("AWS ends it at {}", until()));
    against.verdict(guard, name, Override::Named).unwrap_or_else(holds).read_at(plan.read_at)
}
