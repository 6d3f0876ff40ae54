//! The wall rebuilt of a past minute is the wall that was shown at that minute, or it says that it does not know.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::inquiry::{Answer, Desk, PastQuestion, Question};
use watchfloor::model::{Datum, Reading, Resource, Severity};
use watchfloor::poll::collect::{Wall, one_wall};
use watchfloor::poll::past::wall_at;
use watchfloor::poll::{Pollers, environments};
use watchfloor::signals;

const PATIENCE: Duration = Duration::from_secs(60);

/// The scenario began at the same time whenever one looks at it.
fn drill(estate: &str, scenario: Option<&str>, elapsed_min: u64) -> Drill {
    let began: Timestamp = "2026-11-20T03:00:00Z".parse().unwrap();
    let mut options = DrillOptions::new(estate, began + SignedDuration::from_mins(i64::try_from(elapsed_min).unwrap()));
    options.scenario = scenario.map(str::to_owned);
    options.elapsed = Duration::from_secs(elapsed_min * 60);
    options.speed = 0.0;
    Drill::open(&options).unwrap()
}

async fn shown(drill: &Drill) -> Wall {
    let transport = connector::transport(Arc::new(drill.endpoint()));
    let (_pollers, mut events) = Pollers::start(&drill.config, &transport, &drill.clock, signals::ALL, 1);
    one_wall(environments(&drill.config), signals::ALL, &mut events, &drill.clock, PATIENCE).await
}

async fn rebuilt(drill: &Drill, at: Timestamp) -> Wall {
    let transport = connector::transport(Arc::new(drill.endpoint()));
    wall_at(&drill.config, &transport, &drill.clock, signals::ALL, at, PATIENCE).await
}

/// Facts of which AWS keeps no history, by row: for these reasons a resource may be unknown, and for no others.
const UNTOLD: &[(&str, &str)] = &[
    ("ecs-capacity", "the number of tasks was changing in that minute"),
    ("ecs-capacity", "deployments have changed since"),
    ("eks-capacity", "AWS keeps no history of EKS states and bounds"),
    ("rds", "its status at that minute cannot be told: events since"),
    ("msk", "its status at that minute cannot be told: events since"),
];

/// What differs although AWS could have told, and how many resources were known and how many were not.
fn compare(then: &Wall, past: &Wall) -> (Vec<String>, usize, usize) {
    let (mut wrong, mut sure, mut unknown) = (Vec::new(), 0, 0);
    for (live, rebuilt) in then.environments.iter().zip(&past.environments) {
        assert_eq!(live.environment.name, rebuilt.environment.name);
        for ((id, live_cell), (past_id, past_cell)) in live.cells.iter().zip(&rebuilt.cells) {
            assert_eq!(id, past_id);
            let place = format!("{} {} {id}", past.at, live.environment.name);
            let (Datum::Live { value: was, .. }, Datum::Live { value: is, .. }) = (live_cell, past_cell) else {
                wrong.push(format!("{place}: {live_cell:?} became {past_cell:?}"));
                continue;
            };
            let (more_wrong, untold) = resources(&place, id.0, was, is);
            wrong.extend(more_wrong);
            sure += is.resources.len() - untold;
            unknown += untold;
            let told = (is.severity, &is.headline, &is.note);
            let same = (was.severity, &was.headline, &was.note) == told;
            let unsure = untold > 0 && [was.severity, Severity::Unknown].contains(&is.severity);
            if !same && !unsure {
                wrong.push(format!("{place}: {} {} {} became {told:?}", was.severity, was.headline, was.note));
            }
        }
    }
    (wrong, sure, unknown)
}

