//! A run: where it goes, what changes, what stands in the way, and what becomes of it.

use ratatui::layout::Rect;

use crate::app::screens::RunRow;
use crate::app::{Action, App, HitMap, OwnRun, Pane, Target};
use crate::config::theme::Role;
use crate::model::{Severity, Tier};
use crate::ui::fit::wrap;
use crate::ui::layout::{Columns, panes};
use crate::ui::views::guarded::{band, run_now, run_rows, run_story};
use crate::ui::views::{key, nothing};
use crate::ui::when;
use crate::ui::widgets::frame::{self, Hidden};
use crate::ui::widgets::{Parts, Pen};

/// Rows that what is to be done now may take.
const MOST_NOW: usize = 4;

/// Draws the run below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let Some(own) = app.shown_run() else {
        let env = app.runbooks.subject.as_ref().map(|subject| subject.env);
        band(app, pen, Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), 1), env);
        let inside = Rect { y: area.y + 2, height: area.height.saturating_sub(3), ..area };
        nothing(pen, inside, &none(app));
        return;
    };
    let look = pen.look;
    band(app, pen, Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), 1), Some(own.env));
    pen.parts(area.x + 1, area.y + 2, area.width.saturating_sub(2), &title(app, own, pen));
    let area = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let rows = app.run_rows();
    let panes = panes(area, rows.len());
    frame::draw(pen, &panes, &Columns::default(), false);
    if app.environment_of(own.env).is_some_and(|environment| environment.tier == Tier::Production) {
        let style = look.tier(Tier::Production);
        for x in [area.x, area.right().saturating_sub(1)] {
            let tall = panes.bottom.saturating_sub(panes.top) + 1;
            pen.shade(Rect::new(x, panes.top, 1, tall), style);
        }
    }
    let room = usize::from(panes.rows.height);
    hits.rows = room;
    hits.areas.push((panes.rows, Target::Pane(Pane::Main)));
    let window = app.run.rows.cursor.window(rows.len(), room);
    let inside = Rect { x: panes.rows.x + 1, width: panes.rows.width.saturating_sub(2), ..panes.rows };
    let widths = run_rows::Widths::of(&own.run, inside.width);
    for (index, y) in window.clone().zip(inside.y..) {
        let Some(row) = rows.get(index) else { continue };
        run_rows::draw(app, pen, Rect::new(inside.x, y, inside.width, 1), &own.run, *row, &widths);
        let whole = Rect::new(panes.rows.x, y, panes.rows.width, 1);
        if index == app.run.rows.selected() && !matches!(row, RunRow::Head(_)) {
            pen.shade(whole, look.style(Role::Selected));
            pen.text(panes.rows.x, y, 1, look.glyphs.more[1], look.style(Role::Accent));
        }
        hits.areas.push((whole, Target::Row(index)));
    }
    let hidden = |range: std::ops::Range<usize>| Hidden { count: range.len(), worst: Severity::Absent };
    let upright = [hidden(0..window.start), hidden(window.end..rows.len().max(window.end))];
    frame::marks(pen, &panes, [Hidden::default(); 2], upright, &[]);
    let below = now(app, pen, panes.detail, own);
    let chosen = rows.get(app.run.rows.selected());
    if let Some(row) = chosen {
        run_story::draw(app, pen, below, &own.run, *row);
    }
}

/// What is to be done now, first. Answers what is left below.
fn now(app: &App, pen: &mut Pen<'_>, at: Rect, own: &OwnRun) -> Rect {
    let (words, style) = run_now::now(app, &own.run, pen.look);
    let room = at.width.saturating_sub(2);
    let most = usize::from(at.height).min(MOST_NOW);
    let rows = wrap(&words, room, most, pen.look.glyphs.cut);
    for (row, y) in rows.iter().zip(at.y..) {
        pen.text(at.x + 1, y, room, row, style);
    }
    let taken = u16::try_from(rows.len()).unwrap_or(0).min(at.height);
    Rect { y: at.y + taken, height: at.height - taken, ..at }
}

/// The runbook, how risky it is, and where the run is.
fn title<'a>(app: &App, own: &'a OwnRun, pen: &Pen<'_>) -> Parts<'a> {
    let look = pen.look;
    let run = &own.run;
    let (word, style) = run_now::word(run, look);
    let mut parts = Parts::new();
    parts.push(word, style);
    if run.ending.is_none() && run.confirmed {
        let clock = crate::ui::widgets::armed::clock;
        let words = format!("{} of {}", clock(run.lasts_s(app.now)), clock(run.course.deadline_s));
        parts.after(2, words, look.style(Role::Dim));
    }
    parts.after(2, format!("{} risk", run.course.policy.risk.word()), look.style(Role::Dim));
    parts.after(2, &*run.course.title, look.style(Role::Title));
    let others = app.guarded.going().filter(|other| other.run.id != run.id).count();
    if others > 0 {
        let words = format!("{others} more open, {} goes there", key(app, Action::NextPane));
        parts.after(2, words, look.style(Role::Accent));
    }
    parts
}

fn none(app: &App) -> Vec<String> {
    let back = key(app, Action::Back);
    if let Some(starting) = &app.run.starting {
        let age = when::ago(starting.since, app.now);
        return vec![
            format!("… Planning {}; asked {age} ago.", starting.title),
            format!("The target is being read; nothing is sent. {back} goes back."),
        ];
    }
    match &app.run.not_started {
        Some(why) => vec![format!("The run did not begin: {why}"), format!("Nothing was sent. {back} goes back.")],
        None => vec![
            "No run is open.".to_owned(),
            format!("{} on a resource begins one; {} shows all", key(app, Action::Runbooks), key(app, Action::Records)),
        ],
    }
}
