//! SIGKILL at every state and at random moments: the next start tells what is open, finds out by reading, and nothing is
//! ever sent twice.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::Value as Json;
use watchfloor::drill::fault_modes::FaultMode;
use watchfloor::model::{Entry, Record, Sent};
use watchfloor::runbook::audit::{Author, Files, Ledger, Log};
use watchfloor::runbook::lock::{Claim, Locks, Owner};

use crate::stage::{AFTER, Done, Stage, applied, records_in, rollback, unresolved};

/// Runs at once: each has a drill and a program.
const AT_ONCE: usize = 4;
/// Random moments.
const MOMENTS: usize = 24;
/// A run takes no longer than this, from its start to its end.
const WHOLE_MS: u64 = 2400;

/// What a start says of earlier intents: run, and whether it is resolved.
fn earlier(done: &Done) -> Vec<(String, bool)> {
    let lines = done.lines();
    let first = lines.iter().take_while(|line| !line["earlier"].is_null());
    let told = first.map(|line| (line["earlier"].as_str().unwrap().to_owned(), line["resolved"] == Json::Bool(true)));
    let told: Vec<_> = told.collect();
    assert!(lines.iter().skip(told.len()).all(|line| line["earlier"].is_null()), "they come first: {done:?}");
    told
}

/// The same records, as if they were two minutes older.
fn older(records: &[Record], folder: &Path) {
    let log = Log::open(Files::new(folder, Ledger::Real));
    for record in records {
        let author = Author {
            principal: record.principal.clone(),
            operator: record.operator.clone(),
            console: record.console.clone(),
        };
        log.append(record.entry.clone(), &author, record.at - SignedDuration::from_mins(2)).unwrap();
    }
}

fn resolutions(records: &[Record]) -> Vec<bool> {
    let applied = |record: &Record| match &record.entry {
        Entry::Resolved { applied, by_person: false, .. } => Some(*applied),
        _ => None,
    };
    records.iter().filter_map(applied).collect()
}

/// After the program was killed: everything that must hold, whenever that was.
fn holds_afterwards(stage: &Stage, when: &str) {
    let sent = stage.mutations().len();
    assert!(sent <= 1, "{when}: {:?}", stage.mutations());
    let verified = stage.done(&["audit", "verify"]);
    let written = stage.state().join("audit.jsonl").exists();
    assert_eq!(verified.code, Some(if written { 0 } else { 66 }), "{when}: {verified:?}");
    let records = stage.records();
    let open = unresolved(&records);
    assert!(sent == 0 || has_intent(&records), "{when}: sent without an intent");
    let is_applied = stage.served_version() == AFTER;

    let next = stage.done(&applied());
    let told = earlier(&next);
    assert_eq!(told.iter().map(|(run, _)| run.clone()).collect::<Vec<_>>(), open, "{when}: {next:?}");
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0), "{when}");
    if open.is_empty() {
        // What was not begun is begun by this start, what was done is not done again.
        assert_eq!(next.code, Some(if is_applied { 3 } else { 0 }), "{when}: {next:?}");
        assert_eq!((stage.mutations().len(), stage.served_version().as_str()), (1, AFTER), "{when}: {next:?}");
        return;
    }
    assert_eq!(stage.mutations().len(), sent, "{when}: only readings resolve: {next:?}");
    assert_eq!(next.code, Some(3), "{when}: {next:?}");
    let resolved = resolutions(&stage.records());
    if is_applied {
        assert_eq!((resolved, told[0].1), (vec![true], true), "{when}: {next:?}");
        return;
    }
    // AWS answers late at times: for a minute, a target that reads as before proves nothing.
    assert_eq!((resolved, told[0].1), (vec![], false), "{when}: {next:?}");
    assert!(next.out.contains("unknown-outcome/"), "{when}: {next:?}");
    let later = stage.folder.path().join("later");
    older(&stage.records(), &later.join("watchfloor"));
    let args = rollback(&["--confirm", "not this", "--json"]);
    let next = Done::of(&stage.program_in(&later, &args).output().unwrap());
    assert_eq!(earlier(&next), [(open[0].clone(), true)], "{when}: {next:?}");
    assert_eq!(resolutions(&records_in(&later.join("watchfloor"))), [false], "{when}");
    assert_eq!(stage.mutations().len(), sent, "{when}: only readings resolve");
    let verified = Done::of(&stage.program_in(&later, &["audit", "verify"]).output().unwrap());
    assert_eq!(verified.code, Some(0), "{when}: {verified:?}");
}

fn has_intent(records: &[Record]) -> bool {
    records.iter().any(|record| matches!(record.entry, Entry::Intent { .. }))
}

#[rstest]
#[case("planning")]
#[case("ready")]
#[case("locking")]
#[case("recording")]
#[case("rereading")]
#[case("sending")]
#[case("waiting")]
#[case("verifying")]
#[case("closed")]
fn killed_at_a_state(#[case] state: &str) {
    let stage = Stage::new(200);
    let mut running = stage.start(&applied());
    assert!(running.reaches(state), "it never says {state}");
    running.kill();
    holds_afterwards(&stage, state);
}

