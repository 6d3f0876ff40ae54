//! DescribeLogGroups.

use serde_json::{Value, json};

use super::super::{Ask, Reply};
use super::{bad_token, invalid, limit};
use crate::drill::world::logs::LogGroup;

/// Groups of a page.
const PAGE: usize = 50;

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let (prefix, pattern) = (ask.input.text("logGroupNamePrefix"), ask.input.text("logGroupNamePattern"));
    if prefix.is_some() && pattern.is_some() {
        return Err(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
    }
    let identifiers = ask.input.texts("logGroupIdentifiers");
    let wanted = ask.world.log_groups.values().filter(|group| {
        prefix.is_none_or(|prefix| group.name.starts_with(prefix))
            && pattern.is_none_or(|pattern| group.name.contains(pattern))
            && (identifiers.is_empty() || identifiers.iter().any(|id| *id == group.name || *id == group.arn))
    });
    let filter = format!("{prefix:?}{pattern:?}{identifiers:?}");
    let page = ask
        .page(wanted.map(output).collect(), limit(ask, PAGE)?, ask.input.text("nextToken"), &filter)
        .map_err(|_| bad_token())?;
    let mut answer = json!({"logGroups": page.items});
    if let Some(next) = page.next {
        answer["nextToken"] = Value::String(next);
    }
    Ok(answer)
}

fn output(group: &LogGroup) -> Value {
    let mut output = json!({
        "logGroupName": group.name,
        "creationTime": group.created.as_millisecond(),
        "metricFilterCount": 0,
        "arn": format!("{}:*", group.arn),
        "logGroupArn": group.arn,
        "storedBytes": group.stored_bytes,
        "logGroupClass": "STANDARD",
    });
    if let Some(days) = group.retention_days {
        output["retentionInDays"] = json!(days);
    }
    if let Some(key) = &group.kms_key {
        output["kmsKeyId"] = json!(key);
    }
    output
}
