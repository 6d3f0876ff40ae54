//! The compare screen: the settings of a system's environments side by side, the worst first.

pub mod detail;
pub mod rule;
pub mod since;
pub mod state;
#[cfg(test)]
pub mod testing;
pub mod view;

pub use state::{CompareState, Ended, Reading};
pub use view::{CompareLine, CompareView, LineKey, view};