fn resources(place: &str, id: &str, was: &Reading, is: &Reading) -> (Vec<String>, usize) {
    let (mut wrong, mut unknown) = (Vec::new(), 0);
    // What is critical by what is known was critical; anything else must be unknown.
    let allowed = |past: &Resource, live: Option<&Resource>| {
        let untold = UNTOLD.iter().any(|(row, why)| *row == id && past.reason.contains(why));
        let critical = live.is_some_and(|live| live.severity == Severity::Critical);
        untold && (past.severity == Severity::Unknown || (critical && past.severity == Severity::Critical))
    };
    for live in was.resources.iter().filter(|live| is.resources.iter().all(|past| past.name != live.name)) {
        wrong.push(format!("{place}: {} is missing", live.name));
    }
    for past in &is.resources {
        let told = (past.severity, &past.headline);
        let live = was.resources.iter().find(|live| live.name == past.name);
        let was = live.map(|live| (live.severity, &live.headline));
        if was == Some(told) {
            continue;
        }
        if allowed(past, live) {
            unknown += 1;
        } else {
            wrong.push(format!("{place}: {} was {was:?} and became {told:?} {}", past.name, past.reason));
        }
    }
    (wrong, unknown)
}

#[rstest::rstest]
#[case::a_bad_version("payments", "bad-deploy", &[0, 7, 13, 24])]
#[case::a_hot_table("payments", "hot-table", &[7, 13, 24])]
#[case::no_image("uex-payments", "image-pull", &[0, 7, 13, 24])]
#[case::a_peak_of_containers("uex-payments", "peak", &[7, 13, 24])]
#[case::a_full_database("uex-payments", "rds-storage", &[7, 22, 28])]
#[case::a_full_disk("analytics", "storage-full", &[0, 11, 19, 32])]
#[case::a_campaign("analytics", "peak", &[7, 13, 20])]
#[case::a_slow_writer("wallet-ecs", "aurora-writer", &[0, 7, 13, 24, 40])]
#[case::a_lost_broker("wallet-ecs", "broker-lost", &[3, 7, 24, 45])]
#[case::full_nodes("wallet-eks", "nodes-full", &[0, 7, 13, 24])]
#[case::a_lost_broker_beside_kubernetes("wallet-eks", "broker-lost", &[3, 7, 24])]
#[tokio::test]
async fn a_past_minute_is_told_as_it_was_shown(#[case] estate: &str, #[case] scenario: &str, #[case] minutes: &[u64]) {
    for minute in minutes {
        let then = drill(estate, Some(scenario), *minute);
        let later = drill(estate, Some(scenario), minute + 20);
        let at = then.clock.now();
        let (wrong, sure, unknown) = compare(&shown(&then).await, &rebuilt(&later, at).await);
        assert!(wrong.is_empty(), "{estate} {scenario} minute {minute}:\n{}", wrong.join("\n"));
        assert!(sure > 9 * unknown, "{estate} {scenario} minute {minute}: {sure} known, {unknown} not");
    }
}

#[tokio::test]
async fn before_the_incident_everything_was_fine_also_when_told_during_it() {
    let later = drill("payments", None, 20);
    let at = drill("payments", None, 0).clock.now();
    let worst = |wall: &Wall| {
        let cells = wall.environments.iter().flat_map(|e| &e.cells).filter_map(|(_, cell)| cell.value());
        cells.map(|reading| reading.severity).max().unwrap()
    };
    assert_eq!(worst(&shown(&later).await), Severity::Critical);
    assert!(worst(&rebuilt(&later, at).await) <= Severity::Unknown);
}

#[tokio::test]
async fn what_nobody_kept_is_unknown_with_the_reason() {
    let later = drill("payments", None, 20);
    let days = |days: i64| later.clock.now() - SignedDuration::from_hours(24 * days);
    let month_ago = rebuilt(&later, days(31)).await;
    let alarms = month_ago.environments[0].cells[0].1.value().unwrap();
    assert_eq!(alarms.severity, Severity::Unknown);
    assert!(alarms.resources.iter().all(|alarm| alarm.reason.contains("30 days")));
    let ages_ago = rebuilt(&later, days(64)).await;
    for (id, cell) in ages_ago.environments.iter().flat_map(|e| &e.cells) {
        assert!(cell.fault().is_some_and(|fault| fault.message.contains("63 days")), "{id}");
    }
}

