//! What a plan to scale says, for every number and every bounds.
use proptest::prelude::*;

use super::*;
use crate::actions::ecs::service::Deployment;
use crate::guard::testing::content;
use crate::guard::{Guard, Policy, judge as guards};
use crate::model::{Risk, Standing};

fn now() -> Timestamp {
    "2026-11-21T03:04:05Z".parse().unwrap()
}

fn target() -> Target {
    Target {
        environment: "payments/prod".into(),
        account: "111122223333".into(),
        region: "us-east-1".into(),
        kind: TargetKind::EcsService,
        name: "api".into(),
        arn: "arn:aws:ecs:us-east-1:111122223333:service/prod/api".into(),
    }
}

fn service(desired: i64, running: i64) -> Service {
    Service {
        name: "api".into(),
        cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/prod".into(),
        status: "ACTIVE".into(),
        controller: "ECS".into(),
        desired,
        running,
        task_definition: "arn:aws:ecs:us-east-1:111122223333:task-definition/api:42".into(),
        deployments: vec![Deployment { id: "ecs-svc/1".into(), primary: true, ..Deployment::default() }],
        ..Service::default()
    }
}

fn plan(service: Service, bounds: Option<(i64, i64)>, asked: i64) -> Plan {
    let scalable = bounds.map(|(min, max)| Scalable { min, max, suspended: Vec::new() });
    let read = Read { service, scalable, cooldown: Ok(None), health: Health::NoGroups, asked, until: None };
    judge(&target(), read, now())
}

fn refused(plan: &Plan) -> Vec<Guard> {
    let policy = Policy::new("ecs-scale", Risk::High);
    guards(plan, &policy, &content(plan), &[]).iter().filter(|one| one.refuses()).map(|one| one.guard).collect()
}

#[test]
fn an_autoscaler_gets_a_higher_minimum_and_the_desired_count_is_left_alone() {
    let plan = plan(service(12, 12), Some((6, 60)), 20);
    assert_eq!(plan.operation, "application-autoscaling:RegisterScalableTarget");
    assert_eq!(plan.request, Values::from([("min_capacity".to_owned(), Value::Count(20))]));
    assert_eq!(plan.differences[0].field, "minimum of Application Auto Scaling");
    assert_eq!((&plan.differences[0].before, &plan.differences[0].after), (&Value::Count(6), &Value::Count(20)));
    assert_eq!(plan.undo.as_ref().unwrap().params["desired"], Value::Count(6));
    assert!(plan.owed.as_ref().unwrap().says.contains("raised from 6 to 20"));
    assert_eq!(plan.owed.as_ref().unwrap().ends, None, "nothing in AWS ends it");
    assert!(plan.touches.iter().any(|says| says.contains("starts 8 tasks")));
    assert_eq!(refused(&plan), []);
}

#[test]
fn without_an_autoscaler_the_desired_count_alone_is_set() {
    let more = plan(service(3, 3), None, 5);
    assert_eq!(more.operation, "ecs:UpdateService");
    assert_eq!(more.request, Values::from([("desired_count".to_owned(), Value::Count(5))]));
    assert!(more.owed.is_some() && refused(&more).is_empty());
    let fewer = plan(service(10, 10), None, 8);
    assert_eq!((fewer.owed.is_none(), refused(&fewer).is_empty()), (true, true));
    assert_eq!(refused(&plan(service(9, 9), None, 2)), [Guard::Floor]);
    assert_eq!(refused(&plan(service(9, 9), None, 9)), [Guard::Target], "nothing would change");
}

#[test]
fn what_cannot_be_is_said() {
    assert_eq!(refused(&plan(service(12, 12), Some((6, 60)), 61)), [Guard::Target, Guard::Floor]);
    assert_eq!(refused(&plan(service(12, 12), Some((6, 60)), 6)), [Guard::Target]);
    let daemon = Service { daemon: true, ..service(3, 3) };
    assert!(plan(daemon, None, 5).facts.impossible.unwrap().contains("daemon"));
    let draining = Service { status: "DRAINING".into(), ..service(3, 3) };
    assert!(plan(draining, None, 5).facts.impossible.unwrap().contains("DRAINING"));
    let elsewhere = Service { controller: "CODE_DEPLOY".into(), ..service(3, 3) };
    assert_eq!(refused(&plan(elsewhere, None, 5)), [Guard::Ownership]);
}

