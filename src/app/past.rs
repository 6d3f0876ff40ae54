//! The wall of a past minute, while it is shown in place of the live one.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::drift::DRIFT;
use crate::app::fleet::{Cell, EnvironmentState, Fleet, SignalInfo};

/// Minutes that are kept, so that stepping back and forth asks nothing.
const KEPT: usize = 30;

/// A past minute.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its beginning.
    pub at: Timestamp,
    /// What is known of it.
    pub fleet: Fleet,
    /// Environments that have not answered yet.
    pub waiting: usize,
}

impl Past {
    /// A minute of which nothing is known yet; the rows and columns are those of `live`.
    pub fn new(at: Timestamp, live: &Fleet) -> Self {
        // Nobody knows how the configuration differed then.
        let signals: Arc<[SignalInfo]> = live.signals.iter().filter(|info| info.id != DRIFT).cloned().collect();
        let state = |state: &EnvironmentState| EnvironmentState {
            cells: vec![Cell::default(); signals.len()],
            refreshing: false,
            ..state.clone()
        };
        let environments: Vec<EnvironmentState> = live.environments.iter().map(state).collect();
        let waiting = environments.len();
        Self { at, fleet: Fleet { signals, environments, ..live.clone() }, waiting }
    }
}

/// The minutes rebuilt last.
#[derive(Debug, Clone, Default)]
pub struct Kept(VecDeque<Past>);

impl Kept {
    /// A minute that has been rebuilt before.
    pub fn get(&self, at: Timestamp) -> Option<Past> {
        self.0.iter().find(|past| past.at == at).cloned()
    }

    /// Keeps a complete one.
    pub fn keep(&mut self, past: Past) {
        self.0.retain(|kept| kept.at != past.at);
        self.0.push_back(past);
        while self.0.len() > KEPT {
            self.0.pop_front();
        }
    }
}