#[tokio::test]
async fn one_minute_costs_a_few_calls() {
    let later = drill("payments", None, 20);
    let usage = rebuilt(&later, drill("payments", None, 10).clock.now()).await.usage();
    let calls = |name: &str| {
        usage
            .by_operation
            .iter()
            .filter(|(operation, _)| operation.ends_with(name))
            .map(|(_, count)| count)
            .sum::<u64>()
    };
    let environments = 3;
    assert!(calls("GetMetricData") <= 2 * environments, "{}", calls("GetMetricData"));
    assert!(calls("DescribeAlarmHistory") <= 2 * environments, "{}", calls("DescribeAlarmHistory"));
    assert_eq!(calls("GetCallerIdentity"), environments);
}

#[tokio::test]
async fn rows_that_are_hidden_from_the_wall_are_hidden_from_its_past() {
    let then = drill("uex-payments", Some("image-pull"), 7);
    let mut later = drill("uex-payments", Some("image-pull"), 27);
    later.config.display.hide = vec!["alarms".into(), "rds".into()];
    later.config.display.rows = vec!["ecs-capacity".into()];
    let rows = watchfloor::signals::rows::watched(signals::ALL, &later.config.display);
    let shown: Vec<_> = rows.iter().map(|signal| signal.id()).collect();
    let transport = connector::transport(Arc::new(later.endpoint()));
    let (pollers, _events) = Pollers::start(&later.config, &transport, &later.clock, &rows, 1);
    let (mut desk, mut answers) = Desk::new(&later.config, pollers.sessions().clone(), later.clock.clone());
    desk.ask(Question::Past(PastQuestion { at: then.clock.now() }));
    for _ in &later.config.environments {
        let Some(Answer::Past(told)) = answers.recv().await else { panic!("something else was told") };
        assert_eq!(told.at, then.clock.now());
        let rebuilt: Vec<_> = told.cells.iter().map(|(id, _)| *id).collect();
        assert_eq!(rebuilt, shown, "{:?}", told.env);
        assert!(told.cells.iter().all(|(_, outcome)| outcome.is_ok()), "{told:?}");
    }
    assert_eq!(shown[0].0, "ecs-capacity");
    assert!(shown.iter().all(|id| !["alarms", "rds"].contains(&id.0)));
}

/// The default scenario twenty minutes after it began.
fn status(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
    let drill = ["status", "--drill", "payments", "--elapsed", "20m", "--speed", "0"];
    let started = ["--started", "2026-11-20T03:20:00Z"];
    command.args(drill).args(started).args(arguments).env("HOME", "/nonexistent").output().unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\n', " ")
}

#[test]
fn the_command_tells_a_past_minute_and_marks_it() {
    let during = status(&["--at", "2026-11-20T03:12Z"]);
    assert_eq!(during.status.code(), Some(2), "{}", said(&during.stderr));
    let text = said(&during.stdout);
    assert!(text.contains("reconstructed") && text.contains("2026-11-20"), "{text}");
    let before = status(&["--at", "2026-11-20T03:00Z", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&before.stdout).unwrap();
    assert_eq!(report["reconstructed"], true);
    assert_eq!(report["generated_at"], "2026-11-20T03:00:00Z");
    assert!([Some(0), Some(3)].contains(&before.status.code()), "{:?}", before.status);
}

#[rstest::rstest]
#[case::future("2026-11-20T03:21Z", "in the future; it is 2026-11-20T03:20:00Z")]
#[case::older_than_any_minute("2026-09-17T03:00Z", "too long ago")]
#[case::not_a_time("yesterday", "2026-11-20T03:12Z")]
fn a_minute_that_cannot_be_told_is_a_usage_error_that_says_why(#[case] at: &str, #[case] why: &str) {
    let output = status(&["--at", at]);
    assert_eq!(output.status.code(), Some(64), "{}", said(&output.stderr));
    assert!(output.stdout.is_empty());
    assert!(said(&output.stderr).contains(why), "{}", said(&output.stderr));
}
