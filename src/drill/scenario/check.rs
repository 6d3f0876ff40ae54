//! A scenario may only name what its estate has.

use jiff::Timestamp;

use super::{Mode, Scenario};
use crate::drill::estate::build::node_id;
use crate::drill::estate::containers::ClusterData;
use crate::drill::estate::data::Resources;
use crate::drill::estate::{Estate, build};

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
    connection_and_truth(scenario, estate)?;
    configuration(scenario, estate)?;
    web(scenario, estate)?;
    databases(scenario, estate)?;
    caches_and_streams(scenario, estate)
}

fn databases(scenario: &Scenario, estate: &Estate) -> Result<(), String> {
    for input in &scenario.storage_growth {
        let instances = &resources(estate, &input.environment)?.rds.instance;
        known("DB instance", &input.database, instances.iter().map(|instance| &instance.id))?;
    }
    for input in &scenario.database_degraded {
        let rds = &resources(estate, &input.environment)?.rds;
        let all = rds.instance.iter().map(|instance| &instance.id).chain(rds.cluster.iter().map(|cluster| &cluster.id));
        known("database", &input.database, all)?;
    }
    for input in &scenario.failover {
        let rds = &resources(estate, &input.environment)?.rds;
        let standby = rds.instance.iter().filter(|instance| instance.multi_az).map(|instance| &instance.id);
        let clusters = rds.cluster.iter().filter(|cluster| cluster.members.len() > 1);
        known("database that can fail over", &input.database, standby.chain(clusters.map(|cluster| &cluster.id)))?;
        if let Some(target) = &input.target {
            let cluster = rds.cluster.iter().filter(|cluster| cluster.id == input.database);
            known("member", target, cluster.flat_map(|cluster| &cluster.members))?;
        }
    }
    Ok(())
}

fn caches_and_streams(scenario: &Scenario, estate: &Estate) -> Result<(), String> {
    for input in &scenario.cache_growth {
        let groups = &resources(estate, &input.environment)?.elasticache.group;
        known("replication group", &input.group, groups.iter().map(|group| &group.id))?;
    }
    for input in &scenario.cache_node_lost {
        let groups = &resources(estate, &input.environment)?.elasticache.group;
        known("replication group", &input.group, groups.iter().map(|group| &group.id))?;
        let nodes = groups.iter().filter(|group| group.id == input.group);
        let nodes: Vec<String> =
            nodes.flat_map(|group| (0..group.nodes).map(|place| node_id(&group.id, place))).collect();
        if let Some(node) = &input.node {
            known("node", node, nodes.iter())?;
        }
    }
    for input in &scenario.broker_lost {
        let clusters = &resources(estate, &input.environment)?.msk.cluster;
        known("MSK cluster", &input.cluster, clusters.iter().map(|cluster| &cluster.name))?;
        let cluster = clusters.iter().find(|cluster| cluster.name == input.cluster);
        if cluster.is_none_or(|cluster| !(1..=cluster.brokers).contains(&input.broker)) {
            return Err(format!("there is no broker {} in `{}`", input.broker, input.cluster));
        }
    }
    Ok(())
}

fn web(scenario: &Scenario, estate: &Estate) -> Result<(), String> {
    for change in &scenario.unhealthy {
        let clusters = &resources(estate, &change.environment)?.ecs.cluster;
        known("cluster", &change.cluster, clusters.iter().map(|cluster| &cluster.name))?;
        let services = clusters.iter().flat_map(|cluster| &cluster.service);
        known("service", &change.service, services.map(|service| &service.name))?;
        share("share", change.share)?;
    }
    for change in &scenario.consumer {
        let queues = &resources(estate, &change.environment)?.queue;
        known("queue", &change.queue, queues.iter().map(|queue| &queue.name))?;
        share("poison", change.poison)?;
    }
    for burst in &scenario.log_burst {
        let head = estate.environments.iter().find(|data| data.head.name == burst.environment);
        resources(estate, &burst.environment)?;
        let groups = head.map(|data| build::environment(data, Timestamp::UNIX_EPOCH).log_groups).unwrap_or_default();
        known("log group", &burst.group, groups.keys())?;
    }
    for deploy in &scenario.api_deploy {
        let apis = &resources(estate, &deploy.environment)?.rest_api;
        known("REST API", &deploy.rest_api, apis.iter().map(|api| &api.name))?;
    }
    Ok(())
}

fn connection_and_truth(scenario: &Scenario, estate: &Estate) -> Result<(), String> {
    for update in &scenario.node_group_update {
        let clusters = &resources(estate, &update.environment)?.eks;
        known("cluster", &update.cluster, clusters.iter().map(|cluster| &cluster.name))?;
        let groups = clusters.iter().filter(|cluster| cluster.name == update.cluster).flat_map(|c| &c.node_group);
        known("node group", &update.node_group, groups.map(|group| &group.name))?;
    }
    for outage in scenario.unreachable.iter().chain(&scenario.expired) {
        resources(estate, &outage.environment)?;
    }
    for fault in &scenario.fault {
        resources(estate, &fault.environment)?;
        if fault.mode == Mode::ChangedUnderYou && fault.change.is_none() {
            return Err("a `changed-under-you` needs a `change`".to_owned());
        }
        if fault.mode == Mode::AutoscalerOverwrites && fault.desired.is_none() {
            return Err("an `autoscaler-overwrites` needs a `desired`".to_owned());
        }
    }
    for flood in &scenario.alarm_flood {
        resources(estate, &flood.environment)?;
    }
    if let Some(cause) = &scenario.cause {
        resources(estate, &cause.environment)?;
    }
    for expect in &scenario.expect {
        let resources = resources(estate, &expect.environment)?;
        let composite = resources.composite_alarm.iter().map(|alarm| &alarm.name);
        known("alarm", &expect.alarm, resources.alarm.iter().map(|alarm| &alarm.name).chain(composite))?;
    }
    Ok(())
}

