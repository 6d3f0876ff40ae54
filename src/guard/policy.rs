//! What a runbook allows: the bounds that its guards hold it to.

use crate::model::Risk;

/// The bounds of one runbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Id of the runbook.
    pub runbook: String,
    /// How it is confirmed.
    pub risk: Risk,
    /// Never below this many, whatever anybody says. At least 1 where the action scales capacity that serves.
    pub floor: i64,
    /// Never below this share of what is healthy now, in percent.
    pub healthy_percent: Option<u8>,
    /// Never more than this at once, up or down.
    pub step: Option<i64>,
    /// Targets that one run may have.
    pub targets: usize,
    /// Persons besides the operator who must approve a critical run.
    pub others: u8,
    /// It brings an applied change back: held to who acts, what is there and what is on record, not to the rest.
    pub inverse: bool,
}

impl Policy {
    /// The bounds where a runbook says nothing else.
    pub fn new(runbook: impl Into<String>, risk: Risk) -> Self {
        Self {
            runbook: runbook.into(),
            risk,
            floor: 1,
            healthy_percent: Some(60),
            step: None,
            targets: 1,
            others: 0,
            inverse: false,
        }
    }
}
