//! In every scenario of every estate the timeline names the true cause within its first three entries.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use watchfloor::cli::report::gather;
use watchfloor::cli::report::incident::EnvironmentStory;
use watchfloor::drill::scenario::{Cause, CauseKind, Scenario};
use watchfloor::drill::{Drill, DrillOptions, connector, estate, scenario};

const BEGAN: &str = "2026-11-21T03:04:00Z";
/// Seconds that the operator takes to look after the first alarm.
const LOOKS_AFTER_S: i64 = 120;

/// Every scenario with a cause.
fn all() -> Vec<(&'static str, &'static str, Scenario, Cause)> {
    let mut all = Vec::new();
    for name in estate::names() {
        let estate = estate::load(name).unwrap();
        for scenario in scenario::names(name) {
            let loaded = scenario::load(&estate, Some(scenario)).unwrap();
            if let Some(cause) = loaded.cause.clone() {
                all.push((name, scenario, loaded, cause));
            }
        }
    }
    all
}

/// The time at which someone looks: shortly after the first alarm of the environment must have gone off.
fn looked_at_s(scenario: &Scenario, cause: &Cause) -> i64 {
    let alarms = scenario.expect.iter().filter(|expect| expect.environment == cause.environment);
    let first = alarms.map(|expect| expect.to_s).min();
    first.unwrap_or(cause.at_s) + LOOKS_AFTER_S
}

async fn story(estate: &str, name: &str, second: i64, environment: &str) -> EnvironmentStory {
    let began: Timestamp = BEGAN.parse().unwrap();
    let options = DrillOptions {
        scenario: Some(name.to_owned()),
        speed: 0.0,
        elapsed: Duration::from_secs(u64::try_from(second).unwrap()),
        ..DrillOptions::new(estate, began + SignedDuration::from_secs(second))
    };
    let drill = Drill::open(&options).unwrap();
    let transport = connector::transport(Arc::new(drill.endpoint()));
    let (hours, patience) = (SignedDuration::from_hours(2), Duration::from_secs(60));
    let incident = gather::incident(&drill.config, &transport, &drill.clock, 1, hours, patience).await;
    incident.environments.into_iter().find(|story| story.environment.name == environment).unwrap()
}

/// The first three entries of the timeline: what could not be read stands before what changed.
fn first_three(story: &EnvironmentStory) -> Vec<(String, String)> {
    let unread = story.unread.iter().filter(|(what, _)| *what == "everything");
    let unread = unread.map(|(_, fault)| (String::new(), format!("{} {}", fault.kind.word(), fault)));
    let suspects = story.suspects.iter().map(|suspect| {
        let change = &suspect.change;
        let names = [&change.resource, &change.arn].into_iter().chain(&change.touches);
        let names = names.map(|name| name.to_string()).collect::<Vec<_>>().join(" ");
        let words = [&change.resource, &change.summary, &change.before, &change.after, &change.reason];
        (names, words.map(|words| words.to_string()).join(" | "))
    });
    unread.chain(suspects).take(3).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_true_cause_stands_within_the_first_three() {
    let mut missed = Vec::new();
    let scenarios = all();
    assert!(scenarios.len() >= 6);
    for (estate, name, scenario, cause) in scenarios {
        let second = looked_at_s(&scenario, &cause);
        let story = story(estate, name, second, &cause.environment).await;
        let entries = first_three(&story);
        let says = cause.says.to_lowercase();
        let named = |(names, words): &(String, String)| {
            let connection = cause.kind == CauseKind::Connection;
            (connection || names.contains(&cause.resource)) && words.to_lowercase().contains(&says)
        };
        if !entries.iter().any(named) {
            let onset = story.onset.map(|at| at.to_string());
            let found: Vec<String> = entries.into_iter().map(|(names, words)| format!("  {names}: {words}")).collect();
            let unread: Vec<String> = story.unread.iter().map(|(what, fault)| format!("  {what}: {fault}")).collect();
            missed.push(format!(
                "{estate}/{name} at {second} s (red since {onset:?}) wants {} {:?} {:?}:\n{}\n unread:\n{}",
                cause.environment,
                cause.resource,
                cause.says,
                found.join("\n"),
                unread.join("\n")
            ));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}
