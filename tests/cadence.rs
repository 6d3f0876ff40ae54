//! Cadence care, by counting calls on a virtual clock: nobody looks, off the screen, focused, budget, mute rules.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use ciborium::Value;
use futures_util::future::BoxFuture;
use support::{Answer, FakeAws, environment};
use tokio::sync::mpsc::Receiver;
use watchfloor::base::Clock;
use watchfloor::cloud::Session;
use watchfloor::config::{Cadence, Config};
use watchfloor::model::{EnvId, Fault, MetricQuery, MetricSet, Reading, Severity, SignalId, Stat, Tier};
use watchfloor::poll::{Attention, PollCommand, PollEvent, Pollers};
use watchfloor::signals::{AnySignal, Judge, Signal};

/// Stands for alarms: urgent, without metrics.
struct Pages;
/// Stands for what exists, with ten metrics.
struct Tables;

const PAGES: SignalId = SignalId("pages");
const TABLES: SignalId = SignalId("tables");

fn ok() -> Reading {
    Reading { severity: Severity::Ok, ..Reading::default() }
}

impl Signal for Pages {
    type Inventory = ();
    fn id(&self) -> SignalId {
        PAGES
    }
    fn title(&self) -> &'static str {
        "Pages"
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[]
    }
    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.alarms
    }
    fn is_urgent(&self) -> bool {
        true
    }
    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            session.ecs().list_clusters().send().await.map(|_| ()).map_err(|e| session.fault("ListClusters", &e))
        })
    }
    fn queries(&self, _: &()) -> Vec<MetricQuery> {
        Vec::new()
    }
    fn interpret(&self, _: &(), _: &MetricSet, _: &Judge<'_>) -> Reading {
        ok()
    }
}

impl Signal for Tables {
    type Inventory = ();
    fn id(&self) -> SignalId {
        TABLES
    }
    fn title(&self) -> &'static str {
        "Tables"
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[]
    }
    fn cadence_s(&self, cadence: &Cadence) -> u64 {
        cadence.inventory
    }
    fn inventory<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            session.dynamodb().list_tables().send().await.map(|_| ()).map_err(|e| session.fault("ListTables", &e))
        })
    }
    fn queries(&self, _: &()) -> Vec<MetricQuery> {
        let name = |i: usize| format!("t{i}");
        (0..10)
            .map(|i| MetricQuery::new("AWS/DynamoDB", "SystemErrors", Stat::Sum, &[("TableName", &name(i))]))
            .collect()
    }
    fn interpret(&self, _: &(), _: &MetricSet, _: &Judge<'_>) -> Reading {
        ok()
    }
}

static SIGNALS: &[&dyn AnySignal] = &[&Pages, &Tables];

fn metric_data(body: &[u8]) -> Answer {
    let request: Value = ciborium::from_reader(body).unwrap();
    let get = |value: &Value, key: &str| -> Option<Value> {
        value.as_map()?.iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, v)| v.clone())
    };
    let queries = get(&request, "MetricDataQueries").unwrap().into_array().unwrap();
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

fn aws() -> FakeAws {
    FakeAws::new(|asked| match asked.operation.as_str() {
        "GetCallerIdentity" => Answer::identity("111111111111"),
        "ListClusters" => Answer::json(200, "{\"clusterArns\":[]}"),
        "ListTables" => Answer::json(200, "{\"TableNames\":[]}"),
        "GetMetricData" => metric_data(&asked.body),
        other => panic!("asked for {other}"),
    })
}

fn config(tiers: &[Tier], usd_per_hour: Option<f64>) -> Config {
    let named = |(index, tier): (usize, &Tier)| {
        let mut config = environment(&format!("e{index}"));
        config.tier = *tier;
        config
    };
    let mut config = Config { environments: tiers.iter().enumerate().map(named).collect(), ..Config::default() };
    config.budget.usd_per_hour = usd_per_hour;
    config
}

fn start(aws: &FakeAws, config: &Config) -> (Pollers, Receiver<PollEvent>) {
    let clock = Clock::simulated("2026-11-20T03:00:30Z".parse().unwrap(), 1.0);
    Pollers::start(config, &aws.transport(), &clock, SIGNALS, 7)
}

async fn during(events: &mut Receiver<PollEvent>, seconds: u64) -> Vec<PollEvent> {
    let mut seen = Vec::new();
    let end = tokio::time::Instant::now() + Duration::from_secs(seconds);
    while let Ok(Some(event)) = tokio::time::timeout_at(end, events.recv()).await {
        seen.push(event);
    }
    seen
}

