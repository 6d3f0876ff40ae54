//! Metrics of things that are not simulated themselves: a mean, noise, and the load where they follow it.

use super::noise::Noise;
use crate::drill::estate::data::GaugeData;
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// One such metric.
pub struct GaugePlant {
    data: GaugeData,
    label: String,
    series: SeriesId,
}

impl GaugePlant {
    /// A gauge.
    pub fn new(data: &GaugeData, metrics: &mut MetricStore) -> Self {
        let dimensions: Vec<_> = data.dimensions.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let id = MetricId::new(&data.namespace, &data.metric, &dimensions);
        Self { label: format!("{} {:?}", data.metric, data.dimensions), series: metrics.handle(id), data: data.clone() }
    }

    /// One minute.
    pub fn minute(&self, metrics: &mut MetricStore, minute: i64, load: f64, noise: &Noise) {
        let data = &self.data;
        let value = data.mean * load.powf(data.load) * (1.0 + data.noise * noise.wave(&self.label, minute));
        metrics.record(self.series, minute, Point::gauge(value.min(data.limit.unwrap_or(f64::MAX))));
    }
}
