//! Metrics of the operator's own: what stands in the row "Custom metrics".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Level, Stat};

/// A CloudWatch metric to watch, minute by minute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricConfig {
    /// What the row is called, e.g. `Webhook time`; once in every environment.
    pub title: String,
    /// CloudWatch namespace, e.g. `Analytics`.
    pub namespace: String,
    /// CloudWatch name, e.g. `WebhookDuration`.
    pub metric: String,
    /// `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p95` or `p99.9`.
    #[schemars(with = "String")]
    pub statistic: Stat,
    /// Shown after the value, e.g. `s`.
    pub unit: String,
    /// What CloudWatch's value is multiplied by, e.g. 0.001 for seconds from milliseconds. Thresholds are in the result.
    pub scale: f64,
    /// Warning from here. Where `critical` is below it, small values are the bad ones. Never judged without thresholds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn: Option<f64>,
    /// Critical from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<f64>,
    /// What a minute without a point means.
    pub missing: Missing,
    /// Where it is watched, by `name` or `system/name`; everywhere, when empty.
    pub environments: Vec<String>,
    /// Dimensions and their values; exactly these, no more.
    pub dimensions: BTreeMap<String, String>,
}

/// What a minute without a point means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// Nobody knows: right for times, sizes and levels.
    #[default]
    Unknown,
    /// Nothing happened: right for counts of events.
    Zero,
}

impl Default for MetricConfig {
    fn default() -> Self {
        Self {
            title: String::new(),
            namespace: String::new(),
            metric: String::new(),
            statistic: Stat::default(),
            unit: String::new(),
            scale: 1.0,
            warn: None,
            critical: None,
            missing: Missing::default(),
            environments: Vec::new(),
            dimensions: BTreeMap::new(),
        }
    }
}

impl MetricConfig {
    /// The thresholds; `None` where it is only shown.
    pub fn level(&self) -> Option<Level> {
        Some(Level { warn: self.warn?, critical: self.critical? })
    }

    /// True when it is watched in the environment `system/name`.
    pub fn is_for(&self, system: &str, name: &str) -> bool {
        self.environments.is_empty() || self.environments.iter().any(|wanted| is_called(wanted, system, name))
    }
}

/// True when `wanted` is `name` or `system/name`.
pub fn is_called(wanted: &str, system: &str, name: &str) -> bool {
    wanted == name || wanted.strip_prefix(system).and_then(|rest| rest.strip_prefix('/')) == Some(name)
}
