//! The mouse: a click selects, a double click opens, the wheel scrolls.

use std::time::Duration;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::app::effect::Effect;
use crate::app::hit::Target;
use crate::app::keymap::Action;
use crate::app::screen::Pane;
use crate::app::state::{App, Typing};
use crate::app::update::{actions, navigation, palette, selection};

/// Two clicks on the same thing within this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);
/// Rows that one step of the wheel moves.
const WHEEL: isize = 3;

/// One mouse event; movements and other buttons do nothing.
pub fn mouse(app: &mut App, event: MouseEvent, at: Duration) -> Vec<Effect> {
    let target = app.hits.at(event.column, event.row);
    let effects = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => click(app, target, at),
        MouseEventKind::ScrollUp => wheel(app, target, -1),
        MouseEventKind::ScrollDown => wheel(app, target, 1),
        MouseEventKind::ScrollLeft if matches!(app.typing, Typing::Off) => {
            navigation::sideways(app, -1);
            Vec::new()
        }
        MouseEventKind::ScrollRight if matches!(app.typing, Typing::Off) => {
            navigation::sideways(app, 1);
            Vec::new()
        }
        _ => return Vec::new(),
    };
    app.redraw = true;
    app.settle();
    effects
}

fn click(app: &mut App, target: Option<Target>, at: Duration) -> Vec<Effect> {
    let Some(target) = target.filter(|target| reachable(app, *target)) else {
        app.last_click = None;
        return Vec::new();
    };
    let double = app.last_click.is_some_and(|(when, what)| what == target && at.saturating_sub(when) <= DOUBLE);
    app.last_click = if double { None } else { Some((at, target)) };
    select(app, target);
    match target {
        Target::Action(action) => actions::perform(app, action),
        Target::Palette(_) if double => palette::choose(app),
        Target::Row(_) | Target::Cell { .. } | Target::Detail(_) | Target::Line(..) if double => {
            actions::perform(app, Action::Open)
        }
        _ => Vec::new(),
    }
}

/// What lies under the palette or an overlay cannot be clicked.
fn reachable(app: &App, target: Target) -> bool {
    match (&app.typing, target) {
        (Typing::Palette(_), target) => matches!(target, Target::Palette(_)),
        // Forms and dialogs are answered by keys: a stray click confirms nothing.
        (Typing::Form(_) | Typing::Dialog(_), _) => false,
        (_, Target::Palette(_)) => false,
        (_, Target::Action(_)) => true,
        _ => !app.screen().kind().is_overlay(),
    }
}

fn select(app: &mut App, target: Target) {
    match target {
        Target::Row(row) => {
            let column = selection::column(app);
            app.pane = Pane::Main;
            selection::choose(app, row, column);
        }
        Target::Cell { row, column } => {
            app.pane = Pane::Main;
            selection::choose(app, row, column);
        }
        Target::Column(column) => {
            let row = selection::row(app);
            app.pane = Pane::Main;
            selection::choose(app, row, column);
        }
        Target::Detail(line) => {
            selection::pin(app);
            let last = app.detail_len().saturating_sub(1);
            app.detail.selected = line.min(last);
            app.pane = if app.detail_len() > 0 { Pane::Detail } else { Pane::Main };
        }
        Target::Pane(Pane::Detail) if app.detail_len() == 0 => {}
        Target::Pane(pane) => app.pane = pane,
        Target::Palette(index) => {
            if let Typing::Palette(palette) = &mut app.typing {
                palette.cursor.selected = index.min(palette.matches.len().saturating_sub(1));
            }
        }
        Target::Tab(pane) => app.resource.pane = pane,
        Target::Line(pane, line) => {
            app.resource.pane = pane;
            selection::choose(app, line, 0);
        }
        Target::Action(_) => {}
    }
}

fn wheel(app: &mut App, target: Option<Target>, direction: isize) -> Vec<Effect> {
    if matches!(app.typing, Typing::Form(_) | Typing::Dialog(_)) {
        return Vec::new();
    }
    if let Typing::Palette(palette) = &mut app.typing {
        palette::step(palette, direction);
        return Vec::new();
    }
    let over_detail = matches!(target, Some(Target::Detail(_) | Target::Pane(Pane::Detail)));
    let pane = app.pane;
    if !app.screen().kind().is_overlay() {
        app.pane = if over_detail { Pane::Detail } else { Pane::Main };
    }
    navigation::step(app, direction * WHEEL);
    app.pane = pane;
    Vec::new()
}
