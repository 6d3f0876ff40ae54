//! The cell: the worst of the clusters and brokers, or how many brokers there are.

use std::collections::BTreeMap;

use super::levels::Levels;
use super::stream::Inventory;
use super::{broker, cluster, queries};
use crate::model::{MetricSet, Reading};
use crate::signals::aspects::{self, Judged};
use crate::signals::figures::{counted, listed, plural};
use crate::signals::{Judge, metrics as read};

/// The reading of all clusters and their brokers.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let gap = read::gap(metrics, inventory.clusters.iter().flat_map(queries::all));
    let fault = inventory.fault.clone().or(gap.and_then(|gap| gap.fault));
    let mut judged: Vec<Judged> = Vec::new();
    for found in &inventory.clusters {
        judged.push(cluster::judged(found, metrics, judge, levels));
        let brokers = found.brokers.iter().flatten();
        judged.extend(brokers.map(|one| broker::judged(found, one, metrics, judge, levels)));
    }
    aspects::reading(judged, fault, |reading| calm(inventory, reading))
}

/// `3 brokers`, and what clusters do that are not simply active.
fn calm(inventory: &Inventory, reading: &mut Reading) {
    let brokers = inventory.clusters.iter().flat_map(|cluster| cluster.brokers.iter().flatten()).count();
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for found in inventory.clusters.iter().filter(|found| found.state != "ACTIVE") {
        *others.entry(cluster::words(&found.state)).or_default() += 1;
    }
    reading.note = listed(others.into_iter().map(|(state, count)| counted(count, &state))).into();
    if brokers == 0 {
        reading.headline = plural(inventory.clusters.len(), "cluster").into();
    } else {
        reading.headline = plural(brokers, "broker").into();
        reading.value = Some(brokers as f64);
        reading.unit = "brokers".into();
    }
}
