//! The pollers on a virtual clock: what is asked, how often, and what one broken environment does to the others.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use ciborium::Value;
use futures_util::future::BoxFuture;
use support::{Answer, FakeAws, environment};
use tokio::sync::mpsc::Receiver;
use watchfloor::base::Clock;
use watchfloor::cloud::Session;
use watchfloor::config::{Cadence, Config};
use watchfloor::model::{EnvId, Fault, FaultKind, MetricQuery, MetricSet, Reading, Resource, Severity, SignalId, Stat};
use watchfloor::poll::{PollCommand, PollEvent, Pollers, broker, collect};
use watchfloor::signals::{AnySignal, Judge, Signal};

/// A signal of as many metrics as the account has clusters on its page, one query a cluster.
struct Clusters;

impl Signal for Clusters {
    type Inventory = Vec<String>;
    fn id(&self) -> SignalId {
        SignalId("clusters")
    }
    fn title(&self) -> &'static str {
        "Clusters"
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["ecs:ListClusters"]
    }
    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }
    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Vec<String>, Fault>> {
        Box::pin(async move {
            let page = session.ecs().list_clusters().send().await.map_err(|e| session.fault("ListClusters", &e))?;
            Ok(page.cluster_arns().to_vec())
        })
    }
    fn queries(&self, inventory: &Vec<String>) -> Vec<MetricQuery> {
        inventory.iter().map(|name| query(name)).collect()
    }
    fn interpret(&self, inventory: &Vec<String>, metrics: &MetricSet, _: &Judge<'_>) -> Reading {
        let known = inventory.iter().filter(|name| metrics.get(&query(name)).is_some()).count();
        let severity = if known == inventory.len() { Severity::Ok } else { Severity::Unknown };
        let resources = inventory.iter().map(|name| Resource { name: name.into(), severity, ..Resource::default() });
        Reading { severity, headline: format!("{known}").into(), resources: resources.collect(), ..Reading::default() }
    }
}

/// A second signal that asks the first cluster's question too.
struct Copy;

impl Signal for Copy {
    type Inventory = Vec<String>;
    fn id(&self) -> SignalId {
        SignalId("copy")
    }
    fn title(&self) -> &'static str {
        "Copy"
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[]
    }
    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }
    fn inventory<'a>(&'a self, _: &'a Session) -> BoxFuture<'a, Result<Vec<String>, Fault>> {
        Box::pin(async { Ok(vec!["c0".to_owned()]) })
    }
    fn queries(&self, inventory: &Vec<String>) -> Vec<MetricQuery> {
        Signal::queries(&Clusters, inventory)
    }
    fn interpret(&self, inventory: &Vec<String>, metrics: &MetricSet, judge: &Judge<'_>) -> Reading {
        Signal::interpret(&Clusters, inventory, metrics, judge)
    }
}

static SIGNALS: &[&dyn AnySignal] = &[&Clusters, &Copy];

fn query(name: &str) -> MetricQuery {
    MetricQuery::new("AWS/ECS", "CPUUtilization", Stat::Average, &[("ClusterName", name)])
}

fn clusters(count: usize) -> Answer {
    let names: Vec<String> = (0..count).map(|i| format!("\"c{i}\"")).collect();
    Answer::json(200, &format!("{{\"clusterArns\":[{}]}}", names.join(",")))
}

/// Answers every query of a GetMetricData call with one point.
fn metric_data(body: &[u8]) -> Answer {
    let request: Value = ciborium::from_reader(body).unwrap();
    let get = |value: &Value, key: &str| -> Option<Value> {
        value.as_map()?.iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, v)| v.clone())
    };
    let queries = get(&request, "MetricDataQueries").unwrap().into_array().unwrap();
    assert!(queries.len() <= 500, "{} queries in one call", queries.len());
    let results = queries.iter().map(|query| {
        Value::Map(vec![
            ("Id".into(), get(query, "Id").unwrap()),
            ("StatusCode".into(), "Complete".into()),
            ("Timestamps".into(), Value::Array(vec![])),
            ("Values".into(), Value::Array(vec![])),
        ])
    });
    Answer::cbor(200, &Value::Map(vec![("MetricDataResults".into(), Value::Array(results.collect()))]))
}

