//! What nobody knows the outcome of, what runs, what is owed, and all runs.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::screens::RecordRow;
use crate::app::screens::guarded::records::Part;
use crate::app::{Action, App, HitMap};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::model::record::Ending;
use crate::runbook::audit::Run as RunSummary;
use crate::ui::fit::wrap;
use crate::ui::look::Look;
use crate::ui::views::guarded::run_now;
use crate::ui::views::{hidden_by_choice, key, nothing, remarks};
use crate::ui::when;
use crate::ui::widgets::Pen;
use crate::ui::widgets::table::{self, Column, Place, Table, name, place};

const COLUMNS: &[Column] = &[
    Column { title: "when", least: 12, most: 18, rank: 0, right: false },
    Column { title: "outcome", least: 14, most: 30, rank: 0, right: false },
    Column { title: "where", least: 10, most: 24, rank: 2, right: false },
    Column { title: "target", least: 14, most: 40, rank: 0, right: false },
    Column { title: "who", least: 10, most: 28, rank: 3, right: false },
    Column { title: "what", least: 18, most: 400, rank: 1, right: false },
];

/// Draws the records below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let look = pen.look;
    let guarded = &app.guarded;
    let broken = guarded.standings.as_ref().and_then(|standings| standings.broken.as_ref());
    let fault = guarded.records_fault.as_ref().or(broken);
    let area = match fault {
        Some(fault) => {
            let text = format!("{} {fault}", look.glyphs.critical);
            pen.text(area.x + 1, area.y + 1, area.width - 2, &text, look.severity(Severity::Critical));
            Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
        }
        None => area,
    };
    let rows = &app.derived.records;
    let remarks: Vec<String> = remarks(app, None).into_iter().filter(|remark| remark != "attention only").collect();
    let table = Table { columns: COLUMNS, rows: rows.len(), cursor: app.records.rows.cursor, remarks: &remarks };
    let row = |index: usize| rows.get(index).map(|row| line(app, row, look)).unwrap_or_default();
    let panes = table::draw(pen, hits, area, &table, row, |_| Severity::Absent);
    if rows.is_empty() {
        nothing(pen, panes.rows, &empty(app));
        return;
    }
    let mut y = panes.detail.y;
    let room = panes.detail.width.saturating_sub(2);
    for (words, style) in rows.get(app.records.rows.selected()).map(|row| story(app, row, look)).unwrap_or_default() {
        let left = usize::from(panes.detail.bottom().saturating_sub(y));
        for row in wrap(&words, room, left, look.glyphs.cut) {
            pen.text(panes.detail.x + 1, y, room, &row, style);
            y += 1;
        }
    }
}

fn empty(app: &App) -> Vec<String> {
    if !app.filter().is_empty() {
        return hidden_by_choice(app).unwrap_or_default();
    }
    match (&app.guarded.standings, &app.guarded.records_fault) {
        (None, None) => vec!["The records are being read.".to_owned()],
        (None, Some(_)) => {
            vec!["The records cannot be read.".to_owned(), "Nothing can be changed meanwhile.".to_owned()]
        }
        (Some(_), _) => vec![
            "Nothing was changed or refused so far, and nothing is owed.".to_owned(),
            format!("{} on a resource tells what can be done to it", key(app, Action::Runbooks)),
        ],
    }
}

fn line<'a>(app: &'a App, row: &'a RecordRow, look: &Look) -> Vec<Place<'a>> {
    let (text, dim, now) = (look.style(Role::Text), look.style(Role::Dim), app.now);
    let standings = app.guarded.standings.as_deref();
    let found = match row {
        RecordRow::Head(part) => {
            let (words, style) = match part {
                Part::Unresolved => ("UNKNOWN", look.severity(Severity::Unknown)),
                Part::Going => ("open here", look.style(Role::Accent)),
                Part::Owed => ("owed back", look.style(Role::Match)),
                Part::Runs => ("all runs", look.style(Role::Accent)),
            };
            Some(vec![place(words, style)])
        }
        RecordRow::Unresolved(index, _) => standings.and_then(|s| s.unresolved.get(*index)).map(|(open, read)| {
            let unknown = look.severity(Severity::Unknown);
            let target = &open.plan.target;
            let words = read.as_ref().map_or("not read yet".to_owned(), |read| format!("AWS now shows {read}"));
            vec![
                place(when::dated(open.at, now), dim),
                place(format!("{} UNKNOWN", look.glyphs.unknown), unknown),
                place(&*target.environment, text),
                name(&*target.name, text),
                name(&*open.operator, dim),
                place(format!("{}: {words}", open.runbook), text),
            ]
        }),
        RecordRow::Going(id) => app.guarded.run(id).map(|own| {
            let run = &own.run;
            let (word, style) = run_now::word(run, look);
            vec![
                place(when::dated(run.began, now), dim),
                place(word, style),
                place(&*run.target.environment, text),
                name(&*run.target.name, text),
                place("this console", dim),
                place(&*run.course.title, text),
            ]
        }),
        RecordRow::Owed(index, _) => standings.and_then(|s| s.owed.get(*index)).map(|owed| {
            let target = owed.arn.rsplit([':', '/']).next().unwrap_or_default();
            let ends = owed.ends.map(|ends| format!(", AWS ends it {}", when::moment(ends, now))).unwrap_or_default();
            vec![
                place(format!("since {}", when::moment(owed.since, now)), dim),
                place("owed", look.style(Role::Match)),
                place(&*owed.environment, text),
                name(target, text),
                name(&*owed.operator, dim),
                place(format!("{}{ends}", owed.says), text),
            ]
        }),
        RecordRow::Run(index, _) => standings.and_then(|s| s.runs.get(*index)).map(|run| {
            let (state, style) = outcome(run, look);
            let what = if run.change.is_empty() { &run.says } else { &run.change };
            vec![
                place(when::dated(run.began, now), dim),
                place(state, style),
                place(&*run.environment, text),
                name(&*run.target, text),
                name(&*run.operator, dim),
                place(format!("{}  {what}", run.runbook), text),
            ]
        }),
    };
    found.unwrap_or_default()
}

