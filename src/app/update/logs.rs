//! Opening a log, choosing a group, and taking its lines in.

use jiff::SignedDuration;

use crate::app::notice::NoticeLevel;
use crate::app::screen::Screen;
use crate::app::screens::LogsState;
use crate::app::state::App;
use crate::app::update::stack;
use crate::base::Text;
use crate::inquiry::logs::{LogSource, LogsAnswer};
use crate::signals::charts::spec::text;

/// A log is first read from this long ago.
const BACK: SignedDuration = SignedDuration::from_mins(15);

/// Opens the log of the resource that is open or selected.
pub fn open(app: &mut App) {
    let found = app.selected().and_then(|selected| {
        let resource = selected.resource?;
        let detail = ["task_definition", "cluster"].iter().find_map(|key| text(resource, key));
        let source = LogSource {
            env: selected.state.environment.id,
            signal: selected.signal_id(app)?,
            name: resource.name.clone(),
            detail: Text::new(detail.unwrap_or_default()),
        };
        Some((source, Text::new(format!("{} {}", selected.state.environment.name, resource.name))))
    });
    match found {
        Some((source, label)) => {
            if app.logs.source.as_ref() != Some(&source) {
                let from = app.now.checked_sub(BACK).unwrap_or(app.now);
                let wrap = app.logs.wrap;
                app.logs = LogsState::of(source, label, from);
                app.logs.wrap = wrap;
            }
            stack::go(app, Screen::Logs);
        }
        None => stack::nothing_selected(app),
    }
}

/// Reads the selected group, where there are several.
pub fn choose(app: &mut App) {
    if app.logs.chooses() {
        app.logs.group = app.logs.groups.get(app.logs.cursor.selected).cloned();
        app.logs.cursor = Default::default();
        app.logs.follow = true;
    }
}

/// Follows the newest line, or stays.
pub fn follow(app: &mut App) {
    app.logs.follow = !app.logs.follow;
    let words = if app.logs.follow { "following the newest line" } else { "staying here; lines keep coming" };
    app.notices.add(NoticeLevel::Info, words, app.now);
}

/// Takes a part of the answer in.
pub fn told(app: &mut App, answer: LogsAnswer) {
    if app.logs.source.is_none() {
        return;
    }
    match answer {
        LogsAnswer::Groups(groups) => {
            app.logs.group = if groups.len() == 1 { groups.first().cloned() } else { None };
            app.logs.groups = groups;
            app.logs.caught_up |= app.logs.groups.is_empty();
            // The work goes on with an only group by itself.
            if let Some(asked) = &mut app.asked.logs {
                asked.1.clone_from(&app.logs.group);
            }
        }
        LogsAnswer::Lines { group, lines, skipped_s } => {
            if app.logs.group.as_ref() == Some(&group) {
                app.logs.skipped_s += skipped_s;
                app.logs.fault = None;
                app.logs.take(lines);
            }
        }
        LogsAnswer::CaughtUp => {
            app.logs.caught_up = true;
            app.logs.fault = None;
        }
        LogsAnswer::Fault(fault) => app.logs.fault = Some(fault),
    }
    app.redraw |= app.base() == Screen::Logs;
}