#[test]
fn a_deployment_in_progress_offers_to_stop_it() {
    let mut busy = service(3, 3);
    busy.deployments[0].rollout = Some(service::Rollout::InProgress);
    let plan = plan(busy, None, 5);
    assert_eq!(plan.facts.obstacle.as_ref().unwrap().offer, Some("ecs.stop_deployment".into()));
    assert_eq!(refused(&plan), [Guard::InFlight]);
}

#[test]
fn lengths_of_time_are_read_or_refused() {
    let ends = |text: &str| until(Some(text.into()), now()).map(|ends| ends.unwrap().1.to_string());
    assert_eq!(ends("2h").unwrap(), "2026-11-21T05:04:05Z");
    for wrong in ["tomorrow", "-2h", "0s", ""] {
        assert!(ends(wrong).is_err(), "{wrong}");
    }
}

fn observed(plan: &Plan, service: &Service, bounds: Option<(i64, i64)>, accepted: bool, after_s: i64) -> Observation {
    let scalable = bounds.map(|(min, max)| Scalable { min, max, suspended: Vec::new() });
    let now_is = Now { service, scalable: scalable.as_ref(), health: &Health::NoGroups };
    scaled::observation(&now_is, plan, accepted, now() + SignedDuration::from_secs(after_s))
}

#[test]
fn a_raised_minimum_is_done_when_the_tasks_run() {
    let plan = plan(service(12, 12), Some((6, 60)), 20);
    let standing = |desired, running, min, accepted| {
        observed(&plan, &service(desired, running), Some((min, 60)), accepted, 60).standing
    };
    assert_eq!(standing(20, 14, 20, true), Standing::Underway);
    assert_eq!(standing(20, 20, 20, true), Standing::Done);
    assert_eq!(standing(24, 22, 20, true), Standing::Done, "more because of load");
    assert_eq!(standing(12, 12, 6, false), Standing::NotApplied);
    assert_eq!(standing(12, 12, 6, true), Standing::Overtaken);
    assert_eq!(standing(12, 12, 9, false), Standing::Unclear);
}

#[test]
fn an_autoscaler_that_comes_in_between_is_told() {
    let plan = plan(service(12, 12), None, 20);
    let seen = observed(&plan, &service(12, 20), Some((6, 60)), true, 5);
    assert_eq!((seen.standing, &*seen.says), (Standing::Overtaken, "applied, then changed by autoscaling 20 → 12"));
    assert_eq!(observed(&plan, &service(12, 12), None, true, 5).standing, Standing::Underway, "not readable yet");
    assert_eq!(observed(&plan, &service(12, 12), None, true, 60).standing, Standing::Overtaken);
    assert_eq!(observed(&plan, &service(12, 12), None, false, 5).standing, Standing::NotApplied);
    assert_eq!(observed(&plan, &service(15, 12), None, false, 5).standing, Standing::Unclear);
    assert_eq!(observed(&plan, &service(20, 17), None, true, 5).standing, Standing::Underway);
    assert_eq!(observed(&plan, &service(20, 20), None, true, 5).standing, Standing::Done);
}

proptest! {
    #[test]
    fn bounds_are_exact_and_nothing_falls_below_what_the_plan_says(
        desired in 0i64..80,
        running in 0i64..80,
        asked in 0i64..100,
        bounds in proptest::option::of((0i64..40, 0i64..40)),
    ) {
        let bounds = bounds.map(|(min, more)| (min, min + more));
        let plan = plan(service(desired, running), bounds, asked);
        let capacity = plan.facts.capacity[0].clone();
        prop_assert_eq!((capacity.least, capacity.most), (None, bounds.map(|b| b.1)));
        prop_assert_eq!((capacity.before, capacity.healthy), (desired, Some(running)));
        // What AWS may do with the request is never less than what the guards are told.
        prop_assert!(capacity.after >= asked);
        prop_assert!(bounds.is_some() || capacity.after == asked);
        prop_assert_eq!(plan.request.len(), 1);
        prop_assert!(plan.request.values().all(|value| *value == Value::Count(asked)));
        if refused(&plan).is_empty() {
            prop_assert!(capacity.after >= 1);
            prop_assert!(capacity.least.is_none_or(|least| capacity.after >= least));
            prop_assert!(capacity.most.is_none_or(|most| capacity.after <= most));
        }
        let before = bounds.map_or(desired, |bounds| bounds.0);
        prop_assert_eq!(plan.facts.impossible.is_some(), asked == before || bounds.is_some_and(|b| asked > b.1));
    }
}
