//! Alarm evaluation, once a minute, from the metrics that are visible then.
//!
//! Rules as in the CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data" and "Composite alarms".

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::composite::Expression;
use super::reason;
use crate::drill::world::alarm::{Alarm, AlarmRule, AlarmState, MetricRule, MissingData, Transition};
use crate::drill::world::metric::MetricStore;
use crate::drill::world::{EnvironmentWorld, hash};

/// Periods that are looked at besides the evaluation periods, when some are missing.
const EXTRA_PERIODS: u32 = 2;
/// Transitions that an alarm remembers.
const KEPT: usize = 100;

/// What the periods of an alarm say.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The state that follows; `None` keeps the present one.
    pub state: Option<AlarmState>,
    /// The existing points that were looked at, newest first.
    pub points: Vec<(Timestamp, f64)>,
    /// Missing periods among those looked at.
    pub missing: u32,
}

/// Evaluates all alarms on the data up to `end`, the end of a minute.
pub fn evaluate(world: &mut EnvironmentWorld, end: Timestamp) {
    let EnvironmentWorld { alarms, metrics, .. } = world;
    for alarm in alarms.values_mut() {
        let AlarmRule::Metric(rule) = &alarm.rule else { continue };
        // All points are visible 50 s after their minute; each alarm has its own second after that.
        let at = later(end, 50 + i64::try_from(hash::of(&alarm.name) % 10).unwrap_or(0));
        let evaluation = metric(rule, metrics, end, at);
        let Some(state) = evaluation.state.filter(|state| Some(*state) != latest(alarm)) else { continue };
        let reason = reason::text(rule, state, &evaluation);
        let reason_data = reason::data(rule, &evaluation, at);
        change(alarm, Transition { at, state, reason, reason_data });
    }
    let changes: Vec<(String, Transition)> =
        alarms.values().filter_map(|alarm| Some((alarm.name.clone(), composite(alarm, alarms, end)?))).collect();
    for (name, transition) in changes {
        if let Some(alarm) = alarms.get_mut(&name) {
            change(alarm, transition);
        }
    }
}

/// The change of a composite alarm, where there is one. Its reason is the latest of the changes that made it so.
fn composite(alarm: &Alarm, alarms: &BTreeMap<String, Alarm>, end: Timestamp) -> Option<Transition> {
    let AlarmRule::Composite(rule) = &alarm.rule else { return None };
    let expression = Expression::parse(rule).ok()?;
    let on = expression.holds(&|name| alarms.get(name).and_then(latest));
    let state = if on { AlarmState::Alarm } else { AlarmState::Ok };
    if Some(state) == latest(alarm) {
        return None;
    }
    let children = expression.names().into_iter().filter_map(|name| alarms.get(name));
    let changes = children.filter_map(|child| Some((child, child.history.last()?)));
    let reason = changes
        .filter(|(_, last)| last.state == state)
        .max_by_key(|(_, last)| last.at)
        .map(|(child, last)| reason::composite(&child.arn, last.state, last.at))
        .unwrap_or_default();
    let at = later(end, 60 + i64::try_from(hash::of(&alarm.name) % 5).unwrap_or(0));
    Some(Transition { at, state, reason, reason_data: String::new() })
}

fn latest(alarm: &Alarm) -> Option<AlarmState> {
    alarm.history.last().map(|transition| transition.state)
}

fn change(alarm: &mut Alarm, transition: Transition) {
    alarm.history.push(transition);
    if alarm.history.len() > KEPT {
        alarm.history.remove(0);
    }
}

fn later(time: Timestamp, seconds: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(time)
}

