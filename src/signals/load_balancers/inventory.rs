//! DescribeLoadBalancers and DescribeTargetGroups side by side, then DescribeTargetHealth for every group in use.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_elasticloadbalancingv2::types::{
    LoadBalancer, TargetGroup, TargetHealthDescription, TargetHealthStateEnum,
};

use super::{Balancer, Group, Health, Inventory, kind_of};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, each, unless_gone};

/// Reads what belongs to the environment: a target group belongs with its load balancer. A fault only when neither
/// could be listed.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let (balancers, groups) = futures_util::future::join(balancers(session), groups(session)).await;
    let mut inventory = Inventory::default();
    let (all, groups) = match (balancers, groups) {
        (Err(fault), Err(_)) => return Err(fault),
        (Ok(balancers), Ok(groups)) => (balancers, groups),
        (Ok(balancers), Err(fault)) => (balancers, nothing(&mut inventory, "target groups", fault)?),
        (Err(fault), Ok(groups)) => (nothing(&mut inventory, "load balancers", fault)?, groups),
    };
    let names: HashMap<&str, &Balancer> = all.iter().map(|balancer| (balancer.arn.as_str(), balancer)).collect();
    let belongs = |group: &Group| {
        let whole = group.balancer.as_deref().and_then(|arn| names.get(arn));
        match whole {
            Some(balancer) => selection.admits_part(&group.name, &group.arn, (&balancer.name, &balancer.arn)),
            None => selection.admits(&group.name, &group.arn),
        }
    };
    inventory.groups = groups.into_iter().filter(belongs).collect();
    inventory.balancers = all.into_iter().filter(|b| selection.admits(&b.name, &b.arn)).collect();
    inventory.balancers.sort_by(|a, b| (&a.name, &a.arn).cmp(&(&b.name, &b.arn)));
    inventory.groups.sort_by(|a, b| (&a.name, &a.arn, &a.balancer).cmp(&(&b.name, &b.arn, &b.balancer)));
    learn_health(session, &mut inventory).await?;
    Ok(inventory)
}

/// What stands for a list that could not be read. Without valid credentials nothing else is worth keeping either.
fn nothing<T>(inventory: &mut Inventory, what: &str, fault: Fault) -> Result<Vec<T>, Fault> {
    if matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials) {
        return Err(fault);
    }
    inventory.unlisted.push(what.into());
    inventory.fault = Some(fault);
    Ok(Vec::new())
}

async fn balancers(session: &Session) -> Result<Vec<Balancer>, Fault> {
    let request = session.load_balancing().describe_load_balancers().page_size(limits::LOAD_BALANCING_PAGE);
    let pages = request.into_paginator().send();
    all_pages(
        session,
        "DescribeLoadBalancers",
        pages,
        |page| page.next_marker(),
        |page| page.load_balancers().iter().map(balancer).collect(),
    )
    .await
}

fn balancer(listed: &LoadBalancer) -> Balancer {
    let arn = listed.load_balancer_arn().unwrap_or_default().to_owned();
    let state = listed.state();
    Balancer {
        name: Text::new(listed.load_balancer_name().unwrap_or_default()),
        kind: kind_of(&arn),
        state: state.and_then(|state| state.code()).map(|code| Text::new(code.as_str())),
        state_reason: Text::new(state.and_then(|state| state.reason()).unwrap_or_default()),
        scheme: Text::new(listed.scheme().map(|scheme| scheme.as_str()).unwrap_or_default()),
        zones: listed.availability_zones().iter().filter_map(|zone| zone.zone_name()).map(Text::new).collect(),
        created: listed.created_time().and_then(moment),
        dns_name: Text::new(listed.dns_name().unwrap_or_default()),
        arn,
    }
}

async fn groups(session: &Session) -> Result<Vec<Group>, Fault> {
    let request = session.load_balancing().describe_target_groups().page_size(limits::LOAD_BALANCING_PAGE);
    let pages = request.into_paginator().send();
    all_pages(
        session,
        "DescribeTargetGroups",
        pages,
        |page| page.next_marker(),
        |page| page.target_groups().iter().flat_map(groups_of).collect(),
    )
    .await
}

fn groups_of(listed: &TargetGroup) -> Vec<Group> {
    let group = Group {
        name: Text::new(listed.target_group_name().unwrap_or_default()),
        arn: listed.target_group_arn().unwrap_or_default().to_owned(),
        balancer: None,
        target_type: Text::new(listed.target_type().map(|kind| kind.as_str()).unwrap_or_default()),
        protocol: Text::new(listed.protocol().map(|protocol| protocol.as_str()).unwrap_or_default()),
        port: listed.port(),
        health_path: Text::new(listed.health_check_path().unwrap_or_default()),
        health: None,
        counted: None,
    };
    match listed.load_balancer_arns() {
        [] => vec![group],
        arns => arns.iter().map(|arn| Group { balancer: Some(arn.clone()), ..group.clone() }).collect(),
    }
}

/// Asks once for every group that a load balancer uses; one deleted meanwhile is left out.
async fn learn_health(session: &Session, inventory: &mut Inventory) -> Result<(), Fault> {
    let mut arns: Vec<String> =
        inventory.groups.iter().filter(|group| group.balancer.is_some()).map(|group| group.arn.clone()).collect();
    arns.sort_unstable();
    arns.dedup();
    let asked = each(
        arns,
        |arn| async move {
            let request = session.load_balancing().describe_target_health().target_group_arn(&arn);
            let answer = unless_gone(session, "DescribeTargetHealth", request.send().await)?;
            Ok(Some((arn, Some(answer.map(|answer| health(answer.target_health_descriptions()))))))
        },
        |arn, _| Some((arn.clone(), None)),
    )
    .await?;
    let known: HashMap<String, Option<Option<Health>>> = asked.found.into_iter().collect();
    inventory.groups.retain(|group| !matches!(known.get(&group.arn), Some(Some(None))));
    for group in &mut inventory.groups {
        group.health = known.get(&group.arn).cloned().flatten().flatten();
    }
    inventory.fault = inventory.fault.take().or(asked.fault);
    Ok(())
}

fn health(targets: &[TargetHealthDescription]) -> Health {
    let mut health = Health::default();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for described in targets {
        let found = described.target_health();
        match found.and_then(|found| found.state()) {
            Some(TargetHealthStateEnum::Healthy) => health.healthy += 1,
            Some(TargetHealthStateEnum::Initial) => health.initial += 1,
            Some(TargetHealthStateEnum::Draining) => health.draining += 1,
            Some(TargetHealthStateEnum::Unhealthy | TargetHealthStateEnum::UnhealthyDraining) => {
                health.unhealthy += 1;
                let reason = found.and_then(|found| found.reason()).map_or("no reason given", |reason| reason.as_str());
                *reasons.entry(reason).or_default() += 1;
                let target = described.target();
                let id = target.and_then(|target| target.id()).unwrap_or_default();
                let port = target.and_then(|target| target.port()).map_or(String::new(), |port| format!(":{port}"));
                health.unhealthy_targets.push(format!("{id}{port}").into());
            }
            _ => health.unchecked += 1,
        }
    }
    let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    health.reasons = reasons.into_iter().map(|(reason, count)| format!("{reason} ×{count}").into()).collect();
    health
}
