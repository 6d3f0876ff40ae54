//! Three environments of more than two hundred resources each: one pass, the least number of calls, progress, and an end
//! of all calls when it is stopped.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use watchfloor::base::Clock;
use watchfloor::compare::{Asked, Manifests, Verdict, connect, inventory, read};
use watchfloor::drill::accounts::Accounts;
use watchfloor::drill::wire::{Endpoint, Live};
use watchfloor::drill::{Drill, DrillOptions, World, connector, estate, scenario};
use watchfloor::inquiry::compare::{ComparePart, CompareQuestion};
use watchfloor::inquiry::{Answer, Desk, Question, Slot};
use watchfloor::model::EnvId;
use watchfloor::poll::sessions::Sessions;

const FUNCTIONS: usize = 55;
const TABLES: usize = 12;

fn started() -> Timestamp {
    "2026-11-21T03:12:00Z".parse().unwrap()
}

/// Payments with more functions and tables, each with what belongs to it.
fn large() -> String {
    let mut text = include_str!("../config/drills/payments/estate.toml").to_owned();
    for number in 3..FUNCTIONS {
        let _ = write!(
            text,
            "\n[[function]]\nname = \"payments-{{env}}-step-{number}\"\ndescription = \"x\"\nruntime = \"nodejs22.x\"\n\
             memory_mb = 256\ntimeout_s = 9\nversion = 3\nalias = \"live\"\npublished_days_ago = 9\nmedian_ms = 92\n\
             p95_ms = 210\nerror_rate = 0.0\n"
        );
    }
    for number in 2..TABLES {
        let _ = write!(
            text,
            "\n[[table]]\nname = \"payments-{{env}}-part-{number}\"\nkey = [\"id:S\"]\nread_units = 5\nwrite_units = 5\n\
             items = 9\nbytes = 900\nburst_s = 10\n[[table.index]]\nname = \"by-owner\"\nkey = [\"owner:S\"]\nread_units = 5\n\
             write_units = 5\nwrite_share = 0.25\nread_share = 0.15\n"
        );
    }
    text
}

/// An endpoint of the large estate, and payments' configuration.
fn endpoint(latency: Duration) -> (Arc<Endpoint>, Drill) {
    let options =
        DrillOptions { scenario: Some("calm".into()), speed: 0.0, ..DrillOptions::new("payments", started()) };
    let drill = Drill::open(&options).unwrap();
    let estate = estate::parse(&large()).unwrap();
    let calm = scenario::load(&estate, Some("calm")).unwrap();
    let world = Arc::new(World::new(&estate, &calm, 1, started()));
    let accounts = drill.config.environments.iter().filter_map(|environment| environment.account.clone());
    let live = Live { world, clock: Clock::simulated(started(), 0.0) };
    (Arc::new(Endpoint::new(live, Accounts::new(accounts)).latency(latency)), drill)
}

async fn connected(endpoint: &Arc<Endpoint>, drill: &Drill) -> Vec<Asked> {
    connect(&drill.config, &connector::transport(Arc::clone(endpoint))).await
}