fn outcome(run: &RunSummary, look: &Look) -> (String, Style) {
    let (mark, severity) = match run.ending {
        Some(Ending::Verified) => (look.glyphs.holds, Severity::Ok),
        Some(Ending::Failed) => (look.glyphs.critical, Severity::Critical),
        Some(Ending::Unverified | Ending::Stopped) => (look.glyphs.warning, Severity::Warning),
        Some(Ending::NotSent | Ending::Rejected) => (look.glyphs.dot, Severity::Absent),
        None if run.unknown > 0 => (look.glyphs.unknown, Severity::Unknown),
        None => (look.glyphs.dot, Severity::Absent),
    };
    let style = if severity == Severity::Absent { look.style(Role::Text) } else { look.severity(severity) };
    (format!("{mark} {}", run.state()), style)
}

fn story(app: &App, row: &RecordRow, look: &Look) -> Vec<(String, Style)> {
    let (text, dim, title) = (look.style(Role::Text), look.style(Role::Dim), look.style(Role::Title));
    let standings = app.guarded.standings.as_deref();
    let keys = |action| key(app, action);
    match row {
        RecordRow::Head(_) => Vec::new(),
        RecordRow::Unresolved(index, _) => standings.and_then(|s| s.unresolved.get(*index)).map_or_else(Vec::new, |it| {
            let (open, read) = it;
            let came = open.fault.as_ref().map_or("its console ended before the answer".to_owned(), ToString::to_string);
            let shows = read.as_ref().map_or("AWS has not been read since.".to_owned(), |r| format!("AWS now shows {r}."));
            let unknown = format!(
                "UNKNOWN  intent of {}, {came}. {shows} Nothing will be sent again.  [{}] treat as applied  [{}] treat \
                 as not applied  [{}] read again",
                when::dated(open.at, app.now),
                keys(Action::Applied),
                keys(Action::NotApplied),
                keys(Action::Refresh),
            );
            vec![
                (unknown, look.severity(Severity::Unknown)),
                (format!("{} on {}", open.plan.operation, open.plan.target.arn), text),
                (format!("as {}, by {}", open.principal, open.operator), dim),
                ("The target is blocked until this is resolved.".to_owned(), dim),
            ]
        }),
        RecordRow::Going(id) => app.guarded.run(id).map_or_else(Vec::new, |own| {
            let open = format!("{} shows it", keys(Action::Open));
            vec![run_now::now(app, &own.run, look), (own.run.target.arn.to_string(), text), (open, dim)]
        }),
        RecordRow::Owed(index, _) => standings.and_then(|s| s.owed.get(*index)).map_or_else(Vec::new, |owed| {
            let undo = match &owed.undo {
                Some(undo) => format!("{} plans {} to bring it back", keys(Action::Undo), undo.action),
                None => "nothing brings it back by itself".to_owned(),
            };
            let settle = format!("{} says that it was brought back otherwise", keys(Action::Settle));
            vec![
                (owed.says.to_string(), title),
                (owed.arn.to_string(), text),
                (format!("left {} by {}", when::dated(owed.since, app.now), owed.operator), dim),
                (format!("{undo}; {settle}"), dim),
            ]
        }),
        RecordRow::Run(index, _) => standings.and_then(|s| s.runs.get(*index)).map_or_else(Vec::new, |run| {
            let mut out = vec![(format!("{}  {}", run.runbook, run.state()), title)];
            for (words, style) in [(&run.change, text), (&run.says, text), (&run.arn, dim)] {
                if !words.is_empty() {
                    out.push((words.to_string(), style));
                }
            }
            out.push((format!("as {}, by {}", run.principal, run.operator), dim));
            if !run.reason.is_empty() {
                out.push((format!("because: {}", run.reason), dim));
            }
            if !run.overridden.is_empty() {
                let rules: Vec<&str> = run.overridden.iter().map(|rule| &**rule).collect();
                out.push((format!("overridden: {}", rules.join(", ")), look.severity(Severity::Warning)));
            }
            if run.undo.is_some() && run.accepted > 0 {
                out.push((format!("{} plans what brings it back", keys(Action::Undo)), dim));
            }
            out
        }),
    }
}
