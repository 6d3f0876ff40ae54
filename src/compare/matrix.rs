//! Resources by logical name and environment: what is compared with what. No judgement yet.

use crate::base::Text;
use crate::compare::setting::Value;
use crate::model::{Fault, Tier};

/// Which column is right where no rule says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reference {
    /// What more than half of the environments have.
    #[default]
    Most,
    /// What the first column has: an earlier time.
    First,
}

/// Everything that is compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    /// The system, or the environment that is compared with its past.
    pub title: Text,
    /// The environments.
    pub columns: Vec<Column>,
    /// Resources by kind and logical name.
    pub rows: Vec<ResourceRow>,
    /// Which column is right.
    pub reference: Reference,
}

/// An environment, or one at an earlier time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The environment's name: what manifests call it.
    pub environment: Text,
    /// What stands above the column.
    pub label: Text,
    /// Look and guard policy.
    pub tier: Tier,
    /// Region code.
    pub region: Text,
    /// 12 digits.
    pub account: Option<Text>,
    /// Why nothing of it could be read.
    pub fault: Option<Fault>,
}

/// One resource in all environments.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceRow {
    /// e.g. `lambda function`.
    pub kind: Text,
    /// Logical name.
    pub name: Text,
    /// Whether it is there, by column.
    pub presence: Vec<Presence>,
    /// Its settings, tags last.
    pub settings: Vec<SettingRow>,
}

/// Whether a resource is in an environment.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// It is.
    Here {
        /// AWS's name for it.
        name: Text,
        /// Its ARN; empty where there is none.
        arn: Text,
        /// True for a resource that carries tags of its own.
        taggable: bool,
    },
    /// It is not.
    Absent,
    /// Nobody could tell.
    Unknown(Fault),
    /// Several are, by AWS's names: which is meant is not guessed.
    Ambiguous(Vec<Text>),
    /// The row is not about this environment.
    Apart,
}

/// One setting of a resource in all environments.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingRow {
    /// e.g. `memory_mb`; a tag is `tag:KEY`.
    pub key: Text,
    /// By column; `None` where the resource is not there.
    pub cells: Vec<Option<Held>>,
}

/// A value, and what counts of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// As AWS says it.
    pub value: Value,
    /// What is compared.
    pub counts: Value,
}

/// What the key of a tag's setting begins with.
pub const TAG: &str = "tag:";
