//! A plan that waits for a second person, and who may be one. Pure.

use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::guard::digest::digest;
use crate::guard::principal::{is_same_person, names_nobody};
use crate::guard::situation::SKEW_S;
use crate::model::{Plan, Risk};

/// How long a plan may be approved after it was put there.
pub const TO_APPROVE: SignedDuration = SignedDuration::from_mins(15);
/// How long an approval may be executed.
pub const TO_EXECUTE: SignedDuration = SignedDuration::from_mins(5);

/// A plan that somebody wants approved.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What would be sent.
    pub plan: Box<Plan>,
    /// Id of the runbook.
    pub runbook: Text,
    /// ARN of the principal that would send it.
    pub principal: Text,
    /// ARN of the operator's principal at the shared table.
    pub proposer: Text,
    /// User and host.
    pub operator: Text,
    /// Why.
    pub reason: Text,
    /// When it was put there.
    pub at: Timestamp,
}

impl Proposal {
    /// SHA-256 of the plan, made of the plan itself.
    pub fn digest(&self) -> String {
        digest(&self.plan)
    }

    /// What the second person must type.
    pub fn phrase(&self) -> String {
        let environment = self.plan.target.environment.split_once('/').map_or("", |(_, name)| name);
        format!("approve {}", crate::guard::confirm::phrase(&self.plan, environment, Risk::Critical))
    }

    /// Why `approver` may not approve it now.
    ///
    /// # Errors
    /// In words.
    pub fn may_be_approved(&self, approver: &str, now: Timestamp, skew_s: Option<i64>) -> Result<(), String> {
        match skew_s {
            Some(skew) if skew.abs() <= SKEW_S => {}
            Some(skew) => return Err(format!("the clock is {skew} s off AWS's: the age of a plan cannot be judged")),
            None => return Err("AWS's clock is not known: the age of a plan cannot be judged".to_owned()),
        }
        if [&self.principal, &self.proposer].iter().any(|own| is_same_person(own, approver)) {
            return Err(format!("{approver} is the one who wants it: another principal must approve"));
        }
        if names_nobody(approver) {
            let says =
                "a tool made up the name of the session, so it does not tell who approves: set role_session_name";
            return Err(format!("{approver}: {says} in the profile"));
        }
        let age = now.duration_since(self.at);
        if age > TO_APPROVE {
            return Err(format!("it was planned {} min ago, allowed are {}", age.as_mins(), TO_APPROVE.as_mins()));
        }
        Ok(())
    }
}
