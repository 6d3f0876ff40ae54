//! What `compare --json` prints: schema 1.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::compare::setting::Value;
use crate::compare::verdict::{Cell, Judged, JudgedResource, JudgedSetting, Verdict};
use crate::compare::words;
use crate::model::Usage;

/// Version of the report's form: it grows when a field changes its meaning or goes.
const SCHEMA: u32 = 1;

/// The matrix of everything that was compared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this form.
    pub schema: u32,
    /// When it was read, RFC 3339.
    pub generated_at: String,
    /// Name of the baseline that it is compared with; `null`: environments with each other.
    pub against: Option<String>,
    /// Cells by verdict; every verdict is named.
    pub summary: BTreeMap<Verdict, usize>,
    /// Settings with a difference that nothing allows, each counted once.
    pub findings: usize,
    /// What was compared: a system's environments, or an environment with its past.
    pub comparisons: Vec<Comparison>,
    /// What was asked of AWS.
    pub api: Api,
}

/// Environments that were compared with each other.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Comparison {
    /// The system, or the environment.
    pub name: String,
    /// The columns.
    pub environments: Vec<EnvironmentReport>,
    /// The worst first; without `--all` only what is not the same everywhere.
    pub resources: Vec<ResourceReport>,
}

/// A column.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnvironmentReport {
    /// What cells call it.
    pub name: String,
    /// Region code.
    pub region: String,
    /// 12 digits.
    pub account: Option<String>,
    /// Why nothing of it could be read.
    pub fault: Option<String>,
}

/// A resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ResourceReport {
    /// e.g. `lambda function`.
    pub kind: String,
    /// Logical name.
    pub name: String,
    /// The worst of its cells.
    pub verdict: Verdict,
    /// AWS's name by environment.
    pub names: BTreeMap<String, String>,
    /// Its settings.
    pub settings: Vec<SettingReport>,
}

/// A setting.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SettingReport {
    /// e.g. `memory_mb`, `exists`, `tag:Team`.
    pub key: String,
    /// The worst of its cells.
    pub verdict: Verdict,
    /// Why it may differ, where the manifest says so.
    pub why: Option<String>,
    /// In the order of the environments; one where there is nothing to judge is left out.
    pub cells: Vec<CellReport>,
}

/// A cell.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CellReport {
    /// Name of the environment.
    pub environment: String,
    /// Number, text, true or false, list; `null`: AWS says that there is none, or it is unknown.
    pub value: serde_json::Value,
    /// What is true of it.
    pub verdict: Verdict,
    /// What it should be, or why it is unknown.
    pub note: Option<String>,
}

/// Calls.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Api {
    /// Requests sent.
    pub calls: u64,
    /// Requests by `service:Operation`.
    pub by_operation: BTreeMap<String, u64>,
}

/// Cells by verdict, each verdict named.
pub fn summary<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> BTreeMap<Verdict, usize> {
    let mut summary: BTreeMap<Verdict, usize> = Verdict::ALL.into_iter().map(|verdict| (verdict, 0)).collect();
    for cell in judged.into_iter().flat_map(Judged::cells) {
        *summary.entry(cell.verdict).or_default() += 1;
    }
    summary
}

impl Report {
    /// From what was judged. `all` keeps what is the same everywhere.
    pub fn new(judged: &[Judged], at: Timestamp, against: Option<&str>, usage: &Usage, all: bool) -> Self {
        Self {
            schema: SCHEMA,
            generated_at: Timestamp::from_second(at.as_second()).unwrap_or(at).to_string(),
            against: against.map(str::to_owned),
            summary: summary(judged),
            findings: judged.iter().map(|judged| judged.findings().count()).sum(),
            comparisons: judged.iter().map(|judged| comparison(judged, all)).collect(),
            api: Api { calls: usage.calls(), by_operation: usage.by_operation.clone() },
        }
    }
}

fn comparison(judged: &Judged, all: bool) -> Comparison {
    let labels: Vec<String> = judged.columns.iter().map(|column| column.label.to_string()).collect();
    let environments = judged.columns.iter().map(|column| EnvironmentReport {
        name: column.label.to_string(),
        region: column.region.to_string(),
        account: column.account.as_ref().map(ToString::to_string),
        fault: column.fault.as_ref().map(words::fault),
    });
    let shown = judged.rows.iter().filter(|row| all || row.worst() > Verdict::Same);
    Comparison {
        name: judged.title.to_string(),
        environments: environments.collect(),
        resources: shown.map(|row| resource(row, &labels, all)).collect(),
    }
}

fn resource(row: &JudgedResource, labels: &[String], all: bool) -> ResourceReport {
    let names =
        labels.iter().zip(&row.names).filter_map(|(label, name)| Some((label.clone(), name.as_ref()?.to_string())));
    let shown = row.settings.iter().filter(|setting| all || setting.worst() > Verdict::Same);
    ResourceReport {
        kind: row.kind.to_string(),
        name: row.name.to_string(),
        verdict: row.worst(),
        names: names.collect(),
        settings: shown.map(|setting| setting_of(setting, labels)).collect(),
    }
}

fn setting_of(setting: &JudgedSetting, labels: &[String]) -> SettingReport {
    let cells = labels.iter().zip(&setting.cells).filter_map(|(label, cell)| Some(cell_of(label, cell.as_ref()?)));
    SettingReport {
        key: setting.key.to_string(),
        verdict: setting.worst(),
        why: Some(setting.why.to_string()).filter(|why| !why.is_empty()),
        cells: cells.collect(),
    }
}

fn cell_of(environment: &str, cell: &Cell) -> CellReport {
    CellReport {
        environment: environment.to_owned(),
        value: json(&cell.value),
        verdict: cell.verdict,
        note: Some(cell.note.to_string()).filter(|note| !note.is_empty()),
    }
}

fn json(value: &Value) -> serde_json::Value {
    #[allow(clippy::cast_possible_truncation, reason = "whole and far below 2^53")]
    match value {
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => (*number as i64).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.to_string().into(),
        Value::Bool(on) => (*on).into(),
        Value::List(words) => words.iter().map(ToString::to_string).collect(),
        Value::Absent | Value::Unknown(_) => serde_json::Value::Null,
    }
}
