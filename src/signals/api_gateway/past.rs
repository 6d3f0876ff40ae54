//! A stage as it was: its metrics tell how it did; limits and deployment that were changed since are not known any more.

use jiff::Timestamp;

use super::{Inventory, Stage};

/// The stages at `at`.
pub fn inventory(live: &Inventory, at: Timestamp) -> Inventory {
    let stage = |stage: &Stage| {
        let unchanged = stage.updated.is_some_and(|updated| updated <= at);
        let mut stage = stage.clone();
        if !unchanged {
            stage.deployment = Default::default();
            stage.updated = None;
            stage.throttle_rate = None;
            stage.throttle_burst = None;
        }
        stage
    };
    Inventory { stages: live.stages.iter().map(stage).collect(), ..live.clone() }
}
