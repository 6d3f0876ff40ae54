//! Every scenario of every estate at high speed: which alarms go off, in which order and when, and that a calm day is
//! calm.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use watchfloor::cloud::Session;
use watchfloor::drill::scenario::{CauseKind, Scenario};
use watchfloor::drill::world::EnvironmentWorld;
use watchfloor::drill::world::alarm::{Alarm, AlarmRule, AlarmState};
use watchfloor::drill::world::metric::MetricId;
use watchfloor::drill::{Drill, DrillOptions, World, connector, estate, scenario};
use watchfloor::model::{EnvId, FaultKind, Stat};

/// A morning, so that the daily curve is somewhere in its middle.
const BEGAN: &str = "2026-11-21T03:04:00Z";
/// Seconds of a scenario that are looked at, at least.
const LOOKED_AT_S: i64 = 45 * 60;

fn began() -> Timestamp {
    BEGAN.parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    began() + SignedDuration::from_secs(seconds)
}

/// Every estate and scenario, loaded.
fn all() -> Vec<(&'static str, &'static str, estate::Estate, Scenario)> {
    let of = |name: &'static str| {
        scenario::names(name).into_iter().map(move |scenario| {
            let estate = estate::load(name).unwrap();
            let loaded = scenario::load(&estate, Some(scenario)).unwrap();
            (name, scenario, estate, loaded)
        })
    };
    estate::names().into_iter().flat_map(of).collect()
}

/// When an alarm first went off, in seconds into the scenario.
fn went_off(alarm: &Alarm) -> Option<i64> {
    let on = |at: Timestamp, state| at >= began() && state == AlarmState::Alarm;
    let first = alarm.history.iter().find(|transition| on(transition.at, transition.state))?;
    Some(first.at.as_second() - began().as_second())
}

/// Environment, alarm and time of all that went off, in the order of time.
fn story(world: &World, until_s: i64) -> Vec<(i64, String, String)> {
    let snapshot = world.at(after(until_s));
    let of = |world: &EnvironmentWorld| {
        let off = world.alarms.values().filter_map(|a| Some((went_off(a)?, world.name.clone(), a.name.clone())));
        off.collect::<Vec<_>>()
    };
    let mut story: Vec<_> = snapshot.environments().flat_map(of).collect();
    story.sort();
    story
}

/// True for an alarm that one of the scenario's floods made.
fn of_flood(scenario: &Scenario, alarm: &str) -> bool {
    scenario.alarm_flood.iter().any(|flood| {
        let (head, tail) = flood.name.split_once("{n}").unwrap();
        alarm.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)).is_some_and(|n| n.parse::<u32>().is_ok())
    })
}

/// Seconds into the scenario before which an alarm cannot go off: the cause and then all breaching periods but the
/// first, which may have begun just before.
fn least(world: &World, scenario: &Scenario, place: &str, alarm: &str) -> i64 {
    let snapshot = world.at(began());
    let environment = snapshot.environments().find(|world| world.name == place).unwrap();
    let from = scenario.cause.as_ref().map_or(0, |cause| cause.at_s);
    match &environment.alarms[alarm].rule {
        AlarmRule::Metric(rule) => from + i64::from(rule.datapoints_to_alarm - 1) * i64::from(rule.period_s),
        AlarmRule::Composite(_) => from,
    }
}

/// What differs from what a scenario says of its alarms, with what happened.
fn differences(estate: &estate::Estate, scenario: &Scenario) -> Option<String> {
    let world = World::new(estate, scenario, 1, began());
    let last = scenario.expect.iter().map(|expect| expect.to_s).max().unwrap_or(0);
    let story = story(&world, last.max(LOOKED_AT_S));
    let own: Vec<_> = story.iter().filter(|(_, _, alarm)| !of_flood(scenario, alarm)).collect();
    let wanted: BTreeSet<_> = scenario.expect.iter().map(|e| (e.environment.as_str(), e.alarm.as_str())).collect();
    let seen: BTreeSet<_> = own.iter().map(|(_, place, alarm)| (place.as_str(), alarm.as_str())).collect();
    let mut wrong = (seen != wanted).then(|| "other alarms went off".to_owned());
    let mut before = 0;
    for expect in &scenario.expect {
        let Some((at, ..)) =
            own.iter().find(|(_, place, alarm)| *place == expect.environment && *alarm == expect.alarm)
        else {
            continue;
        };
        if !(expect.from_s..=expect.to_s).contains(at) || *at < before {
            wrong = Some(format!("{} went off after {at} s", expect.alarm));
        }
        before = *at;
    }
    for (at, place, alarm) in &own {
        if *at < least(&world, scenario, place, alarm) {
            wrong = Some(format!("{alarm} went off before its periods"));
        }
    }
    wrong.map(|wrong| {
        let lines = own.iter().map(|(at, place, alarm)| format!("  {at:>5} {place} {alarm}\n"));
        format!("{wrong}:\n{}", lines.collect::<String>())
    })
}

