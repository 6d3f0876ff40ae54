//! Tests of `simulation`.
// One test measures how fast time is advanced and prints it; a figure that depends on the machine is not asserted.
#![allow(clippy::print_stdout, reason = "figures of the simulation, for whoever tunes it")]

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::drill::plant::Expression;
use crate::drill::world::EnvironmentWorld;
use crate::drill::world::alarm::{Alarm, AlarmRule, AlarmState};
use crate::drill::world::dynamodb::Throughput;
use crate::drill::world::ecs::RolloutState;
use crate::drill::world::metric::MetricId;
use crate::drill::{estate, scenario};
use crate::model::Stat;

/// A morning, so that the daily curve is somewhere in its middle.
const BEGAN: &str = "2026-11-21T03:04:00Z";

fn world_from(estate: &str, scenario: &str, seed: u64, began: &str) -> (World, Timestamp) {
    let estate = estate::load(estate).unwrap();
    let scenario = scenario::load(&estate, Some(scenario)).unwrap();
    let began: Timestamp = began.parse().unwrap();
    (World::new(&estate, &scenario, seed, began), began)
}

fn world(estate: &str, scenario: &str) -> (World, Timestamp) {
    world_from(estate, scenario, 1, BEGAN)
}

fn minutes(from: Timestamp, minutes: i64) -> Timestamp {
    from.checked_add(SignedDuration::from_mins(minutes)).unwrap()
}

fn environment<'a>(snapshot: &'a Snapshot<'_>, name: &str) -> &'a EnvironmentWorld {
    snapshot.environments().find(|world| world.name == name).unwrap()
}

/// A statistic of each of the minutes `from..to` after `began`.
fn series(
    environment: &EnvironmentWorld,
    began: Timestamp,
    (from, to): (i64, i64),
    id: &MetricId,
    stat: Stat,
) -> Vec<f64> {
    let now = minutes(began, to + 5);
    let points = environment.metrics.query(now, id, stat, 60, minutes(began, from), minutes(began, to));
    points.into_iter().map(|(_, value)| value).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(u32::try_from(values.len().max(1)).unwrap())
}

fn in_alarm(environment: &EnvironmentWorld, now: Timestamp) -> Vec<&str> {
    let on = |alarm: &&Alarm| alarm.at(now).unwrap().state == AlarmState::Alarm;
    environment.alarms.values().filter(on).map(|alarm| alarm.name.as_str()).collect()
}

fn values(environment: &EnvironmentWorld) -> (usize, usize, usize) {
    let tasks = environment.clusters.values().flat_map(|cluster| cluster.services.values());
    let desired = tasks.map(|service| service.desired).sum::<u32>();
    (environment.alarms.len(), environment.functions.len(), usize::try_from(desired).unwrap())
}

#[test]
fn every_estate_and_scenario_is_well_formed() {
    for name in estate::names() {
        let estate = estate::load(name).unwrap();
        assert_eq!(estate.name, name);
        let scenarios = scenario::names(name);
        assert!(scenarios.contains(&"calm"), "{name} has no calm scenario");
        assert!(scenarios.contains(&estate.default_scenario.as_str()), "{name}");
        for scenario in scenarios {
            let scenario = scenario::load(&estate, Some(scenario)).unwrap();
            assert!(!scenario.title.is_empty());
        }
        for data in &estate.environments {
            let world = estate::build::environment(data, BEGAN.parse().unwrap());
            for alarm in world.alarms.values() {
                if let AlarmRule::Composite(rule) = &alarm.rule {
                    let expression = Expression::parse(rule).unwrap();
                    for child in expression.names() {
                        assert!(world.alarms.contains_key(child), "{} names {child}", alarm.name);
                    }
                }
            }
            for function in &data.resources.function {
                for access in &function.access {
                    assert!(world.tables.contains_key(&access.table), "{} uses {}", function.name, access.table);
                }
                for invoked in &function.invokes {
                    assert!(world.functions.contains_key(&invoked.function), "{}", invoked.function);
                }
            }
            let routes = world.rest_apis.values().flat_map(|api| &api.routes);
            for route in routes {
                assert!(world.functions.contains_key(&route.function), "{}", route.function);
            }
        }
    }
}

