//! Keys of a dialog. Until it has stood on the screen, whole, no key counts: what was typed ahead was meant for
//! something else.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::dialog::{About, Demand, Dialog, Focus};
use crate::app::effect::Effect;
use crate::app::hit::DialogDrawn;
use crate::app::state::{App, Typing};
use crate::app::update::guarded::ask;
use crate::app::update::input;

/// Characters that a reason may have.
const REASON: usize = 500;

/// A key while a dialog is open.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let drawn = app.hits.dialog;
    let Typing::Dialog(dialog) = &mut app.typing else { return Vec::new() };
    let Some(DialogDrawn { whole, .. }) = drawn.filter(|drawn| drawn.number == dialog.number) else {
        return Vec::new();
    };
    if !whole {
        if matches!(event.code, KeyCode::Esc | KeyCode::Enter) {
            app.typing = Typing::Off;
        }
        return Vec::new();
    }
    dialog.told = None;
    let plain = !event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match event.code {
        KeyCode::Esc => app.typing = Typing::Off,
        KeyCode::Tab | KeyCode::Down => step(dialog, 1),
        KeyCode::BackTab | KeyCode::Up => step(dialog, -1),
        KeyCode::Enter if dialog.focus == Focus::Cancel => app.typing = Typing::Off,
        KeyCode::Enter => return enter(app),
        KeyCode::Char('y' | 'Y') if plain && dialog.demand == Demand::Yes && dialog.focus == Focus::Cancel => {
            return accept(app);
        }
        KeyCode::Char('n' | 'N') if plain && dialog.demand == Demand::Yes && dialog.focus == Focus::Cancel => {
            app.typing = Typing::Off;
        }
        KeyCode::Char(_) if plain && dialog.focus == Focus::Cancel => {
            if let Some(first) = dialog.places().get(1) {
                dialog.focus = *first;
                typed(dialog, event);
            }
        }
        _ => typed(dialog, event),
    }
    Vec::new()
}

fn step(dialog: &mut Dialog, by: isize) {
    let places = dialog.places();
    let at = places.iter().position(|place| *place == dialog.focus).unwrap_or(0);
    let next = (at + places.len()).saturating_add_signed(by) % places.len();
    dialog.focus = places.get(next).copied().unwrap_or_default();
}

fn typed(dialog: &mut Dialog, event: KeyEvent) {
    match dialog.focus {
        Focus::Cancel => {}
        Focus::Phrase => {
            let most = longest(dialog);
            input::edit_within(&mut dialog.typed, event, most);
        }
        Focus::Reason => {
            if let Some(reason) = &mut dialog.reason {
                input::edit_within(reason, event, REASON);
            }
        }
    }
}

/// Characters that may be typed for the phrase.
fn longest(dialog: &Dialog) -> usize {
    match &dialog.demand {
        Demand::Phrase(phrase) => phrase.chars().count() + 20,
        Demand::Yes | Demand::Reason => 0,
    }
}

/// Enter in a field: on to the reason, where that is still empty; else what the dialog is for.
fn enter(app: &mut App) -> Vec<Effect> {
    let Typing::Dialog(dialog) = &mut app.typing else { return Vec::new() };
    let lacks_reason = dialog.reason.as_ref().is_some_and(|reason| reason.value().trim().is_empty());
    if dialog.focus == Focus::Phrase && lacks_reason {
        dialog.focus = Focus::Reason;
        return Vec::new();
    }
    accept(app)
}

fn accept(app: &mut App) -> Vec<Effect> {
    let Typing::Dialog(dialog) = &mut app.typing else { return Vec::new() };
    if let Some(lacks) = dialog.lacks() {
        dialog.told = Some(lacks);
        return Vec::new();
    }
    let request = dialog.request();
    if let About::Arm(env) = dialog.about {
        app.guarded.arming = Some(env);
    }
    app.typing = Typing::Off;
    app.run.rows.key = None;
    ask(request)
}

/// Text pasted while a dialog is open: only into a field that the operator has gone to, and for the phrase nothing that
/// is longer than it.
pub fn paste(app: &mut App, text: &str) {
    let drawn = app.hits.dialog;
    let Typing::Dialog(dialog) = &mut app.typing else { return };
    if drawn != Some(DialogDrawn { number: dialog.number, whole: true }) {
        return;
    }
    match (dialog.focus, &dialog.demand) {
        (Focus::Phrase, Demand::Phrase(phrase)) if text.chars().count() <= phrase.chars().count() => {
            let most = longest(dialog);
            input::insert_within(&mut dialog.typed, text, most);
        }
        (Focus::Reason, _) => {
            if let Some(reason) = &mut dialog.reason {
                input::insert_within(reason, text, REASON);
            }
        }
        _ => {}
    }
}
