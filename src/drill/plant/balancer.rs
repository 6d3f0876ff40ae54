//! An application load balancer: response times and errors follow from how busy the services behind it are.

use jiff::Timestamp;

use super::containers::Busy;
use super::noise::Noise;
use super::spread::Spread;
use super::strain::{USUAL, longer, lost};
use crate::drill::estate::build::containers::target_group;
use crate::drill::estate::containers::LoadBalancerData;
use crate::drill::world::ecs::TaskStatus;
use crate::drill::world::elbv2::{TargetGroup, TargetHealth};
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};
use crate::drill::world::{EnvironmentWorld, hash};

/// Share of the answers of a target group without healthy targets that are 5xx.
const SICK_FAIL: f64 = 0.8;

/// The dynamics of a load balancer.
pub struct BalancerPlant {
    data: LoadBalancerData,
    whole: Handles,
    ours_5xx: SeriesId,
    groups: Vec<GroupPlant>,
}

/// One target group.
struct GroupPlant {
    service: String,
    suffix: String,
    answers: Handles,
    healthy: SeriesId,
    unhealthy: SeriesId,
    per_target: [SeriesId; 2],
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
                let alone = [("TargetGroup", group.as_str())];
                let dimensions = [("LoadBalancer", balancer.as_str()), alone[0]];
                let answers = Handles::new(metrics, &dimensions);
                let mut handle =
                    |name: &str, of: &[(&str, &str)]| metrics.handle(MetricId::new("AWS/ApplicationELB", name, of));
                GroupPlant {
                    service: service.clone(),
                    answers,
                    healthy: handle("HealthyHostCount", &dimensions),
                    unhealthy: handle("UnHealthyHostCount", &dimensions),
                    per_target: [handle("RequestCountPerTarget", &dimensions), handle("RequestCountPerTarget", &alone)],
                    suffix: group,
                }
            })
            .collect();
        Self {
            whole: Handles::new(metrics, &by_balancer),
            ours_5xx: metrics.handle(MetricId::new("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", &by_balancer)),
            data: data.clone(),
            groups,
        }
    }

    /// One minute, which ends at `end`.
    pub fn minute(
        &self,
        world: &mut EnvironmentWorld,
        end: Timestamp,
        minute: i64,
        load: f64,
        busy: &[Busy],
        noise: &Noise,
    ) {
        let data = &self.data;
        let mean = data.requests_per_minute * load * (1.0 + 0.04 * noise.wave(&data.name, minute));
        let mut all = Answers { requests: 0.0, client: 0.0, server: 0.0, spread: Spread::usual(1.0, 2.0) };
        let (mut median, mut p95, mut unserved) = (0.0, 0.0, 0.0);
        for group in &self.groups {
            let service = &group.service;
            let share = data.shares.get(service).copied().unwrap_or(0.0);
            let name = format!("{} {service}", data.name);
            let requests = noise.count(&name, minute, mean * share);
            let state = busy.iter().find(|busy| busy.cluster == data.cluster && busy.service == *service);
            let running = state.map_or(0, |state| state.running);
            let (healthy, unhealthy) = health(world, &group.suffix, running, end);
            let metrics = &mut world.metrics;
            metrics.record(group.healthy, minute, Point::gauge(f64::from(healthy)));
            metrics.record(group.unhealthy, minute, Point::gauge(f64::from(unhealthy)));
            if healthy + unhealthy == 0 {
                unserved += requests;
                continue;
            }
            // Where no target is healthy, all of them get requests (ELB User Guide, "Target group health").
            let serving = if healthy == 0 { unhealthy } else { healthy };
            for series in group.per_target {
                metrics.record(series, minute, Point::total(requests / f64::from(serving), f64::from(serving)));
            }
            let utilisation = state.map_or(USUAL, |state| state.load) * f64::from(running.max(1)) / f64::from(serving);
            let longer = longer(utilisation) * (1.0 + state.map_or(0.0, |state| state.slowdown));
            let sick = if healthy == 0 { SICK_FAIL } else { 0.0 };
            let failing = state.map_or(0.0, |state| state.fault.error_rate);
            let lost = (lost(utilisation) + failing).max(sick).min(1.0);
            let server = noise.count(&format!("{name} 5xx"), minute, requests * (data.error_rate + lost));
            let client = noise.count(&format!("{name} 4xx"), minute, requests * data.client_error_rate);
            let answers = Answers {
                requests,
                client: client.min(requests),
                server: server.min((requests - client).max(0.0)),
                spread: Spread::usual(data.median_ms * longer, data.p95_ms * longer),
            };
            group.answers.report(metrics, minute, &answers);
            all.requests += answers.requests;
            all.client += answers.client;
            all.server += answers.server;
            median += answers.spread.median * requests;
            p95 += answers.spread.p95 * requests;
        }
        let metrics = &mut world.metrics;
        if all.requests > 0.0 {
            all.spread = Spread::usual(median / all.requests, p95 / all.requests);
        }
        self.whole.report(metrics, minute, &all);
        if unserved > 0.0 {
            metrics.record(self.ours_5xx, minute, Point::total(unserved, unserved));
        }
    }
}

/// Healthy and unhealthy targets of a group; new ones count as neither until they are checked. Without a group of this
/// name, what runs is healthy.
fn health(world: &EnvironmentWorld, suffix: &str, running: u32, now: Timestamp) -> (u32, u32) {
    let Some(group) = world.target_groups.values().find(|group| group.arn.ends_with(suffix)) else {
        return (running, 0);
    };
    let cluster = world.clusters.get(&group.cluster);
    let Some(service) = cluster.and_then(|cluster| cluster.services.get(&group.service)) else { return (0, 0) };
    let (mut healthy, mut unhealthy) = (0, 0);
    for task in &service.tasks {
        match group.health(task, now) {
            Some(TargetHealth::Healthy) => healthy += 1,
            Some(TargetHealth::Unhealthy) => unhealthy += 1,
            Some(TargetHealth::Initial | TargetHealth::Draining) | None => {}
        }
    }
    (healthy, unhealthy)
}

/// Chooses the tasks that fail their health checks: the share of each group's running tasks that `share` says.
pub fn check_targets(world: &mut EnvironmentWorld, share: impl Fn(&TargetGroup) -> f64) {
    for group in world.target_groups.values_mut() {
        let share = share(group);
        if share <= 0.0 {
            group.failing.clear();
            continue;
        }
        let service = world.clusters.get(&group.cluster).and_then(|cluster| cluster.services.get(&group.service));
        let tasks = service.into_iter().flat_map(|service| &service.tasks);
        let mut running: Vec<&str> =
            tasks.filter(|task| task.last_status == TaskStatus::Running).map(|task| task.id.as_str()).collect();
        running.sort_by_key(|id| hash::of(&("fails", id)));
        let number = (1..=running.len()).take_while(|n| *n == 1 || fits(*n, running.len(), share)).count();
        group.failing = running.into_iter().take(number).map(str::to_owned).collect();
    }
}

/// True when `number` of `all` is no more than `share` of them.
fn fits(number: usize, all: usize, share: f64) -> bool {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    count(number) <= count(all) * share + 1e-9
}
