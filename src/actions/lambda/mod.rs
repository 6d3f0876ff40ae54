//! Lambda: what an alias serves, and how much of the account's concurrency a function may use.

pub mod alias_rollback;
pub mod concurrency;
pub mod function;
pub mod plan;
pub mod route;

#[cfg(test)]
mod tests;
