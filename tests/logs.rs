//! `watchfloor logs`: what it prints, what it says of what is not there, and how it ends.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use rstest::rstest;
use serde_json::Value;

const GROUP: &str = "/aws/lambda/payments-prod-payment-processing";
const API: &str = "/aws/apigateway/payments-prod";

fn watchfloor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
    command.args(arguments).env("HOME", "/nonexistent").env_remove("XDG_CONFIG_HOME");
    command
}

/// The drill eight minutes into the bad deployment, its time standing still.
fn drill(arguments: &[&str]) -> Command {
    let still = ["--drill", "payments", "--scenario", "bad-deploy", "--elapsed", "8m", "--speed", "0"];
    let mut command = watchfloor(&["logs"]);
    command.args(still).args(["--started", "2026-11-21T03:12:00Z"]).args(arguments);
    command
}

fn done(output: &Output, code: i32) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    (out, err)
}

fn printed(arguments: &[&str]) -> Vec<String> {
    let (out, err) = done(&drill(arguments).output().unwrap(), 0);
    assert_eq!(err, "");
    out.lines().map(str::to_owned).collect()
}

#[test]
fn one_line_an_event_with_time_stream_and_message() {
    let lines = printed(&["--env", "prod", "--group", GROUP, "--since", "1m"]);
    assert!(lines.len() > 100 && lines.is_sorted_by_key(|line| line[..24].to_owned()), "{}", lines.len());
    for line in &lines {
        let parts: Vec<&str> = line.splitn(3, "  ").collect();
        assert!(parts[0].starts_with("2026-11-21T03:1") && parts[0].ends_with('Z') && parts[0].len() == 24, "{line}");
        assert!(parts[1].contains("[$LATEST]") || parts[1].contains("[43]") || parts[1].contains("[42]"), "{line}");
        assert!(!parts[2].is_empty(), "{line}");
    }
    let newest = printed(&["--env", "payments/prod", "--group", GROUP, "--since", "1m", "--limit", "7"]);
    assert_eq!(newest, lines[lines.len() - 7..], "the newest");
    let errors = printed(&["--env", "prod", "--group", GROUP, "--since", "1m", "--filter", "ERROR"]);
    assert!(!errors.is_empty() && errors.iter().all(|line| line.contains("ERROR")));
    assert_eq!(errors.len(), lines.iter().filter(|line| line.contains("ERROR")).count());
}

