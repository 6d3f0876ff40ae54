//! For the signals' tests: sessions whose requests are answered in this process, and judges.

mod query;
pub mod wire;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::config::Thresholds;
use crate::model::{EnvId, Environment, Field, FieldValue, MetricQuery, MetricSet, Resource, Series, Severity, Tier};
use crate::signals::naming::Naming;
use crate::signals::{Judge, Signal};

/// The environment that every test judges for: payments/prod in us-east-1, account 111122223333.
pub fn environment() -> Environment {
    Environment {
        id: EnvId(0),
        system: "payments".into(),
        name: "prod".into(),
        tier: Tier::Production,
        region: "us-east-1".into(),
        account: Some("111122223333".into()),
        profile: None,
        read_only: false,
    }
}

/// `minute` minutes after the epoch.
pub fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

/// Runs a signal's judgement with its default thresholds.
pub fn interpret<S: Signal>(signal: &S, inventory: &S::Inventory, metrics: &MetricSet) -> crate::model::Reading {
    interpret_by(signal, inventory, metrics, &BTreeMap::new())
}

/// Runs a signal's judgement with these thresholds.
pub fn interpret_by<S: Signal>(
    signal: &S,
    inventory: &S::Inventory,
    metrics: &MetricSet,
    thresholds: &Thresholds,
) -> crate::model::Reading {
    let environment = environment();
    let naming = Naming::new([environment.clone()].iter(), &[]);
    let judge = Judge { now: minute(1000), environment: &environment, thresholds, naming: &naming };
    signal.interpret(inventory, metrics, &judge)
}

/// A minute series from the epoch on.
pub fn series(points: &[Option<f64>]) -> Series {
    Series { start: Timestamp::UNIX_EPOCH, period_s: 60, points: points.to_vec() }
}

/// Answers every query with the ten-minute series that `points` gives; `None` leaves it unanswered.
pub fn metrics(queries: &[MetricQuery], points: impl Fn(&MetricQuery) -> Option<Vec<Option<f64>>>) -> MetricSet {
    let answered = queries.iter().filter_map(|q| Some((q.clone(), series(&points(q)?).into())));
    MetricSet { series: answered.collect(), fault: None, at: Some(minute(1000)) }
}

/// The same value in every one of ten minutes.
pub fn steady(value: f64) -> Option<Vec<Option<f64>>> {
    Some(vec![Some(value); 10])
}

/// Answered, and no point in it.
pub fn silent() -> Option<Vec<Option<f64>>> {
    Some(vec![None; 10])
}

/// A field's value.
pub fn field(resource: &Resource, key: &str) -> FieldValue {
    let found = resource.fields.iter().find(|field| field.key == key);
    found.map_or_else(|| panic!("{} has no field {key}", resource.name), |Field { value, .. }| value.clone())
}

/// What holds for every reading: worst first, severity the worst of them, nothing readable never shown as ok.
pub fn check_invariants(reading: &crate::model::Reading) {
    let order: Vec<_> = reading.resources.iter().map(|r| (std::cmp::Reverse(r.severity), r.name.clone())).collect();
    assert!(order.is_sorted(), "resources are not worst first");
    let worst = reading.resources.iter().map(|r| r.severity).max();
    let expected = worst.unwrap_or(if reading.fault.is_some() { Severity::Unknown } else { Severity::Absent });
    assert_eq!(reading.severity, expected);
    assert!(!reading.headline.is_empty(), "a cell without a word");
    assert!(reading.resources.iter().all(|r| !r.headline.is_empty() && r.severity != Severity::Absent));
}
