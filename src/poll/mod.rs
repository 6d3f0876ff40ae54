//! Asking AWS at the right times: cadence, jitter, coalescing, back-off, the metric broker, the last-wall cache.

pub mod event;

pub use event::{PollCommand, PollEvent};
