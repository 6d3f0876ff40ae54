//! The proof that every guard was asked and none refused. Actions can be sent with nothing else.

use jiff::Timestamp;

use crate::guard::digest::digest;
use crate::guard::given::Given;
use crate::guard::policy::Policy;
use crate::guard::rules;
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::{Fault, Plan};

/// Something that may be sent once. It cannot be made outside this file, copied, stored or read back from a disk.
///
/// ```compile_fail,E0451
/// # fn plan() -> watchfloor::model::Plan { unimplemented!() }
/// let forged = watchfloor::guard::Authorized { what: plan(), digest: String::new() };
/// ```
/// ```compile_fail,E0599
/// # fn authorised() -> watchfloor::guard::Authorized<watchfloor::model::Plan> { unimplemented!() }
/// let authorised = authorised();
/// let twice = (authorised.clone(), authorised);
/// ```
#[derive(Debug)]
pub struct Authorized<T> {
    what: T,
    digest: String,
}

impl<T> Authorized<T> {
    /// What may be sent.
    pub fn what(&self) -> &T {
        &self.what
    }

    /// SHA-256 of the plan: names the request where AWS takes a token.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// Asks every guard for the last time, on what was read just now, and gives leave to send once.
///
/// `again` is the target as it was read after the confirmation; `intent_at` is when the intent was fsynced, `None`
/// where it was not.
///
/// # Errors
/// Every verdict that refuses. Nothing was sent.
pub fn authorise(
    plan: &Plan,
    again: &Result<Plan, Fault>,
    policy: &Policy,
    situation: &Situation,
    given: &Given,
    intent_at: Option<Timestamp>,
) -> Result<Authorized<Plan>, Vec<Verdict>> {
    let mut verdicts = rules::judge(plan, policy, situation, &given.overridden);
    verdicts.extend(rules::at_the_send(plan, again, policy, situation, given, intent_at));
    let refusals: Vec<Verdict> = verdicts.into_iter().filter(Verdict::refuses).collect();
    if refusals.is_empty() { Ok(Authorized { what: plan.clone(), digest: digest(plan) }) } else { Err(refusals) }
}
