//! The timeline's state.

use super::data::Data;
use super::mode::{Mode, Window};
use super::row::RowKey;
use crate::app::cursor::Followed;
use crate::app::filter::Filter;

/// What the operator has chosen there, and what is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimelineState {
    /// Selected row; followed by what it is.
    pub rows: Followed<RowKey>,
    /// What to show.
    pub filter: Filter,
    /// Everything, or suspects.
    pub mode: Mode,
    /// How far back.
    pub window: Window,
    /// What has been read.
    pub data: Data,
}
