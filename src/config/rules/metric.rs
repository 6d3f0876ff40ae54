//! `[[metric]]`: each is kept whole or left out. Limits are those of CloudWatch (API Reference, Metric and Dimension).

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::named_environments::named_environments;
use crate::base::Text;
use crate::config::document::{Document, Value, in_order, kind};
use crate::config::fields::{names_of, overlay};
use crate::config::metric::Missing;
use crate::config::nearest::suggest;
use crate::config::{EnvironmentConfig, MetricConfig};
use crate::model::Stat;

/// Characters of a namespace, a metric's name or a dimension's name.
const NAME: usize = 255;
const DIMENSION_VALUE: usize = 1024;
const DIMENSIONS: usize = 30;
/// Characters that a row's label and a unit have room for.
const TITLE: usize = 60;
const UNIT: usize = 20;
const STATISTICS: [&str; 10] =
    ["Sum", "Average", "Minimum", "Maximum", "SampleCount", "p50", "p90", "p95", "p99", "p99.9"];

/// The valid metrics of a document. `environments` are those in use and `left_out` those that are configured but wrong:
/// a metric may name both.
pub(in crate::config) fn metrics(
    document: &mut Document<'_>,
    value: &Value<'_>,
    environments: &[EnvironmentConfig],
    left_out: &[Text],
) -> Vec<MetricConfig> {
    let mut kept: Vec<(MetricConfig, usize)> = Vec::new();
    let DeValue::Array(elements) = value.get_ref() else {
        let what = format!("`metric` must be a list of tables, not {}", kind(value.get_ref()));
        document.error(&value.span(), what, Some("write `[[metric]]` above each one".to_owned()));
        return Vec::new();
    };
    for element in elements.iter() {
        let span = element.span();
        let DeValue::Table(fields) = element.get_ref() else {
            let what = format!("`metric` must be a table, not {}", kind(element.get_ref()));
            document.error(&span, what, None);
            continue;
        };
        let before = document.errors();
        let metric = metric(document, &span, fields, environments, left_out);
        let same = kept.iter().find(|(other, _)| other.title == metric.title && meet(other, &metric, environments));
        if let Some((_, first)) = same.filter(|_| !metric.title.is_empty()) {
            let what = format!("`{}` is already defined in line {first}", metric.title);
            let suggestion = "give it another `title`, or `environments` that the other one has not";
            document.error(&span, what, Some(suggestion.to_owned()));
        }
        if document.errors() == before {
            kept.push((metric, document.position(&span).line));
        }
    }
    kept.into_iter().map(|(metric, _)| metric).collect()
}

/// True when both are watched in one environment.
fn meet(a: &MetricConfig, b: &MetricConfig, environments: &[EnvironmentConfig]) -> bool {
    let both = |e: &EnvironmentConfig| a.is_for(&e.system, &e.name) && b.is_for(&e.system, &e.name);
    environments.is_empty() || environments.iter().any(both)
}

fn metric(
    document: &mut Document<'_>,
    span: &Range<usize>,
    fields: &DeTable<'_>,
    environments: &[EnvironmentConfig],
    left_out: &[Text],
) -> MetricConfig {
    for (required, example) in [("title", "Webhook time"), ("namespace", "Analytics"), ("metric", "WebhookDuration")] {
        if !fields.contains_key(required) {
            let suggestion = Some(format!("add `{required} = \"{example}\"`"));
            document.error(span, format!("this metric has no `{required}`"), suggestion);
        }
    }
    for (given, other) in [("warn", "critical"), ("critical", "warn")] {
        if fields.contains_key(given) && !fields.contains_key(other) {
            let suggestion = Some(format!("add `{other} = …`: where `critical` is below `warn`, small values are bad"));
            document.error(span, format!("this metric has `{given}` and no `{other}`"), suggestion);
        }
    }
    overlay(document, "metric.", fields, &MetricConfig::default(), &[], |document, name, value| match name {
        "title" => words(document, name, value, 1..=TITLE),
        "unit" => words(document, name, value, 0..=UNIT),
        "namespace" | "metric" => words(document, name, value, 1..=NAME),
        "statistic" => statistic(document, value),
        "missing" => missing(document, value),
        "dimensions" => dimensions(document, value),
        "scale" | "warn" | "critical" => number(document, name, value),
        "environments" => named_environments(document, "metric.environments", value, environments, left_out),
        _ => {}
    })
}

fn words(document: &mut Document<'_>, name: &str, value: &Value<'_>, length: std::ops::RangeInclusive<usize>) {
    let DeValue::String(text) = value.get_ref() else { return };
    let trimmed = text.trim();
    if !length.contains(&text.chars().count()) || text.chars().any(char::is_control) {
        let what = format!("`metric.{name}` must be {} to {} plain characters", length.start(), length.end());
        document.error(&value.span(), what, None);
    } else if trimmed != text {
        let what = format!("`metric.{name}` begins or ends with a space");
        document.error(&value.span(), what, (!trimmed.is_empty()).then(|| format!("did you mean `{trimmed}`?")));
    }
}

fn statistic(document: &mut Document<'_>, value: &Value<'_>) {
    let DeValue::String(text) = value.get_ref() else { return };
    if text.parse::<Stat>().is_err() {
        let what = format!("`metric.statistic`: unknown statistic `{text}`");
        document.error(&value.span(), what, suggest(text, &STATISTICS));
    }
}

fn missing(document: &mut Document<'_>, value: &Value<'_>) {
    let names = names_of::<Missing>();
    if let DeValue::String(text) = value.get_ref()
        && !names.contains(&text.as_ref())
    {
        document.error(&value.span(), format!("`metric.missing`: `{text}` is neither"), suggest(text, names));
    }
}

fn dimensions(document: &mut Document<'_>, value: &Value<'_>) {
    let DeValue::Table(table) = value.get_ref() else { return };
    if table.len() > DIMENSIONS {
        let what = format!("`metric.dimensions`: {} are more than CloudWatch has", table.len());
        document.error(&value.span(), what, Some(format!("at most {DIMENSIONS}")));
    }
    for (key, value) in in_order(table) {
        let name = key.get_ref();
        if !(1..=NAME).contains(&name.chars().count()) {
            let limits = Some(format!("names have 1 to {NAME} characters"));
            document.error(&key.span(), "`metric.dimensions`: no dimension has such a name", limits);
        }
        match value.get_ref() {
            DeValue::String(text) if (1..=DIMENSION_VALUE).contains(&text.chars().count()) => {}
            DeValue::String(_) => {
                let limits = Some(format!("values have 1 to {DIMENSION_VALUE} characters"));
                document.error(
                    &value.span(),
                    format!("`metric.dimensions.{name}`: no dimension has such a value"),
                    limits,
                );
            }
            other => {
                let what = format!("`metric.dimensions.{name}` must be text in quotes, not {}", kind(other));
                document.error(&value.span(), what, None);
            }
        }
    }
}

fn number(document: &mut Document<'_>, name: &str, value: &Value<'_>) {
    let number = match value.get_ref() {
        DeValue::Float(float) => float.as_str().parse::<f64>().unwrap_or(f64::NAN),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or(f64::NAN, |number| number as f64)
        }
        _ => return,
    };
    let usable = number.is_finite() && if name == "scale" { number > 0.0 } else { number >= 0.0 };
    if !usable {
        let from = if name == "scale" { "above zero" } else { "from zero up" };
        document.error(&value.span(), format!("`metric.{name}` must be a number {from}"), None);
    }
}
