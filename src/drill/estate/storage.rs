//! What an estate file may say about S3 buckets and KMS keys.

use serde::Deserialize;

/// An S3 bucket.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketData {
    /// Name.
    pub name: String,
    /// Days after which objects expire; none: never.
    #[serde(default)]
    pub expire_days: Option<u32>,
    /// Alias of the KMS key that objects are encrypted with.
    #[serde(default)]
    pub kms_key: Option<String>,
    /// Versions of objects are kept.
    #[serde(default)]
    pub versioning: bool,
    /// Public access is blocked.
    #[serde(default = "yes")]
    pub public_access_blocked: bool,
}

/// A KMS key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyData {
    /// e.g. `alias/payments-prod`.
    pub alias: String,
    /// What it is for.
    pub description: String,
    /// Rotated every year.
    #[serde(default = "yes")]
    pub rotation: bool,
}

fn yes() -> bool {
    true
}
