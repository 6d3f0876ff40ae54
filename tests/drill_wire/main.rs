//! The drill's AWS face through the real SDK clients: values, pages, errors, accounts, faults, and the served endpoint.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod accounts;
mod capacity;
mod cloudwatch;
mod data_stores;
mod estate;
mod faults;
mod logs;
mod served;
mod serverless;
mod web;
