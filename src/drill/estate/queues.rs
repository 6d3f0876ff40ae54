//! What an estate file may say about SQS queues.

use serde::Deserialize;

/// A queue and what goes through it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueData {
    /// Name.
    pub name: String,
    /// Messages sent per minute on an average day.
    #[serde(default)]
    pub sent_per_minute: f64,
    /// Who receives them; none: they stay, as in a dead-letter queue.
    #[serde(default)]
    pub consumer: Option<ConsumerData>,
    /// Name of its dead-letter queue.
    #[serde(default)]
    pub dead_letter: Option<String>,
    /// Receives after which a message goes there.
    #[serde(default = "max_receives")]
    pub max_receives: u32,
    /// Seconds that a received message stays hidden.
    #[serde(default = "visibility_timeout_s")]
    pub visibility_timeout_s: u32,
    /// Days that a message is kept.
    #[serde(default = "retention_days")]
    pub retention_days: u32,
    /// Alias of its KMS key.
    #[serde(default)]
    pub kms_key: Option<String>,
}

/// Who receives a queue's messages, and how many.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerData {
    /// Messages per minute: of each running task where a service is named, else altogether.
    pub per_minute: f64,
    /// ECS cluster of the consuming service.
    #[serde(default)]
    pub cluster: Option<String>,
    /// The consuming service.
    #[serde(default)]
    pub service: Option<String>,
    /// Lambda function that is invoked with each message. Its failures are the messages' failures.
    #[serde(default)]
    pub function: Option<String>,
}

fn max_receives() -> u32 {
    5
}

fn visibility_timeout_s() -> u32 {
    30
}

fn retention_days() -> u32 {
    4
}
