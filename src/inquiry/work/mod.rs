//! The work on each kind of question.

pub mod charts;
pub mod compare;
pub mod log_groups;
pub mod logs;
pub mod raw;
pub mod tail;
pub mod unread;
