//! SQS queues and how full they are.

use jiff::Timestamp;

use super::Tags;

/// A standard queue.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Name. CloudWatch's dimension `QueueName`.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// `https://sqs.<region>.amazonaws.com/<account>/<name>`.
    pub url: String,
    /// Seconds that a received message stays hidden.
    pub visibility_timeout_s: u32,
    /// Seconds that a message is kept.
    pub retention_s: u32,
    /// Where messages go that could not be handled.
    pub redrive: Option<Redrive>,
    /// ARN of the KMS key; `None`: encrypted with SQS's own keys.
    pub kms_key: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// Messages that can be received.
    pub visible: u64,
    /// Messages that were received and not deleted yet.
    pub in_flight: u64,
    /// Tags.
    pub tags: Tags,
}

/// A queue's redrive policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redrive {
    /// ARN of the dead-letter queue.
    pub dead_letter_arn: String,
    /// Receives after which a message goes there.
    pub max_receives: u32,
}
