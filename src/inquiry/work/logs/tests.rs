//! Reading a log against CloudWatch Logs as it answers on bad days.
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::*;
use crate::base::Clock;
use crate::changes::Memory;
use crate::config::Config;
use crate::inquiry::logs::LogSource;
use crate::model::{EnvId, SignalId};
use crate::poll::sessions::Sessions;
use crate::signals::testing::minute;
use crate::signals::testing::wire::{self, Answer as Wire, Call, Calls};

const GROUP: &str = "/aws/lambda/pay";

fn event(id: &str, second: i64, message: &str) -> Value {
    json!({"eventId": id, "timestamp": minute(990).as_millisecond() + second * 1000, "message": message})
}

fn events(events: &[Value], next: Option<&str>) -> Wire {
    Ok(json!({"events": events, "nextToken": next}))
}

/// Starts to read; where the answers arrive and which calls are made.
async fn read(
    pattern: &str,
    answer: impl Fn(usize, &Call) -> Wire + Send + Sync + 'static,
) -> (mpsc::Receiver<Answer>, Calls) {
    let number = std::sync::atomic::AtomicUsize::new(0);
    let next = move || number.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    let (session, calls) = wire::session(move |call| answer(next(), call)).await;
    let sessions = Sessions::default();
    sessions.connected(EnvId(0), Arc::new(session));
    let (answers, receiver) = mpsc::channel(64);
    let room = Room {
        sessions,
        config: Arc::new(Config::default()),
        environments: Vec::new().into(),
        manifests: Default::default(),
        memory: Memory::default(),
        clock: Clock::frozen(minute(1000)),
        answers,
    };
    let source =
        LogSource { env: EnvId(0), signal: SignalId("lambda-errors"), name: "pay".into(), detail: Text::default() };
    let asked = LogsAsked {
        source,
        group: Some(GROUP.into()),
        pattern: pattern.into(),
        from: minute(985),
        known: vec![(minute(990), "known".into())],
        number: 7,
    };
    tokio::spawn(work(asked, room));
    (receiver, calls)
}

fn part(answer: Answer) -> LogsPart {
    let Answer::Logs(answer) = answer else { panic!("{answer:?}") };
    assert_eq!(answer.number, 7);
    answer.part
}

