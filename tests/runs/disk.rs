//! Records that cannot be written: no change without an intent, and no outcome that is forgotten.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use watchfloor::guard::Guard;
use watchfloor::model::record::Ending;
use watchfloor::runbook::audit::Files;
use watchfloor::runbook::machine::{Event, Phase, Run};

use crate::case::assert_verified;
use crate::stage::{Stage, ending, once_in, quiet, refused_by};

/// Nothing can be written any more, whoever asks: also root could not.
fn block(files: &Files) {
    fs::remove_file(files.lock()).unwrap();
    fs::create_dir(files.lock()).unwrap();
}

/// It can again.
fn unblock(files: &Files) {
    fs::remove_dir(files.lock()).unwrap();
}

#[tokio::test(start_paused = true)]
async fn records_that_cannot_be_written_arm_nothing() {
    let stage = Stage::bad_deploy();
    fs::create_dir(stage.files.current()).unwrap();
    assert!(stage.station.arm(stage.env).await.is_err());
    let run = stage.rollback().await;
    let run = stage.let_go(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::NotSent));
    assert!(refused_by(&run, Guard::ReadOnly) && refused_by(&run, Guard::Tamper), "{:?}", run.verdicts);
    assert!(stage.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_an_intent_on_disk_nothing_is_sent() {
    let stage = Stage::bad_deploy();
    let files = stage.files.clone();
    let run = stage.rollback().await;
    let run = stage.carry_out(run, once_in(Phase::Locking, move || block(&files))).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Intent), "{:?}", run.verdicts);
    assert!(run.unwritten.is_some(), "it is shown");
    assert!(stage.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_outcome_that_cannot_be_written_is_shown_and_tried_again() {
    let stage = Stage::bad_deploy();
    let (files, shown, open) = (stage.files.clone(), Arc::new(AtomicBool::new(false)), AtomicBool::new(true));
    let seen = Arc::clone(&shown);
    let decide = move |run: &Run| {
        if run.phase == Phase::Sending && open.swap(false, Ordering::SeqCst) {
            block(&files);
        }
        if run.unwritten.is_some() && run.phase == Phase::Verifying && !seen.swap(true, Ordering::SeqCst) {
            unblock(&files);
        }
        None
    };
    let run = stage.rollback().await;
    let run = stage.carry_out(run, decide).await;
    assert!(shown.load(Ordering::SeqCst), "it was shown");
    assert_verified(&run);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "closed"]);
    assert_eq!(stage.station.broken(), None);
}

#[tokio::test(start_paused = true)]
async fn what_happened_is_tried_to_be_written_as_long_as_the_console_lives() {
    for (waits, written) in [(200, true), (200, false)] {
        let stage = Stage::bad_deploy();
        let (files, open, over) = (stage.files.clone(), AtomicBool::new(true), AtomicU32::new(0));
        let decide = move |run: &Run| {
            if run.phase == Phase::Sending && open.swap(false, Ordering::SeqCst) {
                block(&files);
            }
            let told = over.fetch_add(u32::from(run.phase == Phase::Closed), Ordering::SeqCst);
            if told == waits {
                assert!(run.unwritten.is_some(), "it is shown all the time");
                match written {
                    true => unblock(&files),
                    false => return Some(Event::Hangup("the operator left".into())),
                }
            }
            None
        };
        let run = stage.rollback().await;
        let run = stage.carry_out(run, decide).await;
        assert_eq!(ending(&run), Some(Ending::Verified), "{:?}", run.ending);
        assert_eq!(run.unwritten.is_none(), written, "{:?}", run.unwritten);
        assert_eq!(stage.mutations(), ["UpdateAlias"]);
        let all = ["armed", "intent", "outcome", "closed"];
        assert_eq!(stage.order(), if written { &all[..] } else { &all[..2] });
    }
}
