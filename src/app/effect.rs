//! What an update asks the shell to do.

use crate::inquiry::{Question, Slot};
use crate::model::EnvId;
use crate::poll::Attention;
use crate::runbook::desk::Request;

/// Something to be done outside the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Leave the program.
    Quit,
    /// Ask AWS again now: one environment, or all.
    Refresh(Option<EnvId>),
    /// Tell the pollers where the operator looks.
    Attend(Box<Attention>),
    /// Ask a question beside the regular ones; it replaces one of the same kind that is under way.
    Ask(Box<Question>),
    /// The answer to the question of this kind is not wanted any more.
    Forget(Slot),
    /// Something about changes: arming, runbooks, runs, records.
    Change(Box<Request>),
    /// Put this text on the clipboard (OSC 52).
    Copy(String),
    /// Ring the bell.
    Bell,
    /// Tell the desktop (OSC 9).
    Notify(String),
    /// Clear the terminal and draw everything again.
    Repaint,
}
