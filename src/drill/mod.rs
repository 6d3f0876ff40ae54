//! The embedded estate: a simulated AWS in this process, for practice, demonstration and tests.
//!
//! `estate` and `scenario` are data (TOML), `world` is what exists, `plant` makes it move, `wire` lets the real SDK
//! clients talk to it. The state at a simulated time follows from estate, scenario, seed and start alone.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::base::Clock;
use crate::config::{Config, EnvironmentConfig};

pub mod estate;
pub mod options;
pub mod plant;
pub mod scenario;
pub mod world;

pub use options::{DrillError, DrillOptions};

/// A running drill: everything that the console needs in place of the user's configuration and of AWS.
pub struct Drill {
    /// The environments of the estate.
    pub config: Config,
    /// Simulated time.
    pub clock: Clock,
    /// What the clients are answered from.
    pub world: Arc<world::World>,
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
        let config = Config { environments: environments(&estate), ..Config::default() };
        let world = Arc::new(world::World::new(&estate, &scenario, options.seed, began));
        Ok(Self { config, clock: Clock::simulated(options.started, options.speed), world })
    }
}

fn environments(estate: &estate::Estate) -> Vec<EnvironmentConfig> {
    let of = |environment: &estate::EnvironmentData| EnvironmentConfig {
        system: estate.name.clone(),
        name: environment.name.clone(),
        tier: environment.tier,
        region: Some(environment.region.clone()),
        account: Some(environment.account.clone()),
        ..EnvironmentConfig::default()
    };
    estate.environments.iter().map(of).collect()
}
