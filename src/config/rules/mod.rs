//! The rules of a valid configuration, one file for each part of it.

mod account;
mod budget;
mod cadence;
mod display;
mod endpoint;
mod environment;
mod freeze;
mod keys;
mod label;
mod log_groups;
mod metric;
mod named_environments;
mod naming;
mod profile;
mod region;
mod select;
mod team;
mod thresholds;
mod tier;

pub(super) use budget::budget;
pub(super) use cadence::cadence;
pub(super) use display::{display, theme};
pub(super) use environment::environments;
pub(super) use freeze::{freezes, unread as unread_freeze};
pub(super) use keys::keys;
pub(super) use metric::metrics;
pub(super) use naming::naming;
pub(super) use team::team;
pub(super) use thresholds::thresholds;
