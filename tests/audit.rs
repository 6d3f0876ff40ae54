//! `watchfloor audit` and what `watchfloor report` tells out of the records.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use jiff::Timestamp;
use watchfloor::model::record::Ending;
use watchfloor::model::{Entry, Plan};
use watchfloor::runbook::audit::{Author, Files, Ledger, Log};

fn at(text: &str) -> Timestamp {
    format!("2026-11-21T{text}Z").parse().unwrap()
}

fn watchfloor(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
    command.args(arguments).env("HOME", home).env("XDG_STATE_HOME", home.join("state")).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn plan() -> Box<Plan> {
    let text = r#"{"action":"lambda.alias_rollback","target":{"environment":"payments/prod","account":"111122223333",
        "region":"us-east-1","kind":"lambda-function","name":"payments-prod-payment-processing",
        "arn":"arn:aws:lambda:us-east-1:111122223333:function:payments-prod-payment-processing"},"params":{},
        "differences":[{"field":"alias live","before":"43","after":"42","unit":""}],"observed":{},"decisive":[],
        "operation":"lambda:UpdateAlias","request":{},"touches":[],"value":"42","facts":{},"undo":null,"owed":null,
        "read_at":"2026-11-21T03:09:00Z"}"#;
    Box::new(serde_json::from_str(text).unwrap())
}

/// A run that went well, and one that was refused, in `ledger`.
fn story(home: &Path, ledger: Ledger) -> Log {
    let log = Log::open(Files::new(home.join("state/watchfloor"), ledger));
    let author = Author {
        principal: "arn:aws:sts::111122223333:assumed-role/operator/me".into(),
        operator: "me@desk".into(),
        console: "one".into(),
    };
    let entries = [
        ("03:08:00", Entry::Armed { environment: "payments/prod".into(), until: at("03:23:00") }),
        (
            "03:08:30",
            Entry::Refused {
                run: "run-1".into(),
                runbook: "lambda-rollback".into(),
                plan: Some(plan()),
                says: vec!["STALE alias was 43|is 44 now".into()],
            },
        ),
        (
            "03:09:10",
            Entry::Intent {
                run: "run-2".into(),
                runbook: "lambda-rollback".into(),
                step: "apply".into(),
                plan: plan(),
                digest: "d".into(),
                overridden: Vec::new(),
                reason: "errors since v43".into(),
                approved_by: Vec::new(),
            },
        ),
        (
            "03:09:11",
            Entry::Outcome {
                run: "run-2".into(),
                step: "apply".into(),
                sent: serde_json::from_str(r#"{"sent":"accepted","receipt":{"revision_id":"r"}}"#).unwrap(),
            },
        ),
        (
            "03:11:00",
            Entry::Closed { run: "run-2".into(), ending: Ending::Verified, says: "errors are back to 0.1 %".into() },
        ),
    ];
    for (time, entry) in entries {
        log.append(entry, &author, at(time)).unwrap();
    }
    log
}

#[test]
fn no_records_are_said_to_be_none() {
    let home = tempfile::tempdir().unwrap();
    for command in [&["show"][..], &["verify"], &["export"], &["show", "--drill"], &["verify", "--drill", "payments"]] {
        let output = watchfloor(home.path(), &[&["audit"], command].concat());
        assert_eq!(output.status.code(), Some(66), "{command:?}");
        assert!(output.stdout.is_empty() && text(&output.stderr).contains("there are no records in"), "{command:?}");
    }
    assert!(!home.path().join("state").exists(), "looking makes nothing");
}

#[test]
fn records_are_shown_checked_and_exported() {
    let home = tempfile::tempdir().unwrap();
    let log = story(home.path(), Ledger::Real);
    let shown = text(&watchfloor(home.path(), &["audit", "show"]).stdout);
    assert_eq!(shown.lines().count(), 5, "{shown}");
    assert!(shown.contains("2026-11-21 03:08:00Z  me@desk  armed payments/prod until 2026-11-21 03:23:00Z"), "{shown}");
    assert!(shown.contains("(alias live 43 → 42); reason: errors since v43"), "{shown}");
    let one = text(&watchfloor(home.path(), &["audit", "show", "--run", "run-2", "--json"]).stdout);
    let kinds: Vec<String> = one
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["entry"]["kind"].to_string())
        .collect();
    assert_eq!(kinds, ["\"intent\"", "\"outcome\"", "\"closed\""]);
    let none = watchfloor(home.path(), &["audit", "show", "--run", "nobody"]);
    assert!(none.status.success() && none.stdout.is_empty());
    assert!(text(&none.stderr).contains("none of the 5 records"));

    let whole = watchfloor(home.path(), &["audit", "verify"]);
    assert_eq!(whole.status.code(), Some(0));
    assert!(text(&whole.stdout).starts_with("whole: 5 records in 1 file, 2026-11-21 03:08:00Z to"), "{whole:?}");

    let exported = watchfloor(home.path(), &["audit", "export"]);
    let array: Vec<serde_json::Value> = serde_json::from_slice(&exported.stdout).unwrap();
    assert_eq!(array.len(), 5);
    let file = home.path().join("records.md");
    assert!(
        watchfloor(home.path(), &["audit", "export", "--markdown", "--output", file.to_str().unwrap()])
            .status
            .success()
    );
    let table = std::fs::read_to_string(file).unwrap();
    assert_eq!(table.lines().count(), 7);
    assert!(table.contains("STALE alias was 43\\|is 44 now"), "{table}");

    let path = log.files().current();
    let changed = std::fs::read_to_string(&path).unwrap().replacen("payments/prod", "payments/test", 1);
    std::fs::write(&path, changed).unwrap();
    let broken = watchfloor(home.path(), &["audit", "verify"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken.stdout).starts_with("BROKEN  audit.jsonl:1: record 1 was changed"), "{broken:?}");
    let json = watchfloor(home.path(), &["audit", "verify", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json.status.code(), value["whole"].as_bool()), (Some(1), Some(false)));
    assert_eq!(watchfloor(home.path(), &["audit", "export"]).status.code(), Some(1), "and says so");
}

