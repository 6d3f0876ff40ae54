//! What a scenario does to the connection itself: rules of failure that hold for a part of the simulated time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::estate::Estate;
use super::fault_modes::{FaultMode, Rule};
use super::scenario::{Fault, Mode, Outage, Scenario};

/// The rules of a scenario that begins at `began`.
pub fn rules(estate: &Estate, scenario: &Scenario, began: Timestamp) -> Vec<Rule> {
    let unreachable = scenario.unreachable.iter().map(|outage| (outage, FaultMode::Unreachable));
    let expired = scenario.expired.iter().map(|outage| (outage, FaultMode::Expired));
    let outages = unreachable.chain(expired).filter_map(|(outage, mode)| {
        let Outage { environment, at_s, for_s } = outage;
        rule(estate, environment, (*at_s, Some(*for_s)), mode, began)
    });
    outages.chain(scenario.fault.iter().filter_map(|one| fault(estate, one, began))).collect()
}

fn fault(estate: &Estate, fault: &Fault, began: Timestamp) -> Option<Rule> {
    let seconds = SignedDuration::from_secs(fault.seconds);
    let mode = match fault.mode {
        Mode::RejectBefore => FaultMode::RejectBefore,
        Mode::CommitThenCut => FaultMode::CommitThenCut,
        Mode::CommitThen500 => FaultMode::CommitThen500,
        Mode::Slow => FaultMode::Slow(Duration::try_from(seconds).ok()?),
        Mode::Hang => FaultMode::Hang,
        Mode::Throttle => FaultMode::Throttle,
        Mode::Expired => FaultMode::Expired,
        Mode::Denied => FaultMode::Denied,
        Mode::Unreachable => FaultMode::Unreachable,
        Mode::ChangedUnderYou => FaultMode::ChangedFirst(fault.change.clone()?),
        Mode::AutoscalerOverwrites => FaultMode::Overwritten(seconds, fault.desired?),
        Mode::ClockSkew => FaultMode::Skewed(seconds),
    };
    let mut rule = rule(estate, &fault.environment, (fault.at_s, fault.for_s), mode, began)?;
    rule.service.clone_from(&fault.service);
    rule.operation.clone_from(&fault.operation);
    rule.times = fault.times;
    Some(rule.nth(fault.nth.unwrap_or(1)))
}

/// A rule for all requests to an environment, from a second of the scenario on, for some seconds or for ever.
fn rule(
    estate: &Estate,
    environment: &str,
    (at_s, for_s): (i64, Option<i64>),
    mode: FaultMode,
    began: Timestamp,
) -> Option<Rule> {
    let head = &estate.environments.iter().find(|data| data.head.name == environment)?.head;
    let at = |second: i64| began.checked_add(SignedDuration::from_secs(second)).ok();
    let until = match for_s {
        Some(for_s) => at(at_s.saturating_add(for_s))?,
        None => Timestamp::MAX,
    };
    Some(Rule::all(mode).account(&head.account).region(&head.region).during(at(at_s)?, until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::estate;

    #[test]
    fn a_scenario_may_let_requests_go_wrong() {
        let script = r#"
            title = "t"
            [[fault]]
            environment = "prod"
            service = "ecs"
            operation = "UpdateService"
            mode = "commit-then-cut"
            nth = 2
            times = 1
            [[fault]]
            at_s = 60
            for_s = 30
            environment = "prod"
            mode = "changed-under-you"
            change = { operation = "UpdateService", input = { cluster = "c", service = "s", desiredCount = 7 } }
            [[fault]]
            environment = "prod"
            mode = "clock-skew"
            seconds = -90
        "#;
        let estate = estate::load("uex-payments").unwrap();
        let rules = rules(&estate, &toml::from_str(script).unwrap(), Timestamp::UNIX_EPOCH);
        assert_eq!((rules[0].skip, rules[0].times, &rules[0].mode), (1, Some(1), &FaultMode::CommitThenCut));
        assert_eq!(rules[0].operation.as_deref(), Some("UpdateService"));
        let FaultMode::ChangedFirst(other) = &rules[1].mode else { panic!("{:?}", rules[1].mode) };
        assert_eq!(other.input["desiredCount"], 7);
        assert_eq!(rules[1].during.unwrap().1.as_second(), 90);
        assert_eq!(rules[2].mode, FaultMode::Skewed(SignedDuration::from_secs(-90)));
    }
}
