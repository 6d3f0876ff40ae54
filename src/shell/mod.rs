//! The terminal side: raw mode and its end, input, the event loop, effects, the log.

pub mod clipboard;
pub mod effects;
pub mod event_loop;
pub mod last_wall;
pub mod logging;
pub mod terminal;
pub mod termination;
