//! A change with what its place among the suspects follows from.

use std::sync::Arc;

use super::names::Related;
use crate::base::Text;
use crate::model::Change;

/// In which part of the list a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// A likely cause.
    Likely,
    /// What autoscaling did about it: tells which load it saw.
    Reaction,
    /// An alarm that went off: a symptom, and the best hint where nothing is likely.
    Alarm,
    /// It only happened at the time.
    Unlikely,
    /// Other news of alarms.
    News,
}

/// A change with what its place follows from.
pub(super) struct Judged<'a> {
    pub change: &'a Arc<Change>,
    pub tier: Tier,
    pub related: Related,
    /// The signal that is red is about this kind of thing.
    pub area: bool,
    pub score: i64,
    /// A more suspicious event of the same kind and the same thing is told already.
    pub repeats: bool,
}

impl Judged<'_> {
    /// Smaller stands first. Symptoms in the order in which they showed; causes by score, then the latest first.
    pub fn order(&self) -> (Tier, bool, i64, i64, &Text, &'static str, (&Text, bool)) {
        let second = self.change.at.as_second();
        let (first, then) = if self.change.kind.is_symptom() { (second, 0) } else { (-self.score, -second) };
        let told = (&self.change.summary, self.change.estimated);
        (self.tier, self.repeats, first, then, &self.change.resource, self.change.kind.word(), told)
    }
}
