//! `watchfloor run` as a program of its own, against a drill that is served on loopback: what it prints, what it sends,
//! what stays in the records when it is killed, signalled, or unread.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod apply;
mod asks;
mod disk;
mod ended;
mod hostile;
mod killed;
mod plan;
mod skewed;
mod stage;
mod tampered;
mod team;
mod together;
mod unknown;
