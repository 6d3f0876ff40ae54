//! Several refusals of one rule are one verdict, so that whoever overrides it has read all of them; and where one of
//! them cannot be overridden, none can.

use crate::guard::id::{Guard, Override};
use crate::guard::verdict::Verdict;

/// What one rule has against a plan.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    never: Vec<String>,
    named: Vec<String>,
}

impl Refusals {
    /// Whatever anybody says.
    pub(super) fn never(&mut self, says: impl Into<String>) {
        self.never.push(says.into());
    }

    /// Unless it is overridden by name.
    pub(super) fn named(&mut self, says: impl Into<String>) {
        self.named.push(says.into());
    }

    /// The refusal; `None` where there is nothing against the plan. `over` is how the ones that can be overridden are.
    pub(super) fn verdict(self, guard: Guard, on: &str, over: Override) -> Option<Verdict> {
        let over = if self.never.is_empty() { over } else { Override::Never };
        let says: Vec<String> = self.never.into_iter().chain(self.named).collect();
        (!says.is_empty()).then(|| Verdict::refused(guard, on, says.join("; "), over))
    }
}
