//! What instances and clusters have in common on the wire: names, filters, tags, errors.

use winterbaume_rds::model::{Tag, TagList, VpcSecurityGroupMembership, VpcSecurityGroupMembershipList};

use super::super::{ApiError, Ask, records};
use crate::drill::world::{Tags, hash};

/// Tags as RDS lists them.
pub fn tags(tags: &Tags) -> TagList {
    let tag = |(key, value): (&String, &String)| Tag { key: Some(key.clone()), value: Some(value.clone()) };
    TagList { items: tags.iter().map(tag).collect() }
}

/// There is no such instance.
pub fn no_instance(id: &str) -> ApiError {
    ApiError::new(404, "DBInstanceNotFound", format!("DBInstance {id} not found."))
}

/// There is no such cluster.
pub fn no_cluster(id: &str) -> ApiError {
    ApiError::new(404, "DBClusterNotFoundFault", format!("DBCluster {id} not found."))
}

/// An ARN that names nothing.
pub fn nothing_at(arn: &str) -> ApiError {
    let name = arn.rsplit(':').next().unwrap_or_default();
    if arn.contains(":cluster:") {
        no_cluster(name)
    } else if arn.contains(":db:") {
        no_instance(name)
    } else {
        records::invalid(format!("Invalid resource name: {arn}"))
    }
}

/// True where `asked` is the name, in any case, or the ARN.
pub fn names(asked: &str, id: &str, arn: &str) -> bool {
    asked.eq_ignore_ascii_case(id) || asked == arn
}

/// `Filters`: each name with its values. Only the names in `known` are taken.
pub fn filters<'a>(ask: &Ask<'a>, known: &[&str]) -> Result<Vec<(&'a str, Vec<&'a str>)>, ApiError> {
    let read = |filter: super::super::Input<'a>| {
        let name = filter.text("Name").unwrap_or_default();
        if known.contains(&name) {
            Ok((name, filter.texts("Values")))
        } else {
            Err(records::invalid(format!("Unrecognized filter name: {name}")))
        }
    };
    ask.input.list("Filters").into_iter().map(read).collect()
}

/// The security group of the environment's databases.
pub fn security_groups(ask: &Ask<'_>) -> VpcSecurityGroupMembershipList {
    let id = format!("sg-{}", hash::hex(&("rds", &ask.world.account, &ask.world.region), 17));
    let group = VpcSecurityGroupMembership { status: Some("active".to_owned()), vpc_security_group_id: Some(id) };
    VpcSecurityGroupMembershipList { items: vec![group] }
}

/// Name of the environment's subnet group.
pub fn subnet_group(ask: &Ask<'_>) -> String {
    format!("{}-private", ask.world.name)
}

/// Name of AWS's own parameter group for an engine and version, e.g. `default.postgres16`.
pub fn parameter_group(engine: &str, version: &str) -> String {
    let mut parts = version.split('.');
    let major = parts.next().unwrap_or_default();
    match (engine.contains("mysql"), parts.next()) {
        (true, Some(minor)) => format!("default.{engine}{major}.{minor}"),
        _ => format!("default.{engine}{major}"),
    }
}
