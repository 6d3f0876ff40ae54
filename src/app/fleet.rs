//! What is known of every environment: one cell for each signal. Cheap to copy, so that a picture can be frozen.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::shown::{Freshness, effective_severity, freshness};
use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::model::{Connection, Datum, EnvId, Environment, Reading, Severity, SignalId, Usage};

/// A row of the wall: a signal's id and title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalInfo {
    /// Stable id, e.g. `lambda-errors`.
    pub id: SignalId,
    /// Row title, e.g. `Lambda errors`.
    pub title: Text,
    /// Its row stands even where no environment has anything for it.
    pub always: bool,
}

/// One signal of one environment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// The reading with its age and its trouble.
    pub datum: Datum<Reading>,
    /// Seconds after which the next report is due; a value of twice that age is overdue.
    pub every_s: u64,
    /// Time of the newest report, good or bad; older reports are ignored.
    pub reported_at: Option<Timestamp>,
    /// Drawn so that it catches the eye until then, since its severity has changed.
    pub flash_until: Option<Timestamp>,
    /// The severity last reported in this run; `None` before the first report.
    pub last_severity: Option<Severity>,
    /// What [`Cell::freshness`] said at the last tick, to notice when a value grows too old.
    pub(in crate::app) was: Option<Freshness>,
}

impl Cell {
    /// How far the value can be trusted at `now`.
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        freshness(&self.datum, self.every_s, now)
    }

    /// The severity to show and to count at `now`; see [`effective_severity`].
    pub fn severity(&self, now: Timestamp) -> Severity {
        effective_severity(&self.datum, self.every_s, now)
    }

    /// Age of the value in seconds.
    pub fn age_s(&self, now: Timestamp) -> Option<u64> {
        self.datum.read_at().map(|at| seconds_between(at, now))
    }

    /// True while the change of its severity is to catch the eye.
    pub fn flashes(&self, now: Timestamp) -> bool {
        self.flash_until.is_some_and(|until| now < until)
    }
}

/// One environment with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentState {
    /// What it is.
    pub environment: Environment,
    /// Identity, credentials, latency, calls, faults.
    pub connection: Connection,
    /// True from the first call of a refresh to its last answer.
    pub refreshing: bool,
    /// One cell for each signal, in the order of [`Fleet::signals`].
    pub cells: Vec<Cell>,
}

impl EnvironmentState {
    /// `system/name`.
    pub fn label(&self) -> String {
        format!("{}/{}", self.environment.system, self.environment.name)
    }

    /// The worst severity as shown over all cells.
    pub fn worst(&self, now: Timestamp) -> Severity {
        self.cells.iter().map(|cell| cell.severity(now)).max().unwrap_or_default()
    }
}

/// All environments. Readings are shared, so a copy costs a few pointers a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    /// The rows, in order.
    pub signals: Arc<[SignalInfo]>,
    /// The columns, in the configuration's order.
    pub environments: Vec<EnvironmentState>,
    /// Goes up with every change of what is shown.
    pub generation: u64,
}

impl Fleet {
    /// Environments of which nothing is known yet.
    pub fn new(signals: Vec<SignalInfo>, environments: Vec<Environment>) -> Self {
        let cells = vec![Cell::default(); signals.len()];
        let environments = environments
            .into_iter()
            .map(|environment| EnvironmentState {
                environment,
                connection: Connection::default(),
                refreshing: false,
                cells: cells.clone(),
            })
            .collect();
        Self { signals: signals.into(), environments, generation: 0 }
    }

    /// Where an environment stands; its id is a position in the configuration, where others may have been refused.
    pub fn position(&self, env: EnvId) -> Option<usize> {
        let is_it = |state: &EnvironmentState| state.environment.id == env;
        match self.environments.get(env.0) {
            Some(state) if is_it(state) => Some(env.0),
            _ => self.environments.iter().position(is_it),
        }
    }

    /// Where a signal stands.
    pub fn signal_index(&self, signal: SignalId) -> Option<usize> {
        self.signals.iter().position(|info| info.id == signal)
    }

    /// The cell of a signal of an environment, by their positions.
    pub fn cell(&self, environment: usize, signal: usize) -> Option<&Cell> {
        self.environments.get(environment)?.cells.get(signal)
    }

    /// The distinct systems in the order of their first environments.
    pub fn systems(&self) -> Vec<Text> {
        let mut systems: Vec<Text> = Vec::new();
        for state in &self.environments {
            if !systems.contains(&state.environment.system) {
                systems.push(state.environment.system.clone());
            }
        }
        systems
    }

    /// Calls and metrics of all environments together.
    pub fn usage(&self) -> Usage {
        let mut total = Usage::default();
        for state in &self.environments {
            total.add(&state.connection.usage);
        }
        total
    }

    /// Notes which values have grown too old by `now` and which have stopped flashing; true when one has.
    pub(in crate::app) fn grow_older(&mut self, now: Timestamp) -> bool {
        let mut changed = false;
        for cell in self.environments.iter_mut().flat_map(|state| &mut state.cells) {
            let is = Some(cell.freshness(now));
            changed |= cell.was != is;
            cell.was = is;
            if cell.flash_until.is_some_and(|until| until <= now) {
                cell.flash_until = None;
                changed = true;
            }
        }
        if changed {
            self.generation += 1;
        }
        changed
    }
}
