//! The timeline: what changed, newest first.

use crate::app::cursor::Followed;
use crate::app::filter::Filter;

/// What the operator has chosen there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimelineState {
    /// Selected row.
    pub rows: Followed<usize>,
    /// What to show.
    pub filter: Filter,
}
