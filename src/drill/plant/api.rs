//! A REST API under load: clients and their retries → requests, 4xx, 5xx, latency.

use std::collections::BTreeMap;

use super::function::Outcome;
use super::noise::Noise;
use super::spread::Spread;
use crate::drill::estate::data::{RestApiData, RouteData};
use crate::drill::world::apigateway::Stage;
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Milliseconds that the gateway adds to its integration.
const OVERHEAD_MS: f64 = 14.0;

/// The dynamics of an API.
pub struct ApiPlant {
    data: RestApiData,
    series: Vec<ApiSeries>,
    failing: BTreeMap<String, f64>,
}

/// The metrics under one set of dimensions.
struct ApiSeries {
    count: SeriesId,
    client_errors: SeriesId,
    server_errors: SeriesId,
    latency: SeriesId,
    integration: SeriesId,
}

/// The requests of one minute.
pub struct Requests {
    all: f64,
    refused: f64,
    routes: Vec<f64>,
}

impl ApiPlant {
    /// An API; it reports by name, and by name and stage.
    pub fn new(data: &RestApiData, metrics: &mut MetricStore) -> Self {
        let name = data.name.as_str();
        let mut series = |dimensions: &[(&str, &str)]| {
            let mut handle = |metric: &str| metrics.handle(MetricId::new("AWS/ApiGateway", metric, dimensions));
            ApiSeries {
                count: handle("Count"),
                client_errors: handle("4XXError"),
                server_errors: handle("5XXError"),
                latency: handle("Latency"),
                integration: handle("IntegrationLatency"),
            }
        };
        let series = vec![series(&[("ApiName", name)]), series(&[("ApiName", name), ("Stage", &data.stage)])];
        Self { data: data.clone(), series, failing: BTreeMap::new() }
    }

    /// What clients ask for in a minute, and how often each function is invoked for it.
    pub fn requests(
        &self,
        minute: i64,
        load: f64,
        stage: Option<&Stage>,
        noise: &Noise,
        mut invoke: impl FnMut(&str, f64),
    ) -> Requests {
        let data = &self.data;
        let mean = data.requests_per_minute * load * (1.0 + 0.04 * noise.wave(&data.name, minute));
        let wanted: Vec<f64> = data
            .route
            .iter()
            .map(|route| {
                let failing = self.failing.get(&route.path).copied().unwrap_or(0.0);
                let tries: f64 = (0..=data.client_retries).map(|nth| failing.powi(nth.cast_signed())).sum();
                noise.count(&format!("{}{}", data.name, route.path), minute, mean * route.share * tries)
            })
            .collect();
        let all: f64 = wanted.iter().sum();
        let rate_limit = stage.map_or(1e9, |stage| stage.rate_limit);
        let admitted = (rate_limit * 60.0 / all.max(1.0)).min(1.0);
        let own = |route: &RouteData| stage.and_then(|stage| stage.limit_of(&route.path, &route.method));
        let through = |(route, requests): (&RouteData, &f64)| match own(route) {
            Some(limit) => requests.min(limit * 60.0).round(),
            None => (requests * admitted).round(),
        };
        let routes: Vec<f64> = data.route.iter().zip(&wanted).map(through).collect();
        for (route, requests) in data.route.iter().zip(&routes) {
            invoke(&route.function, *requests);
        }
        Requests { all, refused: all - routes.iter().sum::<f64>(), routes }
    }

    /// Reports the minute and remembers how often clients will have to try again.
    pub fn answer<'a>(
        &mut self,
        metrics: &mut MetricStore,
        minute: i64,
        requests: &Requests,
        noise: &Noise,
        outcome: impl Fn(&str) -> Option<&'a Outcome>,
    ) {
        let (mut failed, mut median, mut p95) = (0.0, 0.0, 0.0);
        let (mut slow_share, mut slow) = (0.0, 0.0_f64);
        let through: f64 = requests.routes.iter().sum();
        for (route, number) in self.data.route.iter().zip(&requests.routes) {
            let Some(outcome) = outcome(&route.function) else { continue };
            let share = outcome.refused_share();
            self.failing.insert(route.path.clone(), share);
            failed += number * share;
            let weight = if through > 0.0 { number / through } else { 0.0 };
            median += outcome.spread.median * weight;
            p95 += outcome.spread.p95 * weight;
            slow_share += outcome.spread.slow_share * weight;
            slow = slow.max(outcome.spread.slow);
        }
        if requests.all <= 0.0 {
            return;
        }
        let name = format!("{} 4xx", self.data.name);
        let wrong = noise.count(&name, minute, through * self.data.client_error_rate).min(through);
        let integration = Spread { median, p95, slow_share, slow };
        let latency = integration.behind(OVERHEAD_MS);
        let latency = Point::spread(requests.all, latency.mean(), |p| latency.quantile(p));
        let integration = Point::spread(through, integration.mean(), |p| integration.quantile(p));
        for series in &self.series {
            metrics.record(series.count, minute, Point::total(requests.all, requests.all));
            metrics.record(series.client_errors, minute, Point::ratio(wrong + requests.refused, requests.all));
            metrics.record(series.server_errors, minute, Point::ratio(failed.round(), requests.all));
            metrics.record(series.latency, minute, latency);
            metrics.record(series.integration, minute, integration);
        }
    }

    /// Name of the API.
    pub fn name(&self) -> &str {
        &self.data.name
    }
}
