//! KMS keys and their aliases.

use jiff::Timestamp;

use super::Tags;

/// A symmetric customer managed key with one alias.
#[derive(Debug, Clone)]
pub struct Key {
    /// UUID.
    pub id: String,
    /// ARN.
    pub arn: String,
    /// e.g. `alias/payments-prod`.
    pub alias: String,
    /// What it is for.
    pub description: String,
    /// When it was created.
    pub created: Timestamp,
    /// Rotated every year.
    pub rotation: bool,
    /// Tags.
    pub tags: Tags,
}
