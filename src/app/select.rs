//! What is selected on the base screen.

use std::sync::Arc;

use crate::app::fleet::{Cell, EnvironmentState};
use crate::app::keymap::Action;
use crate::app::screen::Screen;
use crate::app::screens::Row;
use crate::app::screens::compare::since::{Place, since};
use crate::app::screens::timeline::Mode;
use crate::app::state::App;
use crate::compare::verdict::{JudgedResource, JudgedSetting};
use crate::model::{Change, Resource, SignalId};

/// What is selected on the base screen.
#[derive(Debug, Clone, Copy)]
pub struct Selected<'a> {
    /// Index of the environment in the fleet.
    pub environment: usize,
    /// The environment.
    pub state: &'a EnvironmentState,
    /// Index of the signal, where one is selected.
    pub signal: Option<usize>,
    /// The signal's cell, where one is selected.
    pub cell: Option<&'a Cell>,
    /// The resource, where one is selected: the line of the detail pane.
    pub resource: Option<&'a Resource>,
}

impl Selected<'_> {
    /// The id of the selected signal.
    pub fn signal_id(&self, app: &App) -> Option<SignalId> {
        self.signal.and_then(|index| app.picture().signals.get(index)).map(|info| info.id)
    }
}

impl App {
    /// What is selected on the base screen; `None` on an empty one.
    pub fn selected(&self) -> Option<Selected<'_>> {
        let (environment, signal) = self.selected_place()?;
        let state = self.picture().environments.get(environment)?;
        let cell = signal.and_then(|signal| state.cells.get(signal));
        let resource = self.detail_resource(self.detail.selected);
        Some(Selected { environment, state, signal, cell, resource })
    }

    /// Indices of the selected environment and signal.
    fn selected_place(&self) -> Option<(usize, Option<usize>)> {
        let derived = &self.derived;
        match self.base() {
            Screen::Signal(id) => {
                let column = derived.matrix.columns.get(self.signal.columns.selected())?;
                Some((column.environment, self.picture().signal_index(id)))
            }
            Screen::Alarms => {
                let row = derived.alarms.get(self.alarms.rows.selected())?;
                Some((row.environment, self.picture().signal_index(crate::app::screens::alarms::ALARMS)))
            }
            Screen::Connections => Some((*derived.connections.get(self.connections.rows.selected())?, None)),
            Screen::Environment(id) => {
                let row = derived.environment.get(self.environment.rows.selected());
                Some((self.picture().position(id)?, row.map(|row| row.signal)))
            }
            Screen::Resource => {
                let view = derived.resource.as_ref()?;
                Some((view.environment, Some(view.signal)))
            }
            Screen::Timeline | Screen::Logs | Screen::Compare | Screen::Runbooks | Screen::Run | Screen::Records => {
                None
            }
            _ => {
                let environment = derived.wall.columns.get(self.wall.columns.selected())?;
                let signal = derived.wall.rows.get(self.wall.rows.selected())?;
                Some((*environment, Some(*signal)))
            }
        }
    }

    /// How many lines the detail pane has: on the wall the resources of the selected cell, on the signal screen those
    /// with the selected logical name, on the alarms screen the one alarm.
    pub fn detail_len(&self) -> usize {
        match self.base() {
            Screen::Signal(_) => {
                let (row, column) = (self.signal.rows.selected(), self.signal.columns.selected());
                self.derived.matrix.resources(row, column).count()
            }
            Screen::Alarms => usize::from(self.derived.alarms.get(self.alarms.rows.selected()).is_some()),
            Screen::Environment(_) => {
                let row = self.derived.environment.get(self.environment.rows.selected());
                usize::from(row.is_some_and(|row| row.resource().is_some()))
            }
            Screen::Connections
            | Screen::Resource
            | Screen::Timeline
            | Screen::Logs
            | Screen::Compare
            | Screen::Runbooks
            | Screen::Run
            | Screen::Records => 0,
            _ => {
                let Some((environment, Some(signal))) = self.selected_place() else { return 0 };
                let cell = self.picture().cell(environment, signal);
                cell.and_then(|cell| cell.datum.value()).map_or(0, |reading| reading.resources.len())
            }
        }
    }

    /// The resource at a line of the detail pane.
    pub fn detail_resource(&self, line: usize) -> Option<&Resource> {
        match self.base() {
            Screen::Signal(_) => {
                let (row, column) = (self.signal.rows.selected(), self.signal.columns.selected());
                self.derived.matrix.resources(row, column).nth(line)
            }
            Screen::Alarms => self.derived.alarms.get(self.alarms.rows.selected())?.resource(),
            Screen::Environment(_) => self.derived.environment.get(self.environment.rows.selected())?.resource(),
            Screen::Resource => self.derived.resource.as_ref().map(|view| &view.resource),
            Screen::Connections
            | Screen::Timeline
            | Screen::Logs
            | Screen::Compare
            | Screen::Runbooks
            | Screen::Run
            | Screen::Records => None,
            _ => {
                let (environment, signal) = self.selected_place()?;
                self.picture().cell(environment, signal?)?.datum.value()?.resources.get(line)
            }
        }
    }

    /// The row that is selected on the timeline.
    pub fn timeline_row(&self) -> Option<&Row> {
        match self.base() {
            Screen::Timeline => self.derived.timeline.rows.get(self.timeline.rows.selected()),
            _ => None,
        }
    }

    /// ARN of what is described, or of what is selected: empty where AWS gives none, `None` where nothing is selected.
    pub fn selected_arn(&self) -> Option<&str> {
        if self.screen() == Screen::Describe {
            return Some(&self.describe.arn);
        }
        if let Some(change) = self.selected_change() {
            return Some(&change.arn);
        }
        match self.base() {
            Screen::Run => return self.shown_run().map(|own| &*own.run.target.arn),
            Screen::Runbooks => return self.runbooks.chosen()?.targets.first().map(|target| &*target.arn),
            _ => {}
        }
        self.selected()?.resource.map(|resource| &*resource.arn)
    }

    /// False for what a key could do on this screen but not with what is selected now.
    pub fn offers(&self, action: Action) -> bool {
        match action {
            Action::CopyArn => self.selected_arn().is_some_and(|arn| !arn.is_empty()),
            _ if matches!(self.base(), Screen::Run | Screen::Records) => self.offers_change(action),
            Action::Widen => self.timeline.mode == Mode::All && self.timeline.window.longer().is_some(),
            _ => true,
        }
    }

    /// The change that is selected on the timeline.
    pub fn selected_change(&self) -> Option<&Change> {
        self.timeline_row()?.change().map(Arc::as_ref)
    }

    /// Since when a setting of the compare screen differs in the environment at `place`, in words; `None` where it does
    /// not differ unapproved.
    pub fn compared_since(&self, resource: &JudgedResource, setting: &JudgedSetting, place: usize) -> Option<String> {
        let cell = setting.cells.get(place)?.as_ref().filter(|cell| cell.verdict.is_unapproved())?;
        let comparison = self.derived.compare.comparison.as_ref()?;
        let column = comparison.judged.columns.get(place)?;
        let is_it = |state: &&EnvironmentState| {
            state.environment.system == comparison.system && state.environment.name == column.environment
        };
        let env = self.fleet.environments.iter().find(is_it)?.environment.id;
        let name = resource.names.get(place)?.as_deref().unwrap_or_default();
        let at = Place { env, kind: &resource.kind, name, key: &setting.key, value: &cell.value };
        Some(since([&self.timeline.data, &self.changes], &at))
    }
}
