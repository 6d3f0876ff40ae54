//! The chart of a metric of the configuration: in its own unit, with its own thresholds.

use super::metric;
use super::spec::{Chart, Charts, Kind, Limit, Line, Unit, number, text};
use crate::model::Resource;

/// The metric as the row judges it.
pub fn charts(resource: &Resource) -> Charts {
    Charts {
        charts: metric::of(resource).map(|chart| configured(chart, resource)).into_iter().collect(),
        ..Charts::default()
    }
}

fn configured(chart: Chart, resource: &Resource) -> Chart {
    let value = resource.fields.iter().find(|field| field.key == "value");
    let written = value.map_or("", |field| &*field.unit);
    let known = unit(written);
    // A unit that numbers are not written with stands once, in the title.
    let title = match (known, written) {
        (None, "") => chart.title,
        (None, written) => format!("{} in {written}", chart.title).into(),
        (Some(_), _) => chart.title,
    };
    let kind = match text(resource, "missing") {
        Some("zero") => Kind::Counter,
        _ => Kind::Gauge,
    };
    let scale = number(resource, "scale").unwrap_or(1.0);
    let limit = |key: &str| number(resource, key).map(|value| Limit { label: key.into(), value });
    let lines = chart.lines.into_iter().map(|line| Line { kind, scale, ..line });
    Chart {
        title,
        unit: known.unwrap_or(Unit::Plain),
        lines: lines.collect(),
        limits: ["warn", "critical"].into_iter().filter_map(limit).collect(),
    }
}

/// The units that numbers are written with.
fn unit(written: &str) -> Option<Unit> {
    match written {
        "%" => Some(Unit::Percent),
        "B" | "bytes" | "Bytes" => Some(Unit::Bytes),
        "ms" => Some(Unit::Milliseconds),
        "s" => Some(Unit::Seconds),
        "/s" => Some(Unit::PerSecond),
        _ => None,
    }
}
