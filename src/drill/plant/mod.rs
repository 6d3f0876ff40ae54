//! What makes the estate move: minute by minute from the inputs of the scenario to metrics, states and alarms.

use jiff::Timestamp;

use self::application::ApplicationPlant;
use self::balancer::BalancerPlant;
use self::containers::Containers;
use self::data_stores::DataStores;
use self::due::due;
use self::flood::FloodPlant;
use self::gauges::GaugePlant;
use self::kubernetes::{EksPlant, change_bounds};
use self::load::LoadCurve;
use self::noise::Noise;
use self::queues::Queues;
use self::serverless::Serverless;
use self::strain::Dependencies;
use super::estate::build::serverless::{api_deployment, version};
use super::estate::{EnvironmentData, Estate, build};
use super::scenario::{ApiDeploy, Deploy, NodeGroupUpdate, Publish, Scenario, UnhealthyTargets, lasts};
use super::world::logs::LogBurst;
use super::world::{EnvironmentWorld, hash};

mod alarms;
mod api;
mod application;
mod balancer;
mod caches;
mod composite;
mod configuration;
mod containers;
mod data_stores;
mod due;
mod flood;
mod function;
mod gauges;
mod kubernetes;
mod load;
mod noise;
mod pending;
mod queue;
mod queues;
mod rds;
mod reason;
mod rollout;
mod scaling;
mod serverless;
mod spread;
mod strain;
mod streams;
mod table;

pub use composite::Expression;

/// Seconds between two turns of the ECS scheduler and two looks at the scenario.
const TICK_S: i64 = 10;
/// Hours of calm before the scenario.
const HISTORY_HOURS: i64 = 3;

/// The estate and its dynamics, advanced in steps.
pub struct Simulator {
    environments: Vec<Plant>,
    next: i64,
}

impl Simulator {
    /// The estate with `scenario` beginning at `began`, at the beginning of its history.
    pub fn new(estate: &Estate, scenario: &Scenario, seed: u64, began: Timestamp) -> Self {
        let first = began.as_second() - HISTORY_HOURS * 3600;
        let environments = estate.environments.iter().map(|data| Plant::new(data, scenario, seed, began)).collect();
        Self { environments, next: first.div_euclid(60) * 60 + TICK_S }
    }

    /// Moves on to `now`. An earlier time changes nothing.
    pub fn advance(&mut self, now: Timestamp) {
        while self.next <= now.as_second() {
            for plant in &mut self.environments {
                plant.tick(self.next);
            }
            self.next += TICK_S;
        }
    }

    /// True for a time before the present state: it cannot be changed any more.
    pub fn is_past(&self, now: Timestamp) -> bool {
        now.as_second() < self.next - TICK_S
    }

    /// What an account has in a region, to change it.
    pub fn environment_mut(&mut self, account: &str, region: &str) -> Option<&mut EnvironmentWorld> {
        let mut worlds = self.environments.iter_mut().map(|plant| &mut plant.world);
        worlds.find(|world| world.account == account && world.region == region)
    }

    /// The environments as they are.
    pub fn environments(&self) -> impl Iterator<Item = &EnvironmentWorld> {
        self.environments.iter().map(|plant| &plant.world)
    }
}

/// One environment and its dynamics.
struct Plant {
    world: EnvironmentWorld,
    noise: Noise,
    load: LoadCurve,
    serverless: Serverless,
    containers: Containers,
    kubernetes: Vec<EksPlant>,
    balancers: Vec<BalancerPlant>,
    queues: Queues,
    data_stores: DataStores,
    dependencies: Dependencies,
    applications: Vec<ApplicationPlant>,
    gauges: Vec<GaugePlant>,
    floods: Vec<FloodPlant>,
    publish: Vec<Publish>,
    deploy: Vec<Deploy>,
    api_deploy: Vec<ApiDeploy>,
    unhealthy: Vec<UnhealthyTargets>,
    node_group_update: Vec<NodeGroupUpdate>,
    began: Timestamp,
}

