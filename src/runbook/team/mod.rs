//! What the consoles of a team share, where a table is configured: locks, approvals, a copy of the records.

pub mod approvals;
mod fields;
pub mod locks;
pub mod proposal;
pub mod records;
pub mod setup;

#[cfg(test)]
mod tests;
