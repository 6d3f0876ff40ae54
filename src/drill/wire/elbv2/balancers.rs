//! DescribeLoadBalancers, DescribeLoadBalancerAttributes, DescribeListeners and DescribeRules.

use serde_json::{Value, json};

use super::super::{ApiError, Ask, Reply};
use super::{attribute, chosen, page};
use crate::drill::world::elbv2::{Listener, LoadBalancer, Rule};
use crate::drill::world::hash;

/// Attributes of every balancer of the drill.
const ATTRIBUTES: [(&str, &str); 6] = [
    ("access_logs.s3.enabled", "false"),
    ("deletion_protection.enabled", "true"),
    ("idle_timeout.timeout_seconds", "60"),
    ("load_balancing.cross_zone.enabled", "true"),
    ("routing.http.drop_invalid_header_fields.enabled", "true"),
    ("routing.http2.enabled", "true"),
];

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let (names, arns) = (ask.input.texts("Names"), ask.input.texts("LoadBalancerArns"));
    let all = ask.world.load_balancers.values().collect();
    let all = chosen(ask, "Names", all, |one: &LoadBalancer| &one.name, not_found)?;
    let all = chosen(ask, "LoadBalancerArns", all, |one: &LoadBalancer| &one.arn, not_found)?;
    let items = all.into_iter().map(|one| balancer(ask, one)).collect();
    page(ask, "LoadBalancers", items, &format!("{names:?}{arns:?}"))
}

pub(super) fn not_found(name: &str) -> ApiError {
    ApiError::bad("LoadBalancerNotFound", format!("Load balancers '[{name}]' not found"))
}

fn named<'a>(ask: &Ask<'a>) -> Result<&'a LoadBalancer, ApiError> {
    let arn = ask.input.text("LoadBalancerArn").unwrap_or_default();
    ask.world.load_balancers.get(arn).ok_or_else(|| not_found(arn))
}

fn balancer(ask: &Ask<'_>, balancer: &LoadBalancer) -> Value {
    let subnet = |zone: &String| format!("subnet-{}", hash::hex(&(&ask.world.account, zone), 17));
    let zones: Vec<Value> = balancer
        .zones
        .iter()
        .map(|zone| json!({"ZoneName": zone, "SubnetId": subnet(zone), "LoadBalancerAddresses": []}))
        .collect();
    json!({
        "LoadBalancerArn": balancer.arn,
        "DNSName": balancer.dns_name,
        "CanonicalHostedZoneId": "Z35SXDOTRQ7X7K",
        "CreatedTime": balancer.created.to_string(),
        "LoadBalancerName": balancer.name,
        "Scheme": "internet-facing",
        "VpcId": format!("vpc-{}", hash::hex(&(&ask.world.account, "vpc"), 17)),
        "State": {"Code": "active"},
        "Type": "application",
        "AvailabilityZones": zones,
        "SecurityGroups": [format!("sg-{}", hash::hex(&(&balancer.arn, "group"), 17))],
        "IpAddressType": "ipv4",
    })
}

pub(super) fn attributes(ask: &Ask<'_>) -> Reply {
    named(ask)?;
    Ok(json!({"Attributes": ATTRIBUTES.map(attribute)}))
}

pub(super) fn listeners(ask: &Ask<'_>) -> Reply {
    let arns = ask.input.texts("ListenerArns");
    let of_one = ask.input.text("LoadBalancerArn");
    if arns.is_empty() && of_one.is_none() {
        let message = "You must specify either listener ARNs or a load balancer ARN";
        return Err(ApiError::bad("ValidationError", message));
    }
    let balancers: Vec<&LoadBalancer> = match of_one {
        Some(_) => vec![named(ask)?],
        None => ask.world.load_balancers.values().collect(),
    };
    let all: Vec<(&LoadBalancer, &Listener)> =
        balancers.into_iter().flat_map(|one| one.listeners.iter().map(move |listener| (one, listener))).collect();
    if arns.iter().any(|arn| !all.iter().any(|(_, listener)| listener.arn == *arn)) {
        return Err(listener_not_found());
    }
    let wanted = all.into_iter().filter(|(_, one)| arns.is_empty() || arns.contains(&one.arn.as_str()));
    let items = wanted.map(|(balancer, one)| listener(balancer, one)).collect();
    page(ask, "Listeners", items, &format!("{of_one:?}{arns:?}"))
}

fn listener_not_found() -> ApiError {
    ApiError::bad("ListenerNotFound", "One or more listeners not found")
}

fn nothing_here() -> Value {
    let answer = json!({"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "not found"});
    json!({"Type": "fixed-response", "Order": 1, "FixedResponseConfig": answer})
}

fn listener(balancer: &LoadBalancer, listener: &Listener) -> Value {
    json!({
        "ListenerArn": listener.arn,
        "LoadBalancerArn": balancer.arn,
        "Port": listener.port,
        "Protocol": "HTTPS",
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "DefaultActions": [nothing_here()],
    })
}

/// The rules of a listener by priority, the default last; or the rules that are named.
pub(super) fn rules(ask: &Ask<'_>) -> Reply {
    let (arns, of_one) = (ask.input.texts("RuleArns"), ask.input.text("ListenerArn"));
    let listeners = ask.world.load_balancers.values().flat_map(|balancer| &balancer.listeners);
    let listeners: Vec<&Listener> = listeners.filter(|one| of_one.is_none_or(|arn| one.arn == arn)).collect();
    if of_one.is_some() && listeners.is_empty() {
        return Err(listener_not_found());
    }
    let mut all: Vec<(String, Value)> = Vec::new();
    for listener in listeners {
        all.extend(listener.rules.iter().map(|one| (one.arn.clone(), rule(one))));
        let arn = listener.arn.replacen(":listener/", ":listener-rule/", 1);
        let arn = format!("{arn}/{}", hash::hex(&(&listener.arn, "default"), 16));
        let last = json!({
            "RuleArn": arn, "Priority": "default", "Conditions": [], "Actions": [nothing_here()], "IsDefault": true,
        });
        all.push((arn, last));
    }
    if arns.iter().any(|arn| !all.iter().any(|(known, _)| known == arn)) {
        return Err(ApiError::bad("RuleNotFound", "One or more rules not found"));
    }
    all.retain(|(arn, _)| arns.is_empty() || arns.contains(&arn.as_str()));
    page(ask, "Rules", all.into_iter().map(|(_, rule)| rule).collect(), &format!("{of_one:?}{arns:?}"))
}

fn rule(rule: &Rule) -> Value {
    let group = json!({"TargetGroupArn": rule.target_group, "Weight": 1});
    json!({
        "RuleArn": rule.arn,
        "Priority": rule.priority.to_string(),
        "Conditions": [{
            "Field": "path-pattern", "Values": [rule.path], "PathPatternConfig": {"Values": [rule.path]},
        }],
        "Actions": [{
            "Type": "forward",
            "TargetGroupArn": rule.target_group,
            "Order": 1,
            "ForwardConfig": {"TargetGroups": [group], "TargetGroupStickinessConfig": {"Enabled": false}},
        }],
        "IsDefault": false,
    })
}
