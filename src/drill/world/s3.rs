//! S3 buckets: their configuration, not their objects.

use jiff::Timestamp;

use super::Tags;

/// A bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Name, unique in all of AWS.
    pub name: String,
    /// `arn:aws:s3:::<name>`.
    pub arn: String,
    /// When it was created.
    pub created: Timestamp,
    /// Days after which objects expire; `None`: there is no lifecycle configuration.
    pub expire_days: Option<u32>,
    /// ARN of the KMS key that objects are encrypted with; `None`: S3's own keys.
    pub kms_key: Option<String>,
    /// Versions of objects are kept.
    pub versioning: bool,
    /// All four kinds of public access are blocked; `false`: there is no such configuration.
    pub public_access_blocked: bool,
    /// Tags.
    pub tags: Tags,
}
