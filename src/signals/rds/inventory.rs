//! DescribeDBInstances and DescribeDBClusters side by side; DescribePendingMaintenanceActions where there is something.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_rds::operation::describe_db_clusters::DescribeDbClustersOutput;
use aws_sdk_rds::operation::describe_db_instances::DescribeDbInstancesOutput;
use aws_sdk_rds::operation::describe_pending_maintenance_actions::DescribePendingMaintenanceActionsOutput;
use aws_sdk_rds::types::PendingMaintenanceAction;

use super::convert;
use super::database::{Cluster, Instance, Inventory, Role};
use crate::base::Text;
use crate::cloud::{Selection, Session, limits};
use crate::model::Fault;
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, either};

/// Reads the databases that belong to the environment.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let pages = session.rds().describe_db_instances().into_paginator().page_size(limits::RDS_PAGE).send();
    let items = |page: DescribeDbInstancesOutput| page.db_instances.unwrap_or_default();
    let instances = all_pages(session, "DescribeDBInstances", pages, |page| page.marker(), items);
    let pages = session.rds().describe_db_clusters().into_paginator().page_size(limits::RDS_PAGE).send();
    let items = |page: DescribeDbClustersOutput| page.db_clusters.unwrap_or_default();
    let clusters = all_pages(session, "DescribeDBClusters", pages, |page| page.marker(), items);
    let (instances, clusters) = futures_util::future::join(instances, clusters).await;
    let (instances, clusters, fault) = either(instances, clusters)?;
    let instances = instances.map(|all| all.iter().filter_map(convert::instance).collect());
    let clusters = clusters.map(|all| all.iter().filter_map(convert::cluster).collect());
    let mut inventory = belonging(joined(instances, clusters), &selection);
    inventory.fault = fault;
    if !inventory.instances.is_empty() || !inventory.clusters.is_empty() {
        add_maintenance(session, &mut inventory).await;
    }
    Ok(inventory)
}

/// Instances and clusters with what each says of the other. A list that could not be read leaves unknown ones behind
/// wherever the other list names them.
fn joined(instances: Option<Vec<Instance>>, clusters: Option<Vec<Cluster>>) -> Inventory {
    let mut instances = instances.unwrap_or_default();
    let mut clusters = clusters.unwrap_or_default();
    let known: BTreeSet<Text> = clusters.iter().map(|cluster| cluster.name.clone()).collect();
    let named: BTreeSet<Text> = instances.iter().filter_map(|instance| instance.cluster.clone()).collect();
    clusters.extend(named.difference(&known).map(|name| Cluster { name: name.clone(), ..Cluster::default() }));
    let mut members = BTreeMap::new();
    for cluster in &clusters {
        let Some(state) = &cluster.state else { continue };
        for member in &state.members {
            let role = match member.writer {
                Some(true) => Role::Writer,
                Some(false) => Role::Reader,
                None => Role::Unknown,
            };
            members.insert(member.instance.clone(), (cluster.name.clone(), role, state.acu));
        }
    }
    for instance in &mut instances {
        if let Some((cluster, role, acu)) = members.remove(&instance.name) {
            (instance.cluster, instance.role, instance.acu) = (Some(cluster), role, acu);
        }
    }
    instances.extend(members.into_iter().map(|(name, (cluster, role, acu))| Instance {
        name,
        cluster: Some(cluster),
        role,
        acu,
        ..Instance::default()
    }));
    clusters.sort_by(|a, b| a.name.cmp(&b.name));
    instances.sort_by(|a, b| a.name.cmp(&b.name));
    Inventory { clusters, instances, fault: None }
}

/// What belongs to the environment: clusters with their members, and members by themselves.
fn belonging(mut all: Inventory, selection: &Selection) -> Inventory {
    // What could not be described has no ARN to select by: it is kept, as unknown.
    let own = |name: &Text, arn: &Text, described: bool| {
        selection.admits(name, arn) || (!described && selection.may_admit(name))
    };
    let whole: HashMap<Text, Text> = all
        .clusters
        .iter()
        .filter(|cluster| own(&cluster.name, &cluster.arn, cluster.state.is_some()))
        .map(|cluster| (cluster.name.clone(), cluster.arn.clone()))
        .collect();
    all.instances.retain(|instance| {
        let excluded = !selection.may_admit(&instance.name);
        own(&instance.name, &instance.arn, instance.state.is_some())
            || instance.cluster.as_ref().and_then(|name| whole.get_key_value(name)).is_some_and(|(name, arn)| {
                selection.admits_part(&instance.name, &instance.arn, (name.as_str(), arn.as_str()))
                    || (!excluded && instance.state.is_none())
            })
    });
    let with_members: BTreeSet<Text> = all.instances.iter().filter_map(|instance| instance.cluster.clone()).collect();
    all.clusters.retain(|cluster| whole.contains_key(&cluster.name) || with_members.contains(&cluster.name));
    all
}

/// Adds what maintenance is pending. A failure leaves that unknown and nothing else.
async fn add_maintenance(session: &Session, inventory: &mut Inventory) {
    let request = session.rds().describe_pending_maintenance_actions();
    let pages = request.into_paginator().page_size(limits::RDS_PAGE).send();
    let items = |page: DescribePendingMaintenanceActionsOutput| page.pending_maintenance_actions.unwrap_or_default();
    let answer = all_pages(session, "DescribePendingMaintenanceActions", pages, |page| page.marker(), items).await;
    let Ok(answer) = answer else { return };
    let mut by_arn: HashMap<Text, Vec<Text>> = HashMap::new();
    for resource in answer {
        let actions = resource.pending_maintenance_action_details().iter().map(action);
        by_arn.entry(Text::new(resource.resource_identifier().unwrap_or_default())).or_default().extend(actions);
    }
    let of = |arn: &Text| (!arn.is_empty()).then(|| by_arn.get(arn).cloned().unwrap_or_default());
    for cluster in &mut inventory.clusters {
        cluster.maintenance = of(&cluster.arn);
    }
    for instance in &mut inventory.instances {
        instance.maintenance = of(&instance.arn);
    }
}

/// `system-update`, with the day when it will be applied where that is settled.
fn action(action: &PendingMaintenanceAction) -> Text {
    let name = action.action().unwrap_or("maintenance");
    match action.current_apply_date().or(action.forced_apply_date()).and_then(moment) {
        Some(at) => Text::new(format!("{name} at {at}")),
        None => Text::new(name),
    }
}
