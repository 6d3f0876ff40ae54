//! An outcome that nobody knows: told in one form, read again by every start, decided by a person where reading cannot.

use watchfloor::drill::fault_modes::FaultMode;
use watchfloor::model::Entry;

use crate::stage::{AFTER, PHRASE, Stage, rollback, unresolved};

fn told(out: &str) -> Vec<&str> {
    out.lines().filter(|line| line.starts_with("UNKNOWN  sent ")).collect()
}

#[test]
fn what_is_unknown_is_told_and_read_until_it_is_known() {
    let stage = Stage::new(0);
    stage.fails_once("UpdateAlias", FaultMode::CommitThenCut);
    let done = stage.done(&rollback(&["--confirm", PHRASE]));
    assert_eq!((done.code, stage.served_version().as_str()), (Some(0), AFTER), "{done:?}");
    let lines = told(&done.out);
    assert!(!lines.is_empty(), "{}", done.out);
    assert!(lines.iter().all(|line| line.contains(". Nothing will be sent again.  ")), "{lines:?}");
    assert_eq!(stage.mutations().len(), 1);
}

#[test]
fn what_stays_unknown_is_decided_by_a_person() {
    let stage = Stage::new(0);
    stage.fails_once("UpdateAlias", FaultMode::RejectBefore);
    let mut running = stage.start(&rollback(&["--confirm", PHRASE]));
    let lines = running.lines.as_mut().unwrap();
    let says = |line: &String| line.starts_with("UNKNOWN  sent ") && line.contains("AWS now shows ");
    assert!(lines.map_while(Result::ok).any(|line| says(&line)), "it says what AWS shows");
    running.signal("TERM");
    let ended = running.end();
    let run = unresolved(&stage.records()).pop().unwrap();
    let next = format!(
        "Nothing will be sent again.  Every start reads it again; a person decides with watchfloor audit \
                        resolve {run} --applied|--not-applied --reason \"…\""
    );
    assert!(ended.code == Some(143) && told(&ended.out).last().unwrap().ends_with(&next), "{ended:?}");

    let again = stage.done(&rollback(&["--confirm", PHRASE]));
    assert!(again.code == Some(3) && again.out.contains("REFUSED unknown-outcome/"), "{again:?}");
    assert!(told(&again.out).first().is_some_and(|line| line.ends_with(&next)), "{again:?}");
    assert_eq!(stage.mutations().len(), 1);

    let resolve = |run: &str, more: &[&str]| stage.done(&[&["audit", "resolve", run], more].concat());
    for wrong in [&["--reason", "x"][..], &["--applied"], &["--applied", "--not-applied", "--reason", "x"]] {
        assert_eq!(resolve(&run, wrong).code, Some(64), "{wrong:?}");
    }
    assert_eq!(resolve(&run, &["--not-applied", "--reason", " "]).code, Some(64));
    let other = resolve("r-other", &["--not-applied", "--reason", "x"]);
    assert!(other.code == Some(64) && other.err.contains(&run), "{other:?}");
    let done = resolve(&run, &["--not-applied", "--reason", "CloudTrail has no such call"]);
    assert!(done.code == Some(0) && done.out.contains("treated as not applied"), "{done:?}");
    let by_person = |entry: &Entry| matches!(entry, Entry::Resolved { by_person: true, applied: false, .. });
    assert_eq!(stage.records().iter().filter(|record| by_person(&record.entry)).count(), 1);
    let last = stage.done(&rollback(&["--confirm", PHRASE]));
    assert_eq!((last.code, stage.mutations().len()), (Some(0), 2), "{last:?}");
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
}
