//! What a poller holds: its assignment, its session, what it watches and what it has found.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::base::Clock;
use crate::cloud::session::CredentialsInfo;
use crate::cloud::{Session, Transport};
use crate::config::{Cadence, EnvironmentConfig, MetricConfig, Thresholds};
use crate::model::{Connection, Environment, Fault, Identity, MetricQuery, MetricSet};
use crate::poll::attention::Attention;
use crate::poll::event::PollEvent;
use crate::poll::governor::Governor;
use crate::poll::schedule::{Rhythm, Slot};
use crate::poll::sessions::Sessions;
use crate::poll::spend::Spend;
use crate::signals::naming::Naming;
use crate::signals::{AnySignal, Inventory};

/// Everything that a poller needs to begin.
pub struct Assignment {
    /// The environment as configured.
    pub config: EnvironmentConfig,
    /// The environment as shown.
    pub environment: Environment,
    /// How requests travel.
    pub transport: Transport,
    /// Whose time it is.
    pub clock: Clock,
    /// How often to ask.
    pub cadence: Cadence,
    /// The configuration's thresholds with the environment's own over them.
    pub thresholds: Thresholds,
    /// How names become logical names.
    pub naming: Arc<Naming>,
    /// What to watch.
    pub signals: Vec<&'static dyn AnySignal>,
    /// The operator's own metrics that are watched here.
    pub metrics: Vec<MetricConfig>,
    /// Where the session is found while it is connected.
    pub sessions: Sessions,
    /// What all environments may spend together.
    pub governor: Governor,
    /// Where the operator looks.
    pub attention: watch::Receiver<Attention>,
    /// Makes the spread of this environment's questions.
    pub seed: u64,
}

pub(super) struct Watched {
    pub(super) signal: &'static dyn AnySignal,
    pub(super) slot: Slot,
    pub(super) cadence_s: u64,
    pub(super) found: Option<(Inventory, Timestamp)>,
    pub(super) queries: Vec<MetricQuery>,
    /// When its metrics were answered.
    pub(super) metrics_at: Option<Timestamp>,
    /// What was last said of how often it is reported.
    pub(super) said_s: u64,
    pub(super) good: bool,
}

pub(super) enum Done {
    Connected(Result<(Arc<Session>, CredentialsInfo, Identity), Fault>),
    Inventory(usize, Result<Inventory, Fault>),
    Metrics { asked: BTreeSet<MetricQuery>, whole: bool, set: MetricSet },
}

/// The poller of one environment. [`Poller::run`] ends when the receiver of its events is gone.
pub struct Poller {
    pub(super) assignment: Assignment,
    pub(super) events: mpsc::Sender<PollEvent>,
    pub(super) random: fastrand::Rng,
    pub(super) session: Option<Arc<Session>>,
    pub(super) generation: u64,
    pub(super) connect: Slot,
    pub(super) warm_until: Instant,
    pub(super) watched: Vec<Watched>,
    pub(super) metrics: Slot,
    pub(super) late: bool,
    pub(super) asked: BTreeSet<MetricQuery>,
    pub(super) set: MetricSet,
    pub(super) connection: Connection,
    pub(super) attention: Attention,
    pub(super) slowdown: u32,
    /// The next metrics are those of all signals, due or not.
    pub(super) everything: bool,
    pub(super) spend: Spend,
    pub(super) jobs: FuturesUnordered<BoxFuture<'static, (u64, Done)>>,
}

impl Poller {
    /// A poller that has not asked anything yet.
    pub fn new(assignment: Assignment, events: mpsc::Sender<PollEvent>) -> Self {
        let now = assignment.clock.now();
        let watched = assignment.signals.iter().map(|signal| {
            let cadence_s = signal.cadence_s(&assignment.cadence);
            let slot = Slot::new(Rhythm::Every(cadence_s), now);
            Watched {
                signal: *signal,
                slot,
                cadence_s,
                found: None,
                queries: Vec::new(),
                metrics_at: None,
                said_s: 0,
                good: false,
            }
        });
        Self {
            watched: watched.collect(),
            random: fastrand::Rng::with_seed(assignment.seed),
            connect: Slot::new(Rhythm::Every(assignment.cadence.inventory), now),
            metrics: Slot::new(Rhythm::Aligned(assignment.cadence.metrics), now),
            connection: Connection {
                endpoint: assignment.config.endpoint_url.as_ref().map(Into::into),
                ..Connection::default()
            },
            attention: Attention::default(),
            slowdown: 1,
            everything: false,
            spend: Spend::default(),
            session: None,
            generation: 0,
            warm_until: Instant::now(),
            late: false,
            asked: BTreeSet::new(),
            set: MetricSet::default(),
            jobs: FuturesUnordered::new(),
            assignment,
            events,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.assignment.clock.now()
    }

    pub(super) async fn report(&mut self, event: PollEvent) -> bool {
        self.events.send(event).await.is_ok()
    }

    pub(super) fn spawn(&self, job: impl Future<Output = Done> + Send + 'static) {
        let generation = self.generation;
        self.jobs.push(Box::pin(async move { (generation, job.await) }));
    }
}
