//! A runbook as it stands in a TOML file: a closed schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::config::runbook::param::ParamType;
use crate::config::runbook::schema::OnFailure;
use crate::model::{Risk, TargetKind, Tier};

/// A runbook: what may be done to a resource, step by step, within which bounds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Version of this schema: 1.
    #[schemars(with = "i64", range(min = 1, max = 1))]
    pub(super) schema: Spanned<i64>,
    /// Unique name in kebab case, e.g. `ecs-rollback`.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), length(max = 64))]
    pub(super) id: Spanned<String>,
    /// One line that says what it does.
    #[schemars(with = "String")]
    pub(super) title: Spanned<String>,
    /// The action that it uses, e.g. `ecs.rollback`. Without a `send` step the action only reads.
    #[schemars(with = "String")]
    pub(super) action: Spanned<String>,
    /// How it is confirmed: `low` with y, `high` by typing, `critical` by typing and with a reason.
    #[serde(default)]
    pub(super) risk: Risk,
    /// The whole run ends after this long, e.g. `20m`; 30m when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) deadline: Option<Spanned<String>>,
    /// What it can be used on.
    #[serde(default)]
    pub(super) applies_to: AppliesEntry,
    /// Parameters by the action's names for them.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ParamEntry>")]
    pub(super) params: BTreeMap<String, Spanned<ParamEntry>>,
    /// Bounds for the guards.
    #[serde(default)]
    pub(super) limits: LimitsEntry,
    /// How many persons it takes, the operator among them: 2 is the operator and one other who approves. Only where the
    /// risk is critical; nobody else is asked where it is left out.
    #[serde(default)]
    #[schemars(with = "Option<u8>", range(min = 2, max = 6))]
    pub(super) approvals: Option<Spanned<i64>>,
    /// What must hold before anything is sent.
    #[serde(default)]
    pub(super) require: Vec<RequireEntry>,
    /// What is done, in order.
    #[serde(default)]
    #[schemars(with = "Vec<StepEntry>")]
    pub(super) steps: Vec<Spanned<StepEntry>>,
    /// What must hold at the end.
    #[serde(default)]
    #[schemars(with = "Vec<VerifyEntry>")]
    pub(super) verify: Vec<Spanned<VerifyEntry>>,
    /// What brings it back: `action` and its parameters.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) undo: Option<Spanned<BTreeMap<String, Spanned<toml::Value>>>>,
    /// What happens when a step fails after something was sent.
    #[serde(default)]
    #[schemars(with = "OnFailure")]
    pub(super) on_failure: Option<Spanned<OnFailure>>,
}

/// `applies_to`
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AppliesEntry {
    /// The kind of resource; the action's own when left out.
    #[schemars(with = "Option<TargetKind>")]
    pub kind: Option<Spanned<TargetKind>>,
    /// Globs over names.
    #[schemars(with = "Vec<String>")]
    pub names: Vec<Spanned<String>>,
    /// Tiers of environments.
    pub tiers: Vec<Tier>,
}

/// `params.NAME`
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ParamEntry {
    /// Its type.
    #[serde(rename = "type")]
    #[schemars(with = "ParamType")]
    pub kind: Spanned<ParamType>,
    /// Its value where none is given.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub default: Option<Spanned<toml::Value>>,
    /// At least this: a number, or a length of time.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub min: Option<Spanned<toml::Value>>,
    /// At most this: a number, or a length of time.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub max: Option<Spanned<toml::Value>>,
    /// One of these.
    #[serde(default)]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub choices: Vec<Spanned<toml::Value>>,
    /// What it is, in half a sentence.
    #[serde(default)]
    pub help: String,
    /// True where it must be given.
    #[serde(default)]
    pub required: Option<bool>,
}

/// `limits`
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsEntry {
    /// Never below this many, whatever anybody says.
    #[schemars(with = "Option<u64>")]
    pub floor: Option<Spanned<i64>>,
    /// Never below this share of what is healthy now, in percent.
    #[schemars(with = "Option<u8>", range(max = 100))]
    pub healthy_percent: Option<Spanned<i64>>,
    /// Never more than this at once, up or down.
    #[schemars(with = "Option<u64>", range(min = 1))]
    pub step: Option<Spanned<i64>>,
    /// Targets that one run may have; 1 when left out.
    #[schemars(with = "Option<u64>", range(min = 1, max = 20))]
    pub targets: Option<Spanned<i64>>,
}

/// One of `require`
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequireEntry {
    /// The condition, e.g. `to.status == ACTIVE && to != current`.
    #[schemars(with = "String")]
    pub that: Spanned<String>,
    /// What it means.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub says: Option<Spanned<String>>,
    /// Id of the runbook that fits where it does not hold.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub else_offer: Option<Spanned<String>>,
}

/// One of `steps`: `id` and one of `confirm`, `send`, `until`, `hold`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepEntry {
    /// Unique in the runbook, kebab case.
    #[serde(default)]
    #[schemars(with = "String", required)]
    pub id: Option<Spanned<String>>,
    /// A question that the operator must say yes to: before the first `send` it is asked with the plan, after one the
    /// run waits for the answer there.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub confirm: Option<Spanned<String>>,
    /// Sends the action's request: a parameter of the action or a field of its request.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub send: Option<Spanned<String>>,
    /// What `send` sets it to.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub value: Option<Spanned<toml::Value>>,
    /// Reads until this holds.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub until: Option<Spanned<String>>,
    /// Waits this long, e.g. `5m`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub hold: Option<Spanned<String>>,
    /// The step fails after this long.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Spanned<String>>,
}

/// One of `verify`: `that`, or `signal`, `is` and `within`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyEntry {
    /// A condition over what is read at the end.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub that: Option<Spanned<String>>,
    /// Id of a signal, e.g. `alarms`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub signal: Option<Spanned<String>>,
    /// `OK`, or `WARNING` where that is good enough; `OK` when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub is: Option<Spanned<String>>,
    /// At the latest after this long, e.g. `10m`; 10m when left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub within: Option<Spanned<String>>,
}
