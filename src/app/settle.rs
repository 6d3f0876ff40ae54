//! After messages and before a frame: what is shown is derived anew where needed, and every selection is put in range.

use std::sync::Arc;

use crate::app::counts::Counts;
use crate::app::derived::{Derived, Source};
use crate::app::fleet::EnvironmentState;
use crate::app::scope::Scope;
use crate::app::screen::Screen;
use crate::app::screens::guarded::records;
use crate::app::screens::{
    Matrix, RecordRow, ResourcePane, Row, Sort, TimelineView, alarms, compare, connections, environment, resource,
    signal, timeline, wall,
};
use crate::app::state::App;

/// Lines of a screen that are not its list, while no frame has told how many there are.
const OTHER_LINES: usize = 8;
/// Environment columns assumed while no frame has told how many fit.
const COLUMNS: usize = 3;

impl App {
    /// Derives what is shown from the data and puts every selection in range. The shell calls it once after draining
    /// its messages and before drawing. Costs little when nothing has changed.
    pub fn settle(&mut self) {
        let source = self.source();
        if self.derived.from.as_ref() != Some(&source) {
            self.derived = self.derive(source);
        }
        if self.base() == Screen::Records {
            self.derived.records = records::rows(&self.guarded, &self.records.filter);
        }
        self.settle_selection();
    }

    fn source(&self) -> Source {
        let sort = match self.base() {
            Screen::Signal(_) => self.signal.sort,
            Screen::Alarms => self.alarms.sort,
            Screen::Environment(_) => self.environment.sort,
            _ => Sort::default(),
        };
        Source {
            generation: self.picture().generation,
            paused: self.paused.is_some(),
            past: self.past.as_ref().map(|past| past.at),
            screen: self.base(),
            scope: self.scope,
            filter: self.filter().clone(),
            attention: self.attention,
            sort,
            timeline: self.timeline.data.generation,
            changes: self.changes.generation,
            compare: (self.compare.generation, self.compare.everything, self.compare.system.clone()),
            subject: self.resource.subject.as_ref().map(|subject| (subject.env, subject.key())),
        }
    }

    fn derive(&self, source: Source) -> Derived {
        let (picture, now) = (self.picture(), self.picture_time());
        let system = self.system();
        let in_scope = |state: &EnvironmentState| {
            self.scope == Scope::All || system.is_some_and(|system| *system == state.environment.system)
        };
        let environments = &picture.environments;
        let scope: Vec<usize> = (0..environments.len()).filter(|index| in_scope(&environments[*index])).collect();
        let mut derived = Derived {
            counts: Counts::of(environments.iter().filter(|state| in_scope(state)), now),
            elsewhere: Counts::of(environments.iter().filter(|state| !in_scope(state)), now),
            ..Derived::default()
        };
        let (filter, attention, sort) = (&source.filter, source.attention, source.sort);
        if source.screen == Screen::Timeline {
            derived.timeline = self.derive_timeline(&source, &scope);
        }
        match source.screen {
            Screen::Signal(id) => {
                let index = picture.signal_index(id);
                derived.matrix = index.map_or_else(Matrix::default, |index| {
                    signal::matrix(picture, now, &scope, index, filter, attention, sort)
                });
            }
            Screen::Alarms => derived.alarms = alarms::rows(picture, now, filter, attention, sort),
            Screen::Connections => derived.connections = connections::rows(picture, filter, attention),
            Screen::Environment(id) => {
                derived.environment = environment::rows(picture, now, id, filter, attention, sort);
            }
            Screen::Resource => {
                let subject = self.resource.subject.as_ref();
                derived.resource =
                    subject.and_then(|subject| resource::view(picture, now, subject, &self.changes, filter));
            }
            Screen::Compare => {
                let known = self.compare.known.get(&self.compare.system);
                derived.compare =
                    known.map(|known| compare::view(known, filter, self.compare.everything)).unwrap_or_default();
            }
            Screen::Timeline | Screen::Logs | Screen::Runbooks | Screen::Run | Screen::Records => {}
            _ => derived.wall = wall::view(picture, now, &scope, filter, attention),
        }
        derived.scope = scope;
        derived.from = Some(source);
        derived
    }

    /// The timeline's rows; those from before where they still hold, whatever else has changed.
    fn derive_timeline(&self, source: &Source, scope: &[usize]) -> Arc<TimelineView> {
        let holds = self.derived.from.as_ref().is_some_and(|from| {
            from.screen == source.screen
                && (from.timeline, from.scope, &from.filter) == (source.timeline, source.scope, &source.filter)
                && from.attention == source.attention
        });
        if holds {
            return Arc::clone(&self.derived.timeline);
        }
        let state = &self.timeline;
        Arc::new(timeline::view::view(state, &self.fleet, scope, &source.filter, source.attention, self.now))
    }

