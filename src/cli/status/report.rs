//! The JSON report, schema 1. Fields are only ever added within a schema.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::clock::seconds_between;
use crate::model::{Datum, Fault, FaultKind, FieldValue, Reading, Resource, Severity, Tier, Usage};
use crate::poll::collect::{Wall, WallEnvironment};
use crate::signals;

/// The version of this shape.
pub const SCHEMA: u32 = 1;

/// One complete wall.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Always 1.
    pub schema: u32,
    /// RFC 3339, UTC.
    pub generated_at: String,
    /// True for the wall of a past minute, rebuilt from history with what exists now; `generated_at` is that minute.
    pub reconstructed: bool,
    /// The worst severity of all environments.
    pub worst: Severity,
    /// In the configuration's order.
    pub systems: Vec<SystemReport>,
    /// What was asked of AWS for this report.
    pub api: ApiReport,
}

/// A system and its environments.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SystemReport {
    /// e.g. `payments`.
    pub name: String,
    /// In the configuration's order.
    pub environments: Vec<EnvironmentReport>,
}

/// Whether an environment could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Every signal was read completely.
    Live,
    /// Something could not be read; the signals say what.
    Partial,
    /// Nothing could be read; `fault` says why.
    Failed,
}

/// One environment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnvironmentReport {
    /// e.g. `prod`.
    pub name: String,
    /// AWS region code.
    pub region: String,
    /// The account that the credentials answered with, else the configured one.
    pub account: Option<String>,
    /// Look and guard policy.
    pub tier: Tier,
    /// Whether it could be read.
    pub state: State,
    /// Why it could not be read as a whole.
    pub fault: Option<FaultReport>,
    /// One entry a signal, in the order of the wall; `absent` where there is nothing of the kind.
    pub signals: Vec<SignalReport>,
}

/// Why something could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FaultReport {
    /// What kind.
    pub kind: FaultKind,
    /// The AWS operation, or the step.
    pub operation: String,
    /// What was answered.
    pub message: String,
    /// What to do next.
    pub remedy: Option<String>,
}

/// One signal of an environment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignalReport {
    /// e.g. `lambda-errors`.
    pub id: String,
    /// The worst of its resources.
    pub severity: Severity,
    /// The figure with its unit, as on the wall.
    pub headline: String,
    /// The figure as a number.
    pub value: Option<f64>,
    /// Unit of `value`.
    pub unit: String,
    /// Since when it is so bad, RFC 3339.
    pub since: Option<String>,
    /// Seconds since AWS answered; null when it never did.
    pub age_s: Option<u64>,
    /// What could not be read of it.
    pub fault: Option<FaultReport>,
    /// Worst first.
    pub resources: Vec<ResourceReport>,
}

/// One resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ResourceReport {
    /// AWS's name.
    pub name: String,
    /// The name without environment, account and region.
    pub logical_name: String,
    /// Null where AWS gives none.
    pub arn: Option<String>,
    /// Judged severity.
    pub severity: Severity,
    /// The figure with its unit.
    pub headline: String,
    /// Why, in a sentence; null where there is nothing to say.
    pub reason: Option<String>,
    /// Since when, RFC 3339.
    pub since: Option<String>,
    /// Details by name; numbers in the unit that the name or AWS says.
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// Calls and cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ApiReport {
    /// Requests sent.
    pub calls: u64,
    /// Requests by `service:Operation`.
    pub by_operation: BTreeMap<String, u64>,
    /// Metrics requested by GetMetricData.
    pub metrics_requested: u64,
    /// What AWS charges for them.
    pub cost_usd: f64,
}

