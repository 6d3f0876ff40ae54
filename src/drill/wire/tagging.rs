//! Resource Groups Tagging: tagged resources of all services.

use winterbaume_resourcegroupstagging::model::{GetResourcesOutput, ResourceTagMapping, Tag};

use super::{ApiError, Ask, Reply, reply};
use crate::drill::world::Tags;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "GetResources" => get_resources(ask),
        _ => Err(ask.unknown()),
    }
}

fn get_resources(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let filters: Vec<(&str, Vec<&str>)> = input
        .list("TagFilters")
        .iter()
        .map(|filter| (filter.text("Key").unwrap_or_default(), filter.texts("Values")))
        .collect();
    let (types, arns) = (input.texts("ResourceTypeFilters"), input.texts("ResourceARNList"));
    let per_page = input.int("ResourcesPerPage").or(input.int("TagsPerPage"));
    if per_page.is_some_and(|size| !(1..=100).contains(&size)) {
        let message = "ResourcesPerPage must be between 1 and 100";
        return Err(ApiError::bad("InvalidParameterException", message));
    }
    let tagged = |tags: &Tags| {
        filters.iter().all(|(key, values)| {
            tags.get(*key).is_some_and(|held| values.is_empty() || values.contains(&held.as_str()))
        })
    };
    let all = ask.world.tagged();
    let wanted: Vec<(&str, &Tags)> = all
        .into_iter()
        .filter(|(arn, tags)| {
            tagged(tags)
                && (types.is_empty() || types.iter().any(|wanted| is_of(arn, wanted)))
                && (arns.is_empty() || arns.contains(arn))
        })
        .collect();
    let filter = format!("{filters:?}{types:?}{arns:?}");
    let page = ask
        .page(wanted, ask.size("ResourcesPerPage", 50, 100), input.text("PaginationToken"), &filter)
        .map_err(|_| ApiError::bad("PaginationTokenExpiredException", "The pagination token is not valid any more."))?;
    let mapping = |(arn, tags): (&str, &Tags)| ResourceTagMapping {
        compliance_details: None,
        resource_a_r_n: Some(arn.to_owned()),
        tags: Some(
            tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect(),
        ),
    };
    reply(&GetResourcesOutput {
        pagination_token: Some(page.next.unwrap_or_default()),
        resource_tag_mapping_list: Some(page.items.into_iter().map(mapping).collect()),
    })
}

/// `service` or `service:type` of a filter against an ARN, e.g. `dynamodb:table`.
fn is_of(arn: &str, wanted: &str) -> bool {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (Some(service), Some(resource)) = (parts.next(), parts.nth(2)) else { return false };
    let kind = resource.trim_start_matches('/').split(['/', ':']).next().unwrap_or_default();
    match wanted.split_once(':') {
        Some((wanted_service, wanted_kind)) => service == wanted_service && kind == wanted_kind,
        None => service == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn resource_types_of_arns() {
        for (arn, kind) in [
            ("arn:aws:dynamodb:r:1:table/t", "dynamodb:table"),
            ("arn:aws:lambda:r:1:function:f", "lambda:function"),
            ("arn:aws:apigateway:r::/restapis/x", "apigateway:restapis"),
            ("arn:aws:ecs:r:1:service/c/s", "ecs"),
        ] {
            assert!(is_of(arn, kind), "{arn} {kind}");
            assert!(!is_of(arn, "ecs:cluster"), "{arn}");
        }
        assert!(!is_of("nonsense", "ecs"));
    }
}
