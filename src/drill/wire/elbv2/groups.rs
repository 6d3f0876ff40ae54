//! DescribeTargetGroups, DescribeTargetGroupAttributes and DescribeTargetHealth.

use serde_json::{Value, json};

use super::super::{ApiError, Ask, Reply};
use super::balancers::not_found as no_balancer;
use super::{attribute, chosen, page};
use crate::drill::world::elbv2::{Target, TargetGroup};
use crate::drill::world::hash;

/// Attributes of every target group of the drill.
const ATTRIBUTES: [(&str, &str); 6] = [
    ("deregistration_delay.timeout_seconds", "30"),
    ("load_balancing.algorithm.type", "round_robin"),
    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
    ("slow_start.duration_seconds", "0"),
    ("stickiness.enabled", "false"),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"),
];

pub(super) fn not_found() -> ApiError {
    ApiError::bad("TargetGroupNotFound", "One or more target groups not found")
}

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let (names, arns) = (input.texts("Names"), input.texts("TargetGroupArns"));
    let of_one = input.text("LoadBalancerArn");
    if let Some(arn) = of_one.filter(|arn| !ask.world.load_balancers.contains_key(*arn)) {
        return Err(no_balancer(arn));
    }
    let all = ask.world.target_groups.values();
    let all = all.filter(|group| of_one.is_none_or(|arn| group.load_balancer == arn)).collect();
    let all = chosen(ask, "Names", all, |one: &TargetGroup| &one.name, |_| not_found())?;
    let all = chosen(ask, "TargetGroupArns", all, |one: &TargetGroup| &one.arn, |_| not_found())?;
    let items = all.into_iter().map(|one| group(ask, one)).collect();
    page(ask, "TargetGroups", items, &format!("{of_one:?}{names:?}{arns:?}"))
}

fn named<'a>(ask: &Ask<'a>) -> Result<&'a TargetGroup, ApiError> {
    ask.world.target_groups.get(ask.input.text("TargetGroupArn").unwrap_or_default()).ok_or_else(not_found)
}

fn group(ask: &Ask<'_>, group: &TargetGroup) -> Value {
    json!({
        "TargetGroupArn": group.arn,
        "TargetGroupName": group.name,
        "Protocol": "HTTP",
        "Port": group.port,
        "VpcId": format!("vpc-{}", hash::hex(&(&ask.world.account, "vpc"), 17)),
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": true,
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2,
        "HealthCheckPath": group.health_path,
        "Matcher": {"HttpCode": "200"},
        "LoadBalancerArns": [group.load_balancer],
        "TargetType": "ip",
        "ProtocolVersion": "HTTP1",
        "IpAddressType": "ipv4",
    })
}

pub(super) fn attributes(ask: &Ask<'_>) -> Reply {
    named(ask)?;
    Ok(json!({"Attributes": ATTRIBUTES.map(attribute)}))
}

/// All targets, or those that are asked for; one that is not registered is `unused`.
pub(super) fn health(ask: &Ask<'_>) -> Reply {
    let group = named(ask)?;
    let cluster = ask.world.clusters.get(&group.cluster);
    let service = cluster.and_then(|cluster| cluster.services.get(&group.service));
    let all = service.map(|service| group.targets(service, ask.now)).unwrap_or_default();
    let asked = ask.input.list("Targets");
    if asked.is_empty() {
        let items: Vec<Value> = all.iter().map(|one| target(ask, group, one)).collect();
        return Ok(json!({"TargetHealthDescriptions": items}));
    }
    let find = |id: &str| all.iter().find(|one| one.address.to_string() == id);
    let one = |asked: &super::super::Input<'_>| {
        let id = asked.text("Id").unwrap_or_default();
        find(id).map_or_else(|| unused(group, id), |one| target(ask, group, one))
    };
    let items: Vec<Value> = asked.iter().map(one).collect();
    Ok(json!({"TargetHealthDescriptions": items}))
}

fn target(ask: &Ask<'_>, group: &TargetGroup, target: &Target) -> Value {
    let zones = ask.world.load_balancers.get(&group.load_balancer).map(|balancer| balancer.zones.as_slice());
    let zones = zones.unwrap_or_default();
    let place = usize::from(target.address.octets()[3]).checked_rem(zones.len());
    let mut health = json!({"State": target.health.word()});
    if let Some((reason, description)) = target.health.reason() {
        health = json!({"State": target.health.word(), "Reason": reason, "Description": description});
    }
    json!({
        "Target": {
            "Id": target.address.to_string(), "Port": group.port,
            "AvailabilityZone": place.and_then(|place| zones.get(place)),
        },
        "HealthCheckPort": group.port.to_string(),
        "TargetHealth": health,
    })
}

fn unused(group: &TargetGroup, id: &str) -> Value {
    json!({
        "Target": {"Id": id, "Port": group.port},
        "TargetHealth": {
            "State": "unused", "Reason": "Target.NotRegistered",
            "Description": "Target is not registered to the target group",
        },
    })
}