#[test]
fn json_has_one_object_a_line() {
    let lines = printed(&["--env", "prod", "--group", GROUP, "--since", "30s", "--json"]);
    let events: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: std::collections::BTreeSet<&str> = events.iter().map(|event| event["eventId"].as_str().unwrap()).collect();
    assert!(events.len() > 50 && ids.len() == events.len(), "every event once");
    for event in &events {
        let keys: Vec<&String> = event.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 4, "{keys:?}");
        assert!(event["timestamp"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
        assert!(!event["stream"].as_str().unwrap().is_empty() && !event["message"].as_str().unwrap().is_empty());
    }
}

#[rstest]
#[case::by_name("payments-prod-payment-processing", "START RequestId")]
#[case::by_logical_name("payment-processing", "START RequestId")]
fn a_resource_is_known_by_its_name(#[case] resource: &str, #[case] word: &str) {
    let lines = printed(&["--env", "prod", resource, "--since", "30s"]);
    assert!(lines.iter().any(|line| line.contains(word)), "{lines:?}");
    let direct = printed(&["--env", "prod", "--group", GROUP, "--since", "30s"]);
    assert_eq!(lines, direct);
}

#[test]
fn a_stage_has_the_access_log_of_its_api() {
    let lines = printed(&["--env", "prod", "payments-prod/live", "--since", "30s"]);
    assert_eq!(lines, printed(&["--env", "prod", "--group", API, "--since", "30s"]));
}

#[rstest]
#[case::environment(&["--env", "prd", "--group", GROUP], &["no environment `prd`", "payments/dev, payments/staging, payments/prod"])]
#[case::group(&["--env", "prod", "--group", "/none"], &["/none", "us-east-1", "payments/prod", "does not exist", "check its name"])]
#[case::resource(&["--env", "prod", "payment-procesing"], &["no resource `payment-procesing` in payments/prod", "did you mean"])]
#[case::pattern(&["--env", "prod", "--group", GROUP, "--filter", "{ $.a"], &["refuses the filter pattern `{ $.a`", "$.status >= 500"])]
#[case::time(&["--env", "prod", "--group", GROUP, "--since", "soon"], &["--since", "write it like 12m"])]
#[case::nothing(&["--env", "prod"], &["RESOURCE"])]
#[case::both(&["--env", "prod", "x", "--group", GROUP], &["cannot be used with"])]
#[case::no_environment(&["--group", GROUP], &["--env"])]
#[case::limit(&["--env", "prod", "--group", GROUP, "--limit", "0"], &["--limit"])]
fn what_is_wrong_is_said_with_where_and_what_instead(#[case] arguments: &[&str], #[case] words: &[&str]) {
    let (out, err) = done(&drill(arguments).output().unwrap(), 64);
    assert_eq!(out, "");
    assert!(words.iter().all(|word| err.contains(word)), "{err}");
}

#[test]
fn no_event_is_said_and_is_no_failure() {
    let arguments = ["--env", "prod", "--group", GROUP, "--since", "1m", "--filter", "no-such-word"];
    let (out, err) = done(&drill(&arguments).output().unwrap(), 0);
    assert_eq!(out, "");
    assert!(err.contains(&format!("no event in {GROUP} of payments/prod since 2026-11-21 03:11:00Z")), "{err}");
    assert!(err.contains("no-such-word") && err.contains("--since"), "{err}");
}

#[test]
fn without_a_configuration_it_says_how_to_get_one() {
    let (_, err) = done(&watchfloor(&["logs", "--env", "prod", "--group", GROUP]).output().unwrap(), 64);
    assert!(err.contains("watchfloor init"), "{err}");
}

/// The drill that moves, followed.
fn following() -> Child {
    let moving = ["logs", "--drill", "payments", "--elapsed", "8m", "--speed", "20"];
    let mut command = watchfloor(&moving);
    command.args(["--env", "prod", "--group", GROUP, "--since", "10s", "--follow"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[cfg(unix)]
#[test]
fn following_goes_on_until_it_is_interrupted() {
    use std::os::unix::process::ExitStatusExt;
    let mut child = following();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let seconds = |line: &str| line[..24].parse::<jiff::Timestamp>().unwrap().as_second();
    // More than a minute of simulated time: several looks.
    let mut seen = std::collections::HashSet::new();
    for line in lines.by_ref() {
        let line = line.unwrap();
        let late = seconds(&line) > seconds(&first) + 60;
        assert!(seen.insert(line), "no line comes twice");
        if late {
            break;
        }
    }
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let status = child.wait().unwrap();
    assert!(status.signal() == Some(2) || status.code() == Some(130), "{status}");
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "");
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let mut child = following();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    drop(lines);
    let (_, err) = done(&child.wait_with_output().unwrap(), 0);
    assert_eq!(err, "");
}

/// A drill that is served on loopback, and a configuration of it.
struct Served {
    server: Child,
    folder: tempfile::TempDir,
}

impl Served {
    fn start(region: &str) -> Self {
        let mut command = watchfloor(&["drill", "payments", "--serve", "127.0.0.1:0", "--elapsed", "8m"]);
        let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "[[environment]]\nsystem = \"payments\"\nname = \"prod\"\nregion = \"{region}\"\nendpoint_url = \"{}\"\n\
             log_groups = [\"{API}\"]\n",
            address.trim()
        );
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        Self { server, folder }
    }

    fn logs(&self, arguments: &[&str], account: &str) -> Output {
        let config = self.folder.path().join("config.toml");
        let mut command = watchfloor(&["logs", "--config", config.to_str().unwrap(), "--env", "prod"]);
        command.args(arguments).env("AWS_ACCESS_KEY_ID", account).env("AWS_SECRET_ACCESS_KEY", "x");
        command.env("AWS_EC2_METADATA_DISABLED", "true").output().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_served_estate_is_read_over_the_network() {
    let served = Served::start("us-east-1");
    let (out, err) = done(&served.logs(&["--group", GROUP, "--since", "30s", "--json"], "333333333333"), 0);
    assert_eq!(err, "");
    assert!(out.lines().count() > 50 && out.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let (out, _) = done(&served.logs(&["payment-processing", "--since", "30s", "--limit", "3"], "333333333333"), 0);
    assert_eq!(out.lines().count(), 3);
    let (_, err) = done(&served.logs(&["--group", "/none"], "333333333333"), 64);
    assert!(err.contains("/none") && err.contains("us-east-1"), "{err}");
}

#[test]
fn an_endpoint_that_does_not_answer_is_unknown_and_not_empty() {
    let served = Served::start("us-east-1");
    std::fs::write(
        served.folder.path().join("config.toml"),
        "[[environment]]\nsystem = \"payments\"\nname = \"prod\"\nregion = \"us-east-1\"\nendpoint_url = \"http://127.0.0.1:9\"\n",
    )
    .unwrap();
    let (out, err) = done(&served.logs(&["--group", GROUP], "333333333333"), 3);
    assert_eq!(out, "");
    assert!(err.contains("unreachable") && err.contains("us-east-1"), "{err}");
}
