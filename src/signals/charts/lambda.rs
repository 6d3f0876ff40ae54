//! Charts of a Lambda function (Lambda Developer Guide, "Types of metrics for Lambda functions").

use super::spec::{Charts, Maker, Unit, chart};
use crate::model::{Resource, Stat};

/// Errors, invocations, duration, throttles, concurrency.
pub fn charts(function: &Resource) -> Charts {
    let make = Maker::new("AWS/Lambda", &[("FunctionName", &*function.name)]);
    let charts = vec![
        chart("Errors", Unit::Count, vec![make.counter("errors", "Errors", Stat::Sum)]),
        chart(
            "Duration",
            Unit::Milliseconds,
            vec![
                make.gauge("p95", "Duration", Stat::Percentile(95)),
                make.gauge("p50", "Duration", Stat::Percentile(50)),
            ],
        ),
        chart("Invocations", Unit::Count, vec![make.counter("invocations", "Invocations", Stat::Sum)]),
        chart("Throttles", Unit::Count, vec![make.counter("throttles", "Throttles", Stat::Sum)]),
        chart("Concurrent executions", Unit::Plain, vec![make.gauge("most", "ConcurrentExecutions", Stat::Maximum)]),
    ];
    make.charts(charts, &["FunctionName"])
}
