//! `watchfloor report`: what it tells of an incident, and where it writes.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::process::{Command, Output};

fn report(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
    let drill =
        ["report", "--drill", "payments", "--elapsed", "8m", "--speed", "0", "--started", "2026-11-21T03:12:00Z"];
    command.args(drill).args(arguments).env("HOME", "/nonexistent").output().unwrap()
}

fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let begin = text.find(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    let rest = &text[begin..];
    &rest[..rest.find(to).unwrap_or(rest.len())]
}

#[test]
fn it_tells_what_is_red_what_is_suspected_and_what_changed() {
    let output = report(&["--env", "prod"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("# Incident timeline: payments\n"), "{text}");
    assert!(text.contains("From 2026-11-21 01:12:00 to 2026-11-21 03:12:00."), "{text}");
    let state = part(&text, "## State", "\n## ");
    assert!(state.contains("| payments/prod | us-east-1 | production | critical | Lambda errors:"), "{state}");
    assert!(!text.contains("payments/dev"));
    let suspects = part(&text, "### payments/prod, red since", "\n## ");
    let first = suspects.lines().find(|line| line.starts_with("1. ")).unwrap();
    assert!(first.starts_with("1. **publish payments-prod-payment-processing**, 2026-11-21 03:04:00: v43"), "{first}");
    assert!(first.contains("same function"), "{first}");
    let timeline = part(&text, "## Timeline", "\n## ");
    let times: Vec<&str> = timeline.lines().filter_map(|line| line.strip_prefix("| 2026")).collect();
    assert!(times.len() > 2 && timeline.contains("| publish | payments-prod-payment-processing |"), "{timeline}");
    let alarms = part(&text, "## Alarms", "\n## ");
    assert!(alarms.contains("| payments/prod | payments-prod-payment-processing-errors |"), "{alarms}");
    assert!(alarms.contains("| still on |"), "{alarms}");
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<usize> = timeline.lines().filter(|line| line.starts_with('|')).map(columns).collect();
    assert!(rows.iter().all(|count| *count == 8), "{rows:?}");
}

#[cfg(unix)]
#[test]
fn a_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("incident.md");
    let output = report(&["--output", path.to_str().unwrap()]);
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&path).unwrap().contains("## Timeline"));
}

#[test]
fn a_wrong_time_is_a_usage_error() {
    let output = report(&["--since", "soon"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--since"));
}
