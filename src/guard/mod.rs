//! What stands between a person and a mutation: the rules, their verdicts, and the proof that all of them were asked.
//!
//! Everything here is pure. [`judge`] says what each rule thinks of a plan; [`authorise`] is the only maker of
//! [`Authorized`], without which no action can be sent.

pub mod authorized;
pub mod confirm;
pub mod digest;
pub mod freeze;
pub mod given;
pub mod id;
pub mod policy;
pub mod principal;
pub mod rules;
pub mod situation;
pub mod verdict;

pub use authorized::{Authorized, authorise};
pub use given::Given;
pub use id::{Guard, Override};
pub use policy::Policy;
pub use rules::{confirmation, judge};
pub use situation::{Approvals, Freeze, LockState, Situation, Trust};
pub use verdict::{Judged, Verdict};

#[cfg(test)]
pub(crate) mod testing;
