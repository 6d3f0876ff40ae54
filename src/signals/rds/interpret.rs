//! The cell: the worst of the databases, or how many of them are available.

use std::collections::BTreeMap;

use super::database::Inventory;
use super::levels::Levels;
use super::queries::Queries;
use super::{cluster, instance, status};
use crate::model::{MetricSet, Reading};
use crate::signals::aspects;
use crate::signals::figures::{counted, listed, plural};
use crate::signals::{Judge, metrics as read};

/// The reading of all instances and clusters.
pub fn reading(inventory: &Inventory, metrics: &MetricSet, judge: &Judge<'_>, levels: &Levels) -> Reading {
    let queries = inventory.instances.iter().filter_map(Queries::of).flat_map(Queries::all);
    let fault = inventory.fault.clone().or(read::gap(metrics, queries).and_then(|gap| gap.fault));
    let clusters = inventory.clusters.iter().map(|found| cluster::judged(found, judge));
    let instances = inventory.instances.iter().map(|found| instance::judged(found, metrics, judge, levels));
    aspects::reading(clusters.chain(instances).collect(), fault, |reading| calm(inventory, reading))
}

/// `3 available`, and what the others do.
fn calm(inventory: &Inventory, reading: &mut Reading) {
    let mut by_status: BTreeMap<&str, usize> = BTreeMap::new();
    for state in inventory.instances.iter().filter_map(|instance| instance.state.as_ref()) {
        *by_status.entry(status::words(&state.status)).or_default() += 1;
    }
    let available = by_status.remove("available");
    let mut others = by_status.into_iter().map(|(status, count)| counted(count, status));
    reading.headline = match (available, inventory.instances.len()) {
        (Some(count), _) => counted(count, "available").into(),
        (None, 0) => plural(inventory.clusters.len(), "cluster").into(),
        (None, _) => others.next().unwrap_or_default().into(),
    };
    reading.note = listed(others).into();
    reading.value = Some(available.unwrap_or(0) as f64);
    reading.unit = "available".into();
}
