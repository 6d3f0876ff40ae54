//! Charts of load balancers and target groups (ELB User Guides, "CloudWatch metrics"): dimensions are ends of ARNs.

use super::spec::{Charts, Line, Maker, Unit, after, chart, text};
use crate::model::{Resource, Stat};

/// Errors, latency, requests; hosts for a target group.
pub fn charts(resource: &Resource) -> Charts {
    if let Some(group) = after(&resource.arn, ":targetgroup/") {
        let balancer = text(resource, "load_balancer").map(|arn| after(arn, ":loadbalancer/").unwrap_or(arn));
        return of_group(&format!("targetgroup/{group}"), balancer);
    }
    let Some(balancer) = after(&resource.arn, ":loadbalancer/") else { return Charts::default() };
    let namespace = match balancer.split('/').next() {
        Some("net") => return network(balancer),
        _ => "AWS/ApplicationELB",
    };
    let make = Maker::new(namespace, &[("LoadBalancer", balancer)]);
    let charts = vec![
        chart(
            "5xx errors",
            Unit::Count,
            vec![
                make.counter("targets", "HTTPCode_Target_5XX_Count", Stat::Sum),
                make.counter("balancer", "HTTPCode_ELB_5XX_Count", Stat::Sum),
            ],
        ),
        latency(&make),
        chart("Requests", Unit::Count, vec![make.counter("requests", "RequestCount", Stat::Sum)]),
        chart("Connections", Unit::Count, vec![make.counter("active", "ActiveConnectionCount", Stat::Sum)]),
    ];
    make.charts(charts, &["LoadBalancer"])
}

fn network(balancer: &str) -> Charts {
    let make = Maker::new("AWS/NetworkELB", &[("LoadBalancer", balancer)]);
    let charts = vec![
        chart("Flows", Unit::Plain, vec![make.gauge("active", "ActiveFlowCount", Stat::Average)]),
        chart(
            "Resets",
            Unit::Count,
            vec![
                make.counter("targets", "TCP_Target_Reset_Count", Stat::Sum),
                make.counter("balancer", "TCP_ELB_Reset_Count", Stat::Sum),
            ],
        ),
        chart("Bytes", Unit::Bytes, vec![make.counter("bytes", "ProcessedBytes", Stat::Sum)]),
    ];
    make.charts(charts, &["LoadBalancer"])
}

fn of_group(group: &str, balancer: Option<&str>) -> Charts {
    let mut dimensions = vec![("TargetGroup", group)];
    dimensions.extend(balancer.map(|balancer| ("LoadBalancer", balancer)));
    let make = Maker::new("AWS/ApplicationELB", &dimensions);
    let charts = vec![
        chart(
            "Hosts",
            Unit::Plain,
            vec![
                make.gauge("unhealthy", "UnHealthyHostCount", Stat::Maximum),
                make.gauge("healthy", "HealthyHostCount", Stat::Minimum),
            ],
        ),
        chart("5xx errors", Unit::Count, vec![make.counter("targets", "HTTPCode_Target_5XX_Count", Stat::Sum)]),
        latency(&make),
        chart("Requests", Unit::Count, vec![make.counter("requests", "RequestCount", Stat::Sum)]),
    ];
    make.charts(charts, &["TargetGroup"])
}

/// The metric is in seconds.
fn latency(make: &Maker<'_>) -> super::spec::Chart {
    let of = |label: &str, stat| Line { scale: 1000.0, ..make.gauge(label, "TargetResponseTime", stat) };
    chart("Response time", Unit::Milliseconds, vec![of("p95", Stat::Percentile(95)), of("p50", Stat::Percentile(50))])
}
