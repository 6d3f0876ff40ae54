//! A scenario may only name what its estate has.

use super::Scenario;
use crate::drill::estate::Estate;
use crate::drill::estate::data::Resources;

/// What the scenario names and the estate does not have.
pub(super) fn names_exist(scenario: &Scenario, estate: &Estate) -> Result<(), String> {
    for publish in &scenario.publish {
        let resources = resources(estate, &publish.environment)?;
        known("function", &publish.function, resources.function.iter().map(|function| &function.name))?;
    }
    for load in &scenario.load {
        resources(estate, &load.environment)?;
    }
    for load in &scenario.table_load {
        let resources = resources(estate, &load.environment)?;
        known("table", &load.table, resources.table.iter().map(|table| &table.name))?;
    }
    for deploy in &scenario.deploy {
        let clusters = &resources(estate, &deploy.environment)?.ecs.cluster;
        known("cluster", &deploy.cluster, clusters.iter().map(|cluster| &cluster.name))?;
        let services = clusters.iter().flat_map(|cluster| &cluster.service);
        known("service", &deploy.service, services.map(|service| &service.name))?;
    }
    Ok(())
}

fn resources<'a>(estate: &'a Estate, environment: &str) -> Result<&'a Resources, String> {
    known("environment", environment, estate.environments.iter().map(|data| &data.head.name))?;
    let found = estate.environments.iter().find(|data| data.head.name == environment);
    found.map(|data| &data.resources).ok_or_else(|| format!("there is no environment `{environment}`"))
}

fn known<'a>(what: &str, name: &str, mut all: impl Iterator<Item = &'a String>) -> Result<(), String> {
    if all.any(|known| known == name) { Ok(()) } else { Err(format!("there is no {what} `{name}`")) }
}
