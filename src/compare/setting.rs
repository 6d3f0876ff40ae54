//! A resource's configuration in a flat, typed and stable form: what is compared, and nothing secret.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::model::Fault;

/// The value of one setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    /// A number in the unit that the setting's key says, e.g. MB for `memory_mb`. Always finite.
    Number(f64),
    /// A word, a name, an expression.
    Text(Text),
    /// On or off.
    Bool(bool),
    /// Several words in which order says nothing: sorted, each once.
    List(Vec<Text>),
    /// AWS says that there is none.
    Absent,
    /// It could not be read, and why.
    Unknown(Fault),
}

impl Value {
    /// A text; an empty one or none is [`Value::Absent`].
    pub fn text(value: Option<impl AsRef<str>>) -> Self {
        match value.map(Text::new) {
            Some(text) if !text.is_empty() => Self::Text(text),
            _ => Self::Absent,
        }
    }

    /// A number; none, and one that is not finite, is [`Value::Absent`].
    pub fn number(value: Option<impl Into<f64>>) -> Self {
        value.map(Into::into).filter(|value: &f64| value.is_finite()).map_or(Self::Absent, Self::Number)
    }

    /// A count that may not fit a smaller type.
    #[allow(clippy::cast_precision_loss, reason = "no setting of AWS reaches 2^53")]
    pub fn count(value: Option<i64>) -> Self {
        value.map_or(Self::Absent, |value| Self::Number(value as f64))
    }

    /// On or off; [`Value::Absent`] where AWS does not say.
    pub fn flag(value: Option<bool>) -> Self {
        value.map_or(Self::Absent, Self::Bool)
    }

    /// Words, sorted, each once.
    pub fn list(words: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let words: BTreeSet<Text> = words.into_iter().map(Text::new).collect();
        Self::List(words.into_iter().collect())
    }

    /// True for a value that could not be read.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Bool(true) => f.write_str("on"),
            Self::Bool(false) => f.write_str("off"),
            Self::List(words) if words.is_empty() => f.write_str("none"),
            Self::List(words) => f.write_str(&words.join(", ")),
            Self::Absent => f.write_str("none"),
            Self::Unknown(fault) => f.write_str(fault.kind.word()),
        }
    }
}

/// How two values of a setting are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Meaning {
    /// As they are.
    Plain,
    /// As names, ARNs or expressions of names: environment, account and region do not count.
    Names,
}

/// One setting of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Stable name in snake case with its unit, e.g. `memory_mb`.
    pub key: Text,
    /// The value.
    pub value: Value,
    /// What counts of it.
    pub meaning: Meaning,
}

impl Setting {
    /// A setting that is compared as it is.
    pub fn new(key: &str, value: Value) -> Self {
        Self { key: key.into(), value, meaning: Meaning::Plain }
    }

    /// A setting that names other resources.
    pub fn names(key: &str, value: Value) -> Self {
        Self { key: key.into(), value, meaning: Meaning::Names }
    }
}

/// The tags of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tags {
    /// It is a part of something and has none of its own.
    Part,
    /// The tagging API says them, by the resource's ARN.
    Elsewhere,
    /// These.
    Known(BTreeMap<Text, Text>),
    /// They could not be read, and why.
    Unknown(Fault),
}

impl Tags {
    /// From keys and values.
    pub fn known(tags: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Self {
        Self::Known(tags.into_iter().map(|(key, value)| (Text::new(key), Text::new(value))).collect())
    }
}

/// One resource, or a part of one that can be missing by itself, as it is configured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Configured {
    /// What it is, e.g. `lambda function`: one of [`crate::compare::inventory::kinds`].
    pub kind: Text,
    /// AWS's name for it; a part is named after its whole, e.g. `payments-prod-transactions/by-merchant`.
    pub name: Text,
    /// Its ARN; empty where there is none.
    pub arn: Text,
    /// Its settings, in the order to show them.
    pub settings: Vec<Setting>,
    /// Its tags.
    pub tags: Tags,
    /// Why the settings that are not among `settings` are unknown; `None`: it has none of them.
    pub unread: Option<Fault>,
}

impl Configured {
    /// A resource whose tags the tagging API knows.
    pub fn new(kind: &str, name: impl AsRef<str>, arn: impl AsRef<str>, settings: Vec<Setting>) -> Self {
        Self {
            kind: kind.into(),
            name: Text::new(name),
            arn: Text::new(arn),
            settings,
            tags: Tags::Elsewhere,
            unread: None,
        }
    }

    /// A part of something.
    pub fn part(kind: &str, name: impl AsRef<str>, settings: Vec<Setting>) -> Self {
        Self { tags: Tags::Part, ..Self::new(kind, name, "", settings) }
    }

    /// A resource that is listed and could not be described.
    pub fn undescribed(kind: &str, name: impl AsRef<str>, arn: impl AsRef<str>, fault: &Fault) -> Self {
        let tags = Tags::Unknown(fault.clone());
        Self { tags, unread: Some(fault.clone()), ..Self::new(kind, name, arn, Vec::new()) }
    }

    /// The same with tags that were read with it.
    #[must_use]
    pub fn tagged(self, tags: Tags) -> Self {
        Self { tags, ..self }
    }
}