/// Calls of alarms, listings and metrics within so many seconds.
async fn counted(aws: &FakeAws, events: &mut Receiver<PollEvent>, seconds: u64) -> [usize; 3] {
    let counts = || ["ListClusters", "ListTables", "GetMetricData"].map(|operation| aws.count(operation));
    let before = counts();
    during(events, seconds).await;
    let after = counts();
    [0, 1, 2].map(|index| after[index] - before[index])
}

fn roughly(count: usize, expected: usize) -> bool {
    // Every rhythm is spread by up to a tenth; one more or less is where the window happens to begin.
    (expected * 9 / 10).saturating_sub(1) <= count && count <= expected + 1
}

fn attention(change: impl FnOnce(&mut Attention)) -> PollCommand {
    let mut attention = Attention::default();
    change(&mut attention);
    PollCommand::Attention(attention)
}

#[tokio::test(start_paused = true)]
async fn nobody_there_is_asked_for_less_and_the_first_key_brings_everything_back() {
    let aws = aws();
    let (pollers, mut events) = start(&aws, &config(&[Tier::Production], None));
    during(&mut events, 60).await;
    let [alarms, listings, metrics] = counted(&aws, &mut events, 3600).await;
    assert!(roughly(alarms, 240) && roughly(listings, 12) && roughly(metrics, 60), "{alarms} {listings} {metrics}");
    pollers.tell(attention(|a| a.away = true));
    during(&mut events, 300).await;
    let [alarms, listings, metrics] = counted(&aws, &mut events, 3600).await;
    assert!(roughly(alarms, 60) && roughly(listings, 3) && roughly(metrics, 15), "{alarms} {listings} {metrics}");
    pollers.tell(attention(|_| {}));
    let back = counted(&aws, &mut events, 3).await;
    assert_eq!(back, [1, 1, 1], "at once");
    let [alarms, ..] = counted(&aws, &mut events, 600).await;
    assert!(roughly(alarms, 40), "{alarms}");
}

#[tokio::test(start_paused = true)]
async fn off_the_screen_is_slower_but_not_the_alarms_of_production() {
    let aws = aws();
    let (pollers, mut events) = start(&aws, &config(&[Tier::Production], None));
    during(&mut events, 60).await;
    pollers.tell(attention(|a| a.environments = Some(vec![EnvId(5)])));
    during(&mut events, 300).await;
    let [alarms, listings, metrics] = counted(&aws, &mut events, 3600).await;
    assert!(roughly(alarms, 240) && roughly(listings, 4) && roughly(metrics, 20), "{alarms} {listings} {metrics}");

    let aws = self::aws();
    let (pollers, mut events) = start(&aws, &config(&[Tier::Staging], None));
    pollers.tell(attention(|a| a.environments = Some(vec![])));
    during(&mut events, 300).await;
    let [alarms, ..] = counted(&aws, &mut events, 3600).await;
    assert!(roughly(alarms, 80), "{alarms}");
}

#[tokio::test(start_paused = true)]
async fn the_metrics_of_a_hidden_row_are_asked_for_less_often() {
    let aws = aws();
    let (pollers, mut events) = start(&aws, &config(&[Tier::Production], None));
    pollers.tell(attention(|a| a.signals = Some(vec![PAGES])));
    during(&mut events, 300).await;
    let [alarms, listings, metrics] = counted(&aws, &mut events, 3600).await;
    assert!(roughly(alarms, 240) && roughly(listings, 4) && roughly(metrics, 20), "{alarms} {listings} {metrics}");
}

#[tokio::test(start_paused = true)]
async fn the_focused_cell_is_listed_twice_as_often() {
    let aws = aws();
    let (pollers, mut events) = start(&aws, &config(&[Tier::Staging], None));
    during(&mut events, 60).await;
    pollers.tell(attention(|a| a.focused = Some((EnvId(0), TABLES))));
    during(&mut events, 300).await;
    let [alarms, listings, metrics] = counted(&aws, &mut events, 3600).await;
    assert!(roughly(alarms, 240) && roughly(listings, 24) && roughly(metrics, 60), "{alarms} {listings} {metrics}");
}

