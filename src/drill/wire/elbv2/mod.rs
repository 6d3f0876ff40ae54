//! Elastic Load Balancing: application load balancers and what stands behind them.

use serde_json::{Value, json};

use super::{ApiError, Ask, Reply};
use crate::drill::world::Tags;

mod balancers;
mod groups;

/// Most items of a page, which is also what a client gets that names no number.
const PAGE: usize = 400;
/// Resources of one DescribeTags.
const TAGGED: usize = 20;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "DescribeLoadBalancers" => balancers::describe(ask),
        "DescribeLoadBalancerAttributes" => balancers::attributes(ask),
        "DescribeListeners" => balancers::listeners(ask),
        "DescribeRules" => balancers::rules(ask),
        "DescribeTargetGroups" => groups::describe(ask),
        "DescribeTargetGroupAttributes" => groups::attributes(ask),
        "DescribeTargetHealth" => groups::health(ask),
        "DescribeTags" => tags(ask),
        _ => Err(ask.unknown()),
    }
}

/// A page as `key` and `NextMarker`.
fn page(ask: &Ask<'_>, key: &str, all: Vec<Value>, filter: &str) -> Reply {
    let page = ask
        .page(all, ask.size("PageSize", PAGE, PAGE), ask.input.text("Marker"), filter)
        .map_err(|_| ApiError::bad("ValidationError", "Marker is not valid"))?;
    Ok(json!({key: page.items, "NextMarker": page.next}))
}

/// The items of `all` that the texts of `key` name; all where none is named. `missing` is the error for a name that
/// stands for nothing.
fn chosen<'a, T>(
    ask: &Ask<'_>,
    key: &str,
    all: Vec<&'a T>,
    name: impl Fn(&T) -> &str,
    missing: impl Fn(&str) -> ApiError,
) -> Result<Vec<&'a T>, ApiError> {
    let names = ask.input.texts(key);
    if names.is_empty() {
        return Ok(all);
    }
    if let Some(unknown) = names.iter().find(|wanted| !all.iter().any(|item| name(item) == **wanted)) {
        return Err(missing(unknown));
    }
    Ok(all.into_iter().filter(|item| names.contains(&name(item))).collect())
}

fn attribute((key, value): (&str, &str)) -> Value {
    json!({"Key": key, "Value": value})
}

fn tags(ask: &Ask<'_>) -> Reply {
    let arns = ask.input.texts("ResourceArns");
    if arns.is_empty() || arns.len() > TAGGED {
        return Err(ApiError::bad("ValidationError", format!("ResourceArns must name 1 to {TAGGED} resources")));
    }
    let of = |arn: &&str| {
        let balancer = ask.world.load_balancers.get(*arn).map(|balancer| &balancer.tags);
        let found = balancer.or_else(|| ask.world.target_groups.get(*arn).map(|group| &group.tags));
        let kind = if arn.contains(":targetgroup/") { "TargetGroup" } else { "LoadBalancer" };
        let found: &Tags = found.ok_or_else(|| match kind {
            "TargetGroup" => groups::not_found(),
            _ => balancers::not_found(arn),
        })?;
        let tags: Vec<Value> = found.iter().map(|(key, value)| attribute((key, value))).collect();
        Ok(json!({"ResourceArn": arn, "Tags": tags}))
    };
    let descriptions = arns.iter().map(of).collect::<Result<Vec<Value>, ApiError>>()?;
    Ok(json!({"TagDescriptions": descriptions}))
}
