//! DescribeLogStreams.

use serde_json::{Value, json};

use super::super::{Ask, Reply};
use super::{bad_token, invalid, limit, named};
use crate::drill::logs;
use crate::drill::logs::Stream;

/// Streams of a page.
const PAGE: usize = 50;

pub(super) fn describe(ask: &Ask<'_>) -> Reply {
    let group = named(ask)?;
    let prefix = ask.input.text("logStreamNamePrefix").unwrap_or_default();
    let by_time = ask.input.text("orderBy") == Some("LastEventTime");
    let descending = ask.input.flag("descending").unwrap_or(false);
    if by_time && !prefix.is_empty() {
        return Err(invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let mut streams = logs::streams(ask.world, group, ask.now.as_second());
    streams.retain(|stream| stream.name.starts_with(prefix));
    if by_time {
        streams.sort_by_key(|stream| stream.last_s);
    }
    if descending {
        streams.reverse();
    }
    let output = |stream: Stream| {
        json!({
            "logStreamName": stream.name,
            "creationTime": stream.first_s * 1000,
            "firstEventTimestamp": stream.first_s * 1000,
            "lastEventTimestamp": stream.last_s * 1000,
            "lastIngestionTime": stream.last_s * 1000,
            "uploadSequenceToken": "1",
            "arn": format!("{}:log-stream:{}", group.arn, stream.name),
            "storedBytes": 0,
        })
    };
    let filter = format!("{}{prefix}{by_time}{descending}", group.name);
    let page = ask.page(streams, limit(ask, PAGE)?, ask.input.text("nextToken"), &filter).map_err(|_| bad_token())?;
    let mut answer = json!({"logStreams": page.items.into_iter().map(output).collect::<Vec<_>>()});
    if let Some(next) = page.next {
        answer["nextToken"] = Value::String(next);
    }
    Ok(answer)
}
