//! One environment's poller: connects, asks what is due, and reports. It never waits for another environment.

mod answers;
mod asking;
mod connection;
mod pacing;
mod run;
mod state;

pub use state::{Assignment, Poller};