#[test]
fn the_alarms_of_every_scenario_go_off_in_their_order_and_time() {
    let differing: String = all()
        .iter()
        .filter_map(|(estate, name, data, scenario)| Some(format!("{estate} {name}: {}", differences(data, scenario)?)))
        .collect();
    assert!(differing.is_empty(), "{differing}");
}

#[test]
fn every_estate_has_a_calm_day_and_two_incidents_that_say_their_cause() {
    for name in estate::names() {
        let incidents = scenario::names(name).into_iter().filter(|scenario| *scenario != "calm").count();
        assert!(incidents >= 2, "{name} has {incidents}");
    }
    for (estate, name, data, scenario) in all() {
        let what = format!("{estate} {name}");
        let Some(cause) = scenario.cause else {
            // A changed configuration shows in a comparison, and nothing goes off.
            assert_eq!(name == "calm", scenario.configuration.is_empty(), "{what}");
            assert!(scenario.expect.is_empty(), "{what}");
            continue;
        };
        assert!(data.environments.iter().any(|environment| environment.head.name == cause.environment), "{what}");
        assert!(!cause.says.is_empty(), "{what}");
        assert_eq!(cause.resource.is_empty(), cause.kind == CauseKind::Connection, "{what}");
        let seen = !scenario.expect.is_empty() || cause.kind == CauseKind::Connection;
        assert!(seen, "{what}: nothing would be seen of it");
    }
}

#[test]
fn a_flood_of_alarms_is_there_from_the_start_comes_within_minutes_and_goes() {
    let floods = all().into_iter().filter(|(_, _, _, scenario)| !scenario.alarm_flood.is_empty());
    let mut count = 0;
    for (_, _, estate, scenario) in floods {
        let flood = &scenario.alarm_flood[0];
        let world = World::new(&estate, &scenario, 1, began());
        let on = |second: i64| {
            let snapshot = world.at(after(second));
            let environment = snapshot.environments().find(|world| world.name == flood.environment).unwrap();
            let alarms: Vec<_> = environment.alarms.values().filter(|alarm| of_flood(&scenario, &alarm.name)).collect();
            let on = alarms.iter().filter(|a| a.at(snapshot.now).unwrap().state == AlarmState::Alarm).count();
            (alarms.len(), on)
        };
        let whole = usize::try_from(flood.count).unwrap();
        assert!(whole >= 500);
        assert_eq!(on(0), (whole, 0));
        assert_eq!(on(flood.at_s + flood.for_s / 3 + 180), (whole, whole));
        assert_eq!(on(flood.at_s + flood.for_s + 360), (whole, 0));
        count += 1;
    }
    assert!(count > 0);
}

