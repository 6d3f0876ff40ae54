//! What a scenario does to the connection itself: rules of failure that hold for a part of the simulated time.

use jiff::{SignedDuration, Timestamp};

use super::estate::Estate;
use super::fault_modes::{FaultMode, Rule};
use super::scenario::{Outage, Scenario};

/// The rules of a scenario that begins at `began`.
pub fn rules(estate: &Estate, scenario: &Scenario, began: Timestamp) -> Vec<Rule> {
    let unreachable = scenario.unreachable.iter().map(|outage| (outage, FaultMode::Unreachable));
    let expired = scenario.expired.iter().map(|outage| (outage, FaultMode::Expired));
    unreachable.chain(expired).filter_map(|(outage, mode)| rule(estate, outage, mode, began)).collect()
}

fn rule(estate: &Estate, outage: &Outage, mode: FaultMode, began: Timestamp) -> Option<Rule> {
    let head = &estate.environments.iter().find(|data| data.head.name == outage.environment)?.head;
    let at = |second: i64| began.checked_add(SignedDuration::from_secs(second)).ok();
    let (from, until) = (at(outage.at_s)?, at(outage.at_s.saturating_add(outage.for_s))?);
    Some(Rule::all(mode).account(&head.account).region(&head.region).during(from, until))
}