/// Judges the periods of a metric alarm that end at or before `end`, as seen at `at`.
fn metric(rule: &MetricRule, metrics: &MetricStore, end: Timestamp, at: Timestamp) -> Evaluation {
    let wanted = rule.evaluation_periods;
    let period = i64::from(rule.period_s);
    let newest_end = end.as_second().div_euclid(period) * period;
    let oldest = newest_end - i64::from(wanted + EXTRA_PERIODS) * period;
    let time = |second: i64| Timestamp::from_second(second).unwrap_or(end);
    let mut points = metrics.query(at, &rule.metric, rule.stat, rule.period_s, time(oldest), time(newest_end));
    points.reverse();
    let missing = wanted.saturating_sub(u32::try_from(points.len()).unwrap_or(wanted));
    points.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
    let breaching = points.iter().filter(|(_, value)| rule.comparison.breaches(*value, rule.threshold)).count();
    Evaluation { state: judge(rule, breaching, points.len(), missing), points, missing }
}

fn judge(rule: &MetricRule, breaching: usize, known: usize, missing: u32) -> Option<AlarmState> {
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let enough = count(rule.datapoints_to_alarm);
    let on_when = |alarm: bool| Some(if alarm { AlarmState::Alarm } else { AlarmState::Ok });
    if missing == 0 {
        return on_when(breaching >= enough);
    }
    match rule.missing {
        MissingData::Breaching => on_when(breaching + count(missing) >= enough),
        MissingData::NotBreaching => on_when(breaching >= enough),
        MissingData::Missing if known == 0 => Some(AlarmState::InsufficientData),
        MissingData::Missing => on_when(breaching >= enough || breaching == known),
        MissingData::Ignore if breaching >= enough => on_when(true),
        MissingData::Ignore if known - breaching > count(rule.evaluation_periods) - enough => on_when(false),
        MissingData::Ignore => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::world::alarm::Comparison;
    use crate::drill::world::metric::{MetricId, Point};
    use crate::model::Stat;

    fn rule(evaluation_periods: u32, datapoints_to_alarm: u32, missing: MissingData) -> MetricRule {
        MetricRule {
            metric: MetricId::new("N", "m", &[]),
            stat: Stat::Sum,
            period_s: 60,
            evaluation_periods,
            datapoints_to_alarm,
            threshold: 5.0,
            comparison: Comparison::Greater,
            missing,
        }
    }

    /// State after minutes 0, 1, … with these values; `None` is a missing minute.
    fn state(rule: &MetricRule, values: &[Option<f64>]) -> Option<AlarmState> {
        let mut metrics = MetricStore::default();
        let handle = metrics.handle(rule.metric.clone());
        for (minute, value) in values.iter().enumerate() {
            if let Some(value) = value {
                metrics.record(handle, i64::try_from(minute).unwrap(), Point::gauge(*value));
            }
        }
        let end = Timestamp::from_second(60 * i64::try_from(values.len()).unwrap()).unwrap();
        metric(rule, &metrics, end, later(end, 55)).state
    }

    #[test]
    fn enough_breaching_periods_set_it_off_and_fewer_do_not() {
        let rule = rule(5, 3, MissingData::Missing);
        let at = |values: [f64; 5]| state(&rule, &values.map(Some));
        assert_eq!(at([9.0, 9.0, 0.0, 0.0, 9.0]), Some(AlarmState::Alarm));
        assert_eq!(at([9.0, 9.0, 0.0, 0.0, 5.0]), Some(AlarmState::Ok));
    }

    #[test]
    fn missing_periods_count_as_the_alarm_says() {
        let values = [None, None, None, Some(9.0), None];
        let state = |missing| state(&rule(3, 2, missing), &values);
        assert_eq!(state(MissingData::Breaching), Some(AlarmState::Alarm));
        assert_eq!(state(MissingData::NotBreaching), Some(AlarmState::Ok));
        assert_eq!(state(MissingData::Missing), Some(AlarmState::Alarm));
        assert_eq!(state(MissingData::Ignore), None);
    }

    #[test]
    fn without_any_data_only_missing_says_so() {
        let state = |missing| state(&rule(3, 2, missing), &[None; 5]);
        assert_eq!(state(MissingData::Missing), Some(AlarmState::InsufficientData));
        assert_eq!(state(MissingData::Ignore), None);
        assert_eq!(state(MissingData::NotBreaching), Some(AlarmState::Ok));
        assert_eq!(state(MissingData::Breaching), Some(AlarmState::Alarm));
    }
}
