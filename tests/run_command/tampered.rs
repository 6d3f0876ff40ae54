//! Records that somebody changed: nothing is sent after them, whatever anybody says; what a crash left behind stops
//! nothing, and what was applied can be brought back all the same.

use std::path::PathBuf;

use rstest::rstest;
use watchfloor::model::Entry;

use crate::stage::{AFTER, BEFORE, FUNCTION, Stage, applied, rollback};

/// A stage on which something was applied and brought back, the run that was applied last, and its records.
fn stage() -> (Stage, String, PathBuf) {
    let stage = Stage::new(0);
    let done = stage.done(&applied());
    assert_eq!(done.code, Some(0), "{done:?}");
    let run = done.lines().pop().unwrap()["run"].as_str().unwrap().to_owned();
    let file = stage.state().join("audit.jsonl");
    (stage, run, file)
}

fn change(file: &PathBuf, how: impl FnOnce(&mut Vec<String>)) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    how(&mut lines);
    std::fs::write(file, lines.join("\n") + "\n").unwrap();
}

fn undo<'a>(run: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["run", "--undo", run, "--env", "prod", "--json"], more].concat()
}

#[rstest]
#[case::flipped(|lines: &mut Vec<String>| lines[0] = lines[0].replacen("kim", "tom", 1))]
#[case::deleted(|lines: &mut Vec<String>| { lines.remove(0); })]
#[case::reordered(|lines: &mut Vec<String>| lines.swap(1, 2))]
#[case::cut_off(|lines: &mut Vec<String>| { lines.pop(); })]
fn a_broken_chain_is_never_overridden_but_going_back_is_possible(#[case] how: fn(&mut Vec<String>)) {
    let (stage, run, file) = stage();
    change(&file, how);
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(1));
    let function = format!("function={FUNCTION}");
    let book = ["run", "lambda-alias-rollback", "--env", "prod", "--param", &function, "--param", "to=40"];
    let typed = ["--confirm", "prod payments-prod-payment-processing 40", "--reason", "it must be"];
    for over in [&[][..], &["--override", "tamper/records"], &["--override", "tamper"]] {
        let done = stage.done(&[&book[..], &typed, over].concat());
        assert_eq!(done.code, Some(3), "{done:?}");
        let line = done.out.lines().find(|line| line.starts_with("REFUSED tamper/records")).unwrap();
        assert!(line.contains("Nothing was sent.") && line.contains("audit set-aside"), "{line}");
    }
    assert_eq!(stage.mutations(), ["UpdateAlias"]);

    let plan = stage.done(&undo(&run, &[]));
    let phrase = plan.json()["confirm"].as_str().unwrap_or_else(|| panic!("{plan:?}")).to_owned();
    let undone = stage.done(&undo(&run, &["--confirm", &phrase]));
    assert_eq!((undone.code, stage.served_version().as_str()), (Some(0), BEFORE), "{undone:?}");

    let aside = stage.done(&["audit", "set-aside", "--reason", "the disk was restored"]);
    assert!(aside.code == Some(0) && aside.out.starts_with("BROKEN  audit.jsonl"), "{aside:?}");
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
    assert!(matches!(stage.records()[0].entry, Entry::SetAside { .. }));
    assert_eq!(stage.done(&["audit", "set-aside", "--reason", "again"]).code, Some(64));
    let done = stage.done(&applied());
    assert_eq!((done.code, stage.served_version().as_str()), (Some(0), AFTER), "{done:?}");
}

#[test]
fn a_torn_last_line_stops_nothing() {
    let (stage, run, file) = stage();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}{{\"seq\":99,\"at\":\"2026")).unwrap();
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
    let plan = stage.done(&undo(&run, &[]));
    let phrase = plan.json()["confirm"].as_str().unwrap_or_else(|| panic!("{plan:?}")).to_owned();
    assert_eq!(stage.done(&undo(&run, &["--confirm", &phrase])).code, Some(0));
    assert_eq!(stage.done(&rollback(&["--plan"])).code, Some(0));
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
    assert_eq!((stage.mutations().len(), stage.served_version().as_str()), (2, BEFORE));
}
