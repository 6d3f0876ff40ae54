//! API Gateway: how many requests a stage takes.

pub mod limit;
pub mod plan;
pub mod stage;
pub mod throttle;

#[cfg(test)]
mod tests;
