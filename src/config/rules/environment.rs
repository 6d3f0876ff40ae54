//! `[[environment]]`: each is kept whole or left out. An environment that is half right is not what the operator meant.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::account::account;
use super::endpoint::endpoint;
use super::label::label;
use super::log_groups::log_groups;
use super::profile::profile;
use super::region::region;
use super::select::select;
use super::thresholds::thresholds;
use super::tier::tier;
use crate::config::document::{Document, Value, kind};
use crate::config::fields::{overlay, table};
use crate::config::{EnvironmentConfig, Vocabulary};

/// The valid environments of a document, and how to call those that were left out.
pub(in crate::config) fn environments(
    document: &mut Document<'_>,
    value: &Value<'_>,
    vocabulary: &Vocabulary,
) -> (Vec<EnvironmentConfig>, Vec<String>) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    let DeValue::Array(elements) = value.get_ref() else {
        let what = format!("`environment` must be a list of tables, not {}", kind(value.get_ref()));
        document.error(&value.span(), what, Some("write `[[environment]]` above each one".to_owned()));
        return (kept, left_out);
    };
    let mut lines = HashMap::new();
    for (index, element) in elements.iter().enumerate() {
        let before = document.errors();
        let environment = match element.get_ref() {
            DeValue::Table(fields) => environment(document, &element.span(), fields, vocabulary),
            other => {
                document.error(&element.span(), format!("`environment` must be a table, not {}", kind(other)), None);
                EnvironmentConfig::default()
            }
        };
        let named = !environment.system.is_empty() && !environment.name.is_empty();
        let mut label = environment.label();
        if named {
            let line = document.position(&element.span()).line;
            if let Some(first) = lines.get(&label) {
                document.error(&element.span(), format!("`{label}` is already defined in line {first}"), None);
                label = format!("{label} (line {line})");
            } else {
                lines.insert(label.clone(), line);
            }
        }
        if document.errors() == before {
            kept.push(environment);
        } else {
            left_out.push(if named { label } else { format!("environment {}", index + 1) });
        }
    }
    (kept, left_out)
}

fn environment(
    document: &mut Document<'_>,
    span: &Range<usize>,
    fields: &DeTable<'_>,
    vocabulary: &Vocabulary,
) -> EnvironmentConfig {
    for required in ["system", "name"] {
        if !fields.contains_key(required) {
            let example = if required == "system" { "payments" } else { "prod" };
            let suggestion = Some(format!("add `{required} = \"{example}\"`"));
            document.error(span, format!("this environment has no `{required}`"), suggestion);
        }
    }
    let base = EnvironmentConfig::default();
    let nested = ["select", "thresholds"];
    let mut environment =
        overlay(document, "environment.", fields, &base, &nested, |document, name, value| match name {
            "system" | "name" => label(document, name, value),
            "tier" => tier(document, value),
            "profile" | "actions_profile" => profile(document, "environment", name, value, vocabulary),
            "region" => region(document, "environment", value),
            "account" => account(document, "environment", value),
            "endpoint_url" => endpoint(document, "environment", value),
            "log_groups" => log_groups(document, value),
            _ => {}
        });
    if let Some(value) = fields.get("select") {
        environment.select = select(document, value);
    }
    if let Some(value) = fields.get("thresholds")
        && let Some(signals) = table(document, "environment.thresholds", value)
    {
        environment.thresholds = thresholds(document, "environment.thresholds", signals, vocabulary);
    }
    environment
}
