//! The resource screen: one resource with its charts, configuration and changes.

use crate::app::cursor::Followed;
use crate::app::filter::Filter;

/// What the operator has chosen there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResourceState {
    /// Selected row.
    pub rows: Followed<usize>,
    /// What to show.
    pub filter: Filter,
}
