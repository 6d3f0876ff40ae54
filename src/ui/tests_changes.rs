//! The screens of changes: what can be done, a plan and its guards, dialogs, progress, records, arming.
mod dialogs;
mod hints;
mod pictures;
