//! Actions on ECS services: how many tasks, which revision, all tasks anew, and the deployment in progress.

pub mod find;
pub mod health;
pub mod history;
pub mod redeploy;
pub mod revision;
pub mod rollback;
pub mod rollout;
pub mod scalable;
pub mod scale;
pub mod scaled;
pub mod service;
pub mod stop_deployment;
pub mod update;
#[cfg(test)]
mod wire_tests;