#[test]
fn wrong_data_is_refused_with_what_is_wrong() {
    let text = "name = \"x\"\ndefault_scenario = \"calm\"\n[[environment]]\nname = \"a\"\ntier = \"staging\"\naccount = \"1\"\nregion = \"r\"\n";
    assert!(estate::parse(text).is_ok());
    let error = estate::parse(&format!("{text}[[gauge]]\nnamespce = \"N\"\n")).unwrap_err();
    assert!(error.contains("environment a") && error.contains("namespce"), "{error}");
    assert!(estate::parse("name = ").is_err());
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let error = estate::load("paymets").unwrap_err().to_string();
    assert!(error.contains("did you mean `payments`?") && error.contains("uex-payments"), "{error}");
    let payments = estate::load("payments").unwrap();
    let error = scenario::load(&payments, Some("bad-deplo")).unwrap_err().to_string();
    assert!(error.contains("did you mean `bad-deploy`?") && error.contains("calm"), "{error}");
    assert!(scenario::load(&payments, Some("none")).unwrap().publish.is_empty());
}

#[test]
fn payments_has_the_figures_of_the_estate() {
    let (world, began) = world("payments", "calm");
    let snapshot = world.at(began);
    let wanted = [
        ("dev", "111111111111", "eu-west-1", 5, 512, 100.0, 12),
        ("staging", "222222222222", "us-west-2", 25, 1024, 500.0, 12),
        ("prod", "333333333333", "us-east-1", 100, 2048, 2000.0, 14),
    ];
    assert_eq!(snapshot.environments().count(), wanted.len());
    for (name, account, region, units, memory, limit, alarms) in wanted {
        let environment = snapshot.environment(account, region).unwrap();
        assert_eq!(environment.name, name);
        assert_eq!(values(environment), (alarms, 3, 0));
        for table in ["transactions", "audit-logs"] {
            let table = &environment.tables[&format!("payments-{name}-{table}")];
            assert_eq!(table.provisioned, Some(Throughput { read: units, write: units }));
        }
        for function in ["payment-validation", "payment-processing", "payment-notification"] {
            assert_eq!(environment.functions[&format!("payments-{name}-{function}")].memory_mb, memory);
        }
        let api = environment.rest_apis.values().next().unwrap();
        let paths: Vec<_> = api.routes.iter().map(|route| route.path.as_str()).collect();
        assert_eq!(paths, ["/process", "/validate", "/status"]);
        assert_eq!(api.stages["live"].rate_limit, limit);
        for tags in environment.tagged().values() {
            assert_eq!(tags["Environment"], name);
            assert!(tags.contains_key("Team") && tags.contains_key("CostCenter"));
        }
    }
}

#[test]
fn uex_payments_has_the_figures_of_the_estate() {
    let (world, began) = world("uex-payments", "calm");
    let snapshot = world.at(began);
    let wanted = [
        ("dev", "444444444444", 12, 512, 1024, ("db.t3.medium", 0, false), ("cache.t3.micro", 1, false)),
        ("staging", "555555555555", 18, 1024, 2048, ("db.t3.large", 1, false), ("cache.t3.small", 2, false)),
        ("prod", "666666666666", 30, 2048, 4096, ("db.r5.xlarge", 2, true), ("cache.r5.large", 3, true)),
    ];
    let ports = [
        ("presentation", 3900),
        ("client-tier", 3901),
        ("management-tier", 3902),
        ("uex-backend", 3903),
        ("processing-tier", 8900),
        ("management-backend", 9000),
    ];
    for (name, account, tasks, cpu, memory, database, cache) in wanted {
        let environment = snapshot.environment(account, "us-east-1").unwrap();
        let (alarms, _, desired) = values(environment);
        assert!(alarms >= 20);
        assert_eq!(desired, tasks);
        let id = format!("uex-payments-{name}");
        let main = &environment.rds.instances[&id];
        assert_eq!(main.engine, "postgres");
        assert_eq!((main.class.as_str(), environment.rds.replicas(&id).count(), main.multi_az), database);
        let group = &environment.elasticache.groups[&id];
        assert_eq!((group.node_type.as_str(), group.members.len(), group.automatic_failover), cache);
        assert!(environment.elasticache.clusters.values().all(|node| node.engine_version.starts_with("7.0")));
        let cluster = &environment.clusters[&id];
        assert!(cluster.container_insights);
        assert_eq!(cluster.services.len(), ports.len());
        for (service, port) in ports {
            let service = &cluster.services[service];
            assert_eq!((service.running(), service.pending()), (service.desired, 0));
            let definition =
                environment.task_definitions.values().find(|known| known.arn == service.task_definition).unwrap();
            assert_eq!((definition.cpu, definition.memory_mb), (cpu, memory));
            assert_eq!(definition.containers[0].port, Some(port));
        }
    }
    let targets = &environment(&snapshot, "prod").scalable_targets;
    assert_eq!(targets.values().map(|target| target.min).sum::<u32>(), 30);
    assert_eq!(targets.values().map(|target| target.max).sum::<u32>(), 60);
}

