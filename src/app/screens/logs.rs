//! The log screen: the lines of a log group.

use crate::app::cursor::Followed;
use crate::app::filter::Filter;

/// What the operator has chosen there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogsState {
    /// Selected row.
    pub rows: Followed<usize>,
    /// What to show.
    pub filter: Filter,
}
