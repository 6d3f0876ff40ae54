//! Which metrics of a resource are drawn when it is opened: one file for each signal's resources.

use crate::model::{Resource, SignalId};

pub mod alarm;
mod api_gateway;
mod custom;
mod dynamodb;
mod ecs;
mod eks;
mod elasticache;
mod lambda;
mod load_balancers;
mod metric;
mod msk;
mod rds;
pub mod spec;
mod sqs;

#[cfg(test)]
mod tests;

pub use spec::{Chart, Charts, Kind, Limit, Line, Unit};

/// The charts of a resource that belongs to a signal. Pure: it asks nothing, it says what to ask.
pub fn of(signal: SignalId, resource: &Resource) -> Charts {
    match signal.0 {
        "alarms" => alarm::charts(resource),
        "lambda-errors" => lambda::charts(resource),
        "dynamodb-throttles" => dynamodb::charts(resource),
        "api-gateway" => api_gateway::charts(resource),
        "ecs-capacity" => ecs::charts(resource),
        "eks-capacity" => eks::charts(resource),
        "rds" => rds::charts(resource),
        "elasticache" => elasticache::charts(resource),
        "msk" => msk::charts(resource),
        "load-balancers" => load_balancers::charts(resource),
        "sqs" => sqs::charts(resource),
        "custom" => custom::charts(resource),
        _ => Charts::default(),
    }
}
