//! CloudWatch alarms: metric and composite, with the history of their states.

use jiff::Timestamp;

use super::Tags;
use super::metric::MetricId;
use crate::model::Stat;

/// State of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmState {
    /// Within its threshold.
    Ok,
    /// Beyond it.
    Alarm,
    /// Not enough data.
    InsufficientData,
}

impl AlarmState {
    /// The word of the CloudWatch API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// How a value is compared with the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum Comparison {
    /// Alarm when the value is at or above.
    #[serde(rename = ">=")]
    GreaterOrEqual,
    /// Alarm when the value is above.
    #[serde(rename = ">")]
    Greater,
    /// Alarm when the value is below.
    #[serde(rename = "<")]
    Less,
    /// Alarm when the value is at or below.
    #[serde(rename = "<=")]
    LessOrEqual,
}

impl Comparison {
    /// The name of the CloudWatch API.
    pub fn word(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => "GreaterThanOrEqualToThreshold",
            Self::Greater => "GreaterThanThreshold",
            Self::Less => "LessThanThreshold",
            Self::LessOrEqual => "LessThanOrEqualToThreshold",
        }
    }

    /// True when `value` is beyond `threshold`.
    pub fn breaches(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::GreaterOrEqual => value >= threshold,
            Self::Greater => value > threshold,
            Self::Less => value < threshold,
            Self::LessOrEqual => value <= threshold,
        }
    }
}

/// What a missing period counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MissingData {
    /// As within the threshold.
    NotBreaching,
    /// As beyond the threshold.
    Breaching,
    /// The state is kept.
    Ignore,
    /// Nothing: the alarm may lack data.
    #[default]
    Missing,
}

impl MissingData {
    /// The word of the CloudWatch API.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotBreaching => "notBreaching",
            Self::Breaching => "breaching",
            Self::Ignore => "ignore",
            Self::Missing => "missing",
        }
    }
}

/// When a metric alarm goes off.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricRule {
    /// The metric.
    pub metric: MetricId,
    /// Its statistic.
    pub stat: Stat,
    /// Seconds, a multiple of 60.
    pub period_s: u32,
    /// Periods that are looked at.
    pub evaluation_periods: u32,
    /// Breaching periods among them that set the alarm off.
    pub datapoints_to_alarm: u32,
    /// Threshold.
    pub threshold: f64,
    /// Comparison.
    pub comparison: Comparison,
    /// Treatment of missing periods.
    pub missing: MissingData,
}

/// What an alarm depends on.
#[derive(Debug, Clone, PartialEq)]
pub enum AlarmRule {
    /// A metric.
    Metric(MetricRule),
    /// Other alarms: an expression such as `ALARM("a") OR ALARM("b")`.
    Composite(String),
}

/// A change of state.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// When.
    pub at: Timestamp,
    /// Into which state.
    pub state: AlarmState,
    /// e.g. `Threshold Crossed: …`.
    pub reason: String,
    /// JSON, as CloudWatch gives it for metric alarms.
    pub reason_data: String,
}

/// An alarm.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// Name, unique in its account and region.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// What it is for.
    pub description: String,
    /// False: nobody is told.
    pub actions_enabled: bool,
    /// SNS topics for every kind of transition into `ALARM`.
    pub alarm_actions: Vec<String>,
    /// SNS topics for transitions into `OK`.
    pub ok_actions: Vec<String>,
    /// When it goes off.
    pub rule: AlarmRule,
    /// When its configuration last changed.
    pub configured: Timestamp,
    /// Oldest first, never empty. May reach a little beyond the present: read it with [`Alarm::at`].
    pub history: Vec<Transition>,
    /// Tags.
    pub tags: Tags,
}

impl Alarm {
    /// The transition into the state that holds at `now`: its state, reason and since when.
    pub fn at(&self, now: Timestamp) -> Option<&Transition> {
        self.history.iter().rev().find(|transition| transition.at <= now).or_else(|| self.history.first())
    }
}
