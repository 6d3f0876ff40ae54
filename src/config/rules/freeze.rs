//! `[[freeze]]`: each is kept whole, or it is kept in mind that a part of the calendar could not be read.

use std::ops::Range;

use jiff::Timestamp;
use toml::de::{DeTable, DeValue};

use super::named_environments::named_environments;
use crate::base::Text;
use crate::config::document::{Document, Value, in_order, kind};
use crate::config::fields::{known, names_of};
use crate::config::week::{WeekTime, Weekly};
use crate::config::{EnvironmentConfig, FreezeConfig};

/// Characters of a name and of a reason.
const NAME: usize = 60;
const REASON: usize = 200;

/// The change freezes of a document, and what could not be read of them.
pub(in crate::config) fn freezes(
    document: &mut Document<'_>,
    value: &Value<'_>,
    environments: &[EnvironmentConfig],
    left_out: &[Text],
) -> (Vec<FreezeConfig>, Vec<Text>) {
    let (mut kept, mut unreadable) = (Vec::new(), Vec::new());
    let DeValue::Array(elements) = value.get_ref() else {
        let what = format!("`freeze` must be a list of tables, not {}", kind(value.get_ref()));
        document.error(&value.span(), what, Some("write `[[freeze]]` above each one".to_owned()));
        return (kept, vec![unread(document, &value.span(), "")]);
    };
    for element in elements.iter() {
        let (span, before) = (element.span(), document.errors());
        let freeze = if let DeValue::Table(fields) = element.get_ref() {
            freeze(document, &span, fields, environments, left_out)
        } else {
            document.error(&span, format!("`freeze` must be a table, not {}", kind(element.get_ref())), None);
            FreezeConfig::default()
        };
        if document.errors() == before {
            kept.push(freeze);
        } else {
            unreadable.push(unread(document, &span, &freeze.name));
        }
    }
    (kept, unreadable)
}

/// Says where the calendar could not be read.
pub(in crate::config) fn unread(document: &Document<'_>, span: &Range<usize>, name: &str) -> Text {
    let name = if name.is_empty() { String::new() } else { format!(" `{name}`") };
    Text::new(format!("the change freeze{name} in {}, line {}", document.file(), document.position(span).line))
}

fn freeze(
    document: &mut Document<'_>,
    span: &Range<usize>,
    fields: &DeTable<'_>,
    environments: &[EnvironmentConfig],
    left_out: &[Text],
) -> FreezeConfig {
    let mut freeze = FreezeConfig::default();
    for (key, value) in in_order(fields) {
        if !known(document, "freeze.", key, names_of::<FreezeConfig>()) {
            continue;
        }
        match key.get_ref().as_ref() {
            "name" => freeze.name = words(document, "name", value, 1..=NAME),
            "reason" => freeze.reason = words(document, "reason", value, 0..=REASON),
            "environments" => freeze.environments = list(document, value, environments, left_out),
            "from" => freeze.from = instant(document, "from", value),
            "until" => freeze.until = instant(document, "until", value),
            _ => freeze.weekly = weekly(document, value),
        }
    }
    if !fields.contains_key("name") {
        document.error(span, "this freeze has no `name`", Some("add `name = \"Christmas\"`".to_owned()));
    }
    let has = |field: &str| fields.contains_key(field);
    match (has("weekly"), has("from"), has("until")) {
        (true, false, false) | (false, true, true) => {}
        (true, ..) => {
            let what = "this freeze is weekly and has `from` or `until` besides";
            document.error(span, what, Some("write two of them".to_owned()));
        }
        (false, from, _) => {
            let missing = if from { "`until`" } else { "`from`" };
            let help = "add `from` and `until`, or `weekly = { from = \"Fri 16:00\", until = \"Mon 08:00\" }`";
            document.error(span, format!("this freeze has no {missing}"), Some(help.to_owned()));
        }
    }
    if let (Some(from), Some(until)) = (freeze.from, freeze.until)
        && until <= from
    {
        document.error(span, "this freeze ends before it begins", None);
    }
    freeze
}

fn words(
    document: &mut Document<'_>,
    name: &str,
    value: &Value<'_>,
    length: std::ops::RangeInclusive<usize>,
) -> String {
    let Some(text) = text(document, name, value) else { return String::new() };
    let plain = Text::new(&text);
    if plain.as_str() != text || text.trim() != text || !length.contains(&text.chars().count()) {
        let what = format!("`freeze.{name}` must be {} to {} plain characters", length.start(), length.end());
        document.error(&value.span(), what, None);
    }
    plain.as_str().to_owned()
}

fn list(
    document: &mut Document<'_>,
    value: &Value<'_>,
    environments: &[EnvironmentConfig],
    left_out: &[Text],
) -> Vec<String> {
    let DeValue::Array(elements) = value.get_ref() else {
        let what = format!("`freeze.environments` must be a list, not {}", kind(value.get_ref()));
        document.error(&value.span(), what, Some("write `environments = [\"prod\"]`".to_owned()));
        return Vec::new();
    };
    named_environments(document, "freeze.environments", value, environments, left_out);
    elements.iter().filter_map(|element| text(document, "environments", element)).collect()
}

/// Text, or the date that TOML itself knows.
fn instant(document: &mut Document<'_>, name: &str, value: &Value<'_>) -> Option<Timestamp> {
    let written = match value.get_ref() {
        DeValue::Datetime(date) => date.to_string(),
        _ => text(document, name, value)?,
    };
    let read = written.parse().ok();
    if read.is_none() {
        let what = format!("`freeze.{name}`: `{written}` is no instant");
        let help = "write date, time and offset, e.g. `2026-12-20T00:00:00Z`";
        document.error(&value.span(), what, Some(help.to_owned()));
    }
    read
}

fn weekly(document: &mut Document<'_>, value: &Value<'_>) -> Option<Weekly> {
    let DeValue::Table(fields) = value.get_ref() else {
        let what = format!("`freeze.weekly` must be a table, not {}", kind(value.get_ref()));
        let help = "write `weekly = { from = \"Fri 16:00\", until = \"Mon 08:00\" }`";
        document.error(&value.span(), what, Some(help.to_owned()));
        return None;
    };
    let (mut from, mut until) = (None, None);
    for (key, value) in in_order(fields) {
        if !known(document, "freeze.weekly.", key, names_of::<Weekly>()) {
            continue;
        }
        let name = key.get_ref().as_ref();
        let time = week_time(document, name, value);
        if name == "from" { from = time } else { until = time }
    }
    for name in ["from", "until"] {
        if !fields.contains_key(name) {
            document.error(&value.span(), format!("`freeze.weekly` has no `{name}`"), None);
        }
    }
    let weekly = Weekly { from: from?, until: until? };
    if weekly.from == weekly.until {
        document.error(&value.span(), "`freeze.weekly` ends when it begins", None);
    }
    Some(weekly)
}

fn week_time(document: &mut Document<'_>, name: &str, value: &Value<'_>) -> Option<WeekTime> {
    let written = text(document, &format!("weekly.{name}"), value)?;
    written
        .parse()
        .map_err(|error| document.error(&value.span(), format!("`freeze.weekly.{name}`: {error}"), None))
        .ok()
}

fn text(document: &mut Document<'_>, name: &str, value: &Value<'_>) -> Option<String> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(text.to_string());
    }
    let what = format!("`freeze.{name}` must be text in quotes, not {}", kind(value.get_ref()));
    document.error(&value.span(), what, None);
    None
}
