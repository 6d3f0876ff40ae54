//! Asking AWS at the right times: cadence, jitter, coalescing, back-off, the metric broker, the last-wall cache.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::base::Clock;
use crate::cloud::Transport;
use crate::config::{Config, EnvironmentConfig, Thresholds};
use crate::model::{EnvId, Environment};
use crate::poll::governor::Governor;
use crate::poll::sessions::Sessions;
use crate::signals::AnySignal;
use crate::signals::naming::Naming;

pub mod attention;
pub mod broker;
pub mod cache;
pub mod collect;
pub mod event;
pub mod governor;
pub mod past;
pub mod poller;
pub mod schedule;
pub mod sessions;
pub mod spend;

pub use attention::Attention;
pub use event::{PollCommand, PollEvent};

/// Events that may wait for the console before pollers wait for it.
const EVENTS_WAITING: usize = 4096;

/// The pollers of all environments. They stop when this is dropped.
pub struct Pollers {
    commands: Vec<mpsc::Sender<()>>,
    attention: watch::Sender<Attention>,
    sessions: Sessions,
    _tasks: JoinSet<()>,
}

impl Pollers {
    /// Starts one poller an environment. Must be called within a tokio runtime.
    pub fn start(
        config: &Config,
        transport: &Transport,
        clock: &Clock,
        signals: &[&'static dyn AnySignal],
        seed: u64,
    ) -> (Self, mpsc::Receiver<PollEvent>) {
        let (events, receiver) = mpsc::channel(EVENTS_WAITING);
        let environments = environments(config);
        let naming = Arc::new(Naming::new(environments.iter(), &config.naming.ignore));
        let sessions = Sessions::default();
        let governor = Governor::new(config.budget.usd_per_hour, config.cadence.metrics);
        let (attention, eyes) = watch::channel(Attention::default());
        let mut tasks = JoinSet::new();
        let commands = config.environments.iter().zip(environments).map(|(environment_config, environment)| {
            let (sender, receiver) = mpsc::channel(1);
            let poller = poller::Poller::new(
                poller::Assignment {
                    seed: seed.wrapping_add(environment.id.0 as u64),
                    config: environment_config.clone(),
                    environment,
                    transport: transport.clone(),
                    clock: clock.clone(),
                    cadence: config.cadence.clone(),
                    thresholds: thresholds(config, environment_config),
                    naming: Arc::clone(&naming),
                    signals: signals.to_vec(),
                    metrics: config.metrics_of(environment_config),
                    sessions: sessions.clone(),
                    governor: governor.clone(),
                    attention: eyes.clone(),
                },
                events.clone(),
            );
            tasks.spawn(poller.run(receiver));
            sender
        });
        let commands = commands.collect();
        (Self { commands, attention, sessions, _tasks: tasks }, receiver)
    }

    /// The sessions that are connected.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Passes a command on. One that already waits is not repeated.
    pub fn tell(&self, command: PollCommand) {
        let whose = match command {
            PollCommand::Refresh(whose) => whose,
            PollCommand::Attention(attention) => {
                self.attention.send_if_modified(|known| std::mem::replace(known, attention.clone()) != attention);
                return;
            }
        };
        let chosen = self.commands.iter().enumerate().filter(|(id, _)| whose.is_none_or(|env| env == EnvId(*id)));
        for (_, sender) in chosen {
            // A full channel means that a refresh is already asked for.
            let _ = sender.try_send(());
        }
    }
}

/// The environments of a configuration, in its order.
pub fn environments(config: &Config) -> Vec<Environment> {
    config.environments.iter().enumerate().map(|(id, environment)| environment.environment(EnvId(id))).collect()
}

/// The thresholds that hold for one environment: its own over the configuration's.
pub fn thresholds(config: &Config, environment: &EnvironmentConfig) -> Thresholds {
    let mut merged = config.thresholds.clone();
    for (signal, levels) in &environment.thresholds {
        merged.entry(signal.clone()).or_default().extend(levels.iter().map(|(key, level)| (key.clone(), *level)));
    }
    merged
}