/// A statistic of a metric over the minutes from `from` to `to` of the scenario.
fn figures(environment: &EnvironmentWorld, id: &MetricId, stat: Stat, (from, to): (i64, i64)) -> Vec<f64> {
    let points = environment.metrics.query(after(to * 60 + 300), id, stat, 60, after(from * 60), after(to * 60));
    points.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn a_peak_saturates_a_service_until_auto_scaling_has_added_tasks_that_have_started() {
    let estate = estate::load("wallet-ecs").unwrap();
    let scenario = scenario::load(&estate, Some("payday")).unwrap();
    let world = World::new(&estate, &scenario, 1, began());
    let (service, target) = ("wallet-api", "service/wallet-production/wallet-api");
    let mut late = 0;
    for second in (0..2400).step_by(20) {
        let snapshot = world.at(after(second));
        let production = snapshot.environments().find(|world| world.name == "production").unwrap();
        let service = &production.clusters["wallet-production"].services[service];
        late = late.max(service.desired.saturating_sub(service.running()));
    }
    let snapshot = world.at(after(2400));
    let production = snapshot.environments().find(|world| world.name == "production").unwrap();
    assert!(late > 0, "tasks take their time to start");
    assert_eq!(production.clusters["wallet-production"].services[service].running(), 20, "its largest size");
    let target = &production.scalable_targets[target];
    let steps: Vec<i64> = target.activities.iter().rev().map(|one| one.started.as_second()).collect();
    let steps: Vec<i64> = steps.into_iter().filter(|at| *at >= began().as_second()).collect();
    assert!(steps.len() >= 2, "{steps:?}");
    let cooldown = i64::from(target.policies[0].scale_out_cooldown_s);
    assert!(steps.windows(2).all(|pair| pair[1] - pair[0] >= cooldown), "{steps:?}");
    assert!(steps[0] >= began().as_second() + 60 + 120, "three minutes above the target come first: {steps:?}");
    let of = |namespace: &str, name: &str, dimensions: &[(&str, &str)], stat, minutes| {
        let values = figures(production, &MetricId::new(namespace, name, dimensions), stat, minutes);
        values.iter().fold(0.0_f64, |most, value| most.max(*value))
    };
    let tasks = [("ClusterName", "wallet-production"), ("ServiceName", service)];
    let operations = [("Service", service)];
    let cpu = |minutes| of("AWS/ECS", "CPUUtilization", &tasks, Stat::Average, minutes);
    let p95 = |minutes| of("Wallet/API", "ResponseTime", &operations, Stat::Percentile(95), minutes);
    let errors = |minutes| of("Wallet/API", "ErrorRate", &operations, Stat::Average, minutes);
    let (before, peak, later) = ((-30, 0), (2, 10), (25, 35));
    assert!(cpu(before) < 65.0 && cpu(peak) > 99.0 && cpu(later) < 80.0);
    assert!(p95(before) < 100.0 && p95(peak) > 2.0 * p95(before) && p95(later) < p95(peak) / 1.5);
    assert!(errors(before) < 1.0 && errors(peak) > 5.0 && errors(later) < 1.0);
}

/// What a session of an environment is told at a time of a scenario.
async fn identity(estate: &str, scenario: &str, environment: &str, second: u64) -> Result<(), FaultKind> {
    let options = DrillOptions {
        scenario: Some(scenario.to_owned()),
        speed: 0.0,
        elapsed: Duration::from_secs(second),
        ..DrillOptions::new(estate, after(0) + SignedDuration::from_secs(i64::try_from(second).unwrap()))
    };
    let drill = Drill::open(&options).unwrap();
    let transport = connector::transport(Arc::new(drill.endpoint()));
    let config = drill.config.environments.iter().find(|config| config.name == environment).unwrap();
    let session = Session::open(config, config.environment(EnvId(0)), &transport).await.unwrap();
    session.verify_identity().await.map(|_| ()).map_err(|fault| fault.kind)
}

#[tokio::test]
async fn an_environment_is_out_of_reach_for_its_time_and_the_others_are_not() {
    let mut kinds = BTreeSet::new();
    for (estate, name, data, scenario) in all() {
        let unreachable = scenario.unreachable.iter().map(|outage| (outage, FaultKind::Unreachable));
        let expired = scenario.expired.iter().map(|outage| (outage, FaultKind::Expired));
        for (outage, kind) in unreachable.chain(expired) {
            kinds.insert(format!("{kind:?}"));
            let second = |s: i64| u64::try_from(s).unwrap();
            let (from, until) = (second(outage.at_s), second(outage.at_s + outage.for_s));
            for environment in &data.environments {
                let hit = environment.head.name == outage.environment;
                let during = if hit { Err(kind) } else { Ok(()) };
                for (at, expected) in [(from, during), (until - 1, during), (until, Ok(()))] {
                    assert_eq!(
                        identity(estate, name, &environment.head.name, at).await,
                        expected,
                        "{estate} {name} {at}"
                    );
                }
            }
        }
    }
    assert_eq!(kinds.len(), 2, "{kinds:?}");
}
