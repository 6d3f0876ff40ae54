//! Texts that would move the cursor, turn lines around or become markup: inert in everything that is printed, written
//! and shared, and never part of a request.

use watchfloor::model::Entry;

use crate::stage::{Done, FUNCTION, PHRASE, Stage, rollback};

/// Clears the screen, sets a title, turns the line around, hides, breaks the line, draws a table and a link.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\u{2066}\u{200b}\u{feff}\u{9b}31m\r\nREFUSED | cell | \
                       <script>alert(1)</script> [link](http://x) `code` 日本 é";

/// Nothing that a terminal obeys or that hides or turns text around, besides the end of a line.
#[track_caller]
fn inert(text: &str) {
    for letter in text.chars() {
        let turns =
            matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        assert!(letter == '\n' || !letter.is_control() && !turns, "{letter:?} in {text:?}");
    }
}

fn done(stage: &Stage, args: &[&str]) -> Done {
    let mut command = stage.program(args);
    command.env("USER", HOSTILE);
    let done = Done::of(&command.output().unwrap());
    inert(&done.out);
    inert(&done.err);
    done
}

#[test]
fn reasons_names_and_files_are_inert_everywhere() {
    let stage = Stage::new(0);
    let long = format!("{HOSTILE}{}", "x".repeat(255));
    let applied = done(&stage, &rollback(&["--confirm", PHRASE, "--reason", &long]));
    assert_eq!(applied.code, Some(0), "{applied:?}");
    let sent: Vec<String> = stage.endpoint.log().changes().iter().map(|one| one.input.to_string()).collect();
    assert_eq!(sent.len(), 1);
    assert!(sent.iter().all(|input| !input.contains("evil") && !input.contains("owned")), "{sent:?}");

    let log = std::fs::read_to_string(stage.state().join("audit.jsonl")).unwrap();
    inert(&log);
    let intent = stage.records().into_iter().find_map(|record| match record.entry {
        Entry::Intent { reason, .. } => Some((reason, record.operator)),
        _ => None,
    });
    let (reason, operator) = intent.unwrap();
    assert!(reason.contains("日本 é") && reason.ends_with('x') && operator.contains("evil"), "{reason} {operator}");

    for args in [&["audit", "show"][..], &["audit", "show", "--json"], &["audit", "export"], &["audit", "verify"]] {
        assert_eq!(done(&stage, args).code, Some(0), "{args:?}");
    }
    let table = done(&stage, &["audit", "export", "--markdown"]).out;
    assert_eq!(table.lines().count(), stage.records().len() + 2, "one row a record:\n{table}");
    for row in table.lines().skip(2) {
        let bars = row.char_indices().filter(|(at, letter)| *letter == '|' && !row[..*at].ends_with('\\'));
        assert_eq!(bars.count(), 6, "five cells: {row}");
        assert!(!row.contains("<script>") && !row.contains("[link]("), "{row}");
    }
    let report = done(&stage, &["report", "--since", "1h", "--env", "prod"]).out;
    assert!(report.contains(FUNCTION) && !report.contains("<script>"), "{report}");
}

#[test]
fn what_names_nothing_is_told_inert_and_asks_for_nothing() {
    let stage = Stage::new(0);
    let target = format!("function={HOSTILE}");
    let param = format!("{HOSTILE}=1");
    let (own, to) = (format!("function={FUNCTION}"), format!("to={HOSTILE}"));
    for args in [
        &["run", "lambda-alias-rollback", "--env", "prod", "--param", &target][..],
        &["run", "lambda-alias-rollback", "--env", "prod", "--param", &own, "--param", &param],
        &["run", "lambda-alias-rollback", "--env", "prod", "--param", &own, "--param", &to],
        &["run", HOSTILE, "--env", "prod"],
        &["run", "lambda-alias-rollback", "--env", HOSTILE],
        &["run", "--undo", HOSTILE, "--env", "prod"],
        &rollback(&["--confirm", HOSTILE]),
        &rollback(&["--confirm", PHRASE, "--override", HOSTILE]),
    ] {
        let said = done(&stage, args);
        assert!(said.code != Some(70), "{said:?}");
    }
    assert!(stage.mutations().len() <= 1);
    stage.write(
        "config/watchfloor/runbooks/evil.toml",
        &format!("schema = 1\nid = \"e\"\ntitle = {}\n", serde_json::json!(HOSTILE)),
    );
    for args in [&["runbooks", "list"][..], &["runbooks", "check"], &["runbooks", "show", HOSTILE]] {
        done(&stage, args);
    }
}
