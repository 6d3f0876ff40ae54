//! What an update asks the shell to do.

use crate::model::EnvId;

/// Something to be done outside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Leave the program.
    Quit,
    /// Ask AWS again now: one environment, or all.
    Refresh(Option<EnvId>),
    /// Put this text on the clipboard (OSC 52).
    Copy(String),
    /// Ring the bell.
    Bell,
    /// Tell the desktop (OSC 9).
    Notify(String),
    /// Clear the terminal and draw everything again.
    Repaint,
}
