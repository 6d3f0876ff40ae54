//! The estate at any simulated time: one lock around the simulator, moved on when it is asked.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::estate::Estate;
use super::plant::Simulator;
use super::scenario::Scenario;
use super::world::EnvironmentWorld;

/// The estate at any simulated time. Time only moves forward: an earlier time is answered with the latest state.
pub struct World {
    simulator: Mutex<Simulator>,
}

impl World {
    /// The estate with its scenario beginning at `began`; three hours of calm before it are history.
    pub fn new(estate: &Estate, scenario: &Scenario, seed: u64, began: Timestamp) -> Self {
        Self { simulator: Mutex::new(Simulator::new(estate, scenario, seed, began)) }
    }

    /// The state at `now`. Holds a lock: answer one request and let go.
    pub fn at(&self, now: Timestamp) -> Snapshot<'_> {
        let mut simulator = self.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        simulator.advance(now);
        Snapshot { simulator, now }
    }

    /// Lets `with` change what an account has in a region at `now`, under the same lock as [`World::at`]; what follows
    /// from the change begins there. Where there is no environment nothing can be changed. False, and `with` is not
    /// called, for a time that is past already: the state has moved on.
    pub fn change(&self, now: Timestamp, place: (&str, &str), with: impl FnOnce(&mut EnvironmentWorld)) -> bool {
        let mut simulator = self.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        if simulator.is_past(now) {
            return false;
        }
        simulator.advance(now);
        simulator.environment_mut(place.0, place.1).map(with).is_some()
    }
}

/// The estate at one time.
pub struct Snapshot<'a> {
    simulator: MutexGuard<'a, Simulator>,
    /// The time that was asked for.
    pub now: Timestamp,
}

impl Snapshot<'_> {
    /// What an account has in a region; `None` for an account or region without an environment.
    pub fn environment(&self, account: &str, region: &str) -> Option<&EnvironmentWorld> {
        self.environments().find(|world| world.account == account && world.region == region)
    }

    /// All environments, in the order of the estate.
    pub fn environments(&self) -> impl Iterator<Item = &EnvironmentWorld> {
        self.simulator.environments()
    }
}

#[cfg(test)]
mod data_store_tests;
#[cfg(test)]
mod tests;
