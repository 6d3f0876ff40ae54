//! Services as they were: Container Insights tells the counts, and a deployment that has not changed since is the same.

use jiff::Timestamp;

use super::{Inventory, Service, ServiceState};
use crate::model::{MetricQuery, MetricSet, Stat};
use crate::signals::Then;

const DESIRED: &str = "DesiredTaskCount";
const RUNNING: &str = "RunningTaskCount";
const PENDING: &str = "PendingTaskCount";

fn query(service: &Service, metric: &'static str) -> MetricQuery {
    let dimensions = [("ClusterName", &*service.cluster), ("ServiceName", &*service.name)];
    MetricQuery::new("ECS/ContainerInsights", metric, Stat::Average, &dimensions)
}

/// The task counts of a service (CloudWatch User Guide, Amazon ECS Container Insights metrics).
pub fn queries(service: &Service) -> [MetricQuery; 3] {
    [DESIRED, RUNNING, PENDING].map(|metric| query(service, metric))
}

/// The services at a past minute.
pub fn inventory(live: &Inventory, then: &Then) -> Inventory {
    Inventory { services: live.services.iter().map(|s| service(s, then)).collect(), ..live.clone() }
}

fn service(live: &Service, then: &Then) -> Service {
    let Some(state) = &live.state else { return live.clone() };
    let counts = [DESIRED, RUNNING, PENDING].map(|metric| count(&then.metrics, &query(live, metric)));
    let (desired, running, pending) = match counts {
        [Ok(desired), Ok(running), Ok(pending)] => (desired, running, pending),
        [Err(why), ..] | [_, Err(why), _] | [.., Err(why)] => {
            return Service { state: None, unsure: why.into(), ..live.clone() };
        }
    };
    let counted = ServiceState {
        desired,
        running,
        pending,
        status: state.status.clone(),
        controller: state.controller.clone(),
        launch: state.launch.clone(),
        ..ServiceState::default()
    };
    if state.changed_at.is_some_and(|changed| changed <= then.at) {
        let unchanged = ServiceState { desired, running, pending, ..state.clone() };
        let events = ServiceState { event: Default::default(), unsteady_since: earlier(state, then.at), ..unchanged };
        return Service { state: Some(events), ..live.clone() };
    }
    let unsure = "deployments have changed since: how they stood then is not known";
    Service { state: Some(counted), unsure: unsure.into(), ..live.clone() }
}

fn earlier(state: &ServiceState, at: Timestamp) -> Option<Timestamp> {
    state.unsteady_since.filter(|since| *since <= at)
}

/// A count at the end of the window's last period but one, which is where the last one begins. Averages of a minute
/// tell it only where it stood still.
fn count(metrics: &MetricSet, query: &MetricQuery) -> Result<i32, &'static str> {
    let points = metrics.get(query).map(|series| series.points.as_slice()).unwrap_or_default();
    let [.., Some(before), Some(after)] = points else {
        let any = points.iter().any(Option::is_some);
        return Err(if any { "not measured at that minute" } else { "needs Container Insights: no counts were kept" });
    };
    let still = (before - after).abs() < 1e-6 && (before - before.round()).abs() < 1e-6;
    // A count of tasks fits; a cast from a float saturates.
    if still && *before >= 0.0 {
        Ok(before.round() as i32)
    } else {
        Err("the number of tasks was changing in that minute")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Series;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn live() -> Service {
        let state = ServiceState { desired: 9, running: 9, changed_at: Some(at(-600)), ..ServiceState::default() };
        Service { name: "a".into(), cluster: "main".into(), state: Some(state), ..Service::default() }
    }

    fn then(points: [[Option<f64>; 2]; 3]) -> Then {
        let mut metrics = MetricSet::default();
        for (query, points) in queries(&live()).into_iter().zip(points) {
            let series = Series { start: at(-60), period_s: 60, points: points.to_vec() };
            metrics.series.insert(query, Arc::new(series));
        }
        Then { at: at(0), now: at(1200), metrics }
    }

    const STILL: [[Option<f64>; 2]; 3] = [[Some(3.0); 2], [Some(2.0); 2], [Some(1.0); 2]];

    #[test]
    fn counts_that_stood_still_are_known() {
        let state = service(&live(), &then(STILL)).state.unwrap();
        assert_eq!((state.running, state.desired, state.pending), (2, 3, 1));
    }

    #[test]
    fn what_moved_or_was_not_measured_is_unknown_and_never_the_number_of_today() {
        let mut moving = STILL;
        moving[1] = [Some(2.0), Some(3.0)];
        let mut between = STILL;
        between[0] = [Some(2.5); 2];
        let mut late = STILL;
        late[2] = [Some(1.0), None];
        for points in [moving, between, late, [[None; 2]; 3]] {
            let past = service(&live(), &then(points));
            assert_eq!(past.state, None);
            assert!(!past.unsure.is_empty());
        }
    }

    #[test]
    fn a_deployment_that_changed_later_is_unknown() {
        let mut changed = live();
        changed.state.as_mut().unwrap().changed_at = Some(at(1));
        let past = service(&changed, &then(STILL));
        assert_eq!(past.state.unwrap().running, 2);
        assert!(past.unsure.contains("deployments"));
    }
}
