//! Opening a log, choosing a group, and taking its lines in.

use jiff::SignedDuration;

use crate::app::notice::NoticeLevel;
use crate::app::screen::Screen;
use crate::app::screens::LogsState;
use crate::app::state::App;
use crate::app::update::stack;
use crate::base::Text;
use crate::inquiry::logs::{LogSource, LogsAnswer, LogsPart};

/// A log is first read from this long ago.
const BACK: SignedDuration = SignedDuration::from_mins(15);

/// Opens the log of the resource that is open or selected.
pub fn open(app: &mut App) {
    let found = app.selected().and_then(|selected| {
        let resource = selected.resource?;
        let source = LogSource::of(selected.state.environment.id, selected.signal_id(app)?, resource);
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

/// Reads the log again from the beginning, only what matches CloudWatch's filter pattern; empty for every line. The
/// lines that are there stay until CloudWatch has accepted it.
pub fn set_pattern(app: &mut App, pattern: &str) {
    let pattern = Text::new(pattern.trim());
    app.logs.refused = None;
    app.logs.trying = Some(pattern).filter(|pattern| *pattern != app.logs.pattern);
}

/// Asks again now where the log is open, in place of waiting or having given up.
pub fn ask_again(app: &mut App) {
    if app.base() == Screen::Logs {
        app.asked.logs = None;
        app.logs.caught_up = false;
        app.logs.fault = None;
    }
}

/// Selects the next line, or the one before, that contains what is searched for; without a search, that is shown by
/// the filter.
pub fn search(app: &mut App, backwards: bool) {
    let nothing = app.logs.search.is_empty() && app.logs.filter.is_empty();
    if app.logs.find(backwards) {
        return;
    }
    let words = match (nothing, app.logs.search.is_empty()) {
        (true, _) => "nothing is searched for yet".to_owned(),
        (false, true) => "no line passes the filter".to_owned(),
        (false, false) => format!("no line has {}", app.logs.search),
    };
    app.notices.add(NoticeLevel::Info, words, app.now);
}

/// Takes a part of the answer in; one to an earlier question is ignored.
pub fn told(app: &mut App, answer: LogsAnswer) {
    if app.asked.logs.is_none() || answer.number != app.asked.log_number {
        return;
    }
    match answer.part {
        LogsPart::Groups(groups) => {
            app.logs.group = if groups.len() == 1 { groups.first().cloned() } else { None };
            app.logs.groups = groups;
            app.logs.fault = None;
            app.logs.caught_up |= app.logs.groups.is_empty();
            // The work goes on with an only group by itself.
            if let Some(asked) = &mut app.asked.logs {
                asked.group.clone_from(&app.logs.group);
            }
        }
        LogsPart::Began => {
            app.logs.fault = None;
            if let Some(pattern) = app.logs.trying.take() {
                app.logs.read_again(pattern);
            }
        }
        LogsPart::Lines { lines, skipped_s } => {
            app.logs.skipped_s += skipped_s;
            app.logs.fault = None;
            app.logs.take(lines);
        }
        LogsPart::CaughtUp => {
            app.logs.caught_up = true;
            app.logs.fault = None;
        }
        LogsPart::Refused(fault) => match app.logs.trying.take() {
            Some(_) => {
                app.notices.add(NoticeLevel::Error, fault.message.to_string(), app.now);
                app.logs.refused = Some(fault);
            }
            None => app.logs.fault = Some(fault),
        },
        LogsPart::Fault(fault) => app.logs.fault = Some(fault),
    }
    app.redraw |= app.base() == Screen::Logs;
}
