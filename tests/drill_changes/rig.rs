//! A drill whose time moves when a test says so.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use jiff::Timestamp;
use watchfloor::drill::accounts::Accounts;
use watchfloor::drill::wire::Endpoint;
use watchfloor::drill::world::EnvironmentWorld;
use watchfloor::drill::world::alarm::AlarmState;
use watchfloor::drill::{Drill, DrillOptions, connector};

/// Runs in a paused tokio runtime: simulated time is tokio's.
pub struct Rig {
    pub drill: Drill,
    pub endpoint: Arc<Endpoint>,
}

impl Rig {
    /// A scenario, some minutes after its beginning.
    pub fn new(estate: &str, scenario: &str, elapsed_min: u64) -> Self {
        let mut options = DrillOptions::new(estate, "2026-11-21T03:30:00Z".parse().unwrap());
        options.scenario = Some(scenario.to_owned());
        options.elapsed = Duration::from_secs(elapsed_min * 60);
        let drill = Drill::open(&options).unwrap();
        let endpoint = Arc::new(drill.endpoint());
        Self { drill, endpoint }
    }

    /// Clients of an environment, one attempt only.
    pub fn sdk(&self, environment: &str) -> SdkConfig {
        let environment = self.drill.config.environments.iter().find(|known| known.name == environment).unwrap();
        let account = environment.account.clone().unwrap();
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(connector::transport(Arc::clone(&self.endpoint)).http)
            .credentials_provider(SharedCredentialsProvider::new(Accounts::credentials(&account)))
            .region(Region::new(environment.region.clone().unwrap()))
            .retry_config(RetryConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build()
    }

    /// Lets simulated minutes go by.
    pub async fn minutes(&self, minutes: u64) {
        self.seconds(minutes * 60).await;
    }

    /// Lets simulated seconds go by.
    pub async fn seconds(&self, seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }

    /// What an environment is like now.
    pub fn look<T>(&self, environment: &str, with: impl FnOnce(&EnvironmentWorld, Timestamp) -> T) -> T {
        let snapshot = self.drill.world.at(self.drill.clock.now());
        let world = snapshot.environments().find(|world| world.name == environment).unwrap();
        with(world, snapshot.now)
    }

    /// Alarms of an environment that are in ALARM now.
    pub fn alarms(&self, environment: &str) -> Vec<String> {
        self.look(environment, |world, now| {
            let on = world.alarms.values().filter(|alarm| alarm.at(now).unwrap().state == AlarmState::Alarm);
            on.map(|alarm| alarm.name.clone()).collect()
        })
    }

    /// How many requests for an operation arrived that could change something.
    pub fn sent(&self, operation: &str) -> usize {
        self.endpoint.log().changes().iter().filter(|received| received.operation == operation).count()
    }
}
