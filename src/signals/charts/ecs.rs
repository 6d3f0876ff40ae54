//! Charts of an ECS service or cluster (ECS Developer Guide, "ECS CloudWatch metrics" and Container Insights).

use super::spec::{Chart, Charts, Limit, Maker, Unit, chart, number, text};
use crate::model::{Resource, Stat};

/// CPU, memory, running and wanted tasks.
pub fn charts(resource: &Resource) -> Charts {
    let cluster = text(resource, "cluster").unwrap_or(&resource.name);
    let service = resource.arn.contains(":service/") || number(resource, "desired").is_some();
    let mut dimensions = vec![("ClusterName", cluster)];
    dimensions.extend(service.then_some(("ServiceName", &*resource.name)));
    let make = Maker::new("AWS/ECS", &dimensions);
    let insights = Maker::new("ECS/ContainerInsights", &dimensions);
    let used = |title: &str, metric| {
        let lines = vec![make.gauge("average", metric, Stat::Average), make.gauge("most", metric, Stat::Maximum)];
        chart(title, Unit::Percent, lines)
    };
    let mut tasks = chart(
        "Tasks",
        Unit::Plain,
        vec![
            insights.gauge("running", "RunningTaskCount", Stat::Average),
            insights.gauge("pending", "PendingTaskCount", Stat::Average),
        ],
    );
    if let Some(value) = number(resource, "desired") {
        tasks.limits.push(Limit { label: "desired".into(), value });
    }
    let mut charts: Vec<Chart> = vec![used("CPU", "CPUUtilization"), used("Memory", "MemoryUtilization")];
    if service {
        charts.insert(0, tasks);
    }
    make.charts(charts, if service { &["ServiceName"] } else { &["ClusterName"] })
}