impl Plant {
    fn new(data: &EnvironmentData, scenario: &Scenario, seed: u64, began: Timestamp) -> Self {
        let (name, resources) = (&data.head.name, &data.resources);
        let mut world = build::environment(data, began);
        let loads = scenario.load.iter().filter(|change| change.environment == *name).cloned().collect();
        let tables = scenario.table_load.iter().filter(|change| change.environment == *name).cloned().collect();
        let second = began.as_second();
        let consumers: Vec<_> =
            scenario.consumer.iter().filter(|change| change.environment == *name).cloned().collect();
        world.seed = hash::of(&(seed, name));
        for change in scenario.configuration.iter().filter(|change| change.environment == *name) {
            configuration::change(&mut world, change);
        }
        flood(&mut world, scenario, second);
        let noise = Noise::new(seed, name);
        let mut floods = Vec::new();
        for flood in scenario.alarm_flood.iter().filter(|flood| flood.environment == *name) {
            let site = build::Site { data, began };
            let alarms = flood::alarms(flood).into_iter().map(|alarm| build::alarms::metric_alarm(&alarm, &site));
            world.alarms.extend(alarms.map(|alarm| (alarm.name.clone(), alarm)));
            floods.push(FloodPlant::new(flood, began, &noise, &mut world.metrics));
        }
        Self {
            noise,
            floods,
            load: LoadCurve::new(resources.traffic, loads, second),
            serverless: Serverless::new(resources, tables, second, &mut world),
            containers: Containers::new(resources, &mut world.metrics),
            kubernetes: resources.eks.iter().map(|data| EksPlant::new(data, &mut world.metrics)).collect(),
            balancers: resources
                .load_balancer
                .iter()
                .map(|data| BalancerPlant::new(data, &mut world.metrics))
                .collect(),
            data_stores: DataStores::new(resources, scenario, began, &mut world),
            queues: Queues::new(resources, &consumers, second, &mut world),
            dependencies: Dependencies::new(resources),
            applications: resources
                .application
                .iter()
                .map(|data| ApplicationPlant::new(data, &mut world.metrics))
                .collect(),
            gauges: resources.gauge.iter().map(|data| GaugePlant::new(data, &mut world.metrics)).collect(),
            publish: scenario.publish.iter().filter(|event| event.environment == *name).cloned().collect(),
            deploy: scenario.deploy.iter().filter(|event| event.environment == *name).cloned().collect(),
            api_deploy: scenario.api_deploy.iter().filter(|event| event.environment == *name).cloned().collect(),
            unhealthy: scenario.unhealthy.iter().filter(|change| change.environment == *name).cloned().collect(),
            node_group_update: scenario.node_group_update.iter().filter(|e| e.environment == *name).cloned().collect(),
            began,
            world,
        }
    }

    /// The turn that ends at second `now`.
    fn tick(&mut self, now: i64) {
        let Ok(time) = Timestamp::from_second(now) else { return };
        if now.rem_euclid(60) == 0 {
            self.minute(now.div_euclid(60) - 1, time);
        }
        for event in due(&mut self.publish, self.began, time, |event| event.at_s) {
            self.publish(&event.0, event.1);
        }
        for event in due(&mut self.deploy, self.began, time, |event| event.at_s) {
            self.containers.deploy(&mut self.world, &event.0, event.1);
        }
        for event in due(&mut self.api_deploy, self.began, time, |event| event.at_s) {
            self.deploy_api(&event.0, event.1);
        }
        pending::settle(&mut self.world, time);
        self.containers.tick(&mut self.world, time);
        self.data_stores.tick(&mut self.world, time, &self.noise);
        let began = self.began.as_second();
        balancer::check_targets(&mut self.world, |group| {
            let on = self.unhealthy.iter().filter(|change| lasts(now, began + change.at_s, change.for_s));
            let ours = on.filter(|change| change.cluster == group.cluster && change.service == group.service);
            ours.map(|change| change.share).fold(0.0, f64::max)
        });
        for (event, at) in due(&mut self.node_group_update, self.began, time, |event| event.at_s) {
            if let Some(cluster) = self.world.eks_clusters.get_mut(&event.cluster) {
                change_bounds(cluster, &event, at);
            }
        }
        for plant in &mut self.kubernetes {
            if let Some(cluster) = self.world.eks_clusters.get_mut(plant.name()) {
                plant.tick(cluster, self.load.at(now), time);
            }
        }
    }

