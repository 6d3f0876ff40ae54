//! The log as a whole: what it keeps, what it finds, what it comes to.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod damage;
mod folds;
mod together;
mod writing;