#[tokio::test(start_paused = true)]
async fn a_cursor_on_its_way_causes_no_calls() {
    let aws = aws();
    let (pollers, mut events) = start(&aws, &config(&[Tier::Staging; 4], None));
    // Listings are then older than the pace of a focused cell, but not due.
    during(&mut events, 250).await;
    let still = counted(&aws, &mut events, 15).await;
    for step in 0..150 {
        let id = [PAGES, TABLES][step / 4 % 2];
        pollers.tell(attention(|a| a.focused = Some((EnvId(step % 4), id))));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Within a second of the last move nothing has settled.
    let moving = counted(&aws, &mut events, 1).await;
    assert_eq!((still[1], moving[1]), (0, 0), "no listing because of the cursor");
}

#[tokio::test(start_paused = true)]
async fn slower_is_not_stale_and_the_ages_stay_true() {
    let aws = aws();
    let (pollers, mut events) = start(&aws, &config(&[Tier::Production], None));
    during(&mut events, 60).await;
    pollers.tell(attention(|a| a.away = true));
    let seen = during(&mut events, 3600).await;
    let mut every = [(PAGES, 15u64), (TABLES, 60)];
    let mut last = every.map(|(id, _)| (id, None));
    let mut told = 0;
    for event in seen {
        match event {
            PollEvent::Cadence { every_s, .. } => {
                for (id, seconds) in every_s {
                    every.iter_mut().filter(|(known, _)| *known == id).for_each(|(_, s)| *s = seconds);
                }
                told += 1;
            }
            PollEvent::Reading { signal, at, every_s, .. } => {
                let (_, before) = last.iter_mut().find(|(id, _)| *id == signal).unwrap();
                let said = every.iter_mut().find(|(id, _)| *id == signal).unwrap();
                if let Some(before) = before.replace(at) {
                    let age = at.duration_since(before).as_secs();
                    assert!(age <= 2 * i64::try_from(said.1).unwrap(), "{signal}: {age} s, {} s were said", said.1);
                }
                said.1 = every_s;
            }
            _ => {}
        }
    }
    assert_eq!(told, 1, "told once");
    assert_eq!(every.map(|(_, s)| s), [60, 240]);
}

#[tokio::test(start_paused = true)]
async fn a_budget_slows_metrics_and_nothing_else() {
    // Two environments of 10 metrics a minute: 1,200 an hour, $0.012.
    for (budget, slowed, calls) in
        [(0.0121, None, 60), (0.0061, Some(2), 30), (0.004_5, Some(3), 20), (1e-9, Some(10), 6)]
    {
        let aws = aws();
        let (_pollers, mut events) = start(&aws, &config(&[Tier::Production, Tier::Staging], Some(budget)));
        during(&mut events, 600).await;
        let before = [aws.count("ListClusters"), aws.count("GetMetricData")];
        let seen = during(&mut events, 3600).await;
        let alarms = aws.count("ListClusters") - before[0];
        let metrics = aws.count("GetMetricData") - before[1];
        assert!(roughly(alarms, 480), "alarms stay: {alarms}");
        assert!(roughly(metrics, 2 * calls), "{budget}: {metrics} instead of {}", 2 * calls);
        let connection = seen.iter().rev().find_map(|event| match event {
            PollEvent::Connection { connection, .. } => Some(connection),
            _ => None,
        });
        let connection = connection.unwrap();
        assert_eq!(connection.slowed, slowed);
        assert!(connection.usd_per_hour > 0.0);
        if slowed != Some(10) {
            assert!(connection.usd_per_hour * 2.0 <= budget * 1.1, "{} of {budget}", connection.usd_per_hour);
        }
        let faults = seen.iter().filter(|event| matches!(event, PollEvent::Reading { outcome: Err(_), .. }));
        assert_eq!(faults.count(), 0, "slower, never failing");
    }
}

#[tokio::test(start_paused = true)]
async fn mute_rules_are_asked_for_as_seldom_as_what_exists() {
    static ALARMS: &[&dyn AnySignal] = &[&watchfloor::signals::alarms::Alarms];
    let empty = |key: &str| Answer::cbor(200, &Value::Map(vec![(key.into(), Value::Array(vec![]))]));
    let aws = FakeAws::new(move |asked| match asked.operation.as_str() {
        "GetCallerIdentity" => Answer::identity("111111111111"),
        "DescribeAlarms" => empty("MetricAlarms"),
        "ListAlarmMuteRules" => empty("AlarmMuteRuleSummaries"),
        other => panic!("asked for {other}"),
    });
    let clock = Clock::simulated("2026-11-20T03:00:30Z".parse().unwrap(), 1.0);
    let (pollers, mut events) = Pollers::start(&config(&[Tier::Production], None), &aws.transport(), &clock, ALARMS, 7);
    during(&mut events, 3600).await;
    let (alarms, mutes) = (aws.count("DescribeAlarms"), aws.count("ListAlarmMuteRules"));
    assert!(roughly(alarms, 240) && (11..=13).contains(&mutes), "{alarms} {mutes}");
    pollers.tell(PollCommand::Refresh(None));
    during(&mut events, 2).await;
    assert_eq!(aws.count("ListAlarmMuteRules"), mutes + 1, "a refresh asks for them too");
}
