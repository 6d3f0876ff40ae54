//! Load balancers as they were: their metrics tell how they did and how many targets were healthy.

use super::{Balancer, Group, GroupQueries, Inventory};
use crate::model::{MetricQuery, MetricSet};
use crate::signals::Then;

/// How many targets of a group were healthy, and how many were not (User Guides, CloudWatch metrics). `None` for a
/// group without metrics.
pub fn queries(group: &Group) -> Option<[MetricQuery; 2]> {
    let unhealthy = GroupQueries::of(group)?.unhealthy;
    Some([MetricQuery { name: "HealthyHostCount".into(), ..unhealthy.clone() }, unhealthy])
}

/// The load balancers at a past minute. AWS keeps no history of their states: one that is not active today may have
/// been, so its state then is not known.
pub fn inventory(live: &Inventory, then: &Then) -> Inventory {
    let balancer = |balancer: &Balancer| Balancer {
        state: balancer.state.clone().filter(|state| state == "active"),
        state_reason: Default::default(),
        ..balancer.clone()
    };
    let group = |group: &Group| Group { health: None, counted: counted(group, &then.metrics), ..group.clone() };
    let existed = |balancer: &&Balancer| balancer.created.is_none_or(|created| created <= then.at);
    Inventory {
        balancers: live.balancers.iter().filter(existed).map(balancer).collect(),
        groups: live.groups.iter().map(group).collect(),
        ..live.clone()
    }
}

/// Targets in service where their number stood still around the minute.
fn counted(group: &Group, metrics: &MetricSet) -> Option<usize> {
    let count = |query: &MetricQuery| match metrics.get(query).map(|series| series.points.as_slice()) {
        Some([.., Some(before), Some(after)]) if before == after && *before >= 0.0 => Some(*before),
        _ => None,
    };
    let [healthy, unhealthy] = queries(group)?;
    // A number of targets fits; a cast from a float saturates.
    Some((count(&healthy)? + count(&unhealthy)?) as usize)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::model::Series;
    use crate::signals::load_balancers::Health;

    const BALANCER: &str = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/1";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn live() -> Inventory {
        let group = Group {
            arn: "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/2".into(),
            balancer: Some(BALANCER.into()),
            health: Some(Health { healthy: 9, ..Health::default() }),
            ..Group::default()
        };
        let balancer = |state: &str, created: i64| Balancer {
            arn: BALANCER.into(),
            state: Some(state.into()),
            created: Some(at(created)),
            ..Balancer::default()
        };
        Inventory {
            balancers: vec![balancer("active", -60), balancer("failed", -60), balancer("active", 60)],
            groups: vec![group],
            ..Inventory::default()
        }
    }

    fn past(healthy: [Option<f64>; 2], unhealthy: [Option<f64>; 2]) -> Inventory {
        let live = live();
        let mut metrics = MetricSet::default();
        for (query, points) in queries(&live.groups[0]).unwrap().into_iter().zip([healthy, unhealthy]) {
            let series = Series { start: at(-60), period_s: 60, points: points.to_vec() };
            metrics.series.insert(query, Arc::new(series));
        }
        inventory(&live, &Then { at: at(0), now: at(1200), metrics })
    }

    #[test]
    fn targets_are_counted_by_the_metrics_and_never_those_of_today() {
        let counted = |healthy, unhealthy| {
            let group = past(healthy, unhealthy).groups[0].clone();
            assert_eq!(group.health, None);
            group.counted
        };
        assert_eq!(counted([Some(2.0); 2], [Some(1.0); 2]), Some(3));
        assert_eq!(counted([Some(2.0), Some(3.0)], [Some(1.0); 2]), None);
        assert_eq!(counted([Some(2.0); 2], [Some(0.0), None]), None);
    }

    #[test]
    fn a_state_of_today_other_than_active_says_nothing_and_a_new_one_was_not_there() {
        let past = past([None; 2], [None; 2]);
        let states: Vec<Option<&str>> = past.balancers.iter().map(|balancer| balancer.state.as_deref()).collect();
        assert_eq!(states, [Some("active"), None]);
    }
}
