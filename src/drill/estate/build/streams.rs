//! Builds MSK clusters and their brokers.

use std::collections::VecDeque;

use super::Site;
use crate::drill::estate::streams::MskClusterData;
use crate::drill::world::msk::{Broker, MskCluster};
use crate::drill::world::{EnvironmentWorld, hash};

/// Zones that brokers are spread over.
const ZONES: u32 = 3;

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    let clusters = site.data.resources.msk.cluster.iter().map(|data| cluster(data, site));
    world.msk_clusters = clusters.map(|cluster| (cluster.name.clone(), cluster)).collect();
}

fn cluster(data: &MskClusterData, site: &Site<'_>) -> MskCluster {
    let place = (&data.name, &site.data.head.account, &site.data.head.region);
    let uuid = hash::uuid(&place);
    let arn = site.arn("kafka", &format!("cluster/{}/{uuid}-5", data.name));
    let mark = hash::id(&place, 6);
    let broker = |id: u32| {
        let zone = (id - 1) % ZONES;
        Broker {
            id,
            arn: site.arn("kafka", &format!("broker/{}/{uuid}-5/{}", data.name, hash::uuid(&(&uuid, id)))),
            address: format!("b-{id}.{}.{mark}.c5.kafka.{}.amazonaws.com", data.name, site.data.head.region),
            subnet: format!("subnet-{}", hash::hex(&(&site.data.head.account, zone), 17)),
            ip: format!("10.0.{}.{}", zone + 1, 20 + id),
            online: true,
            added: site.days_ago(280),
        }
    };
    MskCluster {
        name: data.name.clone(),
        state: "ACTIVE".to_owned(),
        kafka_version: data.kafka_version.clone(),
        broker_type: data.broker_type.clone(),
        volume_gb: data.volume_gb,
        monitoring: data.monitoring.clone(),
        current_version: format!("K{}", hash::id(&(&uuid, "version"), 13).to_uppercase()),
        brokers: (1..=data.brokers).map(broker).collect(),
        operations: VecDeque::new(),
        created: site.days_ago(280),
        tags: site.data.resources.tags.clone(),
        arn,
    }
}
