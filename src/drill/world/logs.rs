//! CloudWatch Logs: log groups. Their lines are not stored: they follow from the group's source.

use jiff::Timestamp;

use super::Tags;

/// A log group.
#[derive(Debug, Clone)]
pub struct LogGroup {
    /// e.g. `/aws/lambda/payments-prod-payment-processing`.
    pub name: String,
    /// ARN without `:*` at the end.
    pub arn: String,
    /// When it was created.
    pub created: Timestamp,
    /// Days that events are kept; `None`: for ever.
    pub retention_days: Option<u32>,
    /// ARN of the KMS key; `None`: encrypted with the service's own keys.
    pub kms_key: Option<String>,
    /// Bytes.
    pub stored_bytes: u64,
    /// Who writes into it.
    pub source: LogSource,
    /// Times of additional lines.
    pub bursts: Vec<LogBurst>,
    /// Tags.
    pub tags: Tags,
}

/// Who writes into a log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogSource {
    /// A Lambda function, by name.
    Function(String),
    /// The ECS tasks whose containers name the group.
    Containers,
    /// Access logs of a REST API's stage, by the API's name.
    RestApi(String),
    /// A PostgreSQL instance, by its identifier.
    PostgreSql(String),
    /// Nobody on a calm day.
    Nobody,
}

/// Additional lines for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogBurst {
    /// First second since 1970.
    pub from_s: i64,
    /// The second after the last.
    pub until_s: i64,
    /// Lines a second.
    pub lines_per_second: u32,
    /// What they say.
    pub message: String,
}
