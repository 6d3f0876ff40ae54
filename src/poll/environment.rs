//! One environment's poller: connects, asks what is due, and reports. It never waits for another environment.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::base::Clock;
use crate::cloud::session::CredentialsInfo;
use crate::cloud::{Session, Transport};
use crate::config::{Cadence, EnvironmentConfig, Thresholds};
use crate::model::{Connection, Environment, Fault, FaultKind, Identity, MetricQuery, MetricSet, Severity};
use crate::poll::broker;
use crate::poll::event::PollEvent;
use crate::poll::schedule::{Rhythm, Slot};
use crate::poll::sessions::Sessions;
use crate::signals::naming::Naming;
use crate::signals::{AnySignal, Inventory, Judge};

/// How long the first metrics wait for slow inventories, so that one call can carry everybody's queries.
const WARM_UP: Duration = Duration::from_secs(2);

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
    pub signals: &'static [&'static dyn AnySignal],
    /// Where the session is found while it is connected.
    pub sessions: Sessions,
    /// Makes the spread of this environment's questions.
    pub seed: u64,
}

struct Watched {
    signal: &'static dyn AnySignal,
    slot: Slot,
    cadence_s: u64,
    found: Option<(Inventory, Timestamp)>,
    queries: Vec<MetricQuery>,
    good: bool,
}

enum Done {
    Connected(Result<(Arc<Session>, CredentialsInfo, Identity), Fault>),
    Inventory(usize, Result<Inventory, Fault>),
    Metrics { asked: BTreeSet<MetricQuery>, whole: bool, set: MetricSet },
}

/// The poller of one environment. [`Poller::run`] ends when the receiver of its events is gone.
pub struct Poller {
    assignment: Assignment,
    events: mpsc::Sender<PollEvent>,
    random: fastrand::Rng,
    session: Option<Arc<Session>>,
    generation: u64,
    connect: Slot,
    warm_until: Instant,
    watched: Vec<Watched>,
    metrics: Slot,
    late: bool,
    asked: BTreeSet<MetricQuery>,
    set: MetricSet,
    connection: Connection,
    jobs: FuturesUnordered<BoxFuture<'static, (u64, Done)>>,
}

