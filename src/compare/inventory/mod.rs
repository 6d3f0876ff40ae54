//! The inventories: what is compared. One file for each AWS service and one line in [`ALL`].

pub mod alarms;
pub mod apigateway;
pub mod apigatewayv2;
pub mod dynamodb;
pub mod ecs;
pub mod eks;
pub mod elasticache;
pub mod elbv2;
pub mod kms;
pub mod lambda;
pub mod logs;
pub mod msk;
pub mod rds;
pub mod s3;

pub mod source;
pub mod tags;

pub use source::{Found, Inventory};

/// Every inventory, in the order in which kinds are shown.
pub static ALL: &[&dyn Inventory] = &[
    &lambda::LambdaFunctions,
    &dynamodb::DynamoDbTables,
    &apigateway::RestApis,
    &apigatewayv2::HttpApis,
    &ecs::EcsServices,
    &eks::KubernetesClusters,
    &elbv2::LoadBalancers,
    &rds::Databases,
    &elasticache::Caches,
    &msk::KafkaClusters,
    &s3::Buckets,
    &kms::Keys,
    &logs::LogGroups,
    &alarms::Alarms,
];

/// The kinds of resources that are compared, in the order of [`ALL`].
pub fn kinds() -> Vec<&'static str> {
    ALL.iter().flat_map(|inventory| inventory.kinds().iter().copied()).collect()
}

/// The IAM actions that comparing needs, sorted.
pub fn permissions() -> Vec<&'static str> {
    let own = ALL.iter().flat_map(|inventory| inventory.permissions().iter().copied());
    let mut all: Vec<&str> = own.chain(tags::PERMISSIONS.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_kinds_are_their_own_and_permissions_only_read() {
        let ids: BTreeSet<&str> = ALL.iter().map(|inventory| inventory.id()).collect();
        assert_eq!(ids.len(), ALL.len());
        let all = kinds();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        for permission in permissions() {
            let (_, action) = permission.split_once(':').unwrap_or_default();
            assert!(crate::cloud::read_only::reads_only(action) || action == "GET", "{permission}");
        }
    }
}
