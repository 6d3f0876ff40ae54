//! Secrets never reach the records, whoever puts them into a reason or an error message.

use serde_json::Value;

use crate::base::redact::{redact, redact_identifier};
use crate::model::Entry;

/// Fields in which people and AWS say something; all others name something.
const SENTENCES: &[&str] = &["says", "reason", "message", "remedy", "why", "touches", "instead", "who"];

/// The entry without what looks like a credential.
pub(super) fn redacted(entry: Entry) -> Result<Entry, serde_json::Error> {
    let value = serde_json::to_value(&entry)?;
    let mut clean = value.clone();
    clear(&mut clean, false);
    if clean == value { Ok(entry) } else { serde_json::from_value(clean) }
}

fn clear(value: &mut Value, sentence: bool) {
    match value {
        Value::String(text) => {
            let clean = if sentence { redact(text) } else { redact_identifier(text) };
            if clean != *text {
                *text = clean;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| clear(item, sentence)),
        Value::Object(fields) => {
            for (name, field) in fields {
                clear(field, SENTENCES.contains(&name.as_str()));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
