//! `environment.log_groups`: names that CloudWatch Logs can hold.

use toml::de::DeValue;

use crate::config::document::{Document, Value};

/// Characters of a name besides letters and digits, and how many it may have (CloudWatch Logs API Reference,
/// CreateLogGroup).
const SIGNS: &str = "_-/.#";
const LONGEST: usize = 512;

pub(super) fn log_groups(document: &mut Document<'_>, value: &Value<'_>) {
    let DeValue::Array(names) = value.get_ref() else { return };
    for name in names {
        let DeValue::String(text) = name.get_ref() else { continue };
        let valid = |c: char| c.is_ascii_alphanumeric() || SIGNS.contains(c);
        if text.is_empty() || text.len() > LONGEST || !text.chars().all(valid) {
            let what = format!("`environment.log_groups`: `{text}` is no name of a log group");
            document.error(&name.span(), what, Some("write it like `/ecs/payments-prod`".to_owned()));
        }
    }
}
