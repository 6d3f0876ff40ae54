//! The screens of changes: what can be done, a plan and its guards, dialogs, progress, records, arming.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod dialogs;
mod pictures;
