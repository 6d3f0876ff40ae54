//! APIs, functions and tables as one causal chain: requests → invocations → capacity units → throttles → failures →
//! retries, which are the next minute's requests.

use std::collections::HashMap;

use super::api::ApiPlant;
use super::function::{FunctionPlant, Outcome};
use super::noise::Noise;
use super::table::{Demand, TablePlant};
use crate::drill::estate::data::{AccessData, Resources};
use crate::drill::scenario::{FunctionFault, TableLoad, progress};
use crate::drill::world::EnvironmentWorld;

/// The serverless part of an environment.
pub struct Serverless {
    apis: Vec<ApiPlant>,
    functions: Vec<FunctionPlant>,
    tables: Vec<TablePlant>,
    table_loads: Vec<TableLoad>,
    began: i64,
    fed: HashMap<String, f64>,
    failing: HashMap<String, f64>,
}

impl Serverless {
    /// The part as the estate describes it; `table_loads` are those of this environment.
    pub fn new(resources: &Resources, table_loads: Vec<TableLoad>, began: i64, world: &mut EnvironmentWorld) -> Self {
        let metrics = &mut world.metrics;
        Self {
            apis: resources.rest_api.iter().map(|data| ApiPlant::new(data, metrics)).collect(),
            functions: resources.function.iter().map(|data| FunctionPlant::new(data, metrics)).collect(),
            tables: resources.table.iter().map(|data| TablePlant::new(data, metrics)).collect(),
            table_loads,
            began,
            fed: HashMap::new(),
            failing: HashMap::new(),
        }
    }

    /// Share of a function's invocations that failed in the last minute.
    pub fn failing(&self, function: &str) -> f64 {
        self.failing.get(function).copied().unwrap_or(0.0)
    }

    /// Invocations of the next minute that queues ask for, by function.
    pub fn feed(&mut self, invocations: HashMap<String, f64>) {
        self.fed = invocations;
    }

    /// From `from` on, a version of a function misbehaves wherever it is invoked.
    pub fn break_version(&mut self, function: &str, version: u32, from: i64, fault: FunctionFault) {
        for plant in self.functions.iter_mut().filter(|plant| plant.data.name == function) {
            plant.faults.insert(version, (from, fault));
        }
    }

    /// One minute.
    pub fn minute(&mut self, world: &mut EnvironmentWorld, minute: i64, load: f64, noise: &Noise) {
        let mut wanted: HashMap<String, f64> = std::mem::take(&mut self.fed);
        let requests: Vec<_> = self
            .apis
            .iter()
            .map(|api| {
                let built = world.rest_apis.values().find(|built| built.name == api.name());
                let stage = built.and_then(|built| built.stages.values().next());
                api.requests(minute, load, stage, noise, |function, number| {
                    *wanted.entry(function.to_owned()).or_default() += number;
                })
            })
            .collect();
        let mut demands: HashMap<String, Demand> = HashMap::new();
        let mut outcomes: HashMap<String, Outcome> = HashMap::new();
        for plant in &self.functions {
            let Some(function) = world.functions.get(&plant.data.name) else { continue };
            let demand = wanted.get(&plant.data.name).copied().unwrap_or(0.0);
            let outcome = plant.minute(function, minute, demand, self.rejected(plant), noise);
            for invoked in &plant.data.invokes {
                let succeeded = outcome.invocations - outcome.errors;
                *wanted.entry(invoked.function.clone()).or_default() += (succeeded * invoked.share).round();
            }
            for (place, access) in plant.data.access.iter().enumerate() {
                let demand = demands.entry(access.table.clone()).or_default();
                demand.read += outcome.invocations * access.read_units;
                demand.write += outcome.invocations * access.write_units;
                demand.write += if place == 0 { outcome.extra_writes } else { 0.0 };
            }
            plant.report(&mut world.metrics, minute, demand, &outcome);
            outcomes.insert(plant.data.name.clone(), outcome);
        }
        for plant in &mut self.tables {
            let Some(table) = world.tables.get(&plant.data.name) else { continue };
            let mut demand = demands.get(&plant.data.name).copied().unwrap_or_default();
            for change in self.table_loads.iter().filter(|change| change.table == plant.data.name) {
                let there = progress(minute * 60, self.began + change.at_s, change.ramp_s);
                demand.read *= 1.0 + (change.read_factor - 1.0) * there;
                demand.write *= 1.0 + (change.write_factor - 1.0) * there;
            }
            plant.minute(table, &mut world.metrics, minute, demand);
        }
        for (api, requests) in self.apis.iter_mut().zip(&requests) {
            api.answer(&mut world.metrics, minute, requests, noise, |function| outcomes.get(function));
        }
        self.failing = outcomes.into_iter().map(|(name, outcome)| (name, outcome.error_share())).collect();
    }

    /// The worst share of rejected requests among those that a function makes.
    fn rejected(&self, plant: &FunctionPlant) -> f64 {
        let share = |access: &AccessData| {
            let table = self.tables.iter().find(|table| table.data.name == access.table);
            let rejected = table.map(|table| table.rejected).unwrap_or_default();
            let read = if access.read_units > 0.0 { rejected.read } else { 0.0 };
            let write = if access.write_units > 0.0 { rejected.write } else { 0.0 };
            read.max(write)
        };
        plant.data.access.iter().map(share).fold(0.0, f64::max)
    }
}
