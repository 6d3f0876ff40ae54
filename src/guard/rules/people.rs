//! What people must say: the confirmation, the reason, the second person.

use crate::guard::confirm::phrase_for;
use crate::guard::given::Given;
use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::{Plan, Risk};

/// Minutes that an approval may be executed in.
const EXECUTION_S: i64 = 5 * 60;
/// Minutes that an approval is in force.
pub(super) const APPROVAL_S: i64 = 15 * 60;

/// What the confirmation will ask for.
pub(super) fn demand(plan: &Plan, policy: &Policy, situation: &Situation) -> String {
    let phrase = phrase_for(plan, situation, policy.risk);
    match policy.risk {
        Risk::Low => format!("{phrase} confirms"),
        Risk::High => format!("type {phrase}"),
        Risk::Critical => format!("type {phrase} and give a reason"),
    }
}

/// 9: typed exactly, with a reason where the risk is critical.
pub(super) fn confirmed(plan: &Plan, policy: &Policy, situation: &Situation, given: &Given) -> Verdict {
    let (guard, phrase) = (Guard::Confirmation, phrase_for(plan, situation, policy.risk));
    if given.typed.trim() != phrase {
        return Verdict::refused(guard, "", format!("not confirmed: type {phrase}"), Override::Never);
    }
    if policy.risk == Risk::Critical && given.reason.trim().is_empty() {
        return Verdict::refused(guard, "reason", "a critical change needs a reason", Override::Never);
    }
    Verdict::holds(guard, "", "confirmed")
}

/// 15: another principal approved this very plan, a short while ago.
pub(super) fn approval(plan: &Plan, policy: &Policy, situation: &Situation) -> Verdict {
    let guard = Guard::Approval;
    if policy.risk != Risk::Critical || policy.approvals == 0 {
        return Verdict::holds(guard, "", "no second person is asked for");
    }
    let name = &plan.target.name;
    let refuse = |says: String| Verdict::refused(guard, name, says, Override::NamedWithReason);
    if let Some(why) = &situation.approvals.unreadable {
        return refuse(format!("approvals cannot be read: {why}"));
    }
    if !situation.clock_is_reliable() {
        let skew = situation.skew_s.unwrap_or_default();
        return refuse(format!("the clock is {skew} s off AWS's: the age of approvals cannot be judged"));
    }
    let own = situation.identity.as_ref().map(|identity| &identity.arn).ok();
    #[allow(clippy::cast_possible_truncation, reason = "a few minutes")]
    let within = |seconds: i64| (seconds as f64 * situation.pace.max(1.0)) as i64;
    let mut by: Vec<&str> = Vec::new();
    let mut late = 0;
    for (arn, at) in &situation.approvals.by {
        let age = situation.now.duration_since(*at).as_secs();
        if Some(arn) == own || by.contains(&arn.as_str()) {
            continue;
        }
        if age > within(APPROVAL_S.min(EXECUTION_S)) {
            late += 1;
        } else if age >= -60 {
            by.push(arn);
        }
    }
    let wanted = usize::from(policy.approvals);
    if by.len() < wanted {
        let late = if late > 0 { format!(", {late} too old") } else { String::new() };
        let says = format!("{} of {wanted} approvals by another principal{late}", by.len());
        return refuse(says);
    }
    Verdict::holds(guard, name, format!("approved by {}", by.join(", ")))
}
