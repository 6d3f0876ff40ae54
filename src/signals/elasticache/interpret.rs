//! The cell: the worst of the caches, or how many of their nodes can be used.

use std::collections::BTreeMap;

use super::cache::Inventory;
use super::levels::Levels;
use super::queries::Queries;
use super::{cluster, group, status};
use crate::model::{MetricSet, Reading};
use crate::signals::aspects;
use crate::signals::figures::{counted, listed, plural};
use crate::signals::{Judge, metrics as read};

/// The reading of all groups, cache clusters and serverless caches.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let queries = inventory.clusters.iter().filter_map(Queries::of).flat_map(Queries::all);
    let fault = inventory.fault.clone().or(read::gap(metrics, queries).and_then(|gap| gap.fault));
    let groups = inventory.groups.iter().map(|found| group::judged(found, judge));
    let clusters = inventory.clusters.iter().map(|found| cluster::judged(found, metrics, judge, levels));
    let serverless = inventory.serverless.iter().map(|found| cluster::serverless(found, judge));
    let judged = groups.chain(clusters).chain(serverless).collect();
    aspects::reading(judged, fault, |reading| calm(inventory, reading))
}

/// `3/3 nodes`, and what those do that are not simply available.
fn calm(inventory: &Inventory, reading: &mut Reading) {
    let states = || inventory.clusters.iter().filter_map(|cluster| cluster.state.as_ref());
    let ok: usize = states().map(status::nodes_ok).sum();
    let total: usize = states().map(|state| state.node_total()).sum();
    let caches = plural(inventory.serverless.len(), "serverless cache");
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for state in states().filter(|state| state.status != "available") {
        *others.entry(status::plain(&state.status)).or_default() += 1;
    }
    let others = others.into_iter().map(|(status, count)| counted(count, &status));
    if total > 0 {
        let serverless = if inventory.serverless.is_empty() { String::new() } else { caches };
        reading.headline = format!("{ok}/{total} nodes").into();
        reading.note = listed(others.chain([serverless])).into();
        reading.value = Some(ok as f64);
        reading.unit = "nodes".into();
    } else if inventory.serverless.is_empty() {
        reading.headline = plural(inventory.groups.len(), "group").into();
    } else {
        reading.headline = caches.into();
    }
}
