//! The embedded estate: a simulated AWS in this process, for practice, demonstration and tests.
//!
//! `estate` and `scenario` are data (TOML), `world` is what exists, `plant` makes it move, `wire` lets the real SDK
//! clients talk to it. The state at a simulated time follows from estate, scenario, seed and start alone.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::base::Clock;
use crate::config::{Config, presets};

pub mod accounts;
pub mod connector;
pub mod estate;
pub mod fault_modes;
pub mod logs;
pub mod options;
pub mod outages;
pub mod plant;
pub mod scenario;
pub mod server;
pub mod simulation;
pub mod wire;
pub mod world;

pub use options::{DrillError, DrillOptions};
pub use simulation::{Snapshot, World};

/// A running drill: everything that the console needs in place of the user's configuration and of AWS.
pub struct Drill {
    /// The environments of the estate.
    pub config: Config,
    /// Simulated time.
    pub clock: Clock,
    /// What the clients are answered from.
    pub world: Arc<World>,
    /// Name of the scenario that is played.
    pub scenario: String,
    /// How the endpoint fails during the scenario.
    outages: Vec<fault_modes::Rule>,
}

impl Drill {
    /// Loads the estate and its scenario, and starts the clock.
    ///
    /// # Errors
    /// An unknown estate or scenario, or a data file that cannot be read.
    pub fn open(options: &DrillOptions) -> Result<Self, DrillError> {
        let estate = estate::load(&options.estate)?;
        let scenario = scenario::load(&estate, options.scenario.as_deref())?;
        let elapsed = SignedDuration::try_from(options.elapsed).unwrap_or(SignedDuration::ZERO);
        let began = options.started.checked_sub(elapsed).unwrap_or(options.started);
        let config = config(&estate.name)?;
        let outages = outages::rules(&estate, &scenario, began);
        let world = Arc::new(World::new(&estate, &scenario, options.seed, began));
        let scenario = match options.scenario.as_deref() {
            None => estate.default_scenario.clone(),
            Some("none") => "calm".to_owned(),
            Some(name) => name.to_owned(),
        };
        Ok(Self { config, clock: Clock::simulated(options.started, options.speed), world, scenario, outages })
    }

    /// The AWS endpoint of this drill, without delay, for the environments' own credentials. `connector::transport`
    /// gives it to sessions in this process, `server::serve` to other programs.
    pub fn endpoint(&self) -> wire::Endpoint {
        let accounts = self.config.environments.iter().filter_map(|environment| environment.account.clone());
        let live = wire::Live { world: Arc::clone(&self.world), clock: self.clock.clone() };
        let endpoint = wire::Endpoint::new(live, accounts::Accounts::new(accounts));
        for rule in &self.outages {
            endpoint.rules().add(rule.clone());
        }
        endpoint
    }
}

/// The preset that goes with an estate.
fn config(estate: &str) -> Result<Config, DrillError> {
    let fail = |reason: String| DrillError::Data { file: format!("config/estates/{estate}.toml"), reason };
    let text = presets::estate(estate).ok_or_else(|| fail("there is no such preset".to_owned()))?;
    toml::from_str(text).map_err(|error| fail(error.to_string()))
}
