//! A storm of alarms: checks that all fail within a few minutes and recover together.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::noise::Noise;
use crate::drill::estate::data::AlarmData;
use crate::drill::scenario::AlarmFlood;
use crate::drill::world::alarm::{Comparison, MissingData};
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Failures a minute beyond which a check's alarm goes off.
const LIMIT: f64 = 5.0;

/// The alarms of a flood, as an estate would describe them.
pub fn alarms(flood: &AlarmFlood) -> Vec<AlarmData> {
    names(flood)
        .map(|name| AlarmData {
            description: flood.description.clone(),
            namespace: flood.namespace.clone(),
            metric: flood.metric.clone(),
            dimensions: BTreeMap::from([("Check".to_owned(), name.clone())]),
            statistic: "Sum".to_owned(),
            period_s: 60,
            evaluation_periods: 1,
            datapoints_to_alarm: None,
            comparison: Comparison::Greater,
            threshold: LIMIT,
            missing: MissingData::NotBreaching,
            actions_enabled: true,
            topic: flood.topic.clone(),
            without_data: false,
            name,
        })
        .collect()
}

fn names(flood: &AlarmFlood) -> impl Iterator<Item = String> {
    (1..=flood.count).map(|number| flood.name.replace("{n}", &format!("{number:03}")))
}

/// The checks of a flood.
pub struct FloodPlant {
    checks: Vec<Check>,
    until: i64,
}

struct Check {
    name: String,
    series: SeriesId,
    from: i64,
}

impl FloodPlant {
    /// The checks of a flood in a scenario that begins at second `began`.
    pub fn new(flood: &AlarmFlood, began: Timestamp, noise: &Noise, metrics: &mut MetricStore) -> Self {
        let starts = began.as_second() + flood.at_s;
        let spread = u32::try_from(flood.for_s / 3).unwrap_or(0);
        let checks = names(flood).map(|name| {
            let id = MetricId::new(&flood.namespace, &flood.metric, &[("Check", &name)]);
            let late = noise.unit(&name, 0) * f64::from(spread);
            let late = (0..=i64::from(spread)).rev().find(|second| to_f64(*second) <= late).unwrap_or(0);
            Check { series: metrics.handle(id), from: starts + late, name }
        });
        Self { checks: checks.collect(), until: starts + flood.for_s }
    }

    /// One minute. Checks that succeed report nothing.
    pub fn minute(&self, metrics: &mut MetricStore, minute: i64, noise: &Noise) {
        let end = minute * 60 + 60;
        if end - 60 >= self.until {
            return;
        }
        for check in self.checks.iter().filter(|check| check.from <= end - 30) {
            let failures = 8.0 + (noise.unit(&check.name, minute) * 30.0).floor();
            metrics.record(check.series, minute, Point::total(failures, failures));
        }
    }
}

fn to_f64(seconds: i64) -> f64 {
    f64::from(i32::try_from(seconds).unwrap_or(i32::MAX))
}
