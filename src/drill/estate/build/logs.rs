//! Builds log groups: those that the estate names, and those that functions and containers make by themselves.

use std::collections::BTreeSet;

use super::Site;
use super::storage::key_arn;
use crate::drill::estate::logs::LogGroupData;
use crate::drill::world::logs::{LogGroup, LogSource};
use crate::drill::world::{EnvironmentWorld, hash};

/// Begins the name of a Lambda function's log group.
const LAMBDA: &str = "/aws/lambda/";

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    let mut groups: Vec<LogGroupData> = site.data.resources.log_group.clone();
    let mut known: BTreeSet<String> = groups.iter().map(|group| group.name.clone()).collect();
    let functions = world.functions.keys().map(|name| format!("{LAMBDA}{name}"));
    let containers = world.task_definitions.values().flat_map(|definition| &definition.containers);
    for name in functions.chain(containers.map(|container| container.log_group.clone())) {
        if known.insert(name.clone()) {
            groups.push(LogGroupData {
                name,
                retention_days: None,
                kms_key: None,
                rest_api: None,
                postgresql: None,
                stored_bytes: None,
            });
        }
    }
    world.log_groups = groups.into_iter().map(|data| (data.name.clone(), group(data, world, site))).collect();
}

fn group(data: LogGroupData, world: &EnvironmentWorld, site: &Site<'_>) -> LogGroup {
    let function = data.name.strip_prefix(LAMBDA).filter(|name| world.functions.contains_key(*name));
    let mut containers = world.task_definitions.values().flat_map(|definition| &definition.containers);
    let source = match (function, &data.rest_api, &data.postgresql) {
        (Some(name), ..) => LogSource::Function(name.to_owned()),
        (_, Some(api), _) => LogSource::RestApi(api.clone()),
        (.., Some(database)) => LogSource::PostgreSql(database.clone()),
        _ if containers.any(|container| container.log_group == data.name) => LogSource::Containers,
        _ => LogSource::Nobody,
    };
    LogGroup {
        arn: site.arn("logs", &format!("log-group:{}", data.name)),
        created: site.days_ago(412),
        retention_days: data.retention_days,
        kms_key: data.kms_key.as_deref().map(|alias| key_arn(alias, site)),
        stored_bytes: data.stored_bytes.unwrap_or_else(|| 40_000_000 + hash::of(&data.name) % 900_000_000),
        source,
        bursts: Vec::new(),
        tags: site.data.resources.tags.clone(),
        name: data.name,
    }
}
