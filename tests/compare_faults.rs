//! What cannot be read of one environment: that part is unknown, everything else is compared all the same.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rstest::rstest;
use watchfloor::compare::{Judged, Matrix, Progress, Snapshot, Verdict, connect, inventory, read};
use watchfloor::config::manifest::{self, Manifest};
use watchfloor::config::{Source, presets};
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::drill::{Drill, DrillOptions, connector};
use watchfloor::signals::naming::Naming;

const DEV: &str = "111111111111";

/// Payments on a calm day, where `rules` make requests fail, and how far it was told to be.
async fn deployed(rules: Vec<Rule>) -> (Vec<Snapshot>, Vec<Progress>) {
    let (snapshots, told, _) = estate("payments", rules).await;
    (snapshots, told)
}

/// An estate on a calm day, and which operations were asked for, as `service:Operation`.
async fn estate(estate: &str, rules: Vec<Rule>) -> (Vec<Snapshot>, Vec<Progress>, Vec<String>) {
    let started = "2026-11-21T03:12:00Z".parse().unwrap();
    let options = DrillOptions { scenario: Some("calm".into()), speed: 0.0, ..DrillOptions::new(estate, started) };
    let drill = Drill::open(&options).unwrap();
    let endpoint = Arc::new(drill.endpoint());
    for rule in rules {
        endpoint.rules().add(rule);
    }
    let asked = connect(&drill.config, &connector::transport(endpoint)).await;
    let told = Mutex::new(Vec::new());
    let snapshots = read(&asked, started, &|progress| told.lock().unwrap().push(progress)).await;
    let usage = asked.iter().filter_map(|asked| asked.session.as_ref().ok()).map(|session| session.meter.usage());
    let operations: BTreeSet<String> = usage.flat_map(|usage| usage.by_operation.into_keys()).collect();
    (snapshots, told.into_inner().unwrap(), operations.into_iter().collect())
}

fn judged(snapshots: &[Snapshot]) -> Judged {
    let system = snapshots[0].system.clone();
    let text = presets::manifest(&system).unwrap();
    let manifest: Manifest = manifest::read(&Source::new("m", text), &inventory::kinds()).unwrap();
    let environments: Vec<_> = snapshots.iter().map(Snapshot::environment).collect();
    let naming = Naming::new(environments.iter(), &[]);
    Matrix::of(system, snapshots, &naming, &manifest.matches).judge(&manifest)
}

/// `kind name key environment` of unknown cells; nothing may be worse.
fn unknown(judged: &Judged) -> Vec<String> {
    let mut lines = Vec::new();
    for row in &judged.rows {
        for setting in &row.settings {
            for (column, cell) in judged.columns.iter().zip(&setting.cells) {
                let Some(cell) = cell.as_ref().filter(|cell| cell.verdict > Verdict::Approved) else { continue };
                assert_eq!(cell.verdict, Verdict::Unknown, "{} {} {}", row.name, setting.key, cell.note);
                lines.push(format!("{} {} {} {}", row.kind, row.name, setting.key, column.environment));
            }
        }
    }
    lines.sort();
    lines
}

#[rstest]
#[case("dynamodb", "DescribeTimeToLive", &["dynamodb table audit-logs time_to_live dev", "dynamodb table transactions time_to_live dev"])]
#[case("lambda", "ListFunctions", &[
    "lambda alias payment-notification/live exists dev", "lambda alias payment-processing/live exists dev",
    "lambda alias payment-validation/live exists dev", "lambda function payment-notification exists dev",
    "lambda function payment-processing exists dev", "lambda function payment-validation exists dev",
])]
#[case("lambda", "GetFunctionConcurrency", &[
    "lambda function payment-notification reserved_concurrency dev",
    "lambda function payment-processing reserved_concurrency dev",
    "lambda function payment-validation reserved_concurrency dev",
])]
#[case("s3", "GetBucketVersioning", &["s3 bucket receipts versioning dev"])]
#[case("kms", "GetKeyRotationStatus", &["kms key payments rotation dev", "kms key payments rotation_days dev"])]
#[case("kafka", "ListClustersV2", &["msk cluster * exists dev"])]
#[tokio::test]
async fn what_may_not_be_read_is_unknown_alone(
    #[case] service: &str,
    #[case] operation: &str,
    #[case] expected: &[&str],
) {
    let denied = Rule::all(FaultMode::Denied).account(DEV).service(service).operation(operation);
    let (snapshots, _) = deployed(vec![denied]).await;
    assert_eq!(unknown(&judged(&snapshots)), expected);
}

