//! What a signal says about one environment, neutral of any view.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::model::{Fault, Series, Severity};

/// A signal's stable name, e.g. `lambda-errors`: used in the configuration and in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SignalId(pub &'static str);

impl fmt::Display for SignalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// A pair of thresholds: at or beyond `warn` is a warning, at or beyond `critical` is critical.
/// Where `critical < warn`, small values are the bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Warning from here.
    pub warn: f64,
    /// Critical from here.
    pub critical: f64,
}

impl Level {
    /// Judges a measured value. Zero never alarms where large values are the bad ones.
    pub fn judge(self, value: f64) -> Severity {
        let falling = self.critical < self.warn;
        let beyond = |threshold: f64| if falling { value <= threshold } else { value > 0.0 && value >= threshold };
        if !value.is_finite() {
            Severity::Unknown
        } else if beyond(self.critical) {
            Severity::Critical
        } else if beyond(self.warn) {
            Severity::Warning
        } else {
            Severity::Ok
        }
    }
}

/// One signal of one environment at one time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The worst of the resources, or `Absent` when there are none.
    pub severity: Severity,
    /// The figure for the cell, with its unit: `8.4 %`, `3 of 14`, `18/20`.
    pub headline: Text,
    /// A few words that follow the headline when there is room: `2 pending`, `1 no data`.
    pub note: Text,
    /// The headline's figure as a number, where it has one.
    pub value: Option<f64>,
    /// Unit of `value`: `%`, `/min`, `alarms`, `tasks`, `nodes`.
    pub unit: Text,
    /// Since when it is as bad as it is, where known.
    pub since: Option<Timestamp>,
    /// The curve behind the headline.
    pub series: Option<Series>,
    /// Worst first, then by name.
    pub resources: Vec<Resource>,
    /// What could not be read although the rest could; what depends on it is `Unknown`.
    pub fault: Option<Fault>,
}

/// One AWS resource as a signal sees it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Resource {
    /// AWS's name for it.
    pub name: Text,
    /// The name without environment, account and region: the row it stands in.
    pub logical_name: Text,
    /// Its ARN; empty where AWS gives none.
    pub arn: Text,
    /// Judged severity.
    pub severity: Severity,
    /// The figure for the cell.
    pub headline: Text,
    /// Why, in a sentence: an alarm's reason, a deployment's failure.
    pub reason: Text,
    /// Since when it is so, where known.
    pub since: Option<Timestamp>,
    /// The curve behind the headline.
    pub series: Option<Series>,
    /// What the curve shows and in what: `CPUUtilization, %`; empty where that is not known.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub curve: Text,
    /// Everything else, in the order to show it.
    pub fields: Vec<Field>,
}

fn is_empty(text: &Text) -> bool {
    text.is_empty()
}

/// A named detail of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Stable name in snake case; the JSON key.
    pub key: Text,
    /// The value with its type.
    pub value: FieldValue,
    /// Unit to show after the value; empty for none.
    pub unit: Text,
}

impl Field {
    /// A detail without a unit.
    pub fn new(key: &str, value: impl Into<FieldValue>) -> Self {
        Self { key: key.into(), value: value.into(), unit: Text::default() }
    }

    /// A detail with a unit.
    pub fn with_unit(key: &str, value: impl Into<FieldValue>, unit: &str) -> Self {
        Self { key: key.into(), value: value.into(), unit: unit.into() }
    }
}

/// A detail's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Not known: shown as `?`, null in JSON.
    Unknown,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(i64),
    /// A measured number.
    Number(f64),
    /// Words.
    Text(Text),
    /// Several words.
    List(Vec<Text>),
}

impl From<bool> for FieldValue {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<i64> for FieldValue {
    fn from(value: i64) -> Self {
        Self::Count(value)
    }
}

impl From<i32> for FieldValue {
    fn from(value: i32) -> Self {
        Self::Count(value.into())
    }
}

impl From<f64> for FieldValue {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Unknown }
    }
}

impl From<Text> for FieldValue {
    fn from(value: Text) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for FieldValue {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<Vec<Text>> for FieldValue {
    fn from(value: Vec<Text>) -> Self {
        Self::List(value)
    }
}

impl From<Timestamp> for FieldValue {
    fn from(value: Timestamp) -> Self {
        Self::Text(value.to_string().into())
    }
}

impl<T: Into<FieldValue>> From<Option<T>> for FieldValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Into::into)
    }
}
