//! How much may be taken away or added at once.

use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::verdict::Verdict;
use crate::model::Plan;

/// 6: above the floor, within the bounds, not too far at once.
pub(super) fn floor(plan: &Plan, policy: &Policy) -> Verdict {
    let (guard, name) = (Guard::Floor, &plan.target.name);
    let Some(capacity) = &plan.facts.capacity else {
        return Verdict::holds(guard, "", "takes no capacity away");
    };
    let (before, after, unit) = (capacity.before, capacity.after, &capacity.unit);
    let change = format!("{before} → {after} {unit}");
    let never = |says: String| Verdict::refused(guard, name, says, Override::Never).read_at(plan.read_at);
    let named = |says: String| Verdict::refused(guard, name, says, Override::NamedWithReason).read_at(plan.read_at);
    if after < 0 {
        return never(format!("{change} is below zero"));
    }
    if after < policy.floor {
        return never(format!("{change} is below the absolute floor of {}", policy.floor));
    }
    if after < before
        && let Some(percent) = policy.healthy_percent
    {
        let Some(healthy) = capacity.healthy else {
            return named(format!("{change}: how much is healthy now is not known"));
        };
        let share = if healthy > 0 { after.saturating_mul(100) / healthy } else { 0 };
        if healthy > 0 && share < i64::from(percent) {
            return named(format!("{change} leaves {share} % of healthy, runbook minimum {percent} %"));
        }
    }
    if after == 0 {
        return named(format!("{change} leaves nothing"));
    }
    if let Some(step) = policy.step
        && (after - before).abs() > step
    {
        return named(format!("{change} is a step of {}, the runbook allows {step}", (after - before).abs()));
    }
    match (capacity.least, capacity.most) {
        (Some(least), _) if after < least => named(format!("{change} is below the lower bound {least}")),
        (_, Some(most)) if after > most => named(format!("{change} is above the upper bound {most}")),
        _ => Verdict::holds(guard, name, change).read_at(plan.read_at),
    }
}