#[test]
fn the_same_options_give_the_same_estate_however_time_is_cut() {
    let (one, began) = world("payments", "bad-deploy");
    let (other, _) = world("payments", "bad-deploy");
    let (seeded, _) = world_from("payments", "bad-deploy", 2, BEGAN);
    for minute in 0..30 {
        one.at(minutes(began, minute));
    }
    let picture = |world: &World| {
        let snapshot = world.at(minutes(began, 30));
        let prod = environment(&snapshot, "prod");
        let names: Vec<_> = prod.metrics.names(began, snapshot.now).cloned().collect();
        let series: Vec<_> = names.iter().map(|id| series(prod, began, (-60, 25), id, Stat::Average)).collect();
        let alarms: Vec<_> = prod.alarms.values().map(|alarm| alarm.history.clone()).collect();
        (names, series, alarms)
    };
    let first = picture(&one);
    assert!(first == picture(&other));
    assert!(first.1 != picture(&seeded).1);
    let start = Instant::now();
    world("payments", "calm").0.at(began);
    println!("3 h of payments in {:?}", start.elapsed());
}

#[test]
fn a_calm_day_is_calm_everywhere() {
    for estate in estate::names() {
        for seed in 1..3 {
            let (world, began) = world_from(estate, "calm", seed, BEGAN);
            for hour in [0, 6, 12, 18] {
                let snapshot = world.at(minutes(began, hour * 60));
                for environment in snapshot.environments() {
                    assert_eq!(in_alarm(environment, snapshot.now), Vec::<&str>::new(), "{estate} {seed} {hour}");
                }
            }
            let snapshot = world.at(minutes(began, 18 * 60));
            for environment in snapshot.environments() {
                let throttled =
                    environment.metrics.names(began, snapshot.now).find(|id| id.name.ends_with("ThrottleEvents"));
                assert_eq!(throttled, None, "{estate} {seed}");
                for alarm in environment.alarms.values() {
                    assert_eq!(alarm.history.len(), 1, "{estate} {seed}: {:?}", alarm.history);
                }
            }
        }
    }
}

#[test]
fn in_a_calm_estate_every_alarm_is_ok_and_in_drift_one_of_staging_tells_nobody() {
    for (scenario, silent) in [("calm", [0; 3]), ("drift", [0, 1, 0])] {
        let (world, began) = world("payments", scenario);
        let snapshot = world.at(minutes(began, 60));
        for (name, silent) in ["dev", "staging", "prod"].into_iter().zip(silent) {
            let alarms = || environment(&snapshot, name).alarms.values();
            let is_ok = |alarm: &Alarm| alarm.at(snapshot.now).unwrap().state == AlarmState::Ok;
            assert!(alarms().all(is_ok), "{scenario} {name}");
            assert_eq!(alarms().filter(|alarm| !alarm.actions_enabled).count(), silent, "{scenario} {name}");
        }
    }
}

