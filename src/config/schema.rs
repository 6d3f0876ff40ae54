//! The configuration as plain data, with its defaults. Loading and validation are beside it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::config::metric::MetricConfig;
use crate::config::window::FreezeConfig;
use crate::model::{EnvId, Environment, Level, Tier};

/// Thresholds by signal id and threshold name, e.g. `lambda-errors` → `error_rate`.
pub type Thresholds = BTreeMap<String, BTreeMap<String, Level>>;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The environments, in the order of their columns.
    #[serde(rename = "environment")]
    pub environments: Vec<EnvironmentConfig>,
    /// Overrides of the signals' default thresholds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub thresholds: Thresholds,
    /// How often to ask.
    pub cadence: Cadence,
    /// What watching may cost.
    pub budget: Budget,
    /// How it looks.
    pub display: Display,
    /// Keys that differ from the defaults: action name → key notation, e.g. `refresh = "ctrl-r"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, String>,
    /// How logical names are made from resource names.
    pub naming: Naming,
    /// What consoles share; nothing, when left out.
    #[serde(skip_serializing_if = "Team::is_unset")]
    pub team: Team,
    /// Metrics of the operator's own, in the order given.
    #[serde(rename = "metric", skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricConfig>,
    /// When nothing shall be changed.
    #[serde(rename = "freeze", skip_serializing_if = "Vec::is_empty")]
    pub freezes: Vec<FreezeConfig>,
    /// Where a part of the calendar of change freezes could not be read: it counts as closed for production.
    #[serde(skip)]
    pub unreadable_freezes: Vec<Text>,
}

impl Config {
    /// The operator's own metrics that are watched in an environment.
    pub fn metrics_of(&self, environment: &EnvironmentConfig) -> Vec<MetricConfig> {
        let of = |metric: &&MetricConfig| metric.is_for(&environment.system, &environment.name);
        self.metrics.iter().filter(of).cloned().collect()
    }
}

/// The DynamoDB table that the consoles of a team share: locks, approvals, a copy of the records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Team {
    /// Name of the table; `watchfloor team init` makes it.
    pub table: Option<String>,
    /// AWS profile; the default credential chain where there is none.
    pub profile: Option<String>,
    /// AWS region; the profile's where there is none.
    pub region: Option<String>,
    /// Expected 12-digit account: a table of another account is refused.
    pub account: Option<String>,
    /// Endpoint in place of AWS's own, e.g. an emulator.
    pub endpoint_url: Option<String>,
    /// How many persons every critical change takes, the operator among them: 2 is the operator and one other who
    /// approves. A runbook may ask for more.
    #[schemars(range(min = 2, max = 6))]
    pub approvals: Option<u8>,
}

impl Team {
    /// True where nothing is shared.
    pub fn is_unset(&self) -> bool {
        *self == Self::default()
    }
}

/// One environment: one account and one region of one system.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentConfig {
    /// The product, e.g. `payments`.
    pub system: String,
    /// The deployment, e.g. `prod`; unique within its system.
    pub name: String,
    /// `development`, `staging` or `production`: look and guard policy.
    pub tier: Tier,
    /// AWS profile; the default credential chain where there is none.
    pub profile: Option<String>,
    /// AWS region, e.g. `eu-west-1`; the profile's where there is none.
    pub region: Option<String>,
    /// Expected 12-digit account: data of another account is refused.
    pub account: Option<String>,
    /// Endpoint for every service, e.g. an emulator; the profile's `endpoint_url` also works.
    pub endpoint_url: Option<String>,
    /// A different profile for changes.
    pub actions_profile: Option<String>,
    /// Never arm this environment.
    pub read_only: bool,
    /// CloudWatch log groups to offer for what has none of its own, e.g. `/ecs/analytics-api`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log_groups: Vec<String>,
    /// What belongs to it, where an account holds more than one.
    #[serde(skip_serializing_if = "Select::is_empty")]
    pub select: Select,
    /// Thresholds for this environment only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub thresholds: Thresholds,
}

/// Which resources belong to an environment. Everything, when empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Select {
    /// Tags that a resource must carry, all of them.
    pub tags: BTreeMap<String, String>,
    /// Globs of which a resource's name must match one, e.g. `payments-prod-*`.
    pub names: Vec<String>,
    /// Globs of names that do not belong.
    pub exclude: Vec<String>,
}

impl Select {
    /// True when everything belongs to the environment.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How often to ask AWS, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cadence {
    /// Alarm states.
    pub alarms: u64,
    /// Metrics, aligned to the minute.
    pub metrics: u64,
    /// States that move: ECS services, EKS node groups.
    pub state: u64,
    /// What exists: functions, tables, APIs.
    pub inventory: u64,
}

impl Default for Cadence {
    fn default() -> Self {
        Self { alarms: 15, metrics: 60, state: 30, inventory: 300 }
    }
}

/// What watching may cost.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// USD an hour for the metrics of all environments together. Beyond it they come less often, down to every ten
    /// minutes; alarms keep their cadence. No limit, when left out.
    pub usd_per_hour: Option<f64>,
}

/// How the console looks and sounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Display {
    /// Name of a theme.
    pub theme: String,
    /// Only ASCII characters.
    pub ascii: bool,
    /// Ring the bell when a severity gets worse.
    pub bell: bool,
    /// Understand the mouse.
    pub mouse: bool,
    /// Signals by id in the order of their rows, before all others; these rows stand even where there is nothing.
    pub rows: Vec<String>,
    /// Signals by id that are not watched at all.
    pub hide: Vec<String>,
}

impl Default for Display {
    fn default() -> Self {
        Self { theme: "dark".into(), ascii: false, bell: false, mouse: true, rows: Vec::new(), hide: Vec::new() }
    }
}

/// How the same thing is recognised in several environments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Naming {
    /// Words that are left out of a resource's name besides the environment's and the system's own.
    pub ignore: Vec<String>,
}

impl EnvironmentConfig {
    /// `system/name`: how messages and flags call it.
    pub fn label(&self) -> String {
        format!("{}/{}", self.system, self.name)
    }

    /// What the screens need to know of it.
    pub fn environment(&self, id: EnvId) -> Environment {
        Environment {
            id,
            system: Text::from(&self.system),
            name: Text::from(&self.name),
            tier: self.tier,
            region: Text::new(self.region.as_deref().unwrap_or_default()),
            account: self.account.as_ref().map(Text::from),
            profile: self.profile.as_ref().map(Text::from),
            read_only: self.read_only,
        }
    }
}
