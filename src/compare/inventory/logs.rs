//! CloudWatch Logs: how long log groups keep events, and with which key.

use aws_sdk_cloudwatchlogs::types::LogGroup;
use futures_util::future::BoxFuture;

use super::source::{Found, Inventory};
use super::tags::same;
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Value};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// The inventory.
#[derive(Debug)]
pub struct LogGroups;

const GROUP: &str = "log group";

impl Inventory for LogGroups {
    fn id(&self) -> &'static str {
        "logs"
    }
    fn title(&self) -> &'static str {
        "CloudWatch Logs"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[GROUP]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &["logs:DescribeLogGroups"]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move { Found::of(self.kinds(), groups(session).await) })
    }
}

async fn groups(session: &Session) -> Result<Vec<Configured>, Fault> {
    let selection = session.selection().await?;
    let pages = session.logs().describe_log_groups().into_paginator().page_size(limits::LOG_GROUPS_PAGE).send();
    let groups = all_pages(
        session,
        "DescribeLogGroups",
        pages,
        |page| page.next_token(),
        |page| page.log_groups.unwrap_or_default(),
    )
    .await?;
    let groups = groups.iter().map(group).filter(|group| selection.admits(&group.name, &group.arn));
    Ok(groups.collect())
}

fn group(group: &LogGroup) -> Configured {
    let arn = group.log_group_arn().or(group.arn()).map(same).unwrap_or_default();
    let class = group.log_group_class().map_or("STANDARD", |class| class.as_str());
    Configured::new(
        GROUP,
        group.log_group_name().unwrap_or_default(),
        arn,
        vec![
            // Without a number of days events are kept for ever.
            Setting::new("retention_days", Value::number(group.retention_in_days())),
            Setting::new("class", Value::text(Some(class))),
            Setting::names("kms_key", Value::text(group.kms_key_id())),
        ],
    )
}
