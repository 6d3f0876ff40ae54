//! The state of the connection to one environment.

use std::time::Duration;

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Fault, Usage};

/// Who the credentials belong to, as STS GetCallerIdentity answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// 12-digit account.
    pub account: Text,
    /// ARN of the principal, e.g. an assumed role.
    pub arn: Text,
}

/// What the connections screen shows of an environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connection {
    /// Verified identity; `None` until it has been.
    pub identity: Option<Identity>,
    /// Endpoint override, where the profile or the drill has one.
    pub endpoint: Option<Text>,
    /// Where the credentials came from, e.g. `ProfileFile`, `SSO`.
    pub credentials_source: Text,
    /// When the credentials expire, where they do.
    pub credentials_expire: Option<Timestamp>,
    /// Median time of the last calls.
    pub latency: Option<Duration>,
    /// Calls and cost so far.
    pub usage: Usage,
    /// USD an hour, over the last half hour.
    pub usd_per_hour: f64,
    /// Metrics are asked for this many times slower, to keep within the budget; `None` at full pace.
    pub slowed: Option<u32>,
    /// Why the environment as a whole cannot be read.
    pub fault: Option<Fault>,
    /// When the next attempt is due, while backing off.
    pub retry_at: Option<Timestamp>,
}
