//! What AWS itself says of one resource: what is asked and what is answered.

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{EnvId, Fault, Resource, SignalId};

/// What to ask about.
#[derive(Debug, Clone, PartialEq)]
pub struct RawAsked {
    /// Whose.
    pub env: EnvId,
    /// Which signal tells of the resource.
    pub signal: SignalId,
    /// The resource.
    pub resource: Resource,
}

impl RawAsked {
    /// What tells the resource from every other one.
    pub fn key(&self) -> (EnvId, SignalId, Text, Text) {
        (self.env, self.signal, self.resource.arn.clone(), self.resource.name.clone())
    }
}

/// What one operation answered.
#[derive(Debug, Clone, PartialEq)]
pub struct RawPart {
    /// The operation, e.g. `DescribeServices`.
    pub operation: Text,
    /// When it answered.
    pub at: Timestamp,
    /// The answer as JSON, line by line, or why there is none.
    pub said: Result<Vec<Text>, Fault>,
}

/// The answers.
#[derive(Debug, Clone, PartialEq)]
pub struct RawAnswer {
    /// See [`RawAsked::key`].
    pub about: (EnvId, SignalId, Text, Text),
    /// One for each operation; `None` where AWS has no operation to ask.
    pub parts: Option<Vec<RawPart>>,
}
