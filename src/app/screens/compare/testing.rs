//! Comparisons for tests: a calm payments, one that has drifted, one with an environment that cannot be read.
use std::sync::Arc;

use jiff::Timestamp;

use crate::base::Text;
use crate::compare::manifests::parsed;
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::compare::{Matrix, Snapshot};
use crate::config::Source;
use crate::inquiry::compare::Comparison;
use crate::model::{Environment, Fault, FaultKind};
use crate::signals::naming::Naming;

const MANIFEST: &str = r#"
system = "payments"
required_tags = ["Team"]

[[vary]]
kind = "lambda function"
name = "*"
setting = "memory_mb"
values = { dev = 512, staging = 1024, prod = 2048 }
why = "memory follows the load"

[[vary]]
kind = "log group"
name = "*"
setting = "retention_days"
values = { dev = 30, staging = 90, prod = 365 }
why = "auditors read a year of production"
"#;

/// Everything differs as it may.
pub fn calm(environments: &[Environment], at: Timestamp) -> Arc<Comparison> {
    compared(environments, at, |_| {})
}

/// Production has too little memory, staging too short a retention, a tag is missing and dev has no index.
pub fn drifted(environments: &[Environment], at: Timestamp) -> Arc<Comparison> {
    compared(environments, at, |snapshot| match &*snapshot.name {
        "prod" => {
            set(snapshot, 0, "memory_mb", Value::Number(1536.0));
            snapshot.resources[1].tags = Tags::known([("Owner", "ada")]);
        }
        "staging" => set(snapshot, 3, "retention_days", Value::Number(30.0)),
        _ => {
            snapshot.resources.remove(2);
        }
    })
}

/// The first environment cannot be read.
pub fn failed(environments: &[Environment], at: Timestamp) -> Arc<Comparison> {
    let first = environments[0].name.clone();
    compared(environments, at, |snapshot| {
        if snapshot.name == first {
            let fault = Fault::new(FaultKind::Expired, "GetCallerIdentity", "the security token is expired");
            snapshot.resources.clear();
            snapshot.fault = Some(fault);
        }
    })
}

/// The same with a change to every snapshot.
pub fn compared(environments: &[Environment], at: Timestamp, change: impl Fn(&mut Snapshot)) -> Arc<Comparison> {
    let manifest = parsed(&Source::new("payments.manifest.toml", MANIFEST)).unwrap();
    let snapshots: Vec<Snapshot> = environments
        .iter()
        .map(|environment| {
            let mut snapshot = Snapshot::empty(environment, at);
            snapshot.resources = deployed(&environment.name);
            change(&mut snapshot);
            snapshot
        })
        .collect();
    let naming = Naming::new(environments.iter(), &[]);
    let judged = Matrix::of("payments", &snapshots, &naming, &manifest.matches).judge(&manifest);
    Arc::new(Comparison { system: "payments".into(), at, judged, manifest, warnings: Vec::new() })
}

fn set(snapshot: &mut Snapshot, resource: usize, key: &str, value: Value) {
    let settings = &mut snapshot.resources[resource].settings;
    settings.iter_mut().find(|setting| &*setting.key == key).unwrap().value = value;
}

fn deployed(environment: &str) -> Vec<Configured> {
    let (memory, retention) = match environment {
        "dev" => (512.0, 30.0),
        "staging" => (1024.0, 90.0),
        _ => (2048.0, 365.0),
    };
    let name = |rest: &str| format!("payments-{environment}-{rest}");
    let tags = || Tags::known([("Team", "payments"), ("Owner", "ada")]);
    let function = vec![
        Setting::new("memory_mb", Value::Number(memory)),
        Setting::new("timeout_s", Value::Number(30.0)),
        Setting::new("runtime", Value::Text("nodejs22.x".into())),
        Setting::new("variable_names", Value::list(["LOG_LEVEL", "STRIPE_SECRET_ARN", "TABLE_NAME"])),
    ];
    let table = vec![
        Setting::new("billing", Value::Text("PROVISIONED".into())),
        Setting::new("deletion_protection", Value::Bool(true)),
    ];
    let index = vec![Setting::new("projection", Value::Text("ALL".into()))];
    let group = vec![Setting::new("retention_days", Value::Number(retention))];
    let (processing, audit) = (name("payment-processing"), name("audit-logs"));
    vec![
        Configured::new("lambda function", &processing, Text::default(), function).tagged(tags()),
        Configured::new("dynamodb table", &audit, Text::default(), table).tagged(tags()),
        Configured::part("dynamodb index", format!("{}/by-merchant", name("transactions")), index),
        Configured::new("log group", format!("/aws/lambda/{processing}"), Text::default(), group).tagged(tags()),
    ]
}