#[test]
fn a_report_tells_what_was_done_and_only_of_its_own_ledger() {
    let home = tempfile::tempdir().unwrap();
    let arguments = [
        "report",
        "--drill",
        "payments",
        "--elapsed",
        "8m",
        "--speed",
        "0",
        "--started",
        "2026-11-21T03:12:00Z",
        "--env",
        "prod",
    ];
    story(home.path(), Ledger::Real);
    let without = text(&watchfloor(home.path(), &arguments).stdout);
    assert!(!without.contains("What was done") && !without.contains("our action"), "{without}");
    let log = story(home.path(), Ledger::Drill);
    let report = text(&watchfloor(home.path(), &arguments).stdout);
    let runs = &report[report.find("## What was done from here").unwrap()..report.find("## Timeline").unwrap()];
    assert!(runs.contains("| 2026-11-21 03:09:10 | payments/prod | lambda-rollback |"), "{runs}");
    assert!(runs.contains("| errors since v43 | **verified**: errors are back to 0.1 % |"), "{runs}");
    assert!(runs.contains("| **refused, nothing was sent**: STALE alias was 43\\|is 44 now |"), "{runs}");
    let rows: Vec<&str> = report.lines().filter(|line| line.contains("| our action |")).collect();
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert!(rows.iter().any(|row| row.contains("alias live 43 → 42; accepted")), "{rows:?}");
    assert!(rows.iter().all(|row| row.ends_with("| arn:aws:sts::111122223333:assumed-role/operator/me |")), "{rows:?}");
    let path = log.files().current();
    std::fs::write(&path, std::fs::read_to_string(&path).unwrap().replacen("errors since", "errors before", 1))
        .unwrap();
    assert!(
        text(&watchfloor(home.path(), &arguments).stdout)
            .contains("**The records are not whole:** audit-drill.jsonl line 3")
    );
}
