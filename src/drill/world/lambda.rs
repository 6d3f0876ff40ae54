//! Lambda functions, their published versions and aliases.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Tags;

/// A function. `$LATEST` carries the configuration of the newest version.
#[derive(Debug, Clone)]
pub struct Function {
    /// e.g. `payments-prod-payment-processing`.
    pub name: String,
    /// Unqualified ARN.
    pub arn: String,
    /// What it is for.
    pub description: String,
    /// e.g. `nodejs22.x`.
    pub runtime: String,
    /// e.g. `index.handler`.
    pub handler: String,
    /// Execution role.
    pub role: String,
    /// `arm64` or `x86_64`.
    pub architecture: String,
    /// Memory in MB.
    pub memory_mb: u32,
    /// Timeout in seconds.
    pub timeout_s: u32,
    /// Size of the package in bytes.
    pub code_size: u64,
    /// Reserved concurrency, where set.
    pub reserved_concurrency: Option<u32>,
    /// When `$LATEST` was last changed.
    pub last_modified: Timestamp,
    /// Changes with every change of the function.
    pub revision_id: String,
    /// Number of the newest version at the beginning. The same code has another number in every account.
    pub released: u32,
    /// Names and values of the environment variables.
    pub variables: BTreeMap<String, String>,
    /// Published versions, oldest first.
    pub versions: Vec<FunctionVersion>,
    /// By name.
    pub aliases: BTreeMap<String, Alias>,
    /// Tags.
    pub tags: Tags,
}

impl Function {
    /// The published version with this number.
    pub fn version(&self, number: u32) -> Option<&FunctionVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// Share of the invocations that each version gets: by the first alias, or all to the newest version.
    pub fn shares(&self) -> Vec<(u32, f64)> {
        match self.aliases.values().next() {
            Some(alias) => alias.shares(),
            None => self.versions.last().map(|newest| (newest.number, 1.0)).into_iter().collect(),
        }
    }
}

/// A published, immutable version.
#[derive(Debug, Clone)]
pub struct FunctionVersion {
    /// From 1.
    pub number: u32,
    /// When it was published.
    pub published: Timestamp,
    /// What the publisher said.
    pub description: String,
    /// Base64 of a SHA-256, 44 characters.
    pub code_sha256: String,
}

/// A name for a version.
#[derive(Debug, Clone)]
pub struct Alias {
    /// e.g. `live`.
    pub name: String,
    /// Qualified ARN.
    pub arn: String,
    /// What it is for.
    pub description: String,
    /// Where it points.
    pub version: u32,
    /// Weights of a second version while traffic shifts.
    pub additional: BTreeMap<u32, f64>,
    /// Changes with every change of the alias.
    pub revision_id: String,
}

impl Alias {
    /// Version and share of the invocations, shares adding up to 1.
    pub fn shares(&self) -> Vec<(u32, f64)> {
        let elsewhere: f64 = self.additional.values().sum();
        let mut shares = vec![(self.version, (1.0 - elsewhere).max(0.0))];
        shares.extend(self.additional.iter().map(|(version, weight)| (*version, *weight)));
        shares
    }
}
