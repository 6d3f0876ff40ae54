//! Tests of databases, caches and streams over time.
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::drill::scenario::Scenario;
use crate::drill::world::EnvironmentWorld;
use crate::drill::world::alarm::AlarmState;
use crate::drill::world::metric::MetricId;
use crate::drill::{estate, scenario};
use crate::model::Stat;

const BEGAN: &str = "2026-11-21T03:04:00Z";
const ESTATE: &str = r#"
name = "stores"
default_scenario = "calm"
[[environment]]
name = "prod"
tier = "production"
account = "111122223333"
region = "sa-east-1"
[traffic]
swing = 0.0
[[rds.instance]]
id = "main"
engine = "postgres"
engine_version = "16.4"
class = "db.t4g.micro"
allocated_gb = 20
free_storage_gb = 10
multi_az = true
usual = { cpu_percent = 20, connections = 40, freeable_memory_gb = 0.4 }
replica = [{ id = "main-r1", lag_s = 0.2, usual = { cpu_percent = 9, connections = 9, freeable_memory_gb = 0.4 } }]
[[rds.cluster]]
id = "wallet"
engine = "aurora-mysql"
engine_version = "8.0.mysql_aurora.3.08.2"
class = "db.r6g.2xlarge"
writer = { cpu_percent = 30, connections = 300, max_connections = 2000, freeable_memory_gb = 20 }
reader = { cpu_percent = 20, connections = 150, freeable_memory_gb = 20 }
members = ["wallet-1", "wallet-2", "wallet-3"]
[[rds.cluster]]
id = "elastic"
engine = "aurora-mysql"
engine_version = "8.0.mysql_aurora.3.08.2"
class = "db.serverless"
serverless = { min = 8, max = 64 }
writer = { cpu_percent = 15, connections = 100, freeable_memory_gb = 20 }
members = ["elastic-1", "elastic-2"]
[[elasticache.group]]
id = "sessions"
description = "Sessions"
engine_version = "7.0.7"
node_type = "cache.r6g.large"
nodes = 3
automatic_failover = true
engine_cpu_percent = 10
memory_percent = 60
connections = 100
reads_per_minute = 60000
[[msk.cluster]]
name = "events"
kafka_version = "3.7.x"
broker_type = "kafka.m5.large"
brokers = 3
volume_gb = 1000
partitions = 300
cpu_percent = 20
disk_percent = 40
bytes_in_per_s = 1e6
[[alarm]]
name = "low-storage"
description = "d"
namespace = "AWS/RDS"
metric = "FreeStorageSpace"
dimensions = { DBInstanceIdentifier = "main" }
statistic = "Minimum"
comparison = "<"
threshold = 2e9
topic = "t"
[[alarm]]
name = "writer-cpu"
description = "d"
namespace = "AWS/RDS"
metric = "CPUUtilization"
dimensions = { DBClusterIdentifier = "wallet", Role = "WRITER" }
statistic = "Average"
evaluation_periods = 3
comparison = ">"
threshold = 80
topic = "t"
"#;

fn seeded(script: &str, seed: u64) -> (World, Timestamp) {
    let estate = estate::parse(ESTATE).unwrap();
    let script: Scenario = toml::from_str(&format!("title = \"t\"\n{script}")).unwrap();
    let began: Timestamp = BEGAN.parse().unwrap();
    (World::new(&estate, &script, seed, began), began)
}

fn played(script: &str) -> (World, Timestamp) {
    seeded(script, 1)
}