    /// Rows of the base screen's list that fit.
    pub(in crate::app) fn page(&self) -> usize {
        match self.hits.rows {
            0 => usize::from(self.size.height).saturating_sub(OTHER_LINES).max(1),
            rows => rows,
        }
    }

    /// Lines of an overlay that fit.
    pub(in crate::app) fn overlay_page(&self) -> usize {
        match self.hits.overlay {
            0 => usize::from(self.size.height).saturating_sub(OTHER_LINES).max(1),
            lines => lines,
        }
    }

    fn settle_selection(&mut self) {
        let page = self.page();
        let columns = if self.hits.columns == 0 { COLUMNS } else { self.hits.columns };
        match self.base() {
            Screen::Signal(_) => {
                let Matrix { rows, columns: shown } = &self.derived.matrix;
                self.signal.rows.settle(rows.len(), page, |i| rows.get(i).map(|row| row.logical_name.clone()));
                self.signal.columns.settle(shown.len(), columns, |i| shown.get(i).map(|column| column.environment));
            }
            Screen::Alarms => {
                let rows = &self.derived.alarms;
                self.alarms.rows.settle(rows.len(), page, |i| rows.get(i).and_then(alarms::AlarmRow::key));
            }
            Screen::Connections => {
                let rows = &self.derived.connections;
                self.connections.rows.settle(rows.len(), page, |i| rows.get(i).copied());
            }
            Screen::Timeline => {
                let view = Arc::clone(&self.derived.timeline);
                if self.timeline.rows.key.is_none() && matches!(self.timeline.mode, timeline::Mode::Suspects(_)) {
                    // The first suspect, not what could not be read.
                    let first = view.rows.iter().position(|row| row.change().is_some());
                    self.timeline.rows.cursor.selected = first.unwrap_or(0);
                }
                self.timeline.rows.settle(view.rows.len(), page, |i| view.rows.get(i).map(Row::key));
            }
            Screen::Runbooks => {
                let mut rows = std::mem::take(&mut self.runbooks.rows);
                rows.settle(self.runbooks.len(), page, |line| self.runbooks.key(line));
                self.runbooks.rows = rows;
            }
            Screen::Run => self.settle_run(page),
            Screen::Records => {
                let rows = &self.derived.records;
                if self.records.rows.key.is_none() {
                    let first = rows.iter().position(|row| !matches!(row, RecordRow::Head(_)));
                    self.records.rows.cursor.selected = first.unwrap_or(0);
                }
                self.records.rows.settle(rows.len(), page, |line| rows.get(line).cloned());
            }
            Screen::Logs => self.logs.settle(page, self.paused.is_some()),
            Screen::Compare => {
                let view = &self.derived.compare;
                self.compare.settle(view, page, columns);
            }
            Screen::Environment(_) => {
                let rows = &self.derived.environment;
                self.environment.rows.settle(rows.len(), page, |i| rows.get(i).and_then(|row| row.key()));
            }
            Screen::Resource => {
                if let Some(view) = &self.derived.resource {
                    for pane in ResourcePane::ALL {
                        self.resource.cursors[pane as usize].settle(view.len(pane), page);
                    }
                }
            }
            _ => self.settle_wall(page, columns),
        }
        let resources = self.detail_len();
        self.detail.settle(resources, if self.hits.detail == 0 { OTHER_LINES } else { self.hits.detail });
        let lines = self.describe.lines.len();
        let page = self.overlay_page();
        self.describe.scroll.offset = self.describe.scroll.offset.min(lines.saturating_sub(page));
        self.help.offset = self.help.offset.min(self.help_lines().saturating_sub(page));
        self.messages.offset = self.messages.offset.min(self.notices.list.len().saturating_sub(page));
    }

    /// Until the operator has moved it, the wall's selection stays on the worst cell.
    fn settle_wall(&mut self, page: usize, columns: usize) {
        let wall::WallView { rows, columns: shown } = &self.derived.wall;
        if self.wall.rows.key.is_none() && self.wall.columns.key.is_none() {
            let worst = self.derived.wall.worst(self.picture(), self.picture_time()).unwrap_or_default();
            (self.wall.rows.cursor.selected, self.wall.columns.cursor.selected) = worst;
        }
        self.wall.rows.settle(rows.len(), page, |i| rows.get(i).copied());
        self.wall.columns.settle(shown.len(), columns, |i| shown.get(i).copied());
    }

    /// Lines of the help overlay: one for each action and two for each section.
    pub(in crate::app) fn help_lines(&self) -> usize {
        self.keymap.help(self.helped()).iter().map(|section| section.items.len() + 2).sum()
    }
}
