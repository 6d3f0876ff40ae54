//! What an estate file may say about log groups.

use serde::Deserialize;

/// A log group. Functions and containers have theirs also without being named here, kept for ever.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogGroupData {
    /// Name. `/aws/lambda/<function>` is the function's.
    pub name: String,
    /// Days that events are kept; none: for ever.
    #[serde(default)]
    pub retention_days: Option<u32>,
    /// Alias of its KMS key.
    #[serde(default)]
    pub kms_key: Option<String>,
    /// Name of the REST API whose requests it logs.
    #[serde(default)]
    pub rest_api: Option<String>,
    /// Identifier of the PostgreSQL instance that writes into it.
    #[serde(default)]
    pub postgresql: Option<String>,
    /// Bytes; none: some.
    #[serde(default)]
    pub stored_bytes: Option<u64>,
}