impl Poller {
    /// A poller that has not asked anything yet.
    pub fn new(assignment: Assignment, events: mpsc::Sender<PollEvent>) -> Self {
        let now = assignment.clock.now();
        let watched = assignment.signals.iter().map(|signal| {
            let cadence_s = signal.cadence_s(&assignment.cadence);
            let slot = Slot::new(Rhythm::Every(cadence_s), now);
            Watched { signal: *signal, slot, cadence_s, found: None, queries: Vec::new(), good: false }
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

    /// Asks and reports until nobody listens. A message on `commands` asks for everything now.
    pub async fn run(mut self, mut commands: mpsc::Receiver<()>) {
        let mut refreshing = false;
        loop {
            self.start_what_is_due();
            let busy = !self.jobs.is_empty();
            if busy != refreshing {
                refreshing = busy;
                if !busy && !self.report_connection().await {
                    return;
                }
                if !self.report(PollEvent::Refreshing { env: self.assignment.environment.id, running: busy }).await {
                    return;
                }
            }
            let wake = self.time_to_next();
            let warm_until = self.warm_until;
            let warming = warm_until > Instant::now();
            let clock = self.assignment.clock.clone();
            tokio::select! {
                Some((generation, done)) = self.jobs.next(), if busy => {
                    if generation == self.generation && !self.absorb(done).await {
                        return;
                    }
                }
                () = clock.sleep(wake) => {}
                () = tokio::time::sleep_until(warm_until), if warming => {}
                command = commands.recv() => match command {
                    Some(()) => self.request_everything(),
                    None => return,
                },
                () = self.events.closed() => return,
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.assignment.clock.now()
    }

    async fn report(&mut self, event: PollEvent) -> bool {
        self.events.send(event).await.is_ok()
    }

    fn request_everything(&mut self) {
        let now = self.now();
        if self.session.is_none() {
            self.connect.request(now);
        }
        for watched in &mut self.watched {
            watched.slot.request(now);
        }
        self.metrics.request(now);
    }

    /// From now to the next due question; long where everything is out.
    fn time_to_next(&self) -> Duration {
        let connected = self.session.is_some();
        let due = self
            .watched
            .iter()
            .map(|watched| &watched.slot)
            .chain([&self.metrics])
            .filter(|_| connected)
            .chain([&self.connect])
            .filter_map(Slot::due)
            .min();
        let now = self.now();
        // A metrics slot that is due but held back by the warm-up is woken by the warm-up's own timer.
        match due.map(|due| due.duration_since(now)) {
            Some(wait) if wait > SignedDuration::ZERO => wait.unsigned_abs().max(Duration::from_millis(50)),
            Some(_) => Duration::from_millis(250),
            None => Duration::from_secs(60),
        }
    }

    fn start_what_is_due(&mut self) {
        let now = self.now();
        if self.connect.start(now) {
            self.start_connecting();
        }
        let Some(session) = self.session.clone() else { return };
        for index in 0..self.watched.len() {
            if self.watched[index].slot.start(now) {
                let signal = self.watched[index].signal;
                let session = Arc::clone(&session);
                self.spawn(async move { Done::Inventory(index, signal.inventory(&session).await) });
            }
        }
        let cold = self.watched.iter().any(|watched| watched.found.is_none() && watched.slot.is_running());
        if (cold && Instant::now() < self.warm_until) || self.late {
            return;
        }
        let wanted: BTreeSet<MetricQuery> = self.watched.iter().flat_map(|w| w.queries.iter().cloned()).collect();
        if self.metrics.start(now) {
            self.start_metrics(&session, wanted, true);
        } else if !self.metrics.is_running() && !wanted.is_subset(&self.asked) {
            let missing = wanted.difference(&self.asked).cloned().collect();
            self.late = true;
            self.start_metrics(&session, missing, false);
        }
    }

    fn spawn(&self, job: impl Future<Output = Done> + Send + 'static) {
        let generation = self.generation;
        self.jobs.push(Box::pin(async move { (generation, job.await) }));
    }

    fn start_connecting(&self) {
        let known = self.session.clone();
        let config = self.assignment.config.clone();
        let environment = self.assignment.environment.clone();
        let transport = self.assignment.transport.clone();
        self.spawn(async move {
            Done::Connected(
                async {
                    let session = match known {
                        Some(session) => session,
                        None => Arc::new(Session::open(&config, environment, &transport).await?),
                    };
                    let credentials = session.credentials().await?;
                    let identity = session.verify_identity().await?;
                    Ok((session, credentials, identity))
                }
                .await,
            )
        });
    }

    fn start_metrics(&self, session: &Arc<Session>, asked: BTreeSet<MetricQuery>, whole: bool) {
        let session = Arc::clone(session);
        let now = self.now();
        self.spawn(async move {
            let set = broker::fetch(&session, &asked, now).await;
            Done::Metrics { asked, whole, set }
        });
    }

    /// Takes an answer in and reports what it changes. False when nobody listens any more.
    async fn absorb(&mut self, done: Done) -> bool {
        let now = self.now();
        let jitter = self.random.f64();
        match done {
            Done::Connected(Ok((session, credentials, identity))) => {
                self.connect.finish(now, None, jitter);
                self.connection.identity = Some(identity);
                self.connection.credentials_source = credentials.source;
                self.connection.credentials_expire = credentials.expire;
                self.connection.endpoint = session.endpoint().map(Into::into);
                self.connection.fault = None;
                if self.session.is_none() {
                    self.assignment.environment.region = session.environment.region.clone();
                    self.assignment.sessions.connected(self.assignment.environment.id, Arc::clone(&session));
                    self.session = Some(session);
                    self.warm_until = Instant::now() + WARM_UP;
                    self.request_everything();
                }
                self.report_connection().await
            }
            Done::Connected(Err(fault)) => {
                self.connect.finish(now, Some(&fault), jitter);
                if self.session.is_some() && fault.kind.is_transient() {
                    self.connection.fault = Some(fault);
                    return self.report_connection().await;
                }
                self.disconnect(fault).await
            }
            Done::Inventory(index, Ok(inventory)) => {
                let watched = &mut self.watched[index];
                watched.slot.finish(now, None, jitter);
                watched.queries = watched.signal.queries(&inventory);
                watched.found = Some((inventory, now));
                self.publish(index).await
            }
            Done::Inventory(_, Err(fault)) if ends_session(&fault) => {
                self.connect.finish(now, Some(&fault), jitter);
                self.disconnect(fault).await
            }
            Done::Inventory(index, Err(fault)) => {
                self.watched[index].slot.finish(now, Some(&fault), jitter);
                self.report_failure(index, fault).await
            }
            Done::Metrics { asked, whole, set } => {
                let fault = set.fault.clone();
                if whole {
                    self.metrics.finish(now, fault.as_ref(), jitter);
                    self.set = set;
                    self.asked = asked;
                } else {
                    self.late = false;
                    self.set.series.extend(set.series);
                    self.set.fault = self.set.fault.take().or(set.fault);
                    self.set.at = self.set.at.or(set.at);
                    self.asked.extend(asked);
                }
                if let Some(fault) = fault.filter(ends_session) {
                    self.connect.finish(now, Some(&fault), jitter);
                    return self.disconnect(fault).await;
                }
                for index in 0..self.watched.len() {
                    if !self.watched[index].queries.is_empty() && !self.publish(index).await {
                        return false;
                    }
                }
                true
            }
        }
    }

    /// Judges one signal and reports it, once everything that it wants has been asked for.
    async fn publish(&mut self, index: usize) -> bool {
        let now = self.now();
        let watched = &self.watched[index];
        let Some((inventory, found_at)) = &watched.found else { return true };
        if !watched.queries.iter().all(|query| self.asked.contains(query)) {
            return true;
        }
        let judge = Judge {
            now,
            environment: &self.assignment.environment,
            thresholds: &self.assignment.thresholds,
            naming: &self.assignment.naming,
        };
        let reading = watched.signal.interpret(inventory, &self.set, &judge);
        let metrics_fault = self.set.fault.clone().filter(|_| !watched.queries.is_empty());
        if let Some(fault) = metrics_fault.filter(|_| reading.severity == Severity::Unknown && watched.good) {
            return self.report_failure(index, fault).await;
        }
        // States age from when they were listed; figures that come from metrics, from when those were answered.
        let metrics_s = self.assignment.cadence.metrics;
        let by_metrics = !watched.queries.is_empty() && watched.cadence_s > metrics_s;
        let (at, every_s) = match self.set.at {
            Some(answered) if by_metrics => (answered, metrics_s),
            _ => (*found_at, watched.cadence_s),
        };
        let signal = watched.signal.id();
        self.watched[index].good |= reading.severity != Severity::Unknown;
        let env = self.assignment.environment.id;
        self.report(PollEvent::Reading { env, signal, outcome: Ok(Box::new(reading)), at, every_s }).await
    }

    async fn report_failure(&mut self, index: usize, fault: Fault) -> bool {
        let (env, at) = (self.assignment.environment.id, self.now());
        let Watched { signal, cadence_s, .. } = &self.watched[index];
        let (signal, every_s) = (signal.id(), *cadence_s);
        self.report(PollEvent::Reading { env, signal, outcome: Err(fault), at, every_s }).await
    }

    async fn report_connection(&mut self) -> bool {
        if let Some(session) = &self.session {
            self.connection.usage = session.meter.usage();
            self.connection.latency = session.meter.latency();
        }
        self.connection.retry_at = self.connection.fault.as_ref().and_then(|_| self.connect.due());
        let (env, connection) = (self.assignment.environment.id, Box::new(self.connection.clone()));
        self.report(PollEvent::Connection { env, connection }).await
    }

    /// Ends the session: answers that are still under way no longer count.
    async fn disconnect(&mut self, fault: Fault) -> bool {
        self.report_connection().await;
        let now = self.now();
        self.session = None;
        self.assignment.sessions.ended(self.assignment.environment.id);
        self.generation += 1;
        self.jobs.clear();
        self.late = false;
        self.asked.clear();
        self.set = MetricSet::default();
        self.metrics = Slot::new(Rhythm::Aligned(self.assignment.cadence.metrics), now);
        for watched in &mut self.watched {
            watched.slot = Slot::new(Rhythm::Every(watched.cadence_s), now);
            watched.queries.clear();
            watched.found = None;
        }
        if fault.kind == FaultKind::WrongAccount {
            self.connection.identity = None;
        }
        self.connection.fault = Some(fault.clone());
        if !self.report_connection().await {
            return false;
        }
        for index in 0..self.watched.len() {
            if !self.report_failure(index, fault.clone()).await {
                return false;
            }
        }
        true
    }
}

/// Faults after which every further call would fail the same way.
fn ends_session(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials | FaultKind::WrongAccount)
}
