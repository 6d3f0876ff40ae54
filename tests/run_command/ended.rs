//! Signals, and a reader that leaves: no further step, what was begun is brought to a known end and written down.

use std::time::Duration;

use rstest::rstest;
use watchfloor::drill::fault_modes::FaultMode;
use watchfloor::model::record::Ending;
use watchfloor::model::{Entry, Record, Sent};

use crate::stage::{AFTER, BEFORE, Stage, applied, kinds, unresolved};

fn ending(records: &[Record]) -> Option<Ending> {
    records.iter().rev().find_map(|record| match record.entry {
        Entry::Closed { ending, .. } => Some(ending),
        _ => None,
    })
}

fn is_accepted(records: &[Record]) -> bool {
    records.iter().any(|record| matches!(&record.entry, Entry::Outcome { sent: Sent::Accepted { .. }, .. }))
}

#[rstest]
#[case("TERM", 143, "planning", 0, Ending::NotSent)]
#[case("HUP", 129, "rereading", 0, Ending::NotSent)]
#[case("TERM", 143, "sending", 1, Ending::Stopped)]
#[case("HUP", 129, "sending", 1, Ending::Stopped)]
#[case("INT", 130, "sending", 1, Ending::Stopped)]
#[case("TERM", 143, "waiting", 1, Ending::Stopped)]
#[case("HUP", 129, "verifying", 1, Ending::Stopped)]
fn a_signal_ends_it_in_order(
    #[case] signal: &str,
    #[case] code: i32,
    #[case] state: &str,
    #[case] sent: usize,
    #[case] ends: Ending,
) {
    let stage = Stage::new(300);
    let mut running = stage.start(&applied());
    assert!(running.reaches(state), "it never says {state}");
    running.signal(signal);
    let done = running.end();
    assert_eq!(done.code, Some(code), "{done:?}");
    let records = stage.records();
    let told = kinds(&records);
    assert_eq!((stage.mutations().len(), ending(&records)), (sent, Some(ends)), "{told:?}");
    assert_eq!(unresolved(&records), Vec::<String>::new(), "{told:?}");
    assert_eq!(is_accepted(&records), sent == 1, "{told:?}");
    assert_eq!(told.last().map(String::as_str), Some("disarmed"), "{told:?}");
    assert_eq!(stage.served_version(), if sent == 1 { AFTER } else { BEFORE });
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
}

/// Processor time of a process so far, in ticks of 10 ms.
fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn it_waits_for_the_answer_without_using_the_processor() {
    let stage = Stage::new(0);
    stage.fails_once("UpdateAlias", FaultMode::Slow(Duration::from_secs(3)));
    let mut running = stage.start(&applied());
    assert!(running.reaches("sending"));
    running.signal("HUP");
    running.signal("TERM");
    let before = ticks(running.child.id());
    std::thread::sleep(Duration::from_secs(1));
    let used = ticks(running.child.id()) - before;
    assert!(used < 25, "{used} ticks in a second");
    let done = running.end();
    assert!(done.code == Some(129) || done.code == Some(143), "{done:?}");
    assert!(is_accepted(&stage.records()));
    assert_eq!(ending(&stage.records()), Some(Ending::Stopped));
}

#[test]
fn a_signal_while_the_outcome_is_unknown_leaves_it_open_for_the_next_start() {
    let stage = Stage::new(100);
    stage.fails_once("UpdateAlias", FaultMode::RejectBefore);
    let mut running = stage.start(&applied());
    assert!(running.reaches("unknown"));
    running.signal("TERM");
    let done = running.end();
    assert_eq!(done.code, Some(143), "{done:?}");
    let records = stage.records();
    assert_eq!((unresolved(&records).len(), ending(&records)), (1, None));
    assert_eq!(stage.mutations().len(), 1);
}

#[rstest]
#[case("planning")]
#[case("rereading")]
#[case("sending")]
#[case("waiting")]
fn a_reader_that_leaves_stops_nothing(#[case] state: &str) {
    let stage = Stage::new(100);
    let mut running = stage.start(&applied());
    assert!(running.reaches(state), "it never says {state}");
    running.lines = None;
    let done = running.end();
    assert_eq!(done.code, Some(0), "{done:?}");
    let records = stage.records();
    assert_eq!((stage.mutations().len(), ending(&records)), (1, Some(Ending::Verified)), "{:?}", kinds(&records));
    assert!(is_accepted(&records) && unresolved(&records).is_empty());
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
}

#[test]
fn a_signal_is_heard_after_an_override_too() {
    let stage = Stage::new(300);
    let rule = "floor/payments-prod-payment-processing";
    let mut args = vec!["run", "lambda-concurrency", "--env", "prod", "--json", "--param", "reserved=60"];
    args.extend([
        "--param",
        "function=payments-prod-payment-processing",
        "--override",
        rule,
        "--reason",
        "an exercise",
    ]);
    args.extend(["--confirm", "prod payments-prod-payment-processing 60"]);
    let mut running = stage.start(&args);
    assert!(running.reaches("sending"), "it never says sending");
    running.signal("TERM");
    let done = running.end();
    assert_eq!(done.code, Some(143), "{done:?}");
    let records = stage.records();
    assert_eq!((stage.mutations().len(), ending(&records)), (1, Some(Ending::Stopped)), "{:?}", kinds(&records));
}