fn configuration(scenario: &Scenario, estate: &Estate) -> Result<(), String> {
    for change in &scenario.configuration {
        let all = resources(estate, &change.environment)?;
        let mut named = 0;
        let mut check = |what: &str, name: &Option<String>, known_names: Vec<String>| {
            named += usize::from(name.is_some());
            name.as_ref().map_or(Ok(()), |name| known(what, name, known_names.iter()))
        };
        let indexes = all
            .table
            .iter()
            .flat_map(|table| table.index.iter().map(move |index| format!("{}/{}", table.name, index.name)));
        let composite = all.composite_alarm.iter().map(|alarm| alarm.name.clone());
        let alarms = all.alarm.iter().map(|alarm| alarm.name.clone()).chain(composite);
        check("function", &change.function, all.function.iter().map(|one| one.name.clone()).collect())?;
        check("table", &change.table, all.table.iter().map(|one| one.name.clone()).collect())?;
        check("index", &change.index, indexes.collect())?;
        check("REST API", &change.rest_api, all.rest_api.iter().map(|one| one.name.clone()).collect())?;
        check("log group", &change.log_group, all.log_group.iter().map(|one| one.name.clone()).collect())?;
        check("bucket", &change.bucket, all.bucket.iter().map(|one| one.name.clone()).collect())?;
        check("scaled service", &change.service, scaled(all))?;
        check("key", &change.key, all.key.iter().map(|one| one.alias.clone()).collect())?;
        check("alarm", &change.alarm, alarms.collect())?;
        if named != 1 {
            return Err(format!("a `configuration` names one resource, not {named}"));
        }
    }
    Ok(())
}

/// `CLUSTER/SERVICE` of every ECS service that has auto scaling.
fn scaled(all: &Resources) -> Vec<String> {
    let of = |cluster: &ClusterData| {
        let scaled = cluster.service.iter().filter(|service| service.scaling.is_some());
        scaled.map(|service| format!("{}/{}", cluster.name, service.name)).collect::<Vec<_>>()
    };
    all.ecs.cluster.iter().flat_map(of).collect()
}

fn share(what: &str, value: f64) -> Result<(), String> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(format!("`{what}` is {value}; it must be between 0 and 1")) }
}

fn resources<'a>(estate: &'a Estate, environment: &str) -> Result<&'a Resources, String> {
    known("environment", environment, estate.environments.iter().map(|data| &data.head.name))?;
    let found = estate.environments.iter().find(|data| data.head.name == environment);
    found.map(|data| &data.resources).ok_or_else(|| format!("there is no environment `{environment}`"))
}

fn known<'a>(what: &str, name: &str, mut all: impl Iterator<Item = &'a String>) -> Result<(), String> {
    if all.any(|known| known == name) { Ok(()) } else { Err(format!("there is no {what} `{name}`")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::estate;

    fn checked(script: &str) -> Result<(), String> {
        let estate = estate::load("uex-payments").unwrap();
        let script = format!("title = \"t\"\n{script}\nat_s = 0\nenvironment = \"staging\"\n");
        names_exist(&toml::from_str(&script).unwrap(), &estate)
    }

    #[test]
    fn data_stores_that_are_named_must_exist() {
        for (script, missing) in [
            ("[[storage_growth]]\ndatabase = \"x\"\ngb_per_minute = 1", Some("DB instance `x`")),
            ("[[storage_growth]]\ndatabase = \"uex-payments-staging\"\ngb_per_minute = 1", None),
            ("[[database_degraded]]\ndatabase = \"x\"", Some("database `x`")),
            ("[[failover]]\ndatabase = \"uex-payments-staging\"", Some("database that can fail over")),
            ("[[cache_node_lost]]\ngroup = \"x\"\nfor_s = 1", Some("replication group `x`")),
            ("[[cache_node_lost]]\ngroup = \"uex-payments-staging\"\nnode = \"x\"\nfor_s = 1", Some("node `x`")),
            (
                "[[cache_node_lost]]\ngroup = \"uex-payments-staging\"\nnode = \"uex-payments-staging-002\"\nfor_s = 1",
                None,
            ),
            ("[[broker_lost]]\ncluster = \"x\"\nbroker = 1\nfor_s = 1", Some("MSK cluster `x`")),
        ] {
            match (checked(script), missing) {
                (Err(error), Some(missing)) => assert!(error.contains(missing), "{error}"),
                (answer, missing) => assert!(answer.is_ok() && missing.is_none(), "{script}: {answer:?}"),
            }
        }
    }
}
