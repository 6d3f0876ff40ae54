//! The wall rebuilt of a past minute is the wall that was shown at that minute, or it says that it does not know.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::model::{Datum, Reading, Severity};
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

/// What differs although both sides are sure, and how many resources were known and how many were not.
fn compare(then: &Wall, past: &Wall) -> (Vec<String>, usize, usize) {
    let (mut wrong, mut sure, mut unknown) = (Vec::new(), 0, 0);
    for (live, rebuilt) in then.environments.iter().zip(&past.environments) {
        for ((id, live_cell), (_, past_cell)) in live.cells.iter().zip(&rebuilt.cells) {
            let place = format!("{} {} {id}", past.at, live.environment.name);
            let (Datum::Live { value: was, .. }, Datum::Live { value: is, .. }) = (live_cell, past_cell) else {
                unknown += 1;
                if past_cell.fault().is_none() {
                    wrong.push(format!("{place}: neither known nor said why: {past_cell:?}"));
                }
                continue;
            };
            let known = is.severity != Severity::Unknown;
            if known && (was.severity, &was.headline) != (is.severity, &is.headline) {
                wrong
                    .push(format!("{place}: {} {} became {} {}", was.severity, was.headline, is.severity, is.headline));
            }
            let (more_wrong, more_sure, more_unknown) = resources(&place, was, is);
            wrong.extend(more_wrong);
            sure += more_sure;
            unknown += more_unknown;
        }
    }
    (wrong, sure, unknown)
}

fn resources(place: &str, was: &Reading, is: &Reading) -> (Vec<String>, usize, usize) {
    let (mut wrong, mut sure, mut unknown) = (Vec::new(), 0, 0);
    for past in &is.resources {
        let Some(live) = was.resources.iter().find(|live| live.name == past.name) else {
            wrong.push(format!("{place}: {} was not there", past.name));
            continue;
        };
        if past.severity == live.severity {
            sure += 1;
        } else if past.severity == Severity::Unknown {
            unknown += 1;
            if past.headline.is_empty() {
                wrong.push(format!("{place}: {} does not say why it is unknown", past.name));
            }
        } else {
            wrong.push(format!("{place}: {} was {} and became {}", past.name, live.severity, past.severity));
        }
    }
    (wrong, sure, unknown)
}

#[rstest::rstest]
#[case::functions("payments", None)]
#[case::containers("uex-payments", None)]
#[tokio::test]
async fn a_past_minute_is_told_as_it_was_shown(#[case] estate: &str, #[case] scenario: Option<&str>) {
    for minute in [0, 7, 13, 24] {
        let then = drill(estate, scenario, minute);
        let later = drill(estate, scenario, minute + 20);
        let at = then.clock.now();
        let (wrong, sure, unknown) = compare(&shown(&then).await, &rebuilt(&later, at).await);
        assert!(wrong.is_empty(), "{estate} minute {minute}:\n{}", wrong.join("\n"));
        assert!(sure > 2 * unknown, "{estate} minute {minute}: {sure} known, {unknown} not");
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
