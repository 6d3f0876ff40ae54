//! CloudWatch: alarms and metrics, in CBOR, JSON and the query protocol alike.

mod alarms;
mod history;
mod metric_data;
mod metrics;
mod mute_rules;

use winterbaume_cloudwatch::model::Dimension;

use super::{ApiError, Ask, Edit, Reply};
use crate::drill::world::metric::MetricId;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "DescribeAlarms" => alarms::describe_alarms(ask),
        "ListTagsForResource" => alarms::list_tags_for_resource(ask),
        "ListAlarmMuteRules" => mute_rules::list(ask),
        "GetAlarmMuteRule" => mute_rules::get(ask),
        "DescribeAlarmHistory" => history::describe_alarm_history(ask),
        "GetMetricData" => metric_data::get_metric_data(ask),
        "GetMetricStatistics" => metrics::get_metric_statistics(ask),
        "ListMetrics" => metrics::list_metrics(ask),
        _ => Err(ask.unknown()),
    }
}

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "DisableAlarmActions" => alarms::enable_actions(edit, false),
        "EnableAlarmActions" => alarms::enable_actions(edit, true),
        "PutAlarmMuteRule" => mute_rules::put(edit),
        "DeleteAlarmMuteRule" => mute_rules::delete(edit),
        _ => Err(edit.unknown()),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("ValidationError", message)
}

fn bad_token<T>(_: T) -> ApiError {
    ApiError::bad("InvalidNextToken", "The next token specified is invalid.")
}

fn dimensions(metric: &MetricId) -> Vec<Dimension> {
    let of = |(name, value): &(String, String)| Dimension { name: name.clone(), value: value.clone() };
    metric.dimensions.iter().map(of).collect()
}
