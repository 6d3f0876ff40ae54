//! Texts from outside are inert: in the records, in what is said, and in what is sent.

use std::fs;

use tokio::sync::mpsc;
use watchfloor::model::record::Ending;
use watchfloor::model::{Entry, Value};
use watchfloor::runbook::machine::Phase;

use crate::case::assert_verified;
use crate::stage::{Stage, drive, ending, phrase, quiet, yes};

/// Clears the screen, sets a title, turns the text round, hides a part, and begins a new line of records.
const EVIL: &str = "x\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}drawkcab\u{2066}\u{200b}\u{feff}\r\n{\"seq\":1}\0";

fn is_inert(text: &str) -> bool {
    !text.chars().any(|c| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    })
}

#[tokio::test(start_paused = true)]
async fn a_reason_is_inert_in_the_records() {
    assert!(!is_inert(EVIL));
    let stage = Stage::bad_deploy();
    stage.station.arm(stage.env).await.unwrap();
    let run = stage.rollback().await;
    let (commands, receiver) = mpsc::channel(8);
    let reason = format!("{EVIL}{}", "long ".repeat(2_000));
    let said = std::sync::Mutex::new(false);
    let tell = move |run: &watchfloor::runbook::machine::Run| {
        if run.phase == Phase::Ready && run.situation.is_some() && !std::mem::replace(&mut *said.lock().unwrap(), true)
        {
            for event in yes(run, &phrase(run), &reason) {
                commands.try_send(event).unwrap();
            }
        }
    };
    let run = drive(std::sync::Arc::clone(&stage.station), stage.env, run, receiver, tell).await;
    assert_verified(&run);
    let file = fs::read_to_string(stage.files.current()).unwrap();
    assert!(is_inert(&file));
    // What JSON would write as an escape is not there either.
    assert!(!file.contains("\\u001b") && !file.contains("\\u0007") && !file.contains("\\u0000"));
    assert_eq!(file.lines().count(), stage.records().len(), "no line was smuggled in");
    let reason = stage.records().into_iter().find_map(|record| match record.entry {
        Entry::Intent { reason, .. } => Some(reason),
        _ => None,
    });
    assert!(reason.is_some_and(|reason| is_inert(&reason) && reason.contains("drawkcab")));
    assert_eq!(stage.station.broken(), None);
}

#[tokio::test(start_paused = true)]
async fn a_parameter_never_becomes_another_request() {
    let long = "9".repeat(10_000);
    for to in [EVIL, "42/../../x", "$LATEST", "42\n", "-1", long.as_str()] {
        let stage = Stage::bad_deploy();
        let run = stage.run("lambda-alias-rollback", "payment-processing", &[("to", Value::from(to))]).await;
        let run = stage.carry_out(run, quiet).await;
        let says = format!("{:?} {:?} {:?}", run.ending, run.no_plan, run.verdicts);
        if to == "42\n" {
            // The text is cleaned where it comes in: this is version 42.
            assert_verified(&run);
            continue;
        }
        assert_eq!(ending(&run), Some(Ending::NotSent), "{to:?} {says}");
        assert!(stage.mutations().is_empty(), "{to:?}");
        assert!(is_inert(&fs::read_to_string(stage.files.current()).unwrap()), "{to:?}");
    }
}
