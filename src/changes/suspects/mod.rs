//! Which change is the likeliest cause of something that turned red, and why it is thought so. Pure.

mod judged;
pub mod names;
pub mod rank;
mod relation;
#[cfg(test)]
mod tests;

pub use self::names::Red;
pub use self::rank::{AFTER, BEFORE, REACTION, Suspect, onset, span, suspects};
