//! What can be done to one resource, and why the rest cannot.

use ratatui::layout::Rect;

use crate::app::{Action, App, HitMap};
use crate::config::theme::Role;
use crate::model::{Risk, Severity};
use crate::runbook::desk::Offer;
use crate::ui::fit::wrap;
use crate::ui::look::Look;
use crate::ui::views::guarded::band;
use crate::ui::views::{key, nothing};
use crate::ui::when;
use crate::ui::widgets::table::{self, Column, Place, Table, name, place};
use crate::ui::widgets::{Parts, Pen, fault};

const COLUMNS: &[Column] = &[
    Column { title: "fits", least: 11, most: 12, rank: 0, right: false },
    Column { title: "runbook", least: 22, most: 34, rank: 0, right: false },
    Column { title: "risk", least: 10, most: 10, rank: 1, right: false },
    Column { title: "action", least: 21, most: 24, rank: 3, right: false },
    Column { title: "what it does", least: 28, most: 400, rank: 0, right: false },
];

/// Draws the runbooks below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let look = pen.look;
    let state = &app.runbooks;
    let Some(subject) = &state.subject else {
        nothing(pen, area, &[format!("Select a resource and press {}.", key(app, Action::Runbooks))]);
        return;
    };
    band(app, pen, Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), 1), Some(subject.env));
    let mut about = Parts::new();
    about.push("actions on ", look.style(Role::Dim)).name(&*subject.resource.name, look.style(Role::Title));
    about.after(2, &*subject.resource.headline, look.severity(subject.resource.severity));
    pen.parts(area.x + 1, area.y + 2, area.width.saturating_sub(2), &about);
    let area = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let remarks = match state.problems().len() {
        0 => Vec::new(),
        1 => vec!["1 runbook file cannot be used".to_owned()],
        count => vec![format!("{count} runbook files cannot be used")],
    };
    let table = Table { columns: COLUMNS, rows: state.len(), cursor: state.rows.cursor, remarks: &remarks };
    let row = |index: usize| match state.offers().get(index) {
        Some(offer) => line(offer, look),
        None => problem(app, index, look),
    };
    let panes = table::draw(pen, hits, area, &table, row, |_| Severity::Absent);
    match &state.offered {
        None => {
            let age = state.asked_at.map_or(0, |at| crate::base::clock::seconds_between(at, app.now));
            let waits = format!("{} Looking up what fits; asked {} ago.", look.glyphs.waiting, when::age(age));
            let back = format!("AWS is asked for targets and choices; {} goes back", key(app, Action::Back));
            nothing(pen, panes.rows, &[waits, back]);
        }
        Some(Err(found)) => {
            fault::draw(pen, panes.rows, found, Severity::Unknown);
        }
        Some(Ok(offered)) if offered.offers.is_empty() && offered.problems.is_empty() => {
            let none = "There is no runbook at all.".to_owned();
            nothing(pen, panes.rows, &[none, "watchfloor runbooks list tells what there is".to_owned()]);
        }
        Some(Ok(_)) => story(app, pen, panes.detail),
    }
}

fn line(offer: &Offer, look: &Look) -> Vec<Place<'static>> {
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let risk = match offer.risk {
        _ if offer.reads_only => place("reads only", dim),
        Risk::Low => place("low", text),
        Risk::High => place("high", look.severity(Severity::Warning)),
        Risk::Critical => place("critical", look.severity(Severity::Critical)),
    };
    let (fits, plain) = match (&offer.why_not, offer.untrusted) {
        (Some(_), _) => (place(format!("{} no", look.glyphs.absent), dim), dim),
        (None, true) => (place("! untrusted", look.severity(Severity::Warning)), text),
        (None, false) => (place(format!("{} yes", look.glyphs.holds), look.severity(Severity::Ok)), text),
    };
    let words = match &offer.why_not {
        Some(why) => place(why.to_string(), dim),
        None => place(offer.title.to_string(), text),
    };
    vec![fits, name(offer.runbook.to_string(), plain), risk, place(offer.action.to_string(), dim), words]
}

fn problem(app: &App, index: usize, look: &Look) -> Vec<Place<'static>> {
    let problem = app.runbooks.problems().get(index - app.runbooks.offers().len());
    let words = problem.map(ToString::to_string).unwrap_or_default();
    let style = look.severity(Severity::Warning);
    let none = Parts::new;
    vec![place("! file", style), place("cannot be used", style), none(), none(), place(words, style)]
}

fn story(app: &App, pen: &mut Pen<'_>, at: Rect) {
    let look = pen.look;
    let state = &app.runbooks;
    let (text, dim, title) = (look.style(Role::Text), look.style(Role::Dim), look.style(Role::Title));
    let mut told: Vec<(String, ratatui::style::Style)> = Vec::new();
    match state.chosen() {
        None => {
            let index = state.rows.selected() - state.offers().len().min(state.rows.selected());
            let words = state.problems().get(index).map(ToString::to_string).unwrap_or_default();
            told.push((words, look.severity(Severity::Warning)));
            told.push(("The other runbooks stay usable.".to_owned(), dim));
        }
        Some(offer) => {
            told.push((offer.title.to_string(), title));
            if let Some(why) = &offer.why_not {
                told.push((format!("does not fit: {why}"), text));
            }
            match offer.targets.as_slice() {
                [] => {}
                [target] => told.push((format!("target  {}  {}", target.name, target.arn), text)),
                several => {
                    told.push((format!("{} targets answer to this name: one is picked next", several.len()), text))
                }
            }
            if offer.untrusted {
                let words = format!(
                    "Its file is yours, and new or changed since you trusted it: read it. Before anything is sent you \
                     type trust/{}.",
                    offer.runbook
                );
                told.push((words, look.severity(Severity::Warning)));
            }
            if offer.why_not.is_none() {
                let asks: Vec<&str> = offer.params.iter().map(|param| &*param.name).collect();
                let asks = if asks.is_empty() { "nothing".to_owned() } else { asks.join(", ") };
                let open = key(app, Action::Open);
                told.push((format!("asks for {asks}; {open} plans it, which reads only and sends nothing"), dim));
            }
        }
    }
    let room = at.width.saturating_sub(2);
    let rows = told
        .into_iter()
        .flat_map(|(words, style)| wrap(&words, room, 4, look.glyphs.cut).into_iter().map(move |row| (row, style)));
    for ((row, style), y) in rows.zip(at.y..at.bottom()) {
        pen.text(at.x + 1, y, room, &row, style);
    }
}
