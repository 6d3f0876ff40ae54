//! Load balancers: listeners, rules, and the health checks of target groups.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{Action, Listener, LoadBalancer, Rule, RuleCondition, TargetGroup};
use futures_util::future::{BoxFuture, join};

use super::source::{Found, Inventory, ask_each};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Tags, Value};
use crate::model::Fault;
use crate::signals::paging::{all_pages, all_pages_unless_gone};

/// The inventory.
#[derive(Debug)]
pub struct LoadBalancers;

const BALANCER: &str = "load balancer";
const LISTENER: &str = "listener";
const RULE: &str = "listener rule";
const GROUP: &str = "target group";

impl Inventory for LoadBalancers {
    fn id(&self) -> &'static str {
        "load-balancers"
    }
    fn title(&self) -> &'static str {
        "Load balancers"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[BALANCER, LISTENER, RULE, GROUP]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTargetGroups",
        ]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            let (balancers, groups) = join(balancers(session), groups(session)).await;
            let found = match balancers {
                Ok(balancers) => {
                    let found = ask_each(balancers, |one| balancer(session, one)).await;
                    found.into_iter().fold(Found::default(), Found::and)
                }
                Err(fault) => Found::unlisted(&[BALANCER, LISTENER, RULE], &fault),
            };
            found.and(Found::of(&[GROUP], groups))
        })
    }
}

async fn balancers(session: &Session) -> Result<Vec<LoadBalancer>, Fault> {
    let selection = session.selection().await?;
    let request = session.load_balancing().describe_load_balancers().page_size(limits::LOAD_BALANCING_PAGE);
    let mut all = all_pages(
        session,
        "DescribeLoadBalancers",
        request.into_paginator().send(),
        |page| page.next_marker(),
        |page| page.load_balancers.unwrap_or_default(),
    )
    .await?;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    all.retain(|one| selection.admits(&text(one.load_balancer_name()), &text(one.load_balancer_arn())));
    Ok(all)
}

async fn groups(session: &Session) -> Result<Vec<Configured>, Fault> {
    let selection = session.selection().await?;
    let request = session.load_balancing().describe_target_groups().page_size(limits::LOAD_BALANCING_PAGE);
    let all = all_pages(
        session,
        "DescribeTargetGroups",
        request.into_paginator().send(),
        |page| page.next_marker(),
        |page| page.target_groups().iter().map(group).collect(),
    )
    .await?;
    Ok(all.into_iter().filter(|one: &Configured| selection.admits(&one.name, &one.arn)).collect())
}

fn group(group: &TargetGroup) -> Configured {
    let matcher = group.matcher().and_then(|matcher| matcher.http_code().or(matcher.grpc_code()));
    let settings = vec![
        Setting::new("protocol", Value::text(group.protocol().map(|protocol| protocol.as_str()))),
        Setting::new("protocol_version", Value::text(group.protocol_version())),
        Setting::new("port", Value::number(group.port())),
        Setting::new("target_type", Value::text(group.target_type().map(|kind| kind.as_str()))),
        Setting::new("health_check", Value::flag(group.health_check_enabled())),
        Setting::new("health_check_path", Value::text(group.health_check_path())),
        Setting::new("health_check_port", Value::text(group.health_check_port())),
        Setting::new(
            "health_check_protocol",
            Value::text(group.health_check_protocol().map(|protocol| protocol.as_str())),
        ),
        Setting::new("health_check_interval_s", Value::number(group.health_check_interval_seconds())),
        Setting::new("health_check_timeout_s", Value::number(group.health_check_timeout_seconds())),
        Setting::new("healthy_threshold", Value::number(group.healthy_threshold_count())),
        Setting::new("unhealthy_threshold", Value::number(group.unhealthy_threshold_count())),
        Setting::new("matcher", Value::text(matcher)),
    ];
    let (name, arn) = (group.target_group_name(), group.target_group_arn());
    Configured::new(GROUP, name.unwrap_or_default(), arn.unwrap_or_default(), settings)
}

