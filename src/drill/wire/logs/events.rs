//! FilterLogEvents and GetLogEvents.

use serde_json::{Value, json};

use super::super::{ApiError, Ask, Reply, page};
use super::{bad_token, invalid, limit, named, not_found};
use crate::drill::logs;
use crate::drill::logs::Line;
use crate::drill::logs::pattern::Pattern;
use crate::drill::logs::scan::{Place, Reader};

/// Events of a page.
const PAGE: usize = 10_000;
/// Hours before now in which there can be lines: as long as metrics are kept.
const HISTORY_MS: i64 = 6 * 3_600_000;

/// Events of all streams, in the order of time. The end is included.
pub(super) fn filter(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let reader = reader(ask, input.int("endTime").map(|end| end.saturating_add(1)), PAGE)?;
    let text = input.text("filterPattern").unwrap_or_default();
    let pattern = Pattern::parse(text).map_err(invalid)?;
    let (names, prefix) = (input.texts("logStreamNames"), input.text("logStreamNamePrefix"));
    if !names.is_empty() && prefix.is_some() {
        return Err(invalid("Either logStreamNames or logStreamNamePrefix may be given, not both"));
    }
    let list = ask.list(&format!("{}{text}{names:?}{prefix:?}", reader.group.name));
    let from = match input.text("nextToken") {
        Some(token) => read(token, &list)?,
        None => reader.head(),
    };
    let page = reader.forwards(from, |line| {
        (names.is_empty() || names.contains(&line.stream.as_str()))
            && prefix.is_none_or(|prefix| line.stream.starts_with(prefix))
            && pattern.matches(&line.message)
    });
    let event = |(place, line): (Place, Line)| {
        json!({
            "logStreamName": line.stream,
            "timestamp": line.at_ms,
            "message": line.message,
            "ingestionTime": line.at_ms + 900,
            "eventId": format!("{:026}{:030}", line.at_ms, place.index),
        })
    };
    let mut answer = json!({"events": page.lines.into_iter().map(event).collect::<Vec<_>>(), "searchedLogStreams": []});
    if !page.done {
        answer["nextToken"] = Value::String(write(page.next, &list));
    }
    Ok(answer)
}

/// Events of one stream. The end is not included. Without `startFromHead` the last ones; a token leads on, or again to
/// the same place where there is nothing more.
pub(super) fn get(ask: &Ask<'_>) -> Reply {
    let input = ask.input;
    let reader = reader(ask, input.int("endTime"), PAGE)?;
    let stream = input.text("logStreamName").unwrap_or_default();
    if !logs::streams(ask.world, reader.group, ask.now.as_second()).iter().any(|known| known.name == stream) {
        return Err(not_found("The specified log stream does not exist."));
    }
    let list = ask.list(&format!("{}{stream}", reader.group.name));
    let ours = |line: &Line| line.stream == stream;
    let (forwards, place) = match input.text("nextToken") {
        Some(token) => match token.split_at_checked(2) {
            Some(("f/", token)) => (true, read(token, &list)?),
            Some(("b/", token)) => (false, read(token, &list)?),
            _ => return Err(bad_token()),
        },
        None if input.flag("startFromHead") == Some(true) => (true, reader.head()),
        None => (false, reader.tail()),
    };
    let page = if forwards { reader.forwards(place, ours) } else { reader.backwards(place, ours) };
    let first = page.lines.first().map_or(page.next, |(place, _)| *place);
    let last = page.lines.last().map_or(page.next, |(place, _)| Place { index: place.index + 1, ..*place });
    let (back, on) = if forwards { (first, page.next) } else { (page.next, last) };
    let event = |(_, line): (Place, Line)| json!({"timestamp": line.at_ms, "message": line.message, "ingestionTime": line.at_ms + 900});
    Ok(json!({
        "events": page.lines.into_iter().map(event).collect::<Vec<_>>(),
        "nextForwardToken": format!("f/{}", write(on, &list)),
        "nextBackwardToken": format!("b/{}", write(back, &list)),
    }))
}

/// From `startTime` up to `until_ms` and now, as far as there can be lines.
fn reader<'a>(ask: &Ask<'a>, until_ms: Option<i64>, most: usize) -> Result<Reader<'a>, ApiError> {
    let group = named(ask)?;
    let now = ask.now.as_millisecond();
    let oldest = now - HISTORY_MS;
    let from_ms = ask.input.int("startTime").unwrap_or(oldest).max(oldest);
    let until_ms = until_ms.unwrap_or(i64::MAX).min(now + 1);
    Ok(Reader { world: ask.world, group, from_ms, until_ms, limit: limit(ask, most)? })
}

/// Seconds and lines of them in one number: no second has a million lines.
const SECOND: usize = 1_000_000;

fn write(place: Place, list: &str) -> String {
    let second = usize::try_from(place.second).unwrap_or(0);
    page::write(second * SECOND + place.index.min(SECOND - 1), list)
}

fn read(token: &str, list: &str) -> Result<Place, ApiError> {
    let number = page::read(token, list).map_err(|_| bad_token())?;
    Ok(Place { second: i64::try_from(number / SECOND).unwrap_or(0), index: number % SECOND })
}
