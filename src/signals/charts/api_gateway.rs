//! Charts of an API Gateway stage (API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics").

use super::spec::{Charts, Maker, Unit, chart, text};
use crate::model::{Resource, Stat};

/// Errors, requests, latency. HTTP APIs call the same things by other names.
pub fn charts(stage: &Resource) -> Charts {
    let http = text(stage, "protocol") == Some("HTTP");
    let api = if http { text(stage, "api_id") } else { text(stage, "api_name") };
    let (Some(api), Some(name)) = (api, text(stage, "stage")) else { return Charts::default() };
    let (by, errors_5xx, errors_4xx) = if http { ("ApiId", "5xx", "4xx") } else { ("ApiName", "5XXError", "4XXError") };
    let make = Maker::new("AWS/ApiGateway", &[(by, api), ("Stage", name)]);
    let latency = |label: &str, stat| make.gauge(label, "Latency", stat);
    let charts = vec![
        chart("5xx errors", Unit::Count, vec![make.counter("5xx", errors_5xx, Stat::Sum)]),
        chart(
            "Latency",
            Unit::Milliseconds,
            vec![
                latency("p95", Stat::Percentile(95)),
                make.gauge("integration p95", "IntegrationLatency", Stat::Percentile(95)),
            ],
        ),
        chart("Requests", Unit::Count, vec![make.counter("requests", "Count", Stat::SampleCount)]),
        chart("4xx errors", Unit::Count, vec![make.counter("4xx", errors_4xx, Stat::Sum)]),
    ];
    make.charts(charts, &[by])
}
