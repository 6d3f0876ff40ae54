use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    AlarmType, ComparisonOperator, Dimension, Metric, MetricDataQuery, MetricStat, RecentlyActive, ScanBy, StateValue,
    Statistic, StatusCode,
};
use jiff::Timestamp;

use crate::estate::{ago, here, now};

fn at(time: Timestamp) -> DateTime {
    DateTime::from_millis(time.as_millisecond())
}

fn query(id: &str, function: &str, stat: &str, period: i32) -> MetricDataQuery {
    let metric = Metric::builder()
        .namespace("AWS/Lambda")
        .metric_name("Errors")
        .dimensions(Dimension::builder().name("FunctionName").value(function).build())
        .build();
    let stat = MetricStat::builder().metric(metric).period(period).stat(stat).build();
    MetricDataQuery::builder().id(id).metric_stat(stat).build()
}

#[tokio::test]
async fn metric_alarms_carry_their_values() {
    let client = Client::new(&here());
    let answer = client.describe_alarms().send().await.unwrap();
    assert!(answer.composite_alarms().is_empty(), "only metric alarms unless composite ones are asked for");
    let names: Vec<_> = answer.metric_alarms().iter().filter_map(|a| a.alarm_name()).collect();
    assert_eq!(names, ["a-ünï-日本", "b", "c"]);
    let alarm = &answer.metric_alarms()[0];
    assert_eq!(alarm.alarm_description(), Some("<b>&\"quoted\"</b>"));
    assert_eq!(alarm.state_value(), Some(&StateValue::Alarm));
    assert_eq!(alarm.state_reason(), Some("Threshold Crossed: 3 datapoints <≥> 4.5"));
    let since = ago(5).as_millisecond() + 250;
    assert_eq!(alarm.state_transitioned_timestamp().unwrap().to_millis().unwrap(), since);
    assert_eq!(alarm.state_updated_timestamp().unwrap().to_millis().unwrap(), since);
    assert_eq!(alarm.alarm_configuration_updated_timestamp(), Some(&at(ago(60 * 24))));
    assert_eq!((alarm.threshold(), alarm.period(), alarm.evaluation_periods()), (Some(4.5), Some(60), Some(5)));
    assert_eq!((alarm.datapoints_to_alarm(), alarm.extended_statistic()), (Some(3), Some("p95")));
    assert_eq!(alarm.comparison_operator(), Some(&ComparisonOperator::GreaterThanOrEqualToThreshold));
    assert_eq!(alarm.treat_missing_data(), Some("notBreaching"));
    assert_eq!(alarm.dimensions()[0].value(), Some("f1"));
    assert_eq!(alarm.actions_enabled(), Some(true));
    assert_eq!(answer.metric_alarms()[1].actions_enabled(), Some(false));
}

#[tokio::test]
async fn alarms_of_every_kind_come_in_pages_of_every_size() {
    let client = Client::new(&here());
    for size in 1..=5 {
        let mut pages = client
            .describe_alarms()
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .max_records(size)
            .into_paginator()
            .send();
        let (mut names, mut count) = (Vec::new(), 0);
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            count += 1;
            names.extend(page.metric_alarms().iter().filter_map(|a| a.alarm_name().map(str::to_owned)));
            names.extend(page.composite_alarms().iter().filter_map(|a| a.alarm_name().map(str::to_owned)));
        }
        assert_eq!(names, ["a-ünï-日本", "b", "c", "z-composite"], "by {size}");
        assert_eq!(count, 4usize.div_ceil(size as usize));
    }
}

#[tokio::test]
async fn alarms_are_filtered() {
    let client = Client::new(&here());
    let by = client.describe_alarms().alarm_names("c").alarm_names("nothing").send().await.unwrap();
    assert_eq!(by.metric_alarms().len(), 1);
    let by = client.describe_alarms().alarm_name_prefix("a-").send().await.unwrap();
    assert_eq!(by.metric_alarms().len(), 1);
    let by = client.describe_alarms().state_value(StateValue::Ok).send().await.unwrap();
    assert!(by.metric_alarms().is_empty());
    let composite = client.describe_alarms().alarm_types(AlarmType::CompositeAlarm).send().await.unwrap();
    assert_eq!(composite.composite_alarms()[0].alarm_rule(), Some("ALARM(\"b\") OR ALARM(\"c\")"));
}

#[tokio::test]
async fn history_is_newest_first_and_pages() {
    let client = Client::new(&here());
    let all = client.describe_alarm_history().alarm_name("b").send().await.unwrap();
    let summaries: Vec<_> = all.alarm_history_items().iter().filter_map(|i| i.history_summary()).collect();
    assert_eq!(summaries, ["Alarm updated from OK to ALARM", "Alarm updated from INSUFFICIENT_DATA to OK"]);
    let mut pages = client
        .describe_alarm_history()
        .scan_by(ScanBy::TimestampAscending)
        .alarm_types(AlarmType::MetricAlarm)
        .alarm_types(AlarmType::CompositeAlarm)
        .into_paginator()
        .page_size(3)
        .items()
        .send();
    let mut times = Vec::new();
    while let Some(item) = pages.next().await {
        times.push(item.unwrap().timestamp().unwrap().as_secs_f64());
    }
    assert_eq!(times.len(), 8, "two changes of each of four alarms");
    assert!(times.is_sorted());
}

