//! `watchfloor compare` on the payments estate: what may differ is approved, what was changed by hand is found.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(home: &Path, arguments: &[&str]) -> Output {
    run_on("payments", home, arguments)
}

fn run_on(estate: &str, home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
    let drill = ["compare", "--drill", estate, "--speed", "0", "--started", "2026-11-21T03:12:00Z"];
    command.args(drill).args(arguments);
    for variable in ["XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        command.env_remove(variable);
    }
    command.env("HOME", home).output().unwrap()
}

fn compare(arguments: &[&str]) -> Output {
    run(Path::new("/nonexistent"), arguments)
}

fn text(output: &Output) -> String {
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0..=3)), "{err}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&text(output)).unwrap()
}

/// `kind name key: value value value` of settings with a verdict, by environment.
fn rows(report: &Value, wanted: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for resource in report["comparisons"][0]["resources"].as_array().unwrap() {
        for setting in resource["settings"].as_array().unwrap() {
            let cells: Vec<&Value> =
                setting["cells"].as_array().unwrap().iter().filter(|cell| cell["verdict"] == wanted).collect();
            if !cells.is_empty() {
                let cells = cells.iter().map(|c| format!("{}={}", c["environment"].as_str().unwrap(), c["value"]));
                let (kind, name) = (resource["kind"].as_str().unwrap(), resource["name"].as_str().unwrap());
                let key = setting["key"].as_str().unwrap();
                rows.push(format!("{kind} {name} {key}: {}", cells.collect::<Vec<_>>().join(" ")));
            }
        }
    }
    rows.sort();
    rows
}

/// The approved variations of payments: memory, capacity, throttles, and how long objects and logs are kept.
fn approved() -> Vec<String> {
    let mut rows = Vec::new();
    for function in ["notification", "processing", "validation"] {
        rows.push(format!("lambda function payment-{function} memory_mb: dev=512 staging=1024 prod=2048"));
        rows.push(format!("log group aws/lambda/payment-{function} retention_days: dev=30 staging=90 prod=365"));
    }
    rows.push("log group aws/apigateway retention_days: dev=30 staging=90 prod=365".to_owned());
    rows.push("s3 bucket receipts expire_days: dev=30 staging=90 prod=365".to_owned());
    for table in ["table audit-logs", "table transactions", "index transactions/by-merchant"] {
        for units in ["read", "write"] {
            rows.push(format!("dynamodb {table} {units}_units: dev=5 staging=25 prod=100"));
        }
    }
    rows.push("rest api stage live throttle_burst: dev=50 staging=250 prod=1000".to_owned());
    rows.push("rest api stage live throttle_rate: dev=100 staging=500 prod=2000".to_owned());
    rows.sort();
    rows
}

const UNAPPROVED: [&str; 4] = ["drift", "missing", "untagged", "extra"];

#[test]
fn on_a_calm_day_exactly_the_approved_variations_differ() {
    let output = compare(&["--scenario", "calm", "--json"]);
    let report = json(&output);
    for verdict in UNAPPROVED.iter().chain(&["unknown"]) {
        assert_eq!(rows(&report, verdict), Vec::<String>::new(), "{verdict}");
        assert_eq!(report["summary"][verdict], 0, "{verdict}");
    }
    assert_eq!(rows(&report, "approved"), approved());
    assert_eq!(report["summary"]["approved"], approved().len() * 3);
    assert_eq!(report["findings"], 0);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_was_changed_by_hand_is_found_and_nothing_else() {
    let output = compare(&["--scenario", "drift", "--json"]);
    let report = json(&output);
    let found = |verdict: &str| rows(&report, verdict);
    assert_eq!(
        found("drift"),
        [
            "alarm api-latency actions_enabled: staging=false",
            "lambda function payment-processing memory_mb: prod=1536",
            "log group aws/lambda/payment-notification retention_days: staging=30",
            "rest api stage live throttle_rate: staging=200",
        ]
    );
    assert_eq!(found("missing"), ["dynamodb index transactions/by-merchant exists: dev=false"]);
    assert_eq!(found("untagged"), ["dynamodb table audit-logs tag:CostCenter: prod=null"]);
    assert!(found("extra").is_empty() && found("unknown").is_empty());
    assert_eq!(report["findings"], 6);
    assert_eq!(output.status.code(), Some(1));
    let shown = text(&compare(&["--scenario", "drift"]));
    let first = shown.lines().find(|line| line.contains("DRIFT")).unwrap();
    assert!(first.contains("memory_mb") && first.contains("✖ 1536") && first.contains("approved is 2048"), "{shown}");
    assert!(shown.lines().last().unwrap().contains("4 drift · 1 missing · 1 untagged"), "{shown}");
}

#[test]
fn the_text_shows_differences_only_unless_all_is_asked_for() {
    let (some, all) = (text(&compare(&["--scenario", "calm"])), text(&compare(&["--scenario", "calm", "--all"])));
    assert!(some.contains("memory_mb") && !some.contains("runtime"), "{some}");
    assert!(all.contains("runtime") && all.lines().count() > 3 * some.lines().count());
}

#[test]
fn two_environments_may_be_named_and_one_alone_may_not() {
    let report = json(&compare(&["dev", "prod", "--scenario", "calm", "--json"]));
    let names: Vec<_> = report["comparisons"][0]["environments"].as_array().unwrap().iter().collect();
    assert_eq!(names.iter().map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>(), ["dev", "prod"]);
    assert_eq!(report["findings"], 0);
    for (arguments, message) in [
        (vec!["dev"], "nothing to be compared with"),
        (vec!["dev", "prd"], "no environment `prd`"),
        (vec!["--manifest", "/nonexistent.toml"], "there is no such file"),
        (vec!["--against", "gone"], "there is no baseline `gone`"),
        (vec!["--save", "../x"], "cannot name a baseline"),
    ] {
        let output = compare(&arguments);
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(64), "{err}");
        assert!(err.contains(message), "{err}");
    }
}

