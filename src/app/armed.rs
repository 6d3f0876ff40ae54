//! What is armed, and the run that is shown.

use crate::app::guarded::OwnRun;
use crate::app::keymap::Action;
use crate::app::screen::Screen;
use crate::app::screens::RecordRow;
use crate::app::screens::guarded::rows::{RunRow, rows, urgent};
use crate::app::state::App;
use crate::model::{EnvId, Environment, Tier};
use crate::runbook::arming::Armed;
use crate::runbook::machine::{Phase, Run};

/// True where something of a run was applied, or may have been, that an inverse brings back.
pub(in crate::app) fn has_inverse(run: &Run) -> bool {
    run.sendings.iter().any(|sending| sending.plan.undo.is_some() && sending.applied != Some(false))
}

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

    /// False for what a key could do on the run and records screens but not with what is shown now.
    pub(in crate::app) fn offers_change(&self, action: Action) -> bool {
        if self.base() == Screen::Records {
            let row = self.derived.records.get(self.records.rows.selected());
            return match action {
                Action::Applied | Action::NotApplied => matches!(row, Some(RecordRow::Unresolved(..))),
                Action::Settle => matches!(row, Some(RecordRow::Owed(..))),
                Action::Undo => matches!(row, Some(RecordRow::Owed(..) | RecordRow::Run(..))),
                Action::Open => matches!(row, Some(RecordRow::Going(_))),
                _ => true,
            };
        }
        let run = self.shown_run().map(|own| &own.run);
        let phase = run.map(|run| run.phase);
        match action {
            Action::Proceed => matches!(phase, Some(Phase::Ready | Phase::Asking)),
            Action::PlanAgain => matches!(phase, Some(Phase::Ready | Phase::Resolving)),
            Action::Applied | Action::NotApplied => phase == Some(Phase::Resolving),
            Action::Undo => run.is_some_and(|run| phase == Some(Phase::Closed) && has_inverse(run)),
            Action::Stop => phase.is_some_and(|phase| phase != Phase::Closed),
            Action::NextPane => self.guarded.runs.len() > 1,
            _ => true,
        }
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