#[test]
fn a_bad_deploy_unfolds_in_prod_only_at_any_time_of_the_day() {
    for (seed, began) in [(1, BEGAN), (2, "2026-11-21T06:00:37Z"), (3, "2026-11-21T18:30:00Z")] {
        let (world, began) = world_from("payments", "bad-deploy", seed, began);
        let id = |name, function: &str| MetricId::new("AWS/Lambda", name, &[("FunctionName", function)]);
        let function = "payments-prod-payment-processing";
        {
            let snapshot = world.at(minutes(began, 1));
            let live = &environment(&snapshot, "prod").functions[function].aliases["live"];
            assert_eq!(live.version, 43);
            assert_eq!(in_alarm(environment(&snapshot, "prod"), snapshot.now), Vec::<&str>::new());
        }
        {
            let snapshot = world.at(minutes(began, 6));
            let alarms = in_alarm(environment(&snapshot, "prod"), snapshot.now);
            for part in ["payment-processing-errors", "api-5xx", "transactions-write-throttles", "service-health"] {
                assert!(alarms.contains(&format!("payments-prod-{part}").as_str()), "{seed}: {part} not in {alarms:?}");
            }
        }
        let snapshot = world.at(minutes(began, 65));
        let prod = environment(&snapshot, "prod");
        let over = |from, to, id: MetricId, stat| series(prod, began, (from, to), &id, stat);
        assert!(mean(&over(-60, 0, id("Errors", function), Stat::Average)) < 0.003);
        let rate = mean(&over(5, 60, id("Errors", function), Stat::Average));
        assert!((0.07..0.10).contains(&rate), "{rate}");
        let p95 = mean(&over(5, 60, id("Duration", function), Stat::Percentile(95)));
        assert!((1900.0..2300.0).contains(&p95), "{p95}");
        let validation = mean(&over(5, 60, id("Errors", "payments-prod-payment-validation"), Stat::Average));
        assert!(validation < 0.004, "{validation}");
        let table = [("TableName", "payments-prod-transactions")];
        let throttles = MetricId::new("AWS/DynamoDB", "WriteThrottleEvents", &table);
        assert_eq!(over(-60, 0, throttles.clone(), Stat::Sum), Vec::<f64>::new());
        let throttled = mean(&over(5, 60, throttles, Stat::Sum));
        assert!((250.0..700.0).contains(&throttled), "{throttled}");
        let api = [("ApiName", "payments-prod"), ("Stage", "live")];
        let failing = mean(&over(5, 60, MetricId::new("AWS/ApiGateway", "5XXError", &api), Stat::Average));
        assert!((0.03..0.055).contains(&failing), "{failing}");
        for name in ["dev", "staging"] {
            assert_eq!(in_alarm(environment(&snapshot, name), snapshot.now), Vec::<&str>::new());
        }
    }
}

#[test]
fn an_alarm_goes_off_after_its_periods_and_says_why() {
    let (world, began) = world("payments", "bad-deploy");
    let snapshot = world.at(minutes(began, 20));
    let alarm = &environment(&snapshot, "prod").alarms["payments-prod-api-5xx"];
    let AlarmRule::Metric(rule) = &alarm.rule else { panic!("a metric alarm") };
    assert_eq!(rule.evaluation_periods, 2);
    let off = alarm.history.iter().find(|transition| transition.state == AlarmState::Alarm).unwrap();
    assert!(off.at >= minutes(began, 2), "{}", off.at);
    assert!(off.reason.starts_with("Threshold Crossed: 2 out of the last 2 datapoints ["), "{}", off.reason);
    let before = off.at.checked_sub(SignedDuration::from_secs(1)).unwrap();
    assert_eq!(alarm.at(before).unwrap().state, AlarmState::Ok);
    assert_eq!(alarm.at(off.at).unwrap(), off);
}

#[test]
fn a_hot_table_throttles_without_a_new_version() {
    let (world, began) = world("payments", "hot-table");
    let snapshot = world.at(minutes(began, 30));
    let prod = environment(&snapshot, "prod");
    assert_eq!(prod.functions["payments-prod-payment-processing"].aliases["live"].version, 42);
    assert!(in_alarm(prod, snapshot.now).contains(&"payments-prod-transactions-write-throttles"));
}