async fn balancer(session: &Session, balancer: LoadBalancer) -> Option<Found> {
    let name = balancer.load_balancer_name().unwrap_or_default();
    let arn = balancer.load_balancer_arn().unwrap_or_default();
    let zones = i64::try_from(balancer.availability_zones().len()).ok();
    let settings = vec![
        Setting::new("type", Value::text(balancer.r#type().map(|kind| kind.as_str()))),
        Setting::new("scheme", Value::text(balancer.scheme().map(|scheme| scheme.as_str()))),
        Setting::new("zones", Value::count(zones)),
        Setting::new("ip_address_type", Value::text(balancer.ip_address_type().map(|kind| kind.as_str()))),
    ];
    let mut found = Found::of(&[], Ok(vec![Configured::new(BALANCER, name, arn, settings)]));
    let pages = session.load_balancing().describe_listeners().load_balancer_arn(arn).into_paginator().send();
    let listeners = all_pages_unless_gone(
        session,
        "DescribeListeners",
        pages,
        |page| page.next_marker(),
        |page| page.listeners.unwrap_or_default(),
    );
    match listeners.await.transpose()? {
        Ok(listeners) => {
            for one in ask_each(listeners, |listener| described(session, name, listener)).await {
                found = found.and(one);
            }
        }
        Err(fault) => found = found.and(Found::unlisted(&[LISTENER, RULE], &fault)),
    }
    Some(found)
}

async fn described(session: &Session, balancer: &str, listener: Listener) -> Option<Found> {
    let name = format!("{balancer}/{}", listener.port().unwrap_or_default());
    let arn = listener.listener_arn().unwrap_or_default();
    let settings = vec![
        Setting::new("protocol", Value::text(listener.protocol().map(|protocol| protocol.as_str()))),
        Setting::new("ssl_policy", Value::text(listener.ssl_policy())),
        Setting::names("default_action", Value::text(Some(actions(listener.default_actions())))),
        Setting::new("certificates", Value::count(i64::try_from(listener.certificates().len()).ok())),
    ];
    let found = Found::of(&[], Ok(vec![Configured::new(LISTENER, &name, arn, settings).tagged(Tags::Part)]));
    let pages = session.load_balancing().describe_rules().listener_arn(arn).into_paginator().send();
    let rules = all_pages_unless_gone(
        session,
        "DescribeRules",
        pages,
        |page| page.next_marker(),
        |page| page.rules.unwrap_or_default(),
    );
    Some(match rules.await.transpose()? {
        Ok(rules) => found.and(Found { resources: parts(&name, &rules), ..Found::default() }),
        Err(fault) => found.and(Found::unlisted(&[RULE], &fault)),
    })
}

/// Rules are known by what they match; of several that match the same each is known by its place too. The default rule
/// is the listener's default action.
fn parts(listener: &str, rules: &[Rule]) -> Vec<Configured> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let own = rules.iter().filter(|rule| rule.is_default() != Some(true));
    own.map(|rule| {
        let mut name = format!("{listener} {}", conditions(rule.conditions()));
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name = format!("{name} #{count}");
        }
        Configured::part(
            RULE,
            name,
            vec![
                Setting::new("priority", Value::number(rule.priority().and_then(|text| text.parse::<f64>().ok()))),
                Setting::names("action", Value::text(Some(actions(rule.actions())))),
            ],
        )
    })
    .collect()
}

fn conditions(conditions: &[RuleCondition]) -> String {
    let mut all: Vec<String> = conditions
        .iter()
        .map(|condition| {
            let path = condition.path_pattern_config().map(|config| config.values()).unwrap_or_default();
            let host = condition.host_header_config().map(|config| config.values()).unwrap_or_default();
            let mut values: Vec<&str> = condition.values().iter().chain(path).chain(host).map(String::as_str).collect();
            values.sort_unstable();
            values.dedup();
            match condition.field() {
                Some("path-pattern") => values.join(" "),
                field => format!("{} {}", field.unwrap_or_default(), values.join(" ")),
            }
        })
        .collect();
    all.sort_unstable();
    all.join(" and ")
}

/// In their order: `forward to GROUP`, `redirect`, …
fn actions(actions: &[Action]) -> String {
    let mut actions: Vec<&Action> = actions.iter().collect();
    actions.sort_by_key(|action| action.order());
    let one = |action: &&Action| {
        let several = action.forward_config().map(|forward| forward.target_groups()).unwrap_or_default();
        let mut groups: Vec<String> = several
            .iter()
            .filter_map(|group| Some((group.target_group_arn()?, group.weight())))
            .map(|(arn, weight)| weight.map_or_else(|| arn.to_owned(), |weight| format!("{arn} weight {weight}")))
            .collect();
        if groups.len() <= 1 {
            groups = action.target_group_arn().map(str::to_owned).into_iter().collect();
        }
        let kind = action.r#type().map(|kind| kind.as_str()).unwrap_or_default();
        let code = action.fixed_response_config().and_then(|fixed| fixed.status_code());
        let redirect = action.redirect_config().and_then(|redirect| redirect.status_code()).map(|code| code.as_str());
        let detail = code.or(redirect).unwrap_or_default();
        [kind, detail, &groups.join(" ")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    actions.iter().map(one).collect::<Vec<_>>().join(", ")
}
