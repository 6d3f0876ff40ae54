//! What a manifest says: the approved variations of a system.

use std::collections::BTreeMap;

use globset::GlobMatcher;

use crate::base::Text;
use crate::config::problem::Position;

/// What may differ between the environments of a system, what must exist, and which tags everything carries. Without an
/// entry all environments must be the same.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The file, as messages print it; empty where there is none.
    pub file: Text,
    /// The system that it is about; empty where there is no manifest.
    pub system: Text,
    /// Where the file says so.
    pub system_at: Option<Position>,
    /// Names of the system's environments; empty where the manifest does not say.
    pub environments: Vec<Text>,
    /// Keys of the tags that every resource carries.
    pub required_tags: Vec<Text>,
    /// Resources that are one although their names do not say so.
    pub matches: Vec<Match>,
    /// Resources that must exist, and where.
    pub resources: Vec<Expected>,
    /// Settings that may differ. The first that fits counts.
    pub variations: Vec<Variation>,
}

/// A pattern with `*`, `?`, `[…]` and `{a,b}`, as it was written and ready to match.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As written.
    pub text: Text,
    pub(super) glob: GlobMatcher,
}

impl Pattern {
    /// True when it fits the whole of `text`.
    pub fn fits(&self, text: &str) -> bool {
        self.glob.is_match(text)
    }
}

/// AWS names that are one row.
#[derive(Debug, Clone)]
pub struct Match {
    /// Where it stands in the file.
    pub at: Position,
    /// Kind of resource, e.g. `s3 bucket`.
    pub kind: Pattern,
    /// AWS's name.
    pub pattern: Pattern,
    /// The row's name.
    pub name: Text,
}

/// A resource that must exist.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Where it stands in the file.
    pub at: Position,
    /// Kind of resource.
    pub kind: Text,
    /// Logical name.
    pub name: Text,
    /// The environments that have it and no others; `None`: all.
    pub only: Option<Vec<Text>>,
    /// Why, for people.
    pub why: Text,
}

/// A setting that may differ.
#[derive(Debug, Clone)]
pub struct Variation {
    /// Where it stands in the file.
    pub at: Position,
    /// Kinds of resources.
    pub kind: Pattern,
    /// Logical names.
    pub name: Pattern,
    /// Keys of settings.
    pub setting: Pattern,
    /// How it may differ.
    pub allowed: Allowed,
    /// Why, for people.
    pub why: Text,
}

/// How a setting may differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowed {
    /// In every way.
    Any,
    /// By environment; environments that are not named must be the same among themselves.
    By(BTreeMap<Text, Approved>),
}

/// What a setting of one environment may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Approved {
    /// Anything.
    Any,
    /// AWS says that there is none.
    Absent,
    /// This.
    Exactly(Scalar),
    /// One of these.
    OneOf(Vec<Scalar>),
    /// A number within these bounds, which belong to it.
    Within {
        /// Lowest.
        min: Option<f64>,
        /// Highest.
        max: Option<f64>,
    },
}

/// A value as a manifest writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A number.
    Number(f64),
    /// A text.
    Text(Text),
    /// On or off.
    Bool(bool),
    /// Several texts; their order says nothing.
    List(Vec<Text>),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Bool(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::List(list) => f.write_str(&list.join(", ")),
        }
    }
}

impl std::fmt::Display for Approved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Absent => f.write_str("none"),
            Self::Exactly(value) => write!(f, "{value}"),
            Self::OneOf(values) => {
                f.write_str(&values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "))
            }
            Self::Within { min: Some(min), max: Some(max) } => write!(f, "{min} to {max}"),
            Self::Within { min: Some(min), max: None } => write!(f, "at least {min}"),
            Self::Within { min: None, max: Some(max) } => write!(f, "at most {max}"),
            Self::Within { min: None, max: None } => f.write_str("a number"),
        }
    }
}