#[tokio::test]
async fn metric_data_has_the_values_of_the_window() {
    let client = Client::new(&here());
    let answer = client
        .get_metric_data()
        .metric_data_queries(query("a", "f1", "Sum", 60))
        .metric_data_queries(query("b", "f1", "Sum", 300))
        .metric_data_queries(query("none", "unknown", "p95", 60))
        .start_time(at(ago(10)))
        .end_time(at(ago(5)))
        .scan_by(ScanBy::TimestampAscending)
        .send()
        .await
        .unwrap();
    let results = answer.metric_data_results();
    assert_eq!(results.iter().filter_map(|r| r.id()).collect::<Vec<_>>(), ["a", "b", "none"]);
    assert_eq!(results[0].values(), [10.0, 9.0, 8.0, 7.0, 6.0]);
    assert_eq!(results[0].timestamps().first(), Some(&at(ago(10))));
    assert_eq!((results[1].values(), results[1].timestamps()), (&[40.0][..], &[at(ago(10))][..]));
    assert!(results[2].values().is_empty());
    assert!(results.iter().all(|r| r.status_code() == Some(&StatusCode::Complete)));
    let newest_first = client
        .get_metric_data()
        .metric_data_queries(query("a", "f1", "SampleCount", 60))
        .start_time(at(ago(5)))
        .end_time(at(now()))
        .send()
        .await
        .unwrap();
    let result = &newest_first.metric_data_results()[0];
    assert!(result.timestamps()[0] > result.timestamps()[1]);
    assert!(result.values().iter().all(|v| *v == 2.0));
}

#[tokio::test]
async fn datapoints_come_in_pages() {
    let client = Client::new(&here());
    let mut pages = client
        .get_metric_data()
        .metric_data_queries(query("a", "f1", "Sum", 60))
        .metric_data_queries(query("b", "f2", "Sum", 60))
        .start_time(at(ago(30)))
        .end_time(at(ago(10)))
        .scan_by(ScanBy::TimestampAscending)
        .max_datapoints(7)
        .into_paginator()
        .send();
    let (mut a, mut b, mut count) = (Vec::new(), Vec::new(), 0);
    while let Some(page) = pages.next().await {
        count += 1;
        for result in page.unwrap().metric_data_results() {
            let into = if result.id() == Some("a") { &mut a } else { &mut b };
            into.extend_from_slice(result.values());
        }
    }
    let wanted: Vec<f64> = (11..=30).rev().map(f64::from).collect();
    assert_eq!((a, b, count), (wanted.clone(), wanted, 6));
}

#[tokio::test]
async fn five_hundred_queries_are_the_most() {
    let client = Client::new(&here());
    let ask = |many: usize| {
        let queries = (0..many).map(|n| query(&format!("q{n}"), "f1", "Sum", 60)).collect();
        client
            .get_metric_data()
            .set_metric_data_queries(Some(queries))
            .start_time(at(ago(10)))
            .end_time(at(now()))
            .send()
    };
    assert_eq!(ask(500).await.unwrap().metric_data_results().len(), 500);
    let error = ask(501).await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationError"));
    assert!(error.message().unwrap().contains("500"));
    assert_eq!(ask(0).await.unwrap_err().code(), Some("ValidationError"));
}

#[tokio::test]
async fn statistics_and_names_of_metrics() {
    let client = Client::new(&here());
    let answer = client
        .get_metric_statistics()
        .namespace("AWS/Lambda")
        .metric_name("Errors")
        .dimensions(Dimension::builder().name("FunctionName").value("f1").build())
        .statistics(Statistic::Sum)
        .statistics(Statistic::Average)
        .extended_statistics("p95")
        .period(60)
        .start_time(at(ago(10)))
        .end_time(at(ago(8)))
        .send()
        .await
        .unwrap();
    let first = &answer.datapoints()[0];
    assert_eq!((answer.datapoints().len(), first.sum(), first.average()), (2, Some(10.0), Some(5.0)));
    assert_eq!(first.extended_statistics().unwrap().get("p95"), Some(&5.0));
    assert_eq!(first.timestamp(), Some(&at(ago(10))));
    let listed =
        client.list_metrics().namespace("AWS/Lambda").recently_active(RecentlyActive::Pt3H).send().await.unwrap();
    assert_eq!(listed.metrics().len(), 2);
    assert_eq!(listed.metrics()[0].dimensions()[0].value(), Some("f1"));
}

#[tokio::test]
async fn errors_have_their_codes() {
    let client = Client::new(&here());
    let error = client.describe_alarms().next_token("nonsense").send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_invalid_next_token(), "{error:?}");
    let error = client.list_tags_for_resource().resource_arn("arn:none").send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_resource_not_found_exception(), "{error:?}");
    let error = client.put_dashboard().dashboard_name("x").dashboard_body("{}").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert!(error.message().unwrap().contains("read-only"));
    let error = client.list_dashboards().send().await.unwrap_err();
    assert_eq!(error.code(), Some("UnknownOperationException"));
    assert!(matches!(error, SdkError::ServiceError(_)));
    let rules = client.list_alarm_mute_rules().send().await.unwrap();
    assert!(rules.alarm_mute_rule_summaries().is_empty());
    let alarm = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:b";
    let tags = client.list_tags_for_resource().resource_arn(alarm).send().await.unwrap();
    assert_eq!(tags.tags().len(), 2);
}
