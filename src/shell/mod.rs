//! The terminal side: raw mode and its end, input, the event loop, effects, the log.

pub mod clipboard;
pub mod logging;
pub mod terminal;
pub mod termination;
