//! Tests of `charts`: what is asked for which resource, thresholds, gaps.

use jiff::Timestamp;
use rstest::rstest;

use super::*;
use crate::base::Text;
use crate::model::{Field, Series, Stat};

fn resource(name: &str, arn: &str, fields: Vec<Field>) -> Resource {
    Resource { name: name.into(), arn: arn.into(), fields, ..Resource::default() }
}

fn alarm(name: &str, metric: &str, dimensions: &[&str], threshold: f64, period: i64) -> Resource {
    let fields = vec![
        Field::new("namespace", "AWS/Lambda"),
        Field::new("metric", metric),
        Field::new("statistic", "Sum"),
        Field::new("dimensions", dimensions.iter().map(|d| Text::from(*d)).collect::<Vec<_>>()),
        Field::new("period_s", period),
        Field::new("threshold", threshold),
    ];
    resource(name, "arn:aws:cloudwatch:us-east-1:1:alarm:x", fields)
}

fn function() -> Resource {
    resource("pay", "arn:aws:lambda:us-east-1:1:function:pay", vec![])
}

#[rstest]
#[case("lambda-errors", function(), &["Errors", "Duration", "Duration", "Invocations", "Throttles", "ConcurrentExecutions"], "FunctionName=pay")]
#[case("sqs", resource("q", "arn:aws:sqs:us-east-1:1:orders", vec![]), &["ApproximateAgeOfOldestMessage"], "QueueName=orders")]
#[case("dynamodb-throttles", resource("t", "", vec![]), &["ReadThrottleEvents", "WriteThrottleEvents", "ConsumedReadCapacityUnits"], "TableName=t")]
#[case("rds", resource("x", "arn:aws:rds:us-east-1:1:cluster:main", vec![]), &["CPUUtilization", "DatabaseConnections", "ServerlessDatabaseCapacity"], "DBClusterIdentifier=main")]
#[case("load-balancers", resource("x", "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/1", vec![]), &["HTTPCode_Target_5XX_Count"], "LoadBalancer=app/web/1")]
#[case("msk", resource("x", "arn:aws:kafka:us-east-1:1:cluster/events/abc-1", vec![]), &["OfflinePartitionsCount"], "Cluster Name=events")]
#[case("elasticache", resource("cache-001", "", vec![]), &["EngineCPUUtilization"], "CacheClusterId=cache-001")]
#[case("eks-capacity", resource("g", "", vec![Field::new("cluster", "wallet")]), &["scheduler_pending_pods_UNSCHEDULABLE"], "ClusterName=wallet")]
fn a_resource_has_the_metrics_of_its_kind(
    #[case] signal: &'static str,
    #[case] resource: Resource,
    #[case] first: &[&str],
    #[case] identity: &str,
) {
    let charts = of(SignalId(signal), &resource);
    let names: Vec<String> =
        charts.charts.iter().flat_map(|c| &c.lines).map(|line| line.query.name.to_string()).collect();
    assert_eq!(names[..first.len()], *first);
    let found: Vec<String> = charts.identity.iter().map(|(n, v)| format!("{n}={v}")).collect();
    assert_eq!(found, [identity]);
    assert!(charts.charts.iter().all(|chart| (1..=3).contains(&chart.lines.len())));
}

#[test]
fn every_signal_has_charts() {
    for signal in crate::signals::ALL {
        let arn = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/1";
        let fields = vec![
            Field::new("namespace", "A/B"),
            Field::new("metric", "m"),
            Field::new("protocol", "REST"),
            Field::new("api_name", "a"),
            Field::new("stage", "prod"),
        ];
        assert!(!of(signal.id(), &resource("x", arn, fields)).charts.is_empty(), "{}", signal.id());
    }
    assert_eq!(of(SignalId("unheard-of"), &function()), Charts::default());
    assert_eq!(of(SignalId("alarms"), &resource("composite", "", vec![])).charts, []);
}

#[rstest]
#[case(&["FunctionName=pay"], true)]
#[case(&["FunctionName=pay", "Resource=pay:live"], true)]
#[case(&["FunctionName=payroll"], false)]
#[case(&[], false)]
fn an_alarm_is_about_what_its_dimensions_name(#[case] dimensions: &[&str], #[case] about: bool) {
    let charts = of(SignalId("lambda-errors"), &function());
    assert_eq!(alarm::is_about(&alarm("a", "Errors", dimensions, 1.0, 60), &charts), about);
}