fn healthy(count: usize) -> FakeAws {
    FakeAws::new(move |asked| match asked.operation.as_str() {
        "GetCallerIdentity" => Answer::identity("111111111111"),
        "ListClusters" => clusters(count),
        "GetMetricData" => metric_data(&asked.body),
        other => panic!("asked for {other}"),
    })
}

fn config(names: &[&str]) -> Config {
    Config { environments: names.iter().map(|name| environment(name)).collect(), ..Config::default() }
}

fn clock() -> Clock {
    Clock::simulated("2026-11-20T03:00:30Z".parse().unwrap(), 1.0)
}

fn start(aws: &FakeAws, config: &Config) -> (Pollers, Receiver<PollEvent>) {
    Pollers::start(config, &aws.transport(), &clock(), SIGNALS, 7)
}

/// Takes events for so long of virtual time.
async fn during(events: &mut Receiver<PollEvent>, seconds: u64) -> Vec<PollEvent> {
    let mut seen = Vec::new();
    let end = tokio::time::Instant::now() + Duration::from_secs(seconds);
    while let Ok(Some(event)) = tokio::time::timeout_at(end, events.recv()).await {
        seen.push(event);
    }
    seen
}

#[rstest::rstest]
#[case(0, 0)]
#[case(1, 1)]
#[case(499, 1)]
#[case(500, 1)]
#[case(501, 2)]
#[case(1001, 3)]
#[tokio::test(start_paused = true)]
async fn a_refresh_takes_the_fewest_calls(#[case] metrics: usize, #[case] calls: usize) {
    let aws = healthy(metrics);
    let session = aws.session(&environment("prod")).await;
    let queries: BTreeSet<MetricQuery> = (0..metrics).map(|i| query(&format!("c{i}"))).collect();
    let set = broker::fetch(&session, &queries, clock().now()).await;
    assert_eq!(aws.count("GetMetricData"), calls);
    assert_eq!(set.series.len(), metrics, "every query is answered");
    assert_eq!(session.meter.usage().metrics_requested, metrics as u64);
    assert!(set.fault.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_first_refresh_asks_nothing_twice() {
    let aws = healthy(3);
    let (_pollers, mut events) = start(&aws, &config(&["prod"]));
    let wall = collect::one_wall(
        watchfloor::poll::environments(&config(&["prod"])),
        SIGNALS,
        &mut events,
        &clock(),
        Duration::from_secs(30),
    )
    .await;
    let cells = &wall.environments[0].cells;
    assert_eq!(cells[0].1.value().unwrap().headline, "3");
    assert_eq!(cells[1].1.value().unwrap().headline, "1");
    let counts = ["GetCallerIdentity", "ListClusters", "GetMetricData"].map(|operation| aws.count(operation));
    assert_eq!(counts, [1, 1, 1], "two signals share one call");
}

#[tokio::test(start_paused = true)]
async fn the_rhythm_is_kept_and_no_more_is_asked() {
    let aws = healthy(2);
    let (_pollers, mut events) = start(&aws, &config(&["prod"]));
    during(&mut events, 1795).await;
    // Half an hour: inventory every 300 s, identity every 300 s, metrics every minute, each with up to 10 % spread.
    assert!((5..=6).contains(&aws.count("ListClusters")), "{}", aws.count("ListClusters"));
    assert!((5..=6).contains(&aws.count("GetCallerIdentity")), "{}", aws.count("GetCallerIdentity"));
    assert!((28..=31).contains(&aws.count("GetMetricData")), "{}", aws.count("GetMetricData"));
}

#[tokio::test(start_paused = true)]
async fn refreshing_at_once_is_coalesced() {
    let aws = healthy(1);
    let (pollers, mut events) = start(&aws, &config(&["prod"]));
    during(&mut events, 5).await;
    let before = aws.count("ListClusters");
    for _ in 0..50 {
        pollers.tell(PollCommand::Refresh(None));
    }
    during(&mut events, 5).await;
    let more = aws.count("ListClusters") - before;
    assert!((1..=2).contains(&more), "fifty requests became {more}");
}

#[tokio::test(start_paused = true)]
async fn another_account_shows_nothing() {
    let aws = FakeAws::new(|asked| match asked.operation.as_str() {
        "GetCallerIdentity" => Answer::identity("999999999999"),
        other => panic!("asked {other} of the wrong account"),
    });
    let (_pollers, mut events) = start(&aws, &config(&["prod"]));
    let seen = during(&mut events, 3).await;
    let readings: Vec<_> = seen
        .iter()
        .filter_map(|event| match event {
            PollEvent::Reading { outcome, .. } => Some(outcome.as_ref().map_err(|fault| fault.kind)),
            _ => None,
        })
        .collect();
    assert_eq!(readings, [Err(FaultKind::WrongAccount), Err(FaultKind::WrongAccount)]);
}

/// Environment names are part of nothing that is sent, so the hanging one is told apart by its region.
#[tokio::test(start_paused = true)]
async fn broken_environments_do_not_touch_the_others() {
    let aws = FakeAws::new(|asked| {
        if asked.uri.contains("us-west-1") {
            return Answer::Hang;
        }
        if asked.uri.contains("us-west-2") {
            return Answer::Cut;
        }
        match asked.operation.as_str() {
            "GetCallerIdentity" => Answer::identity("111111111111"),
            "ListClusters" => clusters(1),
            _ => metric_data(&asked.body),
        }
    });
    let mut config = config(&["good", "hangs", "cut"]);
    config.environments[1].region = Some("us-west-1".into());
    config.environments[2].region = Some("us-west-2".into());
    let (_pollers, mut events) = start(&aws, &config);
    let mut seen = during(&mut events, 2).await;
    let good = |event: &PollEvent| matches!(event, PollEvent::Reading { env: EnvId(0), outcome: Ok(_), .. });
    assert_eq!(seen.iter().filter(|event| good(event)).count(), 2, "the good one is complete at once");
    seen.extend(during(&mut events, 60).await);
    let kinds = |env: usize| -> BTreeSet<String> {
        seen.iter()
            .filter_map(|event| match event {
                PollEvent::Reading { env: EnvId(id), outcome: Err(fault), .. } if *id == env => {
                    Some(fault.kind.word().to_owned())
                }
                _ => None,
            })
            .collect()
    };
    assert_eq!(kinds(0), BTreeSet::new());
    assert_eq!(kinds(1), BTreeSet::from(["timeout".to_owned()]));
    assert_eq!(kinds(2), BTreeSet::from(["unreachable".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn failing_metrics_keep_the_last_good_values() {
    let broken = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let switch = std::sync::Arc::clone(&broken);
    let aws = FakeAws::new(move |asked| match asked.operation.as_str() {
        "GetCallerIdentity" => Answer::identity("111111111111"),
        "ListClusters" => clusters(2),
        _ if switch.load(std::sync::atomic::Ordering::SeqCst) => Answer::Http(404, vec![], b"no".to_vec()),
        _ => metric_data(&asked.body),
    });
    let (_pollers, mut events) = start(&aws, &config(&["prod"]));
    during(&mut events, 10).await;
    broken.store(true, std::sync::atomic::Ordering::SeqCst);
    let seen = during(&mut events, 120).await;
    let outcomes: Vec<bool> = seen
        .iter()
        .filter_map(|event| match event {
            PollEvent::Reading { outcome, .. } => Some(outcome.is_ok()),
            _ => None,
        })
        .collect();
    assert!(!outcomes.is_empty() && outcomes.iter().all(|ok| !ok), "faults, not blank readings: {outcomes:?}");
}

#[tokio::test(start_paused = true)]
async fn metrics_that_never_came_leave_the_inventory_readable() {
    let aws = FakeAws::new(|asked| match asked.operation.as_str() {
        "GetCallerIdentity" => Answer::identity("111111111111"),
        "ListClusters" => clusters(250),
        _ => Answer::Http(404, vec![], b"no".to_vec()),
    });
    let (_pollers, mut events) = start(&aws, &config(&["prod"]));
    let seen = during(&mut events, 10).await;
    let listed = seen.iter().find_map(|event| match event {
        PollEvent::Reading { signal: SignalId("clusters"), outcome: Ok(reading), .. } => Some(reading),
        _ => None,
    });
    assert_eq!(listed.unwrap().resources.len(), 250);
    assert_eq!(listed.unwrap().severity, Severity::Unknown);
}