/// What was told up to the `times`-th time that everything has been read, or to the end: lines, and faults as words.
async fn told(receiver: &mut mpsc::Receiver<Answer>, times: usize) -> (Vec<String>, Vec<Fault>) {
    let (mut lines, mut faults, mut caught_up) = (Vec::new(), Vec::new(), 0);
    while caught_up < times
        && let Some(answer) = receiver.recv().await
    {
        match part(answer) {
            LogsPart::Lines { lines: more, .. } => lines.extend(more.iter().map(|line| line.text.to_string())),
            LogsPart::Fault(fault) | LogsPart::Refused(fault) => faults.push(fault),
            LogsPart::CaughtUp => caught_up += 1,
            LogsPart::Began => {}
            LogsPart::Groups(groups) => panic!("{groups:?}"),
        }
    }
    (lines, faults)
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_is_not_the_end_and_not_a_reason_to_skip() {
    let (mut receiver, calls) = read("ERROR", |number, call| {
        let token = call.get("nextToken");
        assert_eq!(token, (number > 0).then(|| format!("page-{number}")), "tokens are handed on");
        match number {
            0..100 => events(&[], Some(&format!("page-{}", number + 1))),
            _ => events(&[event("a", 1, "ERROR found after all")], None),
        }
    })
    .await;
    assert_eq!(told(&mut receiver, 1).await, (vec!["ERROR found after all".to_owned()], vec![]));
    let all = calls.all();
    assert!(all.iter().all(|call| call.get("filterPattern").as_deref() == Some("ERROR")));
    let start = minute(985).as_millisecond().to_string();
    assert!(all.iter().all(|call| call.get("startTime").as_ref() == Some(&start)));
}

#[tokio::test(start_paused = true)]
async fn every_event_is_one_line_in_the_order_of_time() {
    let (mut receiver, calls) = read("", |number, _| match number {
        0 => events(&[event("c", 3, "third"), event("a", 1, "first"), event("b", 2, "second")], Some("more")),
        1 => events(&[event("c", 3, "third"), event("d", 3, "third")], None),
        _ => events(&[event("b", 2, "second"), event("d", 3, "third"), event("e", 4, "\u{1b}[31mlast\r\n")], None),
    })
    .await;
    let (lines, faults) = told(&mut receiver, 3).await;
    assert_eq!(lines, ["first", "second", "third", "third", "[31mlast"]);
    assert_eq!(faults, []);
    let starts: Vec<Option<String>> = calls.all().iter().map(|call| call.get("startTime")).collect();
    let overlap = (minute(990).as_millisecond() + 3_000 - 30_000).to_string();
    assert_eq!(starts[2], Some(overlap), "late events are still met");
    assert!(calls.all().iter().all(|call| call.get("filterPattern").is_none()), "no pattern is not an empty one");
}

#[tokio::test(start_paused = true)]
async fn throttled_reading_waits_and_goes_on() {
    let (mut receiver, _) = read("", |number, _| match number {
        0 => events(&[event("a", 1, "before")], Some("next")),
        1..9 => Err((400, "ThrottlingException")),
        _ => events(&[event("a", 1, "before"), event("b", 2, "after")], None),
    })
    .await;
    let began = tokio::time::Instant::now();
    let (lines, faults) = told(&mut receiver, 1).await;
    assert_eq!(lines, ["before", "after"], "nothing is lost and nothing comes twice");
    assert!(!faults.is_empty() && faults.iter().all(|fault| fault.kind == FaultKind::Throttled), "{faults:?}");
    let waited: std::time::Duration =
        std::iter::successors(Some(longer(EVERY)), |wait| Some(longer(*wait))).take(faults.len()).sum();
    assert!(began.elapsed() >= waited, "{:?} after {} faults", began.elapsed(), faults.len());
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_say_so_and_new_ones_go_on() {
    let (mut receiver, _) = read("", |number, _| match number {
        0 => Err((400, "ExpiredTokenException")),
        _ => events(&[event("a", 1, "signed in again")], None),
    })
    .await;
    let (lines, faults) = told(&mut receiver, 1).await;
    assert_eq!((faults.len(), faults[0].kind), (1, FaultKind::Expired));
    assert!(faults[0].remedy.is_some(), "{:?}", faults[0]);
    assert_eq!(lines, ["signed in again"]);
}

#[rstest::rstest]
#[case::gone("ResourceNotFoundException", "", &["/aws/lambda/pay", "us-east-1", "payments/prod", "check its name"])]
#[case::denied("AccessDeniedException", "", &["AccessDenied", "permission for FilterLogEvents"])]
#[case::bad_name("InvalidParameterException", "", &["/aws/lambda/pay is no name", "as the test wants"])]
#[case::bad_pattern("InvalidParameterException", "{ $.a", &["filter pattern `{ $.a`", "as the test wants", "$.status"])]
#[tokio::test(start_paused = true)]
async fn what_cannot_get_better_is_said_once_and_ends(
    #[case] code: &'static str,
    #[case] pattern: &str,
    #[case] words: &[&str],
) {
    let (mut receiver, calls) = read(pattern, move |_, _| Err((400, code))).await;
    let answer = part(receiver.recv().await.unwrap());
    let fault = match (answer, pattern.is_empty()) {
        (LogsPart::Fault(fault), true) | (LogsPart::Refused(fault), false) => fault,
        (other, _) => panic!("{other:?}"),
    };
    let said = fault.to_string();
    assert!(words.iter().all(|word| said.contains(word)), "{said}");
    assert!(receiver.recv().await.is_none() && calls.count("FilterLogEvents") == 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_token_that_is_refused_begins_the_look_again() {
    let (mut receiver, _) = read("ERROR", |number, call| match (number, call.get("nextToken")) {
        (0, None) => events(&[event("a", 1, "first")], Some("old")),
        (1, Some(_)) => Err((400, "InvalidParameterException")),
        (_, token) => {
            assert_eq!(token, None);
            events(&[event("a", 1, "first"), event("b", 2, "second")], None)
        }
    })
    .await;
    let (lines, faults) = told(&mut receiver, 1).await;
    assert_eq!((lines, faults.len()), (vec!["first".to_owned(), "second".to_owned()], 1));
}

#[tokio::test(start_paused = true)]
async fn what_is_known_already_is_not_told_again() {
    let (mut receiver, _) = read("", |_, _| events(&[event("known", 0, "old"), event("new", 0, "new")], None)).await;
    assert_eq!(told(&mut receiver, 1).await, (vec!["new".to_owned()], vec![]));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_late_into_what_was_read_is_still_told() {
    let (mut receiver, _) = read("", |number, _| match number {
        0 => events(&[event("a", 1, "first"), event("b", 20, "second")], None),
        _ => events(&[event("a", 1, "first"), event("late", 5, "late"), event("b", 20, "second")], None),
    })
    .await;
    assert_eq!(told(&mut receiver, 3).await.0, ["first", "second", "late"]);
}

/// Ten thousand lines in every second up to now, in pages as large as CloudWatch's.
fn burst(call: &Call) -> Wire {
    let from: i64 = call.get("startTime").unwrap().parse().unwrap();
    let first = call.get("nextToken").map_or(from, |token| token.parse().unwrap());
    let now = minute(1000).as_millisecond();
    let lines = (first..now).flat_map(|at| (0..10).map(move |line| (at, line))).take(10_000);
    let all: Vec<Value> = lines
        .map(|(at, line)| json!({"eventId": format!("{at}-{line}"), "timestamp": at, "message": "again and again"}))
        .collect();
    let next = first + i64::try_from(all.len()).unwrap() / 10;
    events(&all, (next < now).then(|| next.to_string()).as_deref())
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_bounded_and_what_is_left_out_is_said() {
    let (mut receiver, calls) = read("", |_, call| burst(call)).await;
    // Nobody takes the lines: reading waits.
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    assert!((1..8).contains(&calls.count("FilterLogEvents")), "{}", calls.count("FilterLogEvents"));
    let (mut told, mut skipped, mut caught_up) = (0, 0, false);
    while skipped == 0 || !caught_up {
        match part(receiver.recv().await.unwrap()) {
            LogsPart::Lines { lines, skipped_s } => {
                told += lines.len() as u64;
                skipped += skipped_s;
            }
            LogsPart::CaughtUp => caught_up = true,
            LogsPart::Began => {}
            other => panic!("{other:?}"),
        }
    }
    let seconds = 15 * 60 - told / 10_000;
    assert!((seconds..=seconds + 1).contains(&skipped), "{told} lines and {skipped} s");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_never_ends_is_a_fault() {
    let (mut receiver, calls) = read("", |number, _| match number {
        0 | 1 => events(&[], Some("same")),
        _ => events(&[event("a", 1, "works again")], None),
    })
    .await;
    let (lines, faults) = told(&mut receiver, 1).await;
    assert_eq!((lines.len(), faults.len()), (1, 1), "{faults:?}");
    assert_eq!(calls.count("FilterLogEvents"), 3);
}
