//! What changed: the sources that AWS has of it, in one ordered list, and which change is the likeliest cause.

pub mod alarm_history;
pub mod api_deployments;
pub mod ecs;
pub mod eks_updates;
pub mod elasticache_events;
pub mod kafka_operations;
pub mod lambda;
pub mod rds_events;
pub mod scaling;

pub mod arn;
pub mod found;
pub mod memory;
pub mod pages;
pub mod reading;
pub mod source;
pub mod span;
pub mod suspects;
pub mod task_definition;
pub mod told;
pub mod weight;

pub use found::Found;
pub use memory::Memory;
pub use reading::Part;
pub use source::ChangeSource;
pub use span::Span;
pub use suspects::{Red, Suspect};
pub use told::Told;

/// Every source, in the order in which they are told of.
pub static ALL: &[&dyn ChangeSource] = &[
    &alarm_history::AlarmHistory,
    &ecs::EcsServices,
    &lambda::LambdaVersions,
    &scaling::ScalingActivities,
    &rds_events::RdsEvents,
    &elasticache_events::ElastiCacheEvents,
    &eks_updates::EksUpdates,
    &api_deployments::ApiDeployments,
    &kafka_operations::KafkaOperations,
];

/// The IAM actions that the sources need, sorted.
pub fn permissions() -> Vec<&'static str> {
    let mut all: Vec<&str> = ALL.iter().flat_map(|source| source.permissions().iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_names_of_their_own_and_only_read() {
        let mut ids: Vec<&str> = ALL.iter().map(|source| source.id()).collect();
        ids.sort_unstable();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        for permission in permissions() {
            let (_, action) = permission.split_once(':').unwrap_or_default();
            assert!(crate::cloud::read_only::reads_only(action) || action == "GET", "{permission}");
        }
    }
}
