//! ECS services under load: the scheduler every few seconds, metrics and auto scaling every minute.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::noise::Noise;
use super::rollout::{Scheduler, Surroundings};
use super::scaling::{Scaler, Seen};
use crate::drill::estate::build::family;
use crate::drill::estate::containers::ServiceData;
use crate::drill::estate::data::Resources;
use crate::drill::scenario::{Deploy, ServiceFault};
use crate::drill::world::EnvironmentWorld;
use crate::drill::world::ecs::{Service, TaskStatus};
use crate::drill::world::metric::{MetricId, MetricStore, Point, SeriesId};

/// The ECS part of an environment.
pub struct Containers {
    services: Vec<ServicePlant>,
    missing_images: Vec<String>,
    /// By ARN of the task definition.
    faults: BTreeMap<String, ServiceFault>,
}

/// One service.
struct ServicePlant {
    cluster: String,
    startup_s: u32,
    /// Requests per minute at average load.
    requests: f64,
    data: ServiceData,
    scheduler: Scheduler,
    scaler: Scaler,
    cpu: SeriesId,
    memory: SeriesId,
    insights: Option<Insights>,
}

/// Container Insights' task counts.
struct Insights {
    desired: SeriesId,
    running: SeriesId,
    pending: SeriesId,
}

/// How busy a service is.
#[derive(Debug, Clone, Default)]
pub struct Busy {
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the service.
    pub service: String,
    /// CPU wanted, as a share of what runs: above 1 it cannot be had.
    pub load: f64,
    /// Running tasks.
    pub running: u32,
    /// What is wrong with its revision, on average over the tasks.
    pub fault: ServiceFault,
    /// The database that it depends on.
    pub database: Option<String>,
    /// How much longer its requests take because of others: 1 is twice as long.
    pub slowdown: f64,
}

impl Containers {
    /// The part as the estate describes it.
    pub fn new(resources: &Resources, metrics: &mut MetricStore) -> Self {
        let mut services = Vec::new();
        for cluster in &resources.ecs.cluster {
            for data in &cluster.service {
                let dimensions = [("ClusterName", cluster.name.as_str()), ("ServiceName", data.name.as_str())];
                let mut insight =
                    |name: &str| metrics.handle(MetricId::new("ECS/ContainerInsights", name, &dimensions));
                let insights = cluster.container_insights.then(|| Insights {
                    desired: insight("DesiredTaskCount"),
                    running: insight("RunningTaskCount"),
                    pending: insight("PendingTaskCount"),
                });
                let in_front = resources.load_balancer.iter().filter(|balancer| balancer.cluster == cluster.name);
                services.push(ServicePlant {
                    requests: in_front
                        .filter_map(|balancer| Some(balancer.requests_per_minute * balancer.shares.get(&data.name)?))
                        .sum(),
                    cluster: cluster.name.clone(),
                    startup_s: cluster.startup_s,
                    data: data.clone(),
                    scheduler: Scheduler::default(),
                    scaler: Scaler::default(),
                    cpu: metrics.handle(MetricId::new("AWS/ECS", "CPUUtilization", &dimensions)),
                    memory: metrics.handle(MetricId::new("AWS/ECS", "MemoryUtilization", &dimensions)),
                    insights,
                });
            }
        }
        Self { services, missing_images: Vec::new(), faults: BTreeMap::new() }
    }

    /// Registers a new revision and begins its rollout.
    pub fn deploy(&mut self, world: &mut EnvironmentWorld, deployment: &Deploy, now: Timestamp) {
        let family = family(&deployment.cluster, &deployment.service);
        let newest = world.task_definitions.values().filter(|known| known.family == family);
        let Some(mut definition) = newest.max_by_key(|known| known.revision).cloned() else { return };
        definition.revision += 1;
        definition.arn = match definition.arn.rsplit_once(':') {
            Some((rest, _)) => format!("{rest}:{}", definition.revision),
            None => return,
        };
        // A pipeline registers the revision a few seconds before it updates the service.
        definition.registered = now.checked_sub(SignedDuration::from_secs(4)).unwrap_or(now);
        for container in definition.containers.iter_mut().filter(|one| one.name == deployment.service) {
            let name = container.image.rsplit_once(':').map_or(container.image.as_str(), |(name, _)| name);
            container.image = format!("{name}:{}", deployment.image_tag);
            if !deployment.pullable {
                self.missing_images.push(container.image.clone());
            }
        }
        if deployment.fault != ServiceFault::default() {
            self.faults.insert(definition.arn.clone(), deployment.fault);
        }
        let cluster = world.clusters.get_mut(&deployment.cluster);
        if let Some(service) = cluster.and_then(|cluster| cluster.services.get_mut(&deployment.service)) {
            service.deploy(&definition.arn, now);
        }
        world.task_definitions.insert(format!("{family}:{}", definition.revision), definition);
    }

