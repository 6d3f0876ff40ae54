//! Parameters of runbooks: typed and bounded. What an operator types becomes a value here, or is refused.

use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::config::runbook::kind::Kind;
use crate::config::runbook::span;
use crate::model::Value;

/// No value that is typed is longer (characters).
const LONGEST: usize = 255;

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParamType {
    /// A whole number.
    Count,
    /// A number.
    Number,
    /// Words.
    Text,
    /// Yes or no.
    Flag,
    /// A length of time such as `2h`.
    Duration,
    /// A revision of a task definition, or `last_completed`.
    TaskDefinition,
    /// A version of a function, or `previous`.
    Version,
    /// A database instance, or `best`.
    Instance,
}

impl ParamType {
    /// The word in runbook files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Number => "number",
            Self::Text => "text",
            Self::Flag => "flag",
            Self::Duration => "duration",
            Self::TaskDefinition => "task_definition",
            Self::Version => "version",
            Self::Instance => "instance",
        }
    }

    /// True where `min` and `max` make sense.
    pub fn is_measured(self) -> bool {
        matches!(self, Self::Count | Self::Number | Self::Duration)
    }

    /// How conditions see it.
    pub fn kind(self) -> Kind {
        match self {
            Self::Count | Self::Number => Kind::Number,
            Self::Flag => Kind::Flag,
            Self::Text | Self::Duration | Self::TaskDefinition | Self::Version | Self::Instance => Kind::Text,
        }
    }
}

/// One parameter of a runbook.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Param {
    /// The action's name for it.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ParamType,
    /// Its value where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// At least this; seconds for lengths of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// At most this; seconds for lengths of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// One of these, where there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Value>,
    /// What it is, in half a sentence.
    pub help: Text,
    /// True where it must be given.
    pub required: bool,
}

impl Param {
    /// What was typed, as a value within the bounds.
    ///
    /// # Errors
    /// Why it is refused, in half a sentence.
    pub fn accept(&self, typed: &str) -> Result<Value, Text> {
        let typed = typed.trim();
        if typed.chars().count() > LONGEST {
            return Err(format!("{} is longer than {LONGEST} characters", self.name).into());
        }
        let wrong = |what: &str| Err(format!("{} must be {what}, not `{typed}`", self.name).into());
        let value = match self.kind {
            ParamType::Count => match typed.parse::<i64>() {
                Ok(count) => Value::Count(count),
                Err(_) => return wrong("a whole number"),
            },
            ParamType::Number => match typed.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => Value::Number(number),
                None => return wrong("a number"),
            },
            ParamType::Flag => match typed {
                "yes" | "true" => Value::Flag(true),
                "no" | "false" => Value::Flag(false),
                _ => return wrong("yes or no"),
            },
            _ if typed.is_empty() => return wrong("given"),
            _ => Value::Text(typed.into()),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// Whether a value has the type and keeps the bounds.
    ///
    /// # Errors
    /// Why not, in half a sentence.
    pub fn check(&self, value: &Value) -> Result<(), Text> {
        let name = &self.name;
        let measure = match (self.kind, value) {
            (ParamType::Count, Value::Count(_)) | (ParamType::Number, Value::Count(_) | Value::Number(_)) => {
                value.number()
            }
            (ParamType::Flag, Value::Flag(_)) => None,
            (ParamType::Duration, Value::Text(text)) => match span::parse(text) {
                Ok(span) => Some(span.as_secs_f64()),
                Err(what) => return Err(format!("{name}: `{text}` {what}").into()),
            },
            (
                ParamType::Text | ParamType::TaskDefinition | ParamType::Version | ParamType::Instance,
                Value::Text(_),
            ) => None,
            _ => return Err(format!("{name} is a {}, and `{value}` is none", self.kind.word()).into()),
        };
        if let Some(measure) = measure {
            if measure.is_nan() {
                return Err(format!("{name} is not a number").into());
            }
            if let Some(min) = self.min.filter(|min| measure < *min) {
                return Err(format!("{name} is at least {}, not {value}", self.bound(min)).into());
            }
            if let Some(max) = self.max.filter(|max| measure > *max) {
                return Err(format!("{name} is at most {}, not {value}", self.bound(max)).into());
            }
        }
        if !self.choices.is_empty() && !self.choices.contains(value) {
            let choices: Vec<String> = self.choices.iter().map(ToString::to_string).collect();
            return Err(format!("{name} is one of {}, not {value}", choices.join(", ")).into());
        }
        Ok(())
    }

    /// A bound in the parameter's own unit.
    pub fn bound(&self, bound: f64) -> String {
        match self.kind {
            ParamType::Duration => span::text(std::time::Duration::try_from_secs_f64(bound).unwrap_or_default()),
            _ => bound.to_string(),
        }
    }
}
