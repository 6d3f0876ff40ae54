//! Runs of runbooks, and what is left of them: records, locks, and what a team shares.

pub mod arming;
pub mod audit;
pub mod books;
pub mod course;
pub mod desk;
pub mod driver;
mod exclusive;
pub mod inverse;
pub mod lock;
pub mod machine;
pub mod reconcile;
pub mod recovery;
pub mod shared;
pub mod situation;
pub mod station;
pub mod team;
pub mod words;