    /// The scheduler's turn.
    pub fn tick(&mut self, world: &mut EnvironmentWorld, now: Timestamp) {
        for plant in &mut self.services {
            let cluster = world.clusters.get_mut(&plant.cluster);
            let Some(service) = cluster.and_then(|cluster| cluster.services.get_mut(&plant.data.name)) else {
                continue;
            };
            let around = Surroundings {
                startup_s: plant.startup_s,
                definitions: &world.task_definitions,
                missing_images: &self.missing_images,
                now,
            };
            plant.scheduler.tick(service, &around);
        }
    }

    /// A minute's metrics, and auto scaling by them.
    pub fn minute(&mut self, world: &mut EnvironmentWorld, minute: i64, load: f64, noise: &Noise) -> Vec<Busy> {
        let mut busy = Vec::with_capacity(self.services.len());
        for plant in &mut self.services {
            let cluster = world.clusters.get_mut(&plant.cluster);
            let Some(service) = cluster.and_then(|cluster| cluster.services.get_mut(&plant.data.name)) else {
                continue;
            };
            let running = service.running();
            let data = &plant.data;
            let spread_over = f64::from(data.desired) / f64::from(running.max(1));
            let wave = |what: &str| noise.wave(&format!("{} {} {what}", plant.cluster, data.name), minute);
            let fault = fault_of(service, &self.faults);
            let needs = data.cpu_percent * (1.0 + fault.more_cpu);
            let cpu = needs * load * spread_over * (1.0 + 0.08 * wave("cpu"));
            let memory = data.memory_percent * (0.75 + 0.25 * load * spread_over) * (1.0 + 0.03 * wave("memory"));
            let metrics = &mut world.metrics;
            if running > 0 {
                metrics.record(plant.cpu, minute, over_tasks(cpu.min(100.0), running));
                metrics.record(plant.memory, minute, over_tasks(memory.min(100.0), running));
            }
            if let Some(insights) = &plant.insights {
                metrics.record(insights.desired, minute, Point::gauge(f64::from(service.desired)));
                metrics.record(insights.running, minute, Point::gauge(f64::from(running)));
                metrics.record(insights.pending, minute, Point::gauge(f64::from(service.pending())));
            }
            let resource = format!("service/{}/{}", plant.cluster, data.name);
            if let Some(target) = world.scalable_targets.get_mut(&resource) {
                let requests = plant.requests * load / f64::from(running.max(1));
                let seen = Seen { cpu: cpu.min(100.0), memory: memory.min(100.0), requests };
                plant.scaler.minute(target, service, minute, &seen);
            }
            let (cluster, service) = (plant.cluster.clone(), data.name.clone());
            let database = data.database.clone();
            busy.push(Busy { cluster, service, load: cpu / 100.0, running, fault, database, slowdown: 0.0 });
        }
        busy
    }
}

/// What is wrong with the revisions that a service's running tasks are of, on average.
fn fault_of(service: &Service, faults: &BTreeMap<String, ServiceFault>) -> ServiceFault {
    let mut sum = ServiceFault::default();
    if faults.is_empty() {
        return sum;
    }
    let each = 1.0 / f64::from(service.running().max(1));
    let running = service.tasks.iter().filter(|task| task.last_status == TaskStatus::Running);
    for fault in running.filter_map(|task| faults.get(&task.task_definition)) {
        sum.error_rate += fault.error_rate * each;
        sum.failed_jobs += fault.failed_jobs * each;
        sum.more_cpu += fault.more_cpu * each;
    }
    sum
}

/// A percentage reported by every task; they differ a little.
fn over_tasks(mean: f64, tasks: u32) -> Point {
    let tasks = f64::from(tasks);
    let spread = |share: f64| (mean * (1.0 + share)).clamp(0.0, 100.0);
    Point {
        sum: mean * tasks,
        count: tasks,
        min: spread(-0.15),
        max: spread(0.15),
        quantiles: [mean, spread(0.10), spread(0.12), spread(0.14)],
    }
}