#[rstest]
#[case::carried_out(FaultMode::CommitThenCut, true)]
#[case::carried_out_with_an_error(FaultMode::CommitThen500, true)]
#[case::not_carried_out(FaultMode::RejectBefore, false)]
fn killed_while_the_outcome_is_unknown(#[case] mode: FaultMode, #[case] is_applied: bool) {
    let stage = Stage::new(100);
    stage.fails_once("UpdateAlias", mode);
    let mut running = stage.start(&applied());
    assert!(running.reaches("unknown"), "it never says unknown");
    running.kill();
    assert_eq!((stage.served_version() == AFTER, stage.mutations().len()), (is_applied, 1));
    holds_afterwards(&stage, "unknown");
}

#[test]
fn killed_when_the_request_is_out_and_the_answer_is_not_back() {
    let stage = Stage::new(0);
    // It is carried out at once; only its answer can still be on its way.
    let mut running = stage.start(&applied());
    assert!(running.reaches("rereading"));
    while stage.mutations().is_empty() && running.child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    running.kill();
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    holds_afterwards(&stage, "out");
}

const ARN: &str = "arn:aws:lambda:us-east-1:333333333333:function:payments-prod-payment-processing";

/// The lock of the function, taken by a run of a process.
fn locked_by(stage: &Stage, run: &str, owner: Owner) {
    let now = Timestamp::now();
    let claim = Claim {
        arn: ARN.into(),
        holder: "kim@desk".into(),
        run: run.into(),
        reason: "lambda-alias-rollback".into(),
        until: now + SignedDuration::from_mins(20),
    };
    Locks::open(&stage.state(), owner, false).take(&claim, now, true).unwrap();
}

/// A process that is not there any more.
fn gone() -> Owner {
    Owner { began: Some(0), ..Owner::this() }
}

#[test]
fn the_lock_of_a_process_that_was_killed_before_it_sent_holds_nobody_up() {
    let stage = Stage::new(0);
    locked_by(&stage, "r-1", gone());
    let next = stage.done(&applied());
    assert_eq!((next.code, stage.mutations().len()), (Some(0), 1), "{next:?}");
}

#[test]
fn the_lock_of_a_living_process_holds() {
    let stage = Stage::new(0);
    locked_by(&stage, "r-1", Owner::this());
    let next = stage.done(&applied());
    assert_eq!((next.code, stage.mutations().len()), (Some(3), 0), "{next:?}");
    assert!(next.out.contains("lock/payments-prod-payment-processing"), "{next:?}");
}

#[test]
fn the_lock_of_a_killed_process_holds_while_what_it_sent_may_be_under_way() {
    let stage = Stage::new(200);
    let mut running = stage.start(&applied());
    assert!(running.reaches("verifying"));
    running.kill();
    let accepted = stage.records().into_iter().find_map(|record| match record.entry {
        Entry::Outcome { run, sent: Sent::Accepted { .. }, .. } => Some(run),
        _ => None,
    });
    let locks = Locks::open(&stage.state(), Owner::this(), false);
    assert_eq!(locks.left_behind(ARN), Some(accepted.expect("AWS accepted it")));
    let function = "function=payments-prod-payment-processing";
    let phrase = "prod payments-prod-payment-processing 40";
    let args = ["run", "lambda-alias-rollback", "--env", "prod", "--param", function, "--param", "to=40", "--confirm"];
    let next = stage.done(&[&args[..], &[phrase, "--json"]].concat());
    assert_eq!((next.code, stage.mutations().len()), (Some(3), 1), "{next:?}");
    assert!(next.out.contains("lock/payments-prod-payment-processing"), "{next:?}");
}

#[test]
fn killed_at_random_moments() {
    let mut random = fastrand::Rng::with_seed(20_261_121);
    let moments: Vec<u64> = (0..MOMENTS).map(|_| random.u64(0..WHOLE_MS)).collect();
    let left = Mutex::new(moments);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(moment) = left.lock().unwrap().pop() else { break };
                    let stage = Stage::new(150);
                    let running = stage.start(&applied());
                    std::thread::sleep(Duration::from_millis(moment));
                    running.kill();
                    holds_afterwards(&stage, &format!("after {moment} ms"));
                }
            });
        }
    });
}

#[test]
fn a_line_that_was_not_finished_is_told_and_kept() {
    let stage = Stage::new(0);
    assert_eq!(stage.done(&applied()).code, Some(0));
    let path = stage.state().join("audit.jsonl");
    let mut content = std::fs::read(&path).unwrap();
    content.extend(b"{\"seq\":99,\"at\":\"2026-");
    std::fs::write(&path, &content).unwrap();
    let verified = stage.done(&["audit", "verify"]);
    assert!(verified.code == Some(0) && verified.out.contains("note"), "{verified:?}");
    // The next record says what was found; the bytes stay.
    assert_eq!(stage.done(&applied()).code, Some(3));
    let after = std::fs::read(&path).unwrap();
    assert!(after.starts_with(&content));
    assert!(crate::stage::kinds(&stage.records()).contains(&"torn".to_owned()));
    let verified = stage.done(&["audit", "verify"]);
    assert!(verified.code == Some(0) && verified.out.contains("note"), "{verified:?}");
}
