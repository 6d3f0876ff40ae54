//! Records that cannot be written while something was sent: tried again until they can, or until somebody ends it.

use std::fs;
use std::time::Duration;

use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::runbook::audit::{Files, Ledger};

use crate::stage::{Running, Stage, applied, kinds, unresolved};

/// A run that is over, of which the outcome could not be written.
fn over_but_not_on_record(stage: &Stage) -> Running {
    stage.endpoint.rules().add(Rule::all(FaultMode::Slow(Duration::from_secs(2))).operation("UpdateAlias"));
    let mut running = stage.start(&applied());
    assert!(running.reaches("sending"));
    let lock = Files::new(stage.state(), Ledger::Real).lock();
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert!(running.reaches("closed"));
    running
}

fn unblock(stage: &Stage) {
    fs::remove_dir(Files::new(stage.state(), Ledger::Real).lock()).unwrap();
}

#[test]
fn an_outcome_is_tried_to_be_written_until_it_can() {
    let stage = Stage::new(0);
    let running = over_but_not_on_record(&stage);
    unblock(&stage);
    let done = running.end();
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.lines().pop().unwrap()["unwritten"], serde_json::Value::Null, "{done:?}");
    let kinds: Vec<String> = kinds(&stage.records()).into_iter().filter(|kind| kind != "observed").collect();
    assert_eq!(kinds, ["armed", "intent", "outcome", "closed", "disarmed"]);
}

#[test]
fn a_signal_ends_the_tries_and_the_next_start_reads_back() {
    let stage = Stage::new(0);
    let running = over_but_not_on_record(&stage);
    running.signal("TERM");
    let done = running.end();
    assert_eq!(done.code, Some(143), "{done:?}");
    assert!(done.err.contains("are not complete"), "{done:?}");
    assert_eq!(unresolved(&stage.records()).len(), 1);
    unblock(&stage);
    let next = stage.done(&applied());
    assert!(next.out.contains("\"earlier\"") && unresolved(&stage.records()).is_empty(), "{next:?}");
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
}
