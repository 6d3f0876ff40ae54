//! The run screen: a plan and its guards, and what becomes of it.

use jiff::Timestamp;

use crate::app::cursor::Followed;
use crate::app::screens::guarded::rows::RunRow;
use crate::base::Text;

/// A run that was asked for and has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starting {
    /// What is awaited, in words.
    pub title: String,
    /// Since when.
    pub since: Timestamp,
}

/// The screen's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunState {
    /// The run that is shown.
    pub open: Option<Text>,
    /// A run that was asked for; it is shown when it begins.
    pub starting: Option<Starting>,
    /// Why the run that was asked for did not begin.
    pub not_started: Option<Text>,
    /// The selected line.
    pub rows: Followed<RunRow>,
}
