//! An application load balancer: response times and errors follow from how busy the services behind it are.

use super::containers::Busy;
use super::noise::Noise;
use super::spread::Spread;
use crate::drill::estate::build::containers::target_group;
use crate::drill::estate::containers::LoadBalancerData;
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// Utilisation at which the described response times hold.
const USUAL: f64 = 0.4;

/// The dynamics of a load balancer.
pub struct BalancerPlant {
    data: LoadBalancerData,
    whole: Handles,
    ours_5xx: SeriesId,
    groups: Vec<(String, Handles, SeriesId, SeriesId)>,
}

/// Metrics of the whole balancer, or of one target group.
struct Handles {
    requests: SeriesId,
    time: SeriesId,
    good: SeriesId,
    client: SeriesId,
    server: SeriesId,
}

/// A minute's answers.
#[derive(Clone, Copy)]
struct Answers {
    requests: f64,
    client: f64,
    server: f64,
    spread: Spread,
}

impl Handles {
    fn new(metrics: &mut MetricStore, dimensions: &[(&str, &str)]) -> Self {
        let mut handle = |name: &str| metrics.handle(MetricId::new("AWS/ApplicationELB", name, dimensions));
        Self {
            requests: handle("RequestCount"),
            time: handle("TargetResponseTime"),
            good: handle("HTTPCode_Target_2XX_Count"),
            client: handle("HTTPCode_Target_4XX_Count"),
            server: handle("HTTPCode_Target_5XX_Count"),
        }
    }

    /// Counts of zero are not reported, as Elastic Load Balancing does.
    fn report(&self, metrics: &mut MetricStore, minute: i64, answers: &Answers) {
        let Answers { requests, client, server, spread } = *answers;
        if requests <= 0.0 {
            return;
        }
        let mut count = |series, number: f64| {
            if number > 0.0 {
                metrics.record(series, minute, Point::total(number, number));
            }
        };
        count(self.requests, requests);
        count(self.good, requests - client - server);
        count(self.client, client);
        count(self.server, server);
        let seconds = Point::spread(requests, spread.mean() / 1000.0, |p| spread.quantile(p) / 1000.0);
        metrics.record(self.time, minute, seconds);
    }
}

impl BalancerPlant {
    /// A load balancer.
    pub fn new(data: &LoadBalancerData, metrics: &mut MetricStore) -> Self {
        let balancer = format!("app/{}/{}", data.name, data.id);
        let by_balancer = [("LoadBalancer", balancer.as_str())];
        let groups = data
            .shares
            .keys()
            .map(|service| {
                let group = target_group(&data.cluster, service);
                let dimensions = [("LoadBalancer", balancer.as_str()), ("TargetGroup", group.as_str())];
                let handles = Handles::new(metrics, &dimensions);
                let mut hosts = |name: &str| metrics.handle(MetricId::new("AWS/ApplicationELB", name, &dimensions));
                (service.clone(), handles, hosts("HealthyHostCount"), hosts("UnHealthyHostCount"))
            })
            .collect();
        Self {
            whole: Handles::new(metrics, &by_balancer),
            ours_5xx: metrics.handle(MetricId::new("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", &by_balancer)),
            data: data.clone(),
            groups,
        }
    }

    /// One minute.
    pub fn minute(&self, metrics: &mut MetricStore, minute: i64, load: f64, busy: &[Busy], noise: &Noise) {
        let data = &self.data;
        let mean = data.requests_per_minute * load * (1.0 + 0.04 * noise.wave(&data.name, minute));
        let mut all = Answers { requests: 0.0, client: 0.0, server: 0.0, spread: Spread::usual(1.0, 2.0) };
        let (mut median, mut p95, mut unserved) = (0.0, 0.0, 0.0);
        for (service, handles, healthy, unhealthy) in &self.groups {
            let share = data.shares.get(service).copied().unwrap_or(0.0);
            let name = format!("{} {service}", data.name);
            let requests = noise.count(&name, minute, mean * share);
            let state = busy.iter().find(|busy| busy.cluster == data.cluster && busy.service == *service);
            let running = state.map_or(0, |state| state.running);
            metrics.record(*healthy, minute, Point::gauge(f64::from(running)));
            metrics.record(*unhealthy, minute, Point::gauge(0.0));
            if running == 0 {
                unserved += requests;
                continue;
            }
            let utilisation = state.map_or(USUAL, |state| state.load);
            let longer = (1.0 - 0.9 * USUAL) / (1.0 - 0.9 * utilisation.min(1.0));
            let lost = ((utilisation - 0.95) * 0.5).clamp(0.0, 0.5);
            let server = noise.count(&format!("{name} 5xx"), minute, requests * (data.error_rate + lost));
            let client = noise.count(&format!("{name} 4xx"), minute, requests * data.client_error_rate);
            let answers = Answers {
                requests,
                client: client.min(requests),
                server: server.min((requests - client).max(0.0)),
                spread: Spread::usual(data.median_ms * longer, data.p95_ms * longer),
            };
            handles.report(metrics, minute, &answers);
            all.requests += answers.requests;
            all.client += answers.client;
            all.server += answers.server;
            median += answers.spread.median * requests;
            p95 += answers.spread.p95 * requests;
        }
        if all.requests > 0.0 {
            all.spread = Spread::usual(median / all.requests, p95 / all.requests);
        }
        self.whole.report(metrics, minute, &all);
        if unserved > 0.0 {
            metrics.record(self.ours_5xx, minute, Point::total(unserved, unserved));
        }
    }
}