/// Whatever may not be called: what it would have told is unknown. It is never the same, missing, or other than elsewhere.
#[rstest]
#[case("payments")]
#[case("wallet-ecs")]
#[case("wallet-eks")]
#[tokio::test]
async fn whatever_may_not_be_read_is_unknown_and_nothing_worse(#[case] name: &str) {
    let (snapshots, _, operations) = estate(name, Vec::new()).await;
    let account = snapshots[0].account.clone().unwrap();
    let calm = judged(&snapshots);
    assert_eq!(unknown(&calm), Vec::<String>::new());
    assert!(operations.len() > 20, "{operations:?}");
    for operation in operations.iter().filter_map(|operation| operation.split_once(':')).map(|(_, operation)| operation)
    {
        let denied = Rule::all(FaultMode::Denied).account(&account).operation(operation);
        let (snapshots, ..) = estate(name, vec![denied]).await;
        let judged = judged(&snapshots);
        let found = unknown(&judged);
        // Everything that is still known of this environment is known as before: nothing is left out silently.
        let (was, is) = (cells(&calm, 0), cells(&judged, 0));
        let lost: Vec<&String> = was.difference(&is).filter(|line| !explained(line, &found)).collect();
        assert!(lost.is_empty(), "{operation}: {lost:?} are gone, told unknown: {found:?}");
        assert!(!found.is_empty(), "{operation}");
    }
}

/// `kind name key` of the cells of a column.
fn cells(judged: &Judged, column: usize) -> BTreeSet<String> {
    let settings = judged.rows.iter().flat_map(|row| row.settings.iter().map(move |setting| (row, setting)));
    let held = settings.filter(|(_, setting)| setting.cells[column].is_some());
    held.map(|(row, setting)| format!("{} {} {}", row.kind, row.name, setting.key)).collect()
}

/// True where `exists` of the resource, or of its kind, tells that the cell is unknown.
fn explained(line: &str, unknown: &[String]) -> bool {
    unknown.iter().filter_map(|told| told.split_once(" exists ")).any(|(resource, _)| {
        line.strip_prefix(resource).is_some_and(|rest| rest.starts_with(' '))
            || resource.strip_suffix('*').is_some_and(|kind| line.starts_with(kind))
    }) || unknown.iter().any(|told| told.contains(" environment"))
}

#[tokio::test]
async fn without_the_names_of_keys_what_is_encrypted_with_them_is_unknown() {
    let denied = Rule::all(FaultMode::Denied).account(DEV).service("kms").operation("ListAliases");
    let (snapshots, _) = deployed(vec![denied]).await;
    let found = unknown(&judged(&snapshots));
    assert!(found.contains(&"s3 bucket receipts kms_key dev".to_owned()), "{found:?}");
    assert!(found.contains(&"kms key payments exists dev".to_owned()), "{found:?}");
    assert!(found.iter().all(|line| line.contains("kms")), "{found:?}");
}

#[tokio::test]
async fn without_the_tagging_api_tags_are_unknown_and_not_missing() {
    let denied = Rule::all(FaultMode::Denied).account(DEV).service("tagging");
    let (snapshots, _) = deployed(vec![denied]).await;
    let found = unknown(&judged(&snapshots));
    assert!(found.contains(&"lambda function payment-processing tag:CostCenter dev".to_owned()), "{found:?}");
    assert!(found.iter().all(|line| line.contains(" tag:") && line.ends_with(" dev")), "{found:?}");
}

#[tokio::test]
async fn how_far_it_is_is_told_and_the_last_is_all() {
    let (snapshots, told) = deployed(Vec::new()).await;
    let total = 3 * (inventory::ALL.len() + 1);
    assert_eq!(told.len(), total);
    assert!(told.iter().enumerate().all(|(place, progress)| (progress.done, progress.total) == (place + 1, total)));
    assert!(told.last().unwrap().calls > 100);
    assert!(snapshots.iter().all(|snapshot| snapshot.unlisted.is_empty() && snapshot.fault.is_none()));
}

#[tokio::test]
async fn one_that_hangs_can_be_given_up() {
    let hangs = Rule::all(FaultMode::Hang).account(DEV).service("s3");
    let reading = tokio::time::timeout(Duration::from_millis(500), deployed(vec![hangs]));
    assert!(reading.await.is_err(), "dropping the future ends it");
}