#[test]
fn the_cluster_of_another_service_is_not_this_service() {
    let fields = vec![Field::new("cluster", "blue"), Field::new("desired", 2)];
    let charts = of(SignalId("ecs-capacity"), &resource("web", "", fields));
    let about = |dimensions: &[&str]| alarm::is_about(&alarm("a", "CPUUtilization", dimensions, 1.0, 60), &charts);
    assert!(about(&["ClusterName=blue", "ServiceName=web"]));
    assert!(!about(&["ClusterName=green", "ServiceName=web"]));
    assert!(!about(&["ClusterName=blue"]));
}

#[test]
fn a_threshold_stands_in_the_chart_of_its_metric_as_much_as_a_minute_of_it() {
    let mut charts = of(SignalId("lambda-errors"), &function()).charts;
    assert!(alarm::draw_into(&alarm("errors", "Errors", &["FunctionName=pay"], 10.0, 300), &mut charts));
    assert!(!alarm::draw_into(&alarm("other", "Errors", &["FunctionName=other"], 10.0, 60), &mut charts));
    assert_eq!(charts[0].limits.len(), 1);
    assert_eq!((charts[0].limits[0].value, &*charts[0].limits[0].label), (2.0, "errors 10 in 5 min"));
    let own = of(SignalId("alarms"), &alarm("errors", "Errors", &["FunctionName=pay"], 10.0, 60));
    assert_eq!((own.charts[0].limits[0].value, own.charts[0].lines[0].query.stat), (10.0, Stat::Sum));
}

#[test]
fn missing_points_are_zeros_of_counters_and_gaps_of_gauges() {
    let series =
        Series { start: Timestamp::UNIX_EPOCH, period_s: 60, points: vec![Some(120.0), None, None, None, None] };
    let charts = of(SignalId("dynamodb-throttles"), &resource("t", "", vec![])).charts;
    let consumed = &charts[1].lines[0];
    assert_eq!(
        consumed.shown(&series).points,
        [Some(2.0), Some(0.0), None, None, None],
        "a second, and the newest may be late"
    );
    let latency = &charts[3].lines[0];
    assert_eq!(latency.shown(&series).points, [Some(120.0), None, None, None, None]);
}

#[rstest]
#[case("s", "Latency", Unit::Seconds)]
#[case("%", "Latency", Unit::Percent)]
#[case("orders", "Latency in orders", Unit::Plain)]
#[case("", "Latency", Unit::Plain)]
fn a_metric_of_the_configuration_has_its_unit_its_scale_and_its_thresholds(
    #[case] written: &str,
    #[case] title: &str,
    #[case] unit: Unit,
) {
    let fields = vec![
        Field::with_unit("value", 2.0, written),
        Field::new("namespace", "Shop"),
        Field::new("metric", "Latency"),
        Field::new("statistic", "p95"),
        Field::new("scale", 0.001),
        Field::with_unit("warn", 3.0, written),
        Field::with_unit("critical", 5.0, written),
        Field::new("missing", "unknown"),
    ];
    let charts = of(SignalId("custom"), &resource("Webhook time", "", fields)).charts;
    let limits: Vec<(&str, f64)> = charts[0].limits.iter().map(|limit| (&*limit.label, limit.value)).collect();
    assert_eq!((&*charts[0].title, charts[0].unit), (title, unit));
    assert_eq!(limits, [("warn", 3.0), ("critical", 5.0)]);
    let series = Series { start: Timestamp::UNIX_EPOCH, period_s: 60, points: vec![Some(4_000.0), None] };
    assert_eq!(charts[0].lines[0].shown(&series).points, [Some(4.0), None]);
}

#[rstest]
#[case("Errors", &["Service=pay"], true)]
#[case("Errors", &[], false)]
#[case("Errors", &["Service=pay", "Stage=live"], false)]
#[case("Invocations", &["Service=pay"], false)]
fn an_alarm_is_about_a_metric_of_the_configuration_when_it_watches_just_that(
    #[case] metric: &str,
    #[case] dimensions: &[&str],
    #[case] about: bool,
) {
    let fields = alarm("row", "Errors", &["Service=pay"], 1.0, 60).fields;
    let charts = of(SignalId("custom"), &resource("Failed payments", "", fields));
    assert_eq!(alarm::is_about(&alarm("a", metric, dimensions, 1.0, 60), &charts), about);
}
