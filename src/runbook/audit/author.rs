//! Who writes a record.

use crate::base::Text;

/// Who writes a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// ARN of the AWS principal; empty where none is known yet.
    pub principal: Text,
    /// User and host of the console.
    pub operator: Text,
    /// Names the console among those that write to the log.
    pub console: Text,
}