impl Report {
    /// From a complete wall.
    pub fn new(wall: &Wall) -> Self {
        let mut systems: Vec<SystemReport> = Vec::new();
        for environment in &wall.environments {
            let name = environment.environment.system.to_string();
            let report = EnvironmentReport::new(environment, wall.at);
            match systems.iter_mut().find(|system| system.name == name) {
                Some(system) => system.environments.push(report),
                None => systems.push(SystemReport { name, environments: vec![report] }),
            }
        }
        if wall.reconstructed {
            // A rebuilt value has no age.
            for signal in systems.iter_mut().flat_map(|s| &mut s.environments).flat_map(|e| &mut e.signals) {
                signal.age_s = None;
            }
        }
        let severities = systems.iter().flat_map(|s| &s.environments).flat_map(|e| &e.signals).map(|s| s.severity);
        Self {
            schema: SCHEMA,
            generated_at: rfc3339(wall.at),
            reconstructed: wall.reconstructed,
            worst: severities.max().unwrap_or_default(),
            systems,
            api: ApiReport::new(&wall.usage()),
        }
    }
}

impl ApiReport {
    fn new(usage: &Usage) -> Self {
        Self {
            calls: usage.calls(),
            by_operation: usage.by_operation.clone(),
            metrics_requested: usage.metrics_requested,
            cost_usd: usage.cost_usd(),
        }
    }
}

impl EnvironmentReport {
    fn new(of: &WallEnvironment, now: Timestamp) -> Self {
        let signals: Vec<SignalReport> =
            of.cells.iter().map(|(id, datum)| SignalReport::new(id.0, datum, now)).collect();
        let fault = of.connection.fault.as_ref().map(FaultReport::new);
        let asking = || of.cells.iter().filter(|(id, _)| signals::asks(*id));
        let state = if asking().count() > 0 && asking().all(|(_, datum)| datum.value().is_none()) {
            State::Failed
        } else if fault.is_some() || signals.iter().any(|signal| signal.fault.is_some()) {
            State::Partial
        } else {
            State::Live
        };
        let environment = &of.environment;
        let verified = of.connection.identity.as_ref().map(|identity| &identity.account);
        Self {
            name: environment.name.to_string(),
            region: environment.region.to_string(),
            account: verified.or(environment.account.as_ref()).map(ToString::to_string),
            tier: environment.tier,
            state,
            fault,
            signals,
        }
    }
}

impl FaultReport {
    fn new(fault: &Fault) -> Self {
        Self {
            kind: fault.kind,
            operation: fault.operation.to_string(),
            message: fault.message.to_string(),
            remedy: fault.remedy.as_ref().map(ToString::to_string),
        }
    }
}

impl SignalReport {
    fn new(id: &str, datum: &Datum<Reading>, now: Timestamp) -> Self {
        let fault = datum.fault().or_else(|| datum.value().and_then(|reading| reading.fault.as_ref()));
        let Some(reading) = datum.value() else {
            return Self {
                id: id.to_owned(),
                severity: Severity::Unknown,
                headline: fault.map_or("no answer", |fault| fault.kind.word()).to_owned(),
                value: None,
                unit: String::new(),
                since: None,
                age_s: None,
                fault: fault.map(FaultReport::new),
                resources: Vec::new(),
            };
        };
        // A last good value that could not be renewed is no longer known to be good.
        let stale = !matches!(datum, Datum::Live { .. });
        let severity = if stale && reading.severity == Severity::Ok { Severity::Unknown } else { reading.severity };
        Self {
            id: id.to_owned(),
            severity,
            headline: reading.headline.to_string(),
            value: reading.value,
            unit: reading.unit.to_string(),
            since: reading.since.map(rfc3339),
            age_s: datum.read_at().map(|at| seconds_between(at, now)),
            fault: fault.map(FaultReport::new),
            resources: reading.resources.iter().map(ResourceReport::new).collect(),
        }
    }
}

impl ResourceReport {
    fn new(resource: &Resource) -> Self {
        Self {
            name: resource.name.to_string(),
            logical_name: resource.logical_name.to_string(),
            arn: Some(resource.arn.to_string()).filter(|arn| !arn.is_empty()),
            severity: resource.severity,
            headline: resource.headline.to_string(),
            reason: Some(resource.reason.to_string()).filter(|reason| !reason.is_empty()),
            since: resource.since.map(rfc3339),
            fields: resource.fields.iter().map(|field| (field.key.to_string(), json(&field.value))).collect(),
        }
    }
}

fn json(value: &FieldValue) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn rfc3339(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}
