//! Where the operator looks, for the pollers: what is on the screen, what is selected, whether anybody is there.

use std::ops::Range;

use crate::app::screen::Screen;
use crate::app::screens::alarms::ALARMS;
use crate::app::state::App;
use crate::model::EnvId;
use crate::poll::Attention;

/// Seconds without a key or the mouse after which nobody is there.
pub const AWAY_S: u32 = 15 * 60;

impl App {
    /// Where the operator looks.
    pub fn attention(&self) -> Attention {
        let away = self.quiet_s >= AWAY_S;
        // The live wall is not on the screen while a past one is.
        if self.past.is_some() {
            return Attention { away, environments: Some(Vec::new()), ..Attention::default() };
        }
        let ids = |indices: &[usize]| -> Vec<EnvId> {
            indices.iter().filter_map(|index| Some(self.fleet.environments.get(*index)?.environment.id)).collect()
        };
        let (rows, columns) = (self.hits.rows, self.hits.columns);
        match self.base() {
            Screen::Wall => {
                let view = &self.derived.wall;
                let shown =
                    window(self.wall.columns.cursor.window(view.columns.len(), columns), columns, &view.columns);
                let signals = window(self.wall.rows.cursor.window(view.rows.len(), rows), rows, &view.rows);
                let signals = signals.iter().filter_map(|index| Some(self.fleet.signals.get(*index)?.id));
                let signals = Some(signals.collect());
                Attention { away, environments: Some(ids(shown)), signals, focused: self.focus() }
            }
            Screen::Signal(id) => {
                let all: Vec<usize> = self.derived.matrix.columns.iter().map(|column| column.environment).collect();
                let shown = window(self.signal.columns.cursor.window(all.len(), columns), columns, &all);
                Attention { away, environments: Some(ids(shown)), signals: Some(vec![id]), focused: self.focus() }
            }
            Screen::Alarms => Attention { away, signals: Some(vec![ALARMS]), ..Attention::default() },
            Screen::Environment(env) => Attention { away, environments: Some(vec![env]), ..Attention::default() },
            _ => Attention { away, environments: Some(ids(&self.derived.scope)), ..Attention::default() },
        }
    }

    /// The selected cell.
    fn focus(&self) -> Option<(EnvId, crate::model::SignalId)> {
        let selected = self.selected()?;
        Some((selected.state.environment.id, selected.signal_id(self)?))
    }
}

/// The items of a window; all of them while no frame has told how many fit.
fn window(window: Range<usize>, room: usize, items: &[usize]) -> &[usize] {
    if room == 0 { items } else { items.get(window).unwrap_or(items) }
}
