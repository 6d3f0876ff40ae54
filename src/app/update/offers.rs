//! What the command palette offers when it is opened.

use crate::app::keymap::{ACTIONS, Action, Group};
use crate::app::palette::{Command, Entry, Palette};
use crate::app::screen::{Screen, ScreenKind};
use crate::app::state::{App, Typing};
use crate::base::Text;
use crate::model::SignalId;

/// Opens the palette.
pub fn open(app: &mut App) {
    app.typing = Typing::Palette(Palette::new(entries(app)));
}

/// Everything that can be chosen on the topmost screen.
fn entries(app: &App) -> Vec<Entry> {
    let entry =
        |label: String, hint: &str, command| Entry { label: Text::from(label), hint: Text::from(hint), command };
    let screen = app.screen().kind();
    let mut entries = Vec::new();
    for kind in [
        ScreenKind::Wall,
        ScreenKind::Timeline,
        ScreenKind::Alarms,
        ScreenKind::Connections,
        ScreenKind::Records,
        ScreenKind::Messages,
    ] {
        let target = match kind {
            ScreenKind::Timeline => Screen::Timeline,
            ScreenKind::Alarms => Screen::Alarms,
            ScreenKind::Connections => Screen::Connections,
            ScreenKind::Records => Screen::Records,
            ScreenKind::Messages => Screen::Messages,
            _ => Screen::Wall,
        };
        entries.push(entry(kind.title().to_owned(), "screen", Command::Show(target)));
    }
    for info in app.picture().signals.iter() {
        entries.push(entry(format!("signal {}", info.title), info.id.0, Command::Show(Screen::Signal(info.id))));
    }
    let offered = |action: Action| {
        !matches!(
            action,
            Action::System(_)
                | Action::Palette
                | Action::Timeline
                | Action::Alarms
                | Action::Connections
                | Action::Messages
                | Action::Records
        )
    };
    for info in ACTIONS.iter().filter(|info| info.works_on(screen) && info.group != Group::Move && offered(info.action))
    {
        let keys = app.keymap.keys_of(info.action).join(" ");
        entries.push(entry(info.name.to_owned(), &format!("{} ({keys})", info.help), Command::Do(info.action)));
    }
    let with_log = |signal: SignalId| signal.0 != "alarms" && screen != ScreenKind::Resource;
    if app.selected().is_some_and(|s| s.resource.is_some() && s.signal_id(app).is_some_and(with_log)) {
        entries.push(entry("logs".to_owned(), "the log of the selected resource", Command::Do(Action::Logs)));
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
