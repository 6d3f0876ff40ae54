//! One complete wall, for commands that look once.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::base::Clock;
use crate::model::{Connection, Datum, EnvId, Environment, Fault, FaultKind, Reading, SignalId, Usage};
use crate::poll::PollEvent;
use crate::signals::AnySignal;

/// Everything of every environment at one time.
#[derive(Debug, Clone)]
pub struct Wall {
    /// When it was complete.
    pub at: Timestamp,
    /// True for a wall that was rebuilt later.
    pub reconstructed: bool,
    /// In the configuration's order.
    pub environments: Vec<WallEnvironment>,
}

/// One environment of a [`Wall`].
#[derive(Debug, Clone)]
pub struct WallEnvironment {
    /// Which.
    pub environment: Environment,
    /// How it is connected.
    pub connection: Connection,
    /// One datum a signal, in the order of the signals; none is `Waiting`.
    pub cells: Vec<(SignalId, Datum<Reading>)>,
    complete: bool,
}

impl WallEnvironment {
    /// An environment of which everything is known.
    pub fn new(environment: Environment, connection: Connection, cells: Vec<(SignalId, Datum<Reading>)>) -> Self {
        Self { environment, connection, cells, complete: true }
    }
}

impl Wall {
    /// What all environments asked together.
    pub fn usage(&self) -> Usage {
        let mut sum = Usage::default();
        for environment in &self.environments {
            sum.add(&environment.connection.usage);
        }
        sum
    }
}

/// Gathers reports until every environment has been refreshed once, or until `patience` is over: what has not come by
/// then is a timeout.
pub async fn one_wall(
    environments: Vec<Environment>,
    signals: &[&dyn AnySignal],
    events: &mut mpsc::Receiver<PollEvent>,
    clock: &Clock,
    patience: Duration,
) -> Wall {
    let mut gathered: Vec<WallEnvironment> = environments
        .into_iter()
        .map(|environment| WallEnvironment {
            environment,
            connection: Connection::default(),
            cells: signals.iter().map(|signal| (signal.id(), Datum::Waiting)).collect(),
            complete: false,
        })
        .collect();
    let deadline = Instant::now() + patience;
    while !gathered.iter().all(|environment| environment.complete) {
        match tokio::time::timeout_at(deadline, events.recv()).await {
            Ok(Some(event)) => absorb(&mut gathered, event, clock),
            Ok(None) | Err(_) => break,
        }
    }
    let at = clock.now();
    let late = || Fault::new(FaultKind::Timeout, "refresh", format!("not complete after {} s", patience.as_secs()));
    for (_, datum) in gathered.iter_mut().flat_map(|environment| &mut environment.cells) {
        if matches!(datum, Datum::Waiting) {
            datum.fail(late(), at);
        }
    }
    Wall { at, reconstructed: false, environments: gathered }
}

fn absorb(gathered: &mut [WallEnvironment], event: PollEvent, clock: &Clock) {
    let (PollEvent::Reading { env: EnvId(index), .. }
    | PollEvent::Cadence { env: EnvId(index), .. }
    | PollEvent::Connection { env: EnvId(index), .. }
    | PollEvent::Refreshing { env: EnvId(index), .. }) = event;
    let Some(environment) = gathered.get_mut(index) else { return };
    match event {
        PollEvent::Reading { signal, outcome, at, .. } => {
            if let Some((_, datum)) = environment.cells.iter_mut().find(|(id, _)| *id == signal) {
                match outcome {
                    Ok(reading) => datum.succeed(*reading, at),
                    Err(fault) if fault.kind == FaultKind::WrongAccount => datum.withdraw(fault, clock.now()),
                    Err(fault) => datum.fail(fault, clock.now()),
                }
            }
        }
        PollEvent::Cadence { .. } => {}
        PollEvent::Connection { connection, .. } => environment.connection = *connection,
        PollEvent::Refreshing { running, .. } => environment.complete |= !running,
    }
}
