//! `environment.select`: globs that parse and tags that AWS could hold.

use globset::Glob;
use toml::de::DeValue;

use crate::config::Select;
use crate::config::document::{Document, Value, in_order};
use crate::config::fields::{overlay, table};

/// AWS limits: a tag key has 1 to 128 characters, a value at most 256.
const TAG_KEY: usize = 128;
const TAG_VALUE: usize = 256;

pub(super) fn select(document: &mut Document<'_>, value: &Value<'_>) -> Select {
    let base = Select::default();
    let Some(fields) = table(document, "environment.select", value) else { return base };
    overlay(document, "environment.select.", fields, &base, &[], |document, name, value| match value.get_ref() {
        DeValue::Array(globs) => globs.iter().for_each(|pattern| glob(document, name, pattern)),
        DeValue::Table(tags) => in_order(tags).into_iter().for_each(|(key, value)| {
            let value = value.get_ref().as_str().unwrap_or_default();
            if !(1..=TAG_KEY).contains(&key.get_ref().chars().count()) || value.chars().count() > TAG_VALUE {
                let what = format!("`environment.select.{name}`: no AWS tag has such a key or value");
                let limits = format!("keys have 1 to {TAG_KEY} characters, values at most {TAG_VALUE}");
                document.error(&key.span(), what, Some(limits));
            }
        }),
        _ => {}
    })
}

fn glob(document: &mut Document<'_>, name: &str, pattern: &Value<'_>) {
    let DeValue::String(text) = pattern.get_ref() else { return };
    let problem = match Glob::new(text) {
        _ if text.is_empty() => "it is empty".to_owned(),
        Ok(_) => return,
        Err(error) => error.kind().to_string(),
    };
    let what = format!("`environment.select.{name}`: bad glob `{text}`: {problem}");
    document.error(&pattern.span(), what, Some("write it like `payments-prod-*`".to_owned()));
}
