//! CloudWatch Logs: groups, streams and events.

use serde_json::json;

use super::{ApiError, Ask, Reply};
use crate::drill::world::logs::LogGroup;

mod events;
mod groups;
mod streams;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "DescribeLogGroups" => groups::describe(ask),
        "DescribeLogStreams" => streams::describe(ask),
        "FilterLogEvents" => events::filter(ask),
        "GetLogEvents" => events::get(ask),
        "ListTagsForResource" => {
            let arn = ask.input.text("resourceArn").unwrap_or_default();
            let arn = arn.strip_suffix(":*").unwrap_or(arn);
            let found = ask.world.log_groups.values().find(|group| group.arn == arn);
            let found = found.ok_or_else(|| not_found("The specified resource does not exist."))?;
            Ok(json!({"tags": found.tags}))
        }
        "ListTagsLogGroup" => Ok(json!({"tags": named(ask)?.tags})),
        _ => Err(ask.unknown()),
    }
}

fn not_found(message: &str) -> ApiError {
    ApiError::bad("ResourceNotFoundException", message)
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("InvalidParameterException", message)
}

/// The group of `logGroupName`, or of `logGroupIdentifier`, which is a name or an ARN.
fn named<'a>(ask: &Ask<'a>) -> Result<&'a LogGroup, ApiError> {
    let asked = ask.input.text("logGroupName").or_else(|| ask.input.text("logGroupIdentifier"));
    let asked = asked.ok_or_else(|| invalid("Either logGroupName or logGroupIdentifier must be given"))?;
    let found = match asked.strip_prefix("arn:") {
        Some(_) => {
            let arn = asked.strip_suffix(":*").unwrap_or(asked);
            ask.world.log_groups.values().find(|group| group.arn == arn)
        }
        None => ask.world.log_groups.get(asked),
    };
    found.ok_or_else(|| not_found("The specified log group does not exist."))
}

/// A limit between 1 and `most`, which holds where the client names none.
fn limit(ask: &Ask<'_>, most: usize) -> Result<usize, ApiError> {
    let Some(asked) = ask.input.int("limit") else { return Ok(most) };
    usize::try_from(asked).ok().filter(|limit| (1..=most).contains(limit)).ok_or_else(|| {
        let message = format!("1 validation error detected: Value '{asked}' at 'limit' failed to satisfy constraint: Member must have value between 1 and {most}");
        invalid(message)
    })
}

fn bad_token() -> ApiError {
    invalid("The specified nextToken is invalid.")
}
