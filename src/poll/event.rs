//! What the pollers report and what they can be told.

use jiff::Timestamp;

use crate::model::{Connection, EnvId, Fault, Reading, SignalId};
use crate::poll::attention::Attention;

/// A report from one environment's poller.
#[derive(Debug, Clone, PartialEq)]
pub enum PollEvent {
    /// A signal was read, or could not be.
    Reading {
        /// Whose.
        env: EnvId,
        /// Which signal.
        signal: SignalId,
        /// What it says, or why it says nothing.
        outcome: Result<Box<Reading>, Fault>,
        /// When AWS answered, or failed to.
        at: Timestamp,
        /// Seconds after which the next report is due; twice as old is stale.
        every_s: u64,
    },
    /// Some signals are reported less often from now on: they are not stale for that.
    Cadence {
        /// Whose.
        env: EnvId,
        /// Seconds after which the next report on each is due.
        every_s: Vec<(SignalId, u64)>,
    },
    /// The connection's state changed, or its meter moved.
    Connection {
        /// Whose.
        env: EnvId,
        /// All of it.
        connection: Box<Connection>,
    },
    /// A refresh began, or ended. After the first end every signal has been reported once.
    Refreshing {
        /// Whose.
        env: EnvId,
        /// True from the first call to the last answer.
        running: bool,
    },
}

/// What the pollers can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollCommand {
    /// Ask again now: everything of one environment, or of all. Asked twice while one runs, it runs once more.
    Refresh(Option<EnvId>),
    /// Where the operator looks: pace follows, a moment later. When somebody is back, everything is asked at once.
    Attention(Attention),
}