#[test]
fn values_of_variables_are_never_shown() {
    for form in ["--json", "--markdown", "--write-manifest", "--seed=1"] {
        let output = compare(&["--scenario", "calm", form, "--all"]);
        let shown = text(&output);
        assert!(!shown.contains("93ab7f") && !shown.contains("58e1c0"), "{form}");
    }
    let all = text(&compare(&["--scenario", "calm", "--json", "--all"]));
    assert!(all.contains("SMTP_PASSWORD"), "their names are compared");
}

#[test]
fn what_cannot_be_read_is_unknown() {
    let output = compare(&["--scenario", "region-dark", "--elapsed", "12m", "--json"]);
    let report = json(&output);
    assert!(report["summary"]["unknown"].as_u64().unwrap() > 0);
    assert_eq!(output.status.code(), Some(3), "{}", report["summary"]);
    let dark: Vec<_> = report["comparisons"][0]["environments"].as_array().unwrap().iter().collect();
    assert_eq!(dark.iter().filter(|environment| environment["fault"].is_string()).count(), 1);
}

#[test]
fn a_manifest_that_was_drafted_approves_what_is_deployed() {
    let home = tempfile::tempdir().unwrap();
    let draft = compare(&["--scenario", "drift", "--write-manifest"]);
    assert_eq!(draft.status.code(), Some(0));
    let path = home.path().join("draft.toml");
    std::fs::write(&path, &draft.stdout).unwrap();
    let path = path.to_str().unwrap();
    let output = compare(&["--scenario", "drift", "--manifest", path, "--json"]);
    let report = json(&output);
    // A tag that is missing is not drafted away.
    assert_eq!(rows(&report, "untagged"), ["dynamodb table audit-logs tag:CostCenter: prod=null"]);
    assert_eq!(report["findings"], 1, "{}\n{}", text(&draft), text(&output));
}

#[test]
fn an_environment_is_compared_with_its_baseline() {
    let home = tempfile::tempdir().unwrap();
    let saved = run(home.path(), &["--scenario", "calm", "--save", "monday"]);
    assert_eq!(saved.status.code(), Some(0), "{}", String::from_utf8_lossy(&saved.stderr));
    let same = run(home.path(), &["--scenario", "calm", "--against", "monday", "--json"]);
    assert_eq!((same.status.code(), &json(&same)["findings"]), (Some(0), &Value::from(0)));
    let prod = run(home.path(), &["prod", "--scenario", "drift", "--against", "monday", "--json"]);
    let report = json(&prod);
    assert_eq!(rows(&report, "drift"), ["lambda function payment-processing memory_mb: prod=1536"]);
    assert_eq!(rows(&report, "untagged"), ["dynamodb table audit-logs tag:CostCenter: prod=null"]);
    assert_eq!((prod.status.code(), &report["findings"]), (Some(1), &Value::from(2)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = home.path().join(".local/state/watchfloor/baselines/monday.json");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!std::fs::read_to_string(file).unwrap().contains("93ab7f"), "nor are their values kept");
    }
}

#[test]
fn the_document_names_the_variations_and_their_reasons() {
    let document = text(&compare(&["--scenario", "calm", "--markdown"]));
    assert!(document.starts_with("# Configuration of payments\n"), "{document}");
    let row =
        "| lambda function payment-processing | memory\\_mb | 512 | 1024 | 2048 | approved | sized for the traffic |";
    assert!(document.contains(row), "{document}");
    assert!(document.contains("## Differences that nothing allows\n\nNone."), "{document}");
}

#[test]
fn every_estate_agrees_with_its_manifest_on_a_calm_day() {
    for estate in ["analytics", "payments", "uex-payments", "wallet-ecs", "wallet-eks"] {
        let output = run_on(estate, Path::new("/nonexistent"), &["--scenario", "calm"]);
        assert_eq!(output.status.code(), Some(0), "{estate}: {}", text(&output));
    }
}

/// A list once and a description for each resource: no call twice, none for what is not there.
#[test]
fn no_call_is_made_twice() {
    let report = json(&compare(&["--scenario", "calm", "--json"]));
    let calls = report["api"]["by_operation"].as_object().unwrap();
    let (functions, tables) = (3, 2);
    for (operation, count) in calls {
        let each = match operation.as_str() {
            "Lambda:GetFunctionConcurrency" | "Lambda:ListAliases" | "Lambda:GetFunctionConfiguration" => functions,
            "DynamoDB:DescribeTable" | "DynamoDB:DescribeContinuousBackups" | "DynamoDB:DescribeTimeToLive" => tables,
            _ => 1,
        };
        assert_eq!(count.as_u64(), Some(3 * each), "{operation}");
    }
    assert_eq!(report["api"]["calls"], 129);
}
