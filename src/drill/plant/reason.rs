//! The sentences and JSON with which CloudWatch explains a state.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::alarms::Evaluation;
use crate::drill::world::alarm::{AlarmState, Comparison, MetricRule, MissingData};

/// `StateReason` of a metric alarm.
pub fn text(rule: &MetricRule, state: AlarmState, evaluation: &Evaluation) -> String {
    let missing = evaluation.missing;
    if state == AlarmState::InsufficientData {
        let (noun, verb) = if missing == 1 { ("datapoint", "was") } else { ("datapoints", "were") };
        return format!("Insufficient Data: {missing} {noun} {verb} unknown.");
    }
    if evaluation.points.is_empty() {
        let treated = if rule.missing == MissingData::Breaching { "Breaching" } else { "NonBreaching" };
        return format!(
            "Threshold Crossed: no datapoints were received for {missing} period(s) and {missing} missing datapoint(s) were treated as [{treated}]."
        );
    }
    let points: Vec<_> = evaluation.points.iter().map(|(at, value)| format!("{value:?} ({})", short(*at))).collect();
    let points = points.join(", ");
    let compared = comparison(rule.comparison);
    let threshold = rule.threshold;
    let breaching = evaluation.points.iter().filter(|(_, value)| rule.comparison.breaches(*value, threshold)).count();
    let looked_at = rule.evaluation_periods;
    let least = rule.datapoints_to_alarm;
    let many = |number: u32| if number == 1 { "datapoint" } else { "datapoints" };
    if state == AlarmState::Alarm {
        let verb = if breaching == 1 { "was" } else { "were" };
        format!(
            "Threshold Crossed: {breaching} out of the last {looked_at} datapoints [{points}] {verb} {compared} the threshold ({threshold:?}) (minimum {least} {} for OK -> ALARM transition).",
            many(least)
        )
    } else {
        let good = evaluation.points.len() - breaching;
        let verb = if good == 1 { "was" } else { "were" };
        let back = looked_at + 1 - least.min(looked_at);
        format!(
            "Threshold Crossed: {good} out of the last {looked_at} datapoints [{points}] {verb} not {compared} the threshold ({threshold:?}) (minimum {back} {} for ALARM -> OK transition).",
            many(back)
        )
    }
}

/// `StateReasonData` of a metric alarm.
pub fn data(rule: &MetricRule, evaluation: &Evaluation, at: Timestamp) -> String {
    let recent: Vec<f64> = evaluation.points.iter().rev().map(|(_, value)| *value).collect();
    let points: Vec<Value> =
        evaluation.points.iter().map(|(at, value)| json!({ "timestamp": long(*at), "value": value })).collect();
    json!({
        "version": "1.0",
        "queryDate": long(at),
        "startDate": evaluation.points.last().map(|(at, _)| long(*at)),
        "statistic": rule.stat.to_string(),
        "period": rule.period_s,
        "recentDatapoints": recent,
        "threshold": rule.threshold,
        "evaluatedDatapoints": points,
    })
    .to_string()
}

/// `StateReason` of a composite alarm whose child changed.
pub fn composite(child: &str, state: AlarmState, at: Timestamp) -> String {
    let when = at.to_zoned(TimeZone::UTC).strftime("%A %d %B, %Y %H:%M:%S UTC").to_string();
    format!("{child} transitioned to {} at {when}", state.word())
}

fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::GreaterOrEqual => "greater than or equal to",
        Comparison::Greater => "greater than",
        Comparison::Less => "less than",
        Comparison::LessOrEqual => "less than or equal to",
    }
}

fn short(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%d/%m/%y %H:%M:%S").to_string()
}

fn long(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::world::metric::MetricId;
    use crate::model::Stat;

    #[test]
    fn it_reads_as_cloudwatch_writes_it() {
        let rule = MetricRule {
            metric: MetricId::new("AWS/Lambda", "Errors", &[]),
            stat: Stat::Sum,
            period_s: 60,
            evaluation_periods: 1,
            datapoints_to_alarm: 1,
            threshold: 5.0,
            comparison: Comparison::Greater,
            missing: MissingData::NotBreaching,
        };
        let at: Timestamp = "2026-11-21T03:04:00Z".parse().unwrap();
        let evaluation = Evaluation { state: Some(AlarmState::Alarm), points: vec![(at, 7.0)], missing: 0 };
        assert_eq!(
            text(&rule, AlarmState::Alarm, &evaluation),
            "Threshold Crossed: 1 out of the last 1 datapoints [7.0 (21/11/26 03:04:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition)."
        );
        assert_eq!(
            composite("arn:a", AlarmState::Alarm, at),
            "arn:a transitioned to ALARM at Saturday 21 November, 2026 03:04:00 UTC"
        );
    }
}
