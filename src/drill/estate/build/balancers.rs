//! Builds load balancers with their listeners, rules and target groups.

use std::collections::BTreeSet;

use super::Site;
use super::containers::target_group;
use crate::drill::estate::containers::{LoadBalancerData, ServiceData};
use crate::drill::world::elbv2::{Listener, LoadBalancer, Rule, TargetGroup};
use crate::drill::world::{EnvironmentWorld, hash};

/// Port of the one listener.
const PORT: u32 = 443;

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    for data in &site.data.resources.load_balancer {
        let clusters = site.data.resources.ecs.cluster.iter().filter(|cluster| cluster.name == data.cluster);
        let services: Vec<_> = clusters.flat_map(|cluster| &cluster.service).collect();
        let balancer = balancer(data, &services, site);
        for service in services.iter().filter(|service| service.path.is_some()) {
            let group = group(data, service, &balancer.arn, site);
            world.target_groups.insert(group.arn.clone(), group);
        }
        world.load_balancers.insert(balancer.arn.clone(), balancer);
    }
}

fn group_arn(data: &LoadBalancerData, service: &str, site: &Site<'_>) -> String {
    site.arn("elasticloadbalancing", &target_group(&data.cluster, service))
}

fn balancer(data: &LoadBalancerData, services: &[&ServiceData], site: &Site<'_>) -> LoadBalancer {
    let region = &site.data.head.region;
    let own = format!("app/{}/{}", data.name, data.id);
    let listener = format!("{own}/{}", hash::hex(&(&own, PORT), 16));
    let paths = services.iter().filter_map(|service| Some((service, service.path.as_ref()?)));
    let rule = |(priority, (service, path)): (u32, (&&ServiceData, &String))| Rule {
        arn: site.arn("elasticloadbalancing", &format!("listener-rule/{listener}/{}", hash::hex(&(&own, path), 16))),
        priority,
        path: path.clone(),
        target_group: group_arn(data, &service.name, site),
    };
    LoadBalancer {
        name: data.name.clone(),
        dns_name: format!("{}-{}.{region}.elb.amazonaws.com", data.name, hash::of(&own) % 1_000_000_000),
        zones: ["a", "b", "c"].map(|zone| format!("{region}{zone}")).into(),
        created: site.days_ago(280),
        listeners: vec![Listener {
            arn: site.arn("elasticloadbalancing", &format!("listener/{listener}")),
            port: PORT,
            rules: (1..).zip(paths).map(rule).collect(),
        }],
        tags: site.data.resources.tags.clone(),
        arn: site.arn("elasticloadbalancing", &format!("loadbalancer/{own}")),
    }
}

fn group(data: &LoadBalancerData, service: &ServiceData, balancer: &str, site: &Site<'_>) -> TargetGroup {
    TargetGroup {
        name: service.name.clone(),
        arn: group_arn(data, &service.name, site),
        load_balancer: balancer.to_owned(),
        port: service.port,
        health_path: data.health_path.clone(),
        cluster: data.cluster.clone(),
        service: service.name.clone(),
        failing: BTreeSet::new(),
        tags: site.data.resources.tags.clone(),
    }
}
