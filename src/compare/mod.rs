//! Configuration side by side: what is deployed, matched by logical name, judged against what may differ.

pub mod baseline;
pub mod canonical;
pub mod idle;
pub mod inventory;
pub mod manifests;
pub mod matching;
pub mod matrix;
pub mod reading;
pub mod setting;
pub mod snapshot;
pub mod verdict;
pub mod words;

pub use baseline::Baseline;
pub use manifests::Manifests;
pub use matrix::Matrix;
pub use reading::{Asked, Progress, connect, read};
pub use snapshot::Snapshot;
pub use verdict::{Judged, Verdict};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