#[test]
fn an_image_that_cannot_be_pulled_ends_in_a_failed_rollout() {
    let (world, began) = world("uex-payments", "image-pull");
    let service = |snapshot: &Snapshot<'_>, name: &str| {
        environment(snapshot, name).clusters[&format!("uex-payments-{name}")].services["uex-backend"].clone()
    };
    let snapshot = world.at(minutes(began, 1));
    let during = service(&snapshot, "prod");
    drop(snapshot);
    assert_eq!(during.deployments.len(), 2);
    assert_eq!(during.deployments[0].rollout_state, RolloutState::InProgress);
    assert_eq!((during.running(), during.pending(), during.desired), (4, 2, 6));
    let snapshot = world.at(minutes(began, 30));
    let after = service(&snapshot, "prod");
    assert_eq!(after.deployments[0].rollout_state, RolloutState::Failed);
    assert!(after.deployments[0].failed_tasks >= 3);
    assert_eq!((after.running(), after.pending()), (4, 0));
    assert!(after.stopped.iter().any(|task| {
        task.stopped_reason.as_deref().is_some_and(|reason| reason.starts_with("CannotPullContainerError"))
    }));
    assert!(after.events.iter().any(|event| event.message.contains("deployment failed: tasks failed to start")));
    let prod = environment(&snapshot, "prod");
    assert!(in_alarm(prod, snapshot.now).contains(&"uex-payments-prod-uex-backend-running-tasks"));
    let untouched = service(&snapshot, "staging");
    assert_eq!((untouched.running(), untouched.deployments.len()), (untouched.desired, 1));
}

#[test]
fn a_peak_drives_auto_scaling_to_its_bounds_with_a_start_up_delay() {
    let (world, began) = world("uex-payments", "peak");
    let mut pending = 0;
    for minute in 0..40 {
        let snapshot = world.at(minutes(began, minute));
        let cluster = &environment(&snapshot, "prod").clusters["uex-payments-prod"];
        for service in cluster.services.values() {
            pending = pending.max(service.pending());
            let target = &environment(&snapshot, "prod").scalable_targets
                [&format!("service/uex-payments-prod/{}", service.name)];
            assert!((target.min..=target.max).contains(&service.desired));
        }
    }
    assert!(pending > 0);
    let snapshot = world.at(minutes(began, 40));
    let service = &environment(&snapshot, "prod").clusters["uex-payments-prod"].services["uex-backend"];
    assert_eq!((service.desired, service.running()), (12, 12));
    assert!(
        !environment(&snapshot, "prod").scalable_targets["service/uex-payments-prod/uex-backend"].activities.is_empty()
    );
}

#[test]
fn points_appear_only_after_their_minute_and_add_up_over_periods() {
    let (world, _) = world("payments", "calm");
    let now: Timestamp = "2026-11-21T04:00:15Z".parse().unwrap();
    let snapshot = world.at(now);
    let prod = environment(&snapshot, "prod");
    let id = MetricId::new("AWS/ApiGateway", "Count", &[("Stage", "live"), ("ApiName", "payments-prod")]);
    let query = |stat, period, start: Timestamp| prod.metrics.query(now, &id, stat, period, start, now);
    let start = minutes(now, -30);
    let points = query(Stat::SampleCount, 60, start);
    assert_eq!(points[0].0, "2026-11-21T03:30:00Z".parse().unwrap());
    let newest = points.last().unwrap().0;
    assert!(newest < "2026-11-21T03:59:00Z".parse().unwrap(), "{newest}");
    let fives = query(Stat::SampleCount, 300, start);
    assert_eq!(fives[0].0, points[0].0);
    let sum = |points: &[(Timestamp, f64)]| points.iter().map(|point| point.1).sum::<f64>();
    assert!((fives[0].1 - sum(&points[..5])).abs() < 1e-6);
    assert!((sum(&fives) - sum(&points)).abs() < 1e-6);
    assert_eq!(query(Stat::SampleCount, 10, start), points);
}
