//! From the confirmation to the report: one minimal request, verified, brought back, told, and private.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value as Json;
use watchfloor::model::Entry;

use crate::stage::{AFTER, BEFORE, Done, FUNCTION, SECRET, Stage, applied, kinds};

/// The states in the order in which they were told.
fn states(done: &Done) -> Vec<String> {
    let mut states: Vec<String> = Vec::new();
    for state in done.lines().iter().filter_map(|line| line["state"].as_str()) {
        if states.last().is_none_or(|last| last != state) {
            states.push(state.to_owned());
        }
    }
    states
}

fn every_file(folder: &Path, look: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        look(&path);
        if path.is_dir() {
            every_file(&path, look);
        }
    }
}

#[test]
fn it_is_applied_verified_brought_back_and_told() {
    let stage = Stage::new(20);
    let done = stage.done(&applied());
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    let in_order =
        ["planning", "ready", "locking", "recording", "rereading", "sending", "waiting", "verifying", "closed"];
    assert_eq!(states(&done), in_order);
    let last: Json = done.lines().pop().unwrap();
    assert_eq!(
        (&last["verified"], &last["sent"], &last["ending"]["ending"]),
        (&true.into(), &1.into(), &"verified".into())
    );
    assert_eq!(stage.served_version(), AFTER);
    let sent = stage.endpoint.log().changes();
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    // Lambda's own condition goes along, and no weights; nothing else that the alias has.
    let mut names: Vec<&String> = sent[0].input.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["FunctionName", "FunctionVersion", "Name", "RevisionId", "RoutingConfig"], "{}", sent[0].input);
    assert_eq!((&sent[0].input["FunctionVersion"], &sent[0].input["Name"]), (&AFTER.into(), &"live".into()));
    assert_eq!((sent[0].account.as_str(), sent[0].region.as_str()), ("333333333333", "us-east-1"));
    let records = stage.records();
    let told = kinds(&records);
    let place =
        |kind: &str| told.iter().position(|known| known == kind).unwrap_or_else(|| panic!("{kind} in {told:?}"));
    assert!(place("armed") < place("intent") && place("intent") < place("outcome"), "{told:?}");
    assert!(place("outcome") < place("closed") && place("closed") < place("disarmed"), "{told:?}");
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));

    let run = last["run"].as_str().unwrap().to_owned();
    let undo = ["run", "--undo", &run, "--env", "prod", "--json"];
    let plan = stage.done(&undo);
    assert_eq!(plan.code, Some(0), "{plan:?}");
    assert_eq!(stage.mutations().len(), 1, "a plan sends nothing");
    let phrase = plan.json()["confirm"].as_str().unwrap().to_owned();
    assert_eq!(phrase, format!("prod {FUNCTION} {BEFORE}"));
    let undone = stage.done(&[&undo[..], &["--confirm", &phrase]].concat());
    assert_eq!(undone.code, Some(0), "{undone:?}");
    assert_eq!((stage.served_version().as_str(), stage.mutations().len()), (BEFORE, 2));
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));

    let report = stage.done(&["report", "--since", "1h", "--env", "prod"]);
    assert_eq!(report.code, Some(0), "{report:?}");
    for told in [FUNCTION, "42 → 41", "41 → 42"] {
        assert!(report.out.contains(told), "{told} is not in:\n{}", report.out);
    }

    let outputs = [&done, &plan, &undone, &report];
    assert!(outputs.iter().all(|done| !done.out.contains(SECRET) && !done.err.contains(SECRET)));
    every_file(stage.folder.path().join("state").as_path(), &mut |path| {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        if path.is_dir() {
            assert!(mode == 0o700 || !path.starts_with(stage.state()), "{} {mode:o}", path.display());
        } else {
            assert_eq!(mode, 0o600, "{}", path.display());
            let content = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
            assert!(!content.contains(SECRET), "{}", path.display());
        }
    });
}

#[test]
fn what_is_there_already_is_not_sent_again() {
    let stage = Stage::new(0);
    assert_eq!(stage.done(&applied()).code, Some(0));
    let again = stage.done(&applied());
    assert_eq!(again.code, Some(3), "{again:?}");
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    let intents = stage.records().iter().filter(|one| matches!(one.entry, Entry::Intent { .. })).count();
    assert_eq!(intents, 1);
}
