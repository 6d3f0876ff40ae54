//! Tags of all resources of an environment from the tagging API: a call for a hundred resources instead of one for each.

use std::collections::{BTreeMap, HashMap};

use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// IAM actions that it needs.
pub const PERMISSIONS: &[&str] = &["tag:GetResources"];

/// Tags by ARN. A resource that was never tagged is not among them.
pub type ByArn = HashMap<String, BTreeMap<Text, Text>>;

/// GetResources, all pages.
pub async fn read(session: &Session) -> Result<ByArn, Fault> {
    let pages = session.tagging().get_resources().into_paginator().page_size(limits::TAGGED_PAGE).send();
    let tagged = all_pages(
        session,
        "GetResources",
        pages,
        |page| page.pagination_token(),
        |page| page.resource_tag_mapping_list.unwrap_or_default(),
    )
    .await?;
    let mut by_arn = ByArn::new();
    for resource in tagged {
        let tags = resource.tags().iter().map(|tag| (Text::new(tag.key()), Text::new(tag.value()))).collect();
        by_arn.insert(same(resource.resource_arn().unwrap_or_default()).to_owned(), tags);
    }
    Ok(by_arn)
}

/// The ARN without the `:*` with which some answers of CloudWatch Logs end.
pub fn same(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}
