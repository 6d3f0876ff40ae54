//! The command palette: what can be chosen, and choosing it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::effect::Effect;
use crate::app::keymap::{ACTIONS, Action, Group};
use crate::app::palette::{Command, Entry, Palette};
use crate::app::screen::{Screen, ScreenKind};
use crate::app::state::{App, Typing};
use crate::app::update::{actions, input, selection};
use crate::base::Text;

/// Opens the palette.
pub fn open(app: &mut App) {
    app.typing = Typing::Palette(Palette::new(entries(app)));
}

/// A key while the palette is open.
pub fn key(app: &mut App, event: KeyEvent) -> Vec<Effect> {
    let page = isize::try_from(app.overlay_page()).unwrap_or(isize::MAX);
    let Typing::Palette(palette) = &mut app.typing else { return Vec::new() };
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    match event.code {
        KeyCode::Esc => app.typing = Typing::Off,
        KeyCode::Enter => return choose(app),
        KeyCode::Up | KeyCode::BackTab => step(palette, -1),
        KeyCode::Down | KeyCode::Tab => step(palette, 1),
        KeyCode::Char('p') if control => step(palette, -1),
        KeyCode::Char('n') if control => step(palette, 1),
        KeyCode::PageUp => step(palette, -page),
        KeyCode::PageDown => step(palette, page),
        _ => {
            if input::edit(&mut palette.input, event) {
                palette.search();
            }
        }
    }
    Vec::new()
}

/// Text pasted while the palette is open.
pub fn paste(app: &mut App, text: &str) {
    if let Typing::Palette(palette) = &mut app.typing {
        input::insert(&mut palette.input, text);
        palette.search();
    }
}

/// Moves the selection among the matches.
pub fn step(palette: &mut Palette, steps: isize) {
    let last = palette.matches.len().saturating_sub(1);
    palette.cursor.selected = palette.cursor.selected.saturating_add_signed(steps).min(last);
}

/// Closes the palette and does what is selected; nothing when nothing matches.
pub fn choose(app: &mut App) -> Vec<Effect> {
    let Typing::Palette(palette) = std::mem::take(&mut app.typing) else { return Vec::new() };
    match palette.chosen() {
        None => {}
        Some(Command::Do(action)) => return actions::perform(app, *action),
        Some(Command::Show(screen)) => actions::go(app, *screen),
        Some(Command::Environment(index)) => selection::show_environment(app, *index),
        Some(Command::System(index)) => actions::show_system(app, *index),
        Some(Command::Theme(index)) => actions::use_theme(app, *index),
    }
    Vec::new()
}

/// Everything that can be chosen on the topmost screen.
fn entries(app: &App) -> Vec<Entry> {
    let entry =
        |label: String, hint: &str, command| Entry { label: Text::from(label), hint: Text::from(hint), command };
    let screen = app.screen().kind();
    let mut entries = Vec::new();
    for kind in [ScreenKind::Wall, ScreenKind::Alarms, ScreenKind::Connections, ScreenKind::Messages] {
        let target = match kind {
            ScreenKind::Alarms => Screen::Alarms,
            ScreenKind::Connections => Screen::Connections,
            ScreenKind::Messages => Screen::Messages,
            _ => Screen::Wall,
        };
        entries.push(entry(kind.title().to_owned(), "screen", Command::Show(target)));
    }
    for info in app.picture().signals.iter() {
        entries.push(entry(format!("signal {}", info.title), info.id.0, Command::Show(Screen::Signal(info.id))));
    }
    let offered = |action: Action| {
        !matches!(action, Action::System(_) | Action::Palette | Action::Alarms | Action::Connections | Action::Messages)
    };
    for info in ACTIONS.iter().filter(|info| info.works_on(screen) && info.group != Group::Move && offered(info.action))
    {
        let keys = app.keymap.keys_of(info.action).join(" ");
        entries.push(entry(info.name.to_owned(), &format!("{} ({keys})", info.help), Command::Do(info.action)));
    }
    for (index, system) in app.systems.iter().enumerate() {
        entries.push(entry(format!("system {system}"), "show this system", Command::System(index)));
    }
    for (index, state) in app.picture().environments.iter().enumerate() {
        let label = format!("environment {}", state.label());
        entries.push(entry(label, &state.environment.region, Command::Environment(index)));
    }
    for (index, theme) in app.themes.iter().enumerate() {
        entries.push(entry(format!("theme {theme}"), "use this theme", Command::Theme(index)));
    }
    entries
}
