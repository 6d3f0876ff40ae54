//! What a run asks the driver to do.

use crate::guard::Authorized;
use crate::model::{Entry, Plan, Severity, SignalId, Values};

/// Something to be done outside the state. Not copied: leave to send is for one send.
#[derive(Debug)]
pub enum Effect {
    /// Read the target with these parameters, and the situation. Answered with `Planned`.
    Plan(Values),
    /// The same just before the send. Answered with `Reread`.
    Reread(Values),
    /// Take the target's lock. Answered with `Locked`.
    Lock,
    /// Give it back.
    Unlock,
    /// Write the intent and sync it. Answered with `IntentWritten`.
    WriteIntent(Box<Entry>),
    /// Write an entry; keep trying where that fails, and say so.
    Write(Box<Entry>),
    /// Send, once. Answered with `Sent`.
    Send(Box<Authorized<Plan>>),
    /// Read the target. Answered with `Observed`.
    Observe {
        /// The plan that was sent.
        plan: Box<Plan>,
        /// What AWS answered, where it did.
        receipt: Option<Values>,
    },
    /// Read a signal. Answered with `SignalRead`.
    ReadSignal {
        /// Which of the course's checks.
        check: usize,
        /// Which.
        signal: SignalId,
        /// At most this bad.
        is: Severity,
    },
}
