//! What is armed, and the run that is shown.

use crate::app::guarded::OwnRun;
use crate::app::screens::guarded::rows::{RunRow, rows, urgent};
use crate::app::state::App;
use crate::model::{EnvId, Environment, Tier};
use crate::runbook::arming::Armed;

impl App {
    /// How an environment is armed now.
    pub fn armed(&self, env: EnvId) -> Option<&Armed> {
        self.guarded.armed.get(&env).filter(|armed| armed.until > self.now)
    }

    /// Seconds of the operator that an environment stays armed.
    pub fn armed_left_s(&self, armed: &Armed) -> u64 {
        let left = armed.until.duration_since(self.now).as_secs_f64() / self.notices.speed.clamp(1.0, 1_000.0);
        left.max(0.0).ceil() as u64
    }

    /// All that are armed now, production first.
    pub fn all_armed(&self) -> Vec<(&Environment, &Armed)> {
        let environment = |env: &EnvId| self.environment_of(*env);
        let mut all: Vec<_> = self
            .guarded
            .armed
            .iter()
            .filter(|(_, armed)| armed.until > self.now)
            .filter_map(|(env, armed)| Some((environment(env)?, armed)))
            .collect();
        all.sort_by_key(|(environment, _)| environment.tier != Tier::Production);
        all
    }

    /// The environment with this id.
    pub fn environment_of(&self, env: EnvId) -> Option<&Environment> {
        let index = self.fleet.position(env)?;
        self.fleet.environments.get(index).map(|state| &state.environment)
    }

    /// The run that is shown.
    pub fn shown_run(&self) -> Option<&OwnRun> {
        self.guarded.run(self.run.open.as_ref()?)
    }

    /// The lines of the run that is shown; none while there is none.
    pub fn run_rows(&self) -> Vec<RunRow> {
        self.shown_run().map(|own| rows(&own.run)).unwrap_or_default()
    }

    /// Puts the selection of the run screen in range. Until the operator has moved it, it stays on what is to be done
    /// next.
    pub(in crate::app) fn settle_run(&mut self, page: usize) {
        let Some(own) = self.shown_run() else { return };
        let rows = rows(&own.run);
        if self.run.rows.key.is_none() {
            let first = urgent(&own.run, &rows);
            self.run.rows.cursor.selected = first;
        }
        self.run.rows.settle(rows.len(), page, |line| rows.get(line).copied());
    }
}
