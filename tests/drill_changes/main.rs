//! What an operator changes in the drill, through the real SDK clients: effects, refusals, and incidents that end
//! when their cause is removed.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails by panicking")]

mod alarms;
mod apigateway;
mod dynamodb;
mod ecs;
mod eks;
mod faults;
mod items;
mod lambda;
mod rds;
mod rig;
mod scaling;
mod sent;