#[tokio::test]
async fn one_pass_asks_for_every_page_and_every_description_once() {
    let (endpoint, drill) = endpoint(Duration::ZERO);
    let asked = connected(&endpoint, &drill).await;
    endpoint.log().clear();
    let snapshots = read(&asked, started(), &|_| {}).await;
    for snapshot in &snapshots {
        assert!(snapshot.resources.len() > 200, "{}", snapshot.resources.len());
        assert!(snapshot.unlisted.is_empty() && snapshot.fault.is_none());
    }
    let count = |kind: &str| snapshots[0].resources.iter().filter(|one| &*one.kind == kind).count();
    assert_eq!((count("lambda function"), count("dynamodb table")), (FUNCTIONS, TABLES));
    let groups = count("log group");
    let pages = |count: usize, of: usize| count.div_ceil(of);
    let tagged = snapshots[0].resources.iter().filter(|one| !one.arn.is_empty()).count();
    // In each environment; whatever is not here is asked once.
    let expected = BTreeMap::from([
        ("ListFunctions", pages(FUNCTIONS, 50)),
        ("ListAliases", FUNCTIONS + pages(count("kms key"), 100)),
        ("GetFunctionConcurrency", FUNCTIONS),
        ("GetFunctionConfiguration", FUNCTIONS),
        ("ListTables", pages(TABLES, 100)),
        ("DescribeTable", TABLES),
        ("DescribeContinuousBackups", TABLES),
        ("DescribeTimeToLive", TABLES),
        ("DescribeLogGroups", pages(groups, 50)),
        // Of ECS and of EKS.
        ("ListClusters", 2),
    ]);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for ((_, operation), count) in endpoint.log().by_operation() {
        *found.entry(operation).or_default() += count;
    }
    let rest = found.remove("GetResources").unwrap();
    // Of tags a hundred a page, and the resources of the one API.
    assert!((3 * (1 + pages(tagged, 100)) + 1 > rest) && rest >= 3 * 2, "{rest} of {tagged}");
    for (operation, calls) in &found {
        let each = expected.get(operation.as_str()).copied().unwrap_or(1);
        assert_eq!(*calls, 3 * each, "{operation}");
    }
    assert!(expected.keys().all(|operation| found.contains_key(*operation)), "{found:?}");
}

/// A desk with connected environments, and what is told of them.
async fn desk(endpoint: &Arc<Endpoint>, drill: &Drill) -> (Desk, tokio::sync::mpsc::Receiver<Answer>) {
    let sessions = Sessions::default();
    for (id, asked) in connected(endpoint, drill).await.into_iter().enumerate() {
        sessions.connected(EnvId(id), asked.session.unwrap());
    }
    endpoint.log().clear();
    let (desk, told) = Desk::new(&drill.config, sessions, Clock::simulated(started(), 0.0));
    (desk.with_manifests(Manifests::Embedded), told)
}

fn question(number: u64) -> Question {
    Question::Compare(CompareQuestion { number, system: "payments".into() })
}

async fn part(told: &mut tokio::sync::mpsc::Receiver<Answer>) -> ComparePart {
    match told.recv().await.unwrap() {
        Answer::Compare(answer) => answer.part,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn how_far_it_is_is_told_and_reading_anew_asks_the_same_again() {
    let (endpoint, drill) = endpoint(Duration::ZERO);
    let (mut desk, mut told) = desk(&endpoint, &drill).await;
    let mut calls = Vec::new();
    for number in 1..=2 {
        desk.ask(question(number));
        let mut progress: BTreeMap<EnvId, usize> = BTreeMap::new();
        let comparison = loop {
            match part(&mut told).await {
                ComparePart::Read { env, done } => *progress.entry(env).or_default() = done,
                ComparePart::Done(comparison) => break comparison,
                ComparePart::Refused(lines) => unreachable!("{lines:?}"),
            }
        };
        assert_eq!(progress.values().copied().collect::<Vec<_>>(), [inventory::ALL.len() + 1; 3]);
        // Nobody has said how long the logs of the new functions are kept.
        let findings: Vec<_> = comparison.judged.findings().map(|(_, setting)| setting.key.to_string()).collect();
        assert_eq!(findings, vec!["retention_days"; FUNCTIONS - 3]);
        assert!(comparison.judged.cells().all(|cell| cell.verdict != Verdict::Unknown));
        assert!(comparison.warnings.is_empty(), "{:?}", comparison.warnings);
        calls.push(endpoint.log().total());
    }
    assert_eq!(calls[1], 2 * calls[0], "the second time nothing more and nothing less is asked");
}

#[tokio::test(start_paused = true)]
async fn one_that_is_stopped_asks_no_more() {
    let (endpoint, drill) = endpoint(Duration::from_millis(40));
    let (mut desk, mut told) = desk(&endpoint, &drill).await;
    desk.ask(question(1));
    assert!(matches!(part(&mut told).await, ComparePart::Read { .. }));
    desk.forget(Slot::Compare);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let calls = endpoint.log().total();
    assert!((1..200).contains(&calls), "it was under way: {calls}");
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(endpoint.log().total(), calls);
    assert!(!desk.is_busy());
}