fn later(from: Timestamp, seconds: i64) -> Timestamp {
    from.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

fn prod<'a>(snapshot: &'a Snapshot<'_>) -> &'a EnvironmentWorld {
    snapshot.environments().next().unwrap()
}

/// The values of a metric in the minutes `from..to` after `began`.
fn values(world: &EnvironmentWorld, began: Timestamp, (from, to): (i64, i64), id: &MetricId, stat: Stat) -> Vec<f64> {
    let points =
        world.metrics.query(later(began, to * 60 + 300), id, stat, 60, later(began, from * 60), later(began, to * 60));
    points.into_iter().map(|(_, value)| value).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / f64::from(u32::try_from(values.len().max(1)).unwrap())
}

fn of_database(name: &str, id: &str) -> MetricId {
    MetricId::new("AWS/RDS", name, &[("DBInstanceIdentifier", id)])
}

fn failover_script(target: &str) -> String {
    format!("[[failover]]\nat_s = 60\nenvironment = \"prod\"\ndatabase = \"wallet\"\n{target}")
}

/// Seconds of the failover, from its events.
fn failover_takes(snapshot: &Snapshot<'_>) -> i64 {
    let event = |start: &str| {
        let mut events = prod(snapshot).rds.events.iter();
        events.find(|event| event.message.starts_with(start)).unwrap().at.as_second()
    };
    event("Completed failover to DB instance") - event("Started cross AZ failover to DB instance")
}

#[test]
fn storage_runs_out_when_it_must_and_the_alarm_comes_before() {
    let (world, began) =
        played("[[storage_growth]]\nat_s = 60\nenvironment = \"prod\"\ndatabase = \"main\"\ngb_per_minute = 0.5");
    let status = |seconds: i64| prod(&world.at(later(began, seconds))).rds.instances["main"].status.clone();
    assert_eq!(status(20 * 60), "available");
    assert_eq!(status(22 * 60), "storage-full");
    let snapshot = world.at(later(began, 30 * 60));
    let prod = prod(&snapshot);
    let free = values(prod, began, (0, 25), &of_database("FreeStorageSpace", "main"), Stat::Minimum);
    assert!(free.is_sorted_by(|a, b| a >= b) && free[0] == 1e10 && free[24] == 0.0, "{free:?}");
    let off = prod.alarms["low-storage"].history.iter().find(|change| change.state == AlarmState::Alarm).unwrap();
    let minutes = (off.at.as_second() - began.as_second()) / 60;
    assert!((17..=19).contains(&minutes), "{minutes}");
    let told: Vec<_> = prod.rds.events.iter().map(|event| (event.category, event.message.as_str())).collect();
    assert!(told[0].1.contains("is low at 9% of the provisioned storage"), "{told:?}");
    assert!(told.last().unwrap().1.starts_with("Allocated storage has been exhausted"), "{told:?}");
    let open = values(prod, began, (23, 25), &of_database("DatabaseConnections", "main"), Stat::Maximum);
    assert_eq!(open, [0.0, 0.0], "nobody gets in");
}

#[test]
fn a_failover_takes_30_to_120_seconds_and_swaps_the_roles() {
    let mut lengths = Vec::new();
    for seed in 1..12 {
        let (world, began) = seeded(&failover_script(""), seed);
        let status = |seconds: i64| prod(&world.at(later(began, seconds))).rds.clusters["wallet"].status.clone();
        assert_eq!(status(50), "available");
        assert_eq!(status(80), "failing-over");
        let snapshot = world.at(later(began, 600));
        let cluster = &prod(&snapshot).rds.clusters["wallet"];
        assert_eq!((cluster.status.as_str(), cluster.writer()), ("available", Some("wallet-2")));
        assert_eq!(cluster.readers(), ["wallet-1", "wallet-3"]);
        lengths.push(failover_takes(&snapshot));
        assert!((30..=120).contains(lengths.last().unwrap()), "{lengths:?}");
        let again = seeded(&failover_script(""), seed).0;
        assert_eq!(failover_takes(&again.at(later(began, 600))), *lengths.last().unwrap());
    }
    lengths.dedup();
    assert!(lengths.len() > 3, "each seed has its own: {lengths:?}");
}

#[test]
fn connections_drop_during_a_failover_and_follow_the_writer() {
    let (world, began) = played(&failover_script("target = \"wallet-3\""));
    let snapshot = world.at(later(began, 900));
    let prod = prod(&snapshot);
    assert_eq!(prod.rds.clusters["wallet"].writer(), Some("wallet-3"));
    let open =
        |id: &str, minutes| mean(&values(prod, began, minutes, &of_database("DatabaseConnections", id), Stat::Average));
    assert!(open("wallet-1", (-10, 0)) > 280.0 && open("wallet-3", (-10, 0)) < 170.0);
    assert!(open("wallet-1", (1, 2)) < 160.0, "{}", open("wallet-1", (1, 2)));
    assert!(open("wallet-1", (5, 12)) < 170.0 && open("wallet-3", (5, 12)) > 280.0);
    let lag = |id: &str| values(prod, began, (5, 12), &of_database("AuroraReplicaLag", id), Stat::Average).len();
    assert_eq!((lag("wallet-1"), lag("wallet-2"), lag("wallet-3")), (7, 7, 0), "the writer has no lag");
}

#[test]
fn a_degraded_writer_recovers_by_a_failover_to_another_member() {
    let degraded = "[[database_degraded]]\nat_s = 60\nenvironment = \"prod\"\ndatabase = \"wallet\"\ncpu_factor = 3.2\nlatency_factor = 8\nconnections_factor = 4\nramp_s = 60\n";
    let state = |script: &str| {
        let (world, began) = played(script);
        let snapshot = world.at(later(began, 30 * 60));
        let history = &prod(&snapshot).alarms["writer-cpu"].history;
        history
            .iter()
            .skip(1)
            .map(|change| (change.state, (change.at.as_second() - began.as_second()) / 60))
            .collect::<Vec<_>>()
    };
    let alone = state(degraded);
    assert_eq!(alone.len(), 1, "{alone:?}");
    assert!(alone[0].0 == AlarmState::Alarm && (4..=7).contains(&alone[0].1), "{alone:?}");
    let after = failover_script("").replace("at_s = 60", "at_s = 600");
    let relieved = state(&format!("{degraded}{after}"));
    assert_eq!(relieved.len(), 2, "{relieved:?}");
    assert!(relieved[1].0 == AlarmState::Ok && (11..=17).contains(&relieved[1].1), "{relieved:?}");
}

#[test]
fn a_multi_az_instance_fails_over_to_its_standby() {
    let (world, began) = played("[[failover]]\nat_s = 60\nenvironment = \"prod\"\ndatabase = \"main\"");
    let zones = |seconds: i64| {
        let snapshot = world.at(later(began, seconds));
        let main = &prod(&snapshot).rds.instances["main"];
        (main.status.clone(), main.zone.clone(), main.secondary_zone.clone().unwrap())
    };
    let before = zones(30);
    assert_eq!(zones(90).0, "rebooting");
    let after = zones(300);
    assert_eq!(after, ("available".to_owned(), before.2, before.1));
    let snapshot = world.at(later(began, 300));
    let told: Vec<_> = prod(&snapshot).rds.events.iter().map(|event| event.message.as_str()).collect();
    assert_eq!(
        told,
        ["Multi-AZ instance failover started", "DB instance restarted", "Multi-AZ instance failover completed"]
    );
}

#[test]
fn serverless_capacity_follows_the_load_with_a_delay() {
    let (world, began) = played("[[load]]\nat_s = 60\nenvironment = \"prod\"\nfactor = 4");
    let snapshot = world.at(later(began, 30 * 60));
    let units = |minutes| {
        let id = of_database("ServerlessDatabaseCapacity", "elastic-1");
        mean(&values(prod(&snapshot), began, minutes, &id, Stat::Average))
    };
    assert!((12.0..13.0).contains(&units((-10, 0))), "{}", units((-10, 0)));
    assert!((13.0..30.0).contains(&units((1, 3))), "{}", units((1, 3)));
    assert!((47.0..50.0).contains(&units((10, 20))), "{}", units((10, 20)));
    let cluster = MetricId::new("AWS/RDS", "ACUUtilization", &[("DBClusterIdentifier", "elastic")]);
    let used = mean(&values(prod(&snapshot), began, (10, 20), &cluster, Stat::Average));
    assert!((70.0..80.0).contains(&used), "{used}");
}

#[test]
fn a_lost_primary_is_replaced_by_a_replica() {
    let (world, began) =
        played("[[cache_node_lost]]\nat_s = 60\nenvironment = \"prod\"\ngroup = \"sessions\"\nfor_s = 600");
    {
        let snapshot = world.at(later(began, 70));
        let caches = &prod(&snapshot).elasticache;
        assert_eq!(
            (caches.groups["sessions"].status.as_str(), caches.primary("sessions")),
            ("modifying", Some("sessions-001"))
        );
        assert_eq!(caches.clusters["sessions-001"].node_status, "rebooting");
    }
    {
        let snapshot = world.at(later(began, 180));
        assert_eq!(prod(&snapshot).elasticache.primary("sessions"), Some("sessions-002"));
    }
    let snapshot = world.at(later(began, 30 * 60));
    let prod = prod(&snapshot);
    assert_eq!(prod.elasticache.groups["sessions"].status, "available");
    assert_eq!(prod.elasticache.primary("sessions"), Some("sessions-002"), "the old primary comes back as a replica");
    let engine = |id: &str, minutes| {
        let id = MetricId::new(
            "AWS/ElastiCache",
            "EngineCPUUtilization",
            &[("CacheClusterId", id), ("CacheNodeId", "0001")],
        );
        values(prod, began, minutes, &id, Stat::Average)
    };
    assert!(engine("sessions-001", (3, 10)).is_empty(), "a lost node reports nothing");
    assert_eq!(engine("sessions-001", (15, 20)).len(), 5);
    assert!(mean(&engine("sessions-003", (3, 10))) > 1.3 * mean(&engine("sessions-003", (-10, 0))));
    let told: Vec<_> = prod.elasticache.events.iter().map(|event| event.message.as_str()).collect();
    let failover = "Failover from primary node sessions-001 to replica node sessions-002 completed";
    assert_eq!(told, ["Recovering cache nodes 0001", failover, failover, "Finished recovery for cache nodes 0001"]);
}

#[test]
fn a_cache_that_is_filled_evicts() {
    let (world, began) = played(
        "[[cache_growth]]\nat_s = 0\nenvironment = \"prod\"\ngroup = \"sessions\"\npercent_per_minute = 4\nfor_s = 900",
    );
    let snapshot = world.at(later(began, 60 * 60));
    let evicted = |minutes| {
        let id = MetricId::new("AWS/ElastiCache", "Evictions", &[("CacheClusterId", "sessions-001")]);
        values(prod(&snapshot), began, minutes, &id, Stat::Sum).iter().sum::<f64>()
    };
    assert_eq!((evicted((-10, 9)), evicted((20, 50))), (0.0, 0.0));
    assert!(evicted((10, 15)) > 40_000.0, "{}", evicted((10, 15)));
}

#[test]
fn a_lost_broker_leaves_partitions_under_replicated_until_it_is_back() {
    let (world, began) =
        played("[[broker_lost]]\nat_s = 60\nenvironment = \"prod\"\ncluster = \"events\"\nbroker = 1\nfor_s = 900");
    let state = |seconds: i64| {
        let snapshot = world.at(later(began, seconds));
        let cluster = &prod(&snapshot).msk_clusters["events"];
        let online = cluster.brokers.iter().filter(|broker| broker.online).count();
        (cluster.state.clone(), online, cluster.operations.front().map(|one| one.ended.is_some()))
    };
    assert_eq!(state(30), ("ACTIVE".to_owned(), 3, None));
    assert_eq!(state(300), ("HEALING".to_owned(), 2, Some(false)));
    assert_eq!(state(1200), ("ACTIVE".to_owned(), 3, Some(true)));
    let snapshot = world.at(later(began, 40 * 60));
    let kafka = |name: &str, broker: Option<&str>, minutes, stat| {
        let mut dimensions = vec![("Cluster Name", "events")];
        dimensions.extend(broker.map(|id| ("Broker ID", id)));
        values(prod(&snapshot), began, minutes, &MetricId::new("AWS/Kafka", name, &dimensions), stat)
    };
    let under = |minutes| mean(&kafka("UnderReplicatedPartitions", Some("2"), minutes, Stat::Maximum));
    assert_eq!((under((-5, 0)), under((3, 15)), under((30, 35))), (0.0, 150.0, 0.0));
    assert!(under((16, 18)) > 0.0, "it catches up first");
    assert!(kafka("CpuUser", Some("1"), (3, 15), Stat::Average).is_empty());
    let active = kafka("ActiveControllerCount", None, (-2, 5), Stat::Sum);
    assert!(active.contains(&0.0), "until another controller is elected: {active:?}");
    assert_eq!((active[0], active[6]), (1.0, 1.0));
    assert!(kafka("OfflinePartitionsCount", None, (0, 30), Stat::Maximum).iter().all(|offline| *offline == 0.0));
}

#[test]
fn the_same_seed_gives_the_same_stores_however_time_is_cut() {
    let script = "[[failover]]\nat_s = 100\nenvironment = \"prod\"\ndatabase = \"wallet\"\n[[cache_node_lost]]\nat_s = 90\nenvironment = \"prod\"\ngroup = \"sessions\"\nfor_s = 300";
    let picture = |seed: u64, steps: &[i64]| {
        let (world, began) = seeded(script, seed);
        for step in steps {
            world.at(later(began, *step));
        }
        let snapshot = world.at(later(began, 1200));
        let prod = prod(&snapshot);
        let names: Vec<_> = prod.metrics.names(began, snapshot.now).cloned().collect();
        let all: Vec<_> = names.iter().map(|id| values(prod, began, (-30, 15), id, Stat::Average)).collect();
        (all, prod.rds.events.clone(), prod.elasticache.events.clone())
    };
    let first = picture(1, &[]);
    assert!(first == picture(1, &[7, 61, 130, 131, 800]));
    assert!(first.0 != picture(2, &[]).0);
}

#[test]
fn the_database_of_uex_payments_fills_up_in_its_scenario() {
    let estate = estate::load("uex-payments").unwrap();
    let script = scenario::load(&estate, Some("rds-storage")).unwrap();
    assert_eq!(script.storage_growth.len(), 1);
    let began: Timestamp = BEGAN.parse().unwrap();
    let world = World::new(&estate, &script, 1, began);
    let snapshot = world.at(later(began, 40 * 60));
    let prod = snapshot.environments().find(|world| world.name == "prod").unwrap();
    assert_eq!(prod.rds.instances["uex-payments-prod"].status, "storage-full");
    let on = prod.alarms["uex-payments-prod-rds-storage"].at(snapshot.now).unwrap();
    assert_eq!(on.state, AlarmState::Alarm);
}
