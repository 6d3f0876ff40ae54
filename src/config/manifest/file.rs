//! The manifest as it stands in a TOML file: a closed schema.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub system: Spanned<String>,
    #[serde(default)]
    pub environments: Vec<String>,
    #[serde(default)]
    pub required_tags: Vec<String>,
    #[serde(default, rename = "match")]
    pub matches: Vec<MatchEntry>,
    #[serde(default)]
    pub resource: Vec<ResourceEntry>,
    #[serde(default)]
    pub vary: Vec<VaryEntry>,
}

/// `[[match]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchEntry {
    pub kind: Spanned<String>,
    pub pattern: Spanned<String>,
    pub name: String,
}

/// `[[resource]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResourceEntry {
    pub kind: Spanned<String>,
    pub name: String,
    #[serde(default)]
    pub only: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub why: String,
}

/// `[[vary]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VaryEntry {
    pub kind: Spanned<String>,
    #[serde(default)]
    pub name: Option<Spanned<String>>,
    pub setting: Spanned<String>,
    #[serde(default)]
    pub values: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(default)]
    pub any: bool,
    #[serde(default)]
    pub why: String,
}
