//! How much may be taken away or added at once.

use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::rules::several::Refusals;
use crate::guard::verdict::Verdict;
use crate::model::Plan;
use crate::model::plan::Capacity;

/// 6: above the floor, within the bounds, not too far at once: every amount that changes.
pub(super) fn floor(plan: &Plan, policy: &Policy) -> Verdict {
    let (guard, name, amounts) = (Guard::Floor, &plan.target.name, &plan.facts.capacity);
    if amounts.is_empty() {
        return Verdict::holds(guard, "", "takes no capacity away");
    }
    let mut against = Refusals::default();
    for capacity in amounts {
        judge(capacity, policy, &mut against);
    }
    let changes: Vec<String> =
        amounts.iter().map(|one| format!("{} → {}{}", one.before, one.after, unit(one))).collect();
    let verdict = against.verdict(guard, name, Override::NamedWithReason);
    verdict.unwrap_or_else(|| Verdict::holds(guard, name, changes.join(", "))).read_at(plan.read_at)
}

/// The unit with a space before it, where there is one.
fn unit(capacity: &Capacity) -> String {
    if capacity.unit.is_empty() { String::new() } else { format!(" {}", capacity.unit) }
}

fn judge(capacity: &Capacity, policy: &Policy, against: &mut Refusals) {
    let (before, after) = (capacity.before, capacity.after);
    let unit = unit(capacity);
    let change = format!("{before} → {after}");
    if after < 0 {
        against.never(format!("{change} is below zero"));
    } else if after < policy.floor {
        against.never(format!("{change} is below the absolute floor of {}{unit}", policy.floor));
    } else if after == 0 {
        against.named(format!("{change} leaves nothing"));
    }
    if let Some(says) = too_little_left(capacity, policy.healthy_percent, &change) {
        against.named(says);
    }
    let step = after.abs_diff(before);
    if let Some(allowed) = policy.step
        && i128::from(step) > i128::from(allowed)
    {
        against.named(format!("{change} is a step of {step}{unit}, runbook maximum {allowed}"));
    }
    if let Some(least) = capacity.least.filter(|least| after < *least) {
        against.named(format!("{change} is below the lower bound of {least}{unit}"));
    }
    if let Some(most) = capacity.most.filter(|most| after > *most) {
        against.named(format!("{change} is above the upper bound of {most}{unit}"));
    }
}

/// Less than the share of what is healthy now that the runbook allows. Shares are rounded down: 59.9 % is not 60 %.
fn too_little_left(capacity: &Capacity, percent: Option<u8>, change: &str) -> Option<String> {
    let percent = percent.filter(|_| capacity.after < capacity.before)?;
    let Some(healthy) = capacity.healthy else {
        return Some(format!("{change}: how much is healthy now is not known"));
    };
    if healthy <= 0 {
        return Some(format!("{change}: nothing is healthy now, runbook minimum {percent} % of healthy"));
    }
    let share = i128::from(capacity.after) * 100 / i128::from(healthy);
    (share < i128::from(percent)).then(|| format!("{change} leaves {share} % of healthy, runbook minimum {percent} %"))
}
