//! Going back is not slowed as going there was: of the guards that a change must pass, the inverse of an applied one is
//! held to who acts, what is there now and what is on record.

use crate::guard::id::Guard;
use crate::guard::verdict::{Judged, Verdict};

/// What an inverse is held to. Identity, staleness and the intent; with them the target itself and that it can be
/// sent at all; what must be typed; and that nobody else is at the target, whom it would get in the way of.
const HELD_TO: &[Guard] = &[
    Guard::Identity,
    Guard::Target,
    Guard::Staleness,
    Guard::Intent,
    Guard::UnknownOutcome,
    Guard::Rollback,
    Guard::Confirmation,
    Guard::ReadOnly,
    Guard::Lock,
    Guard::Pace,
];

/// A refusal that an inverse is not held to holds nothing up; what it says stays to be read.
pub(super) fn exempt(verdict: Verdict) -> Verdict {
    if !verdict.refuses() || HELD_TO.contains(&verdict.guard) {
        return verdict;
    }
    let says = format!("going back is exempt: {}", verdict.says).into();
    Verdict { judged: Judged::Holds, says, offer: None, ..verdict }
}
