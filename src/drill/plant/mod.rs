//! What makes the estate move: minute by minute from the inputs of the scenario to metrics, states and alarms.

use jiff::Timestamp;

use super::estate::Estate;
use super::scenario::Scenario;
use super::world::EnvironmentWorld;

/// The estate and its dynamics, advanced in steps.
pub struct Simulator {
    environments: Vec<EnvironmentWorld>,
}

impl Simulator {
    /// The estate with `scenario` beginning at `began`.
    pub fn new(estate: &Estate, _scenario: &Scenario, _seed: u64, _began: Timestamp) -> Self {
        let of = |data: &super::estate::EnvironmentData| EnvironmentWorld {
            name: data.name.clone(),
            account: data.account.clone(),
            region: data.region.clone(),
            ..EnvironmentWorld::default()
        };
        Self { environments: estate.environments.iter().map(of).collect() }
    }

    /// Moves on to `now`. An earlier time changes nothing.
    pub fn advance(&mut self, _now: Timestamp) {}

    /// The environments as they are.
    pub fn environments(&self) -> impl Iterator<Item = &EnvironmentWorld> {
        self.environments.iter()
    }
}