    fn minute(&mut self, minute: i64, end: Timestamp) {
        let load = self.load.at(minute * 60);
        self.data_stores.minute(&mut self.world, minute, load, &self.noise);
        self.serverless.minute(&mut self.world, minute, load, &self.noise);
        let mut busy = self.containers.minute(&mut self.world, minute, load, &self.noise);
        for plant in &self.kubernetes {
            busy.extend(plant.minute(&mut self.world.metrics, minute, load, &self.noise));
        }
        for one in &mut busy {
            self.dependencies.feel(one, &self.world.metrics, minute);
        }
        for application in &mut self.applications {
            application.minute(&mut self.world.metrics, minute, load, &busy, &self.noise);
        }
        for balancer in &self.balancers {
            balancer.minute(&mut self.world, end, minute, load, &busy, &self.noise);
        }
        let failing = |function: &str| self.serverless.failing(function);
        let invoked = self.queues.minute(&mut self.world, minute, load, &busy, &self.noise, failing);
        self.serverless.feed(invoked);
        for gauge in &self.gauges {
            gauge.minute(&mut self.world.metrics, minute, load, &self.noise);
        }
        for flood in &self.floods {
            flood.minute(&mut self.world.metrics, minute, &self.noise);
        }
        alarms::evaluate(&mut self.world, end);
    }

    fn deploy_api(&mut self, event: &ApiDeploy, at: Timestamp) {
        let Some(api) = self.world.rest_apis.values_mut().find(|api| api.name == event.rest_api) else { return };
        let number = u32::try_from(api.deployments.len()).unwrap_or(u32::MAX);
        let deployment = api_deployment(&api.id, number, at, &event.description);
        for stage in api.stages.values_mut() {
            stage.deployment.clone_from(&deployment.id);
            stage.updated = at;
            stage.rate_limit = event.rate_limit.unwrap_or(stage.rate_limit);
        }
        api.deployments.push(deployment);
    }

    fn publish(&mut self, event: &Publish, at: Timestamp) {
        let Some(function) = self.world.functions.get_mut(&event.function) else { return };
        let number = function.versions.last().map_or(1, |newest| newest.number + 1);
        let code = (function.description.as_str(), i64::from(number) - i64::from(function.released));
        function.versions.push(version(code, number, at, event.description.clone()));
        function.last_modified = at;
        function.revision_id = hash::uuid(&(&function.arn, number));
        for alias in function.aliases.values_mut() {
            alias.version = number;
            alias.additional.clear();
            alias.revision_id = hash::uuid(&(&alias.arn, number));
        }
        self.serverless.break_version(&event.function, number, at.as_second(), event.fault);
    }
}

/// Tells the log groups when they will be flooded.
fn flood(world: &mut EnvironmentWorld, scenario: &Scenario, began: i64) {
    for burst in scenario.log_burst.iter().filter(|burst| burst.environment == world.name) {
        let Some(group) = world.log_groups.get_mut(&burst.group) else { continue };
        group.bursts.push(LogBurst {
            from_s: began + burst.at_s,
            until_s: began + burst.at_s + burst.for_s,
            lines_per_second: burst.lines_per_second,
            message: burst.message.clone(),
        });
    }
}
