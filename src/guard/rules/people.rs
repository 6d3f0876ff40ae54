//! What people must say: the confirmation, and the reason.

use crate::guard::confirm::{is_typed, phrase_for};
use crate::guard::given::Given;
use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::{Plan, Risk};

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
    let guard = Guard::Confirmation;
    if !is_typed(plan, situation, policy.risk, &given.typed) {
        let says = format!("what was typed is not what is asked for: {}", demand(plan, policy, situation));
        return Verdict::refused(guard, "", says, Override::Never);
    }
    if policy.risk == Risk::Critical && given.reason.trim().is_empty() {
        return Verdict::refused(guard, "reason", "a critical change needs a reason", Override::Never);
    }
    Verdict::holds(guard, "", "confirmed")
}
