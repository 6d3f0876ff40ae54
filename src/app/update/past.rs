//! Stepping through past minutes and back to the present.

use jiff::{SignedDuration, Timestamp};

use crate::app::effect::Effect;
use crate::app::notice::NoticeLevel;
use crate::app::past::Past;
use crate::app::state::App;
use crate::inquiry::{PastQuestion, Question, Slot};
use crate::poll::past::{PastTold, datum, in_reach, minute};

/// A value of a past minute grows no older.
const EVER_S: u64 = u64::MAX / 4;

/// So many minutes later, or earlier where negative; beyond the present lies the live wall.
pub fn step(app: &mut App, minutes: i64) -> Vec<Effect> {
    let present = minute(app.now);
    let here = app.past.as_ref().map_or(present, |past| past.at);
    let there = here.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(here);
    if there > present && app.past.is_none() {
        app.notices.add(NoticeLevel::Info, "this is the present", app.now);
        return Vec::new();
    }
    if there > present { leave(app) } else { go(app, there) }
}

/// Shows the minute that begins at `at`.
pub fn go(app: &mut App, at: Timestamp) -> Vec<Effect> {
    if let Err(why) = in_reach(at, app.now) {
        app.notices.add(NoticeLevel::Info, why.to_string(), app.now);
        return Vec::new();
    }
    app.redraw = true;
    if let Some(known) = app.past_kept.get(at) {
        app.past = Some(known);
        return vec![Effect::Forget(Slot::Past)];
    }
    app.past = Some(Past::new(at, &app.fleet));
    vec![Effect::Ask(Box::new(Question::Past(PastQuestion { at })))]
}

/// Back to the live wall.
pub fn leave(app: &mut App) -> Vec<Effect> {
    app.past = None;
    app.redraw = true;
    vec![Effect::Forget(Slot::Past)]
}

/// Takes one environment of the minute in; another minute's is ignored.
pub fn told(app: &mut App, told: PastTold) {
    let Some(past) = app.past.as_mut().filter(|past| past.at == told.at) else { return };
    let Some(index) = past.fleet.position(told.env) else { return };
    for (signal, outcome) in told.cells {
        let Some(row) = past.fleet.signal_index(signal) else { continue };
        let cell = past.fleet.environments.get_mut(index).and_then(|state| state.cells.get_mut(row));
        if let Some(cell) = cell {
            cell.datum = datum(outcome, told.at);
            cell.every_s = EVER_S;
        }
    }
    past.fleet.generation += 1;
    past.waiting = past.waiting.saturating_sub(1);
    if past.waiting == 0 {
        app.past_kept.keep(past.clone());
    }
    app.redraw = true;
}
