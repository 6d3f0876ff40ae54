//! One resource: how it is, its curves, everything known of it, what happened to it, and the alarms about it.

use ratatui::layout::Rect;

use crate::app::screens::{ResourcePane, ResourceView};
use crate::app::{Action, App, HitMap, Pane, Target};
use crate::config::theme::Role;
use crate::model::Severity;
use crate::ui::fit::wrap;
use crate::ui::layout::{Columns, Panes};
use crate::ui::reason;
use crate::ui::views::{key, nothing, resource_charts, resource_lists};
use crate::ui::when;
use crate::ui::widgets::grid::name_of;
use crate::ui::widgets::{Parts, Pen, fault, frame};

/// From this many lines inside, curves and a list are shown together.
const TALL: u16 = 26;
/// From this many columns, all lists are shown side by side.
const WIDE: u16 = 150;
/// Lines that the story at the top may take.
const MOST_STORY: u16 = 4;

/// Draws the resource below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let Some(view) = &app.derived.resource else {
        let all = places(area, 1);
        frame::draw(pen, &all, &Columns::default(), false);
        let back = format!("{} goes back", key(app, Action::Back));
        nothing(pen, all.detail, &["No resource is open.".to_owned(), back]);
        return;
    };
    let look = pen.look;
    let story = story(app, view, area.width.saturating_sub(4), pen.look.glyphs.cut);
    let lines = u16::try_from(story.len()).unwrap_or(0);
    let panes = places(area, (1 + lines).min(if area.height < 30 { 2 } else { 1 + MOST_STORY }));
    frame::draw(pen, &panes, &Columns::default(), false);
    head(app, pen, &panes, view);
    pen.parts(panes.rows.x + 1, panes.rows.y, panes.rows.width.saturating_sub(2), &state(app, view, pen));
    for (line, y) in story.iter().zip(panes.rows.y + 1..panes.rows.bottom()) {
        pen.text(panes.rows.x + 1, y, panes.rows.width.saturating_sub(2), line, look.style(Role::Text));
    }
    tabs(app, pen, hits, &panes, view);
    hits.areas.push((panes.detail, Target::Pane(Pane::Main)));
    content(app, pen, hits, panes.detail, view);
}

/// A box with `story` lines above the tab bar.
fn places(area: Rect, story: u16) -> Panes {
    let top = area.y + 1;
    let bottom = area.bottom().saturating_sub(1);
    let rule = (top + 1 + story).min(bottom.saturating_sub(2));
    let (x, width) = (area.x + 1, area.width.saturating_sub(2));
    Panes {
        area,
        top,
        rows: Rect::new(x, top + 1, width, rule.saturating_sub(top + 1)),
        rule,
        detail: Rect::new(x, rule + 1, width, bottom.saturating_sub(rule + 1)),
        bottom,
    }
}

/// Why it is as it is: the reason, and what could not be read of it.
fn story(app: &App, view: &ResourceView, room: u16, mark: &str) -> Vec<String> {
    let mut text = reason::told(&view.resource.reason);
    if view.gone {
        text = format!("AWS does not name it any more; this is what was last known. {text}");
    }
    let cell = app.picture().cell(view.environment, view.signal);
    if let Some(found) = cell.and_then(|cell| cell.datum.fault()) {
        text = format!("{found} {text}");
    }
    wrap(&text, room, usize::from(MOST_STORY), mark)
}

fn head(app: &App, pen: &mut Pen<'_>, panes: &Panes, view: &ResourceView) {
    let look = pen.look;
    let Some(state) = app.picture().environments.get(view.environment) else { return };
    let x = panes.area.x + 1;
    let room = panes.area.width.saturating_sub(2);
    let environment = name_of(state, app.systems.len() > 1);
    let signal = app.picture().signals.get(view.signal).map_or("", |info| &*info.title);
    let x = frame::title(pen, x, panes.top, room, &environment, look.tier(state.environment.tier));
    let x = frame::title(pen, x, panes.top, panes.area.right().saturating_sub(x + 1), signal, look.style(Role::Dim));
    frame::title(
        pen,
        x,
        panes.top,
        panes.area.right().saturating_sub(x + 1),
        &view.resource.name,
        look.style(Role::Title),
    );
}

/// `✖ critical  8.4 %  since 03:05Z · 7 min  read 8 s ago`.
fn state<'v>(app: &App, view: &'v ResourceView, pen: &Pen<'_>) -> Parts<'v> {
    let look = pen.look;
    let now = app.picture_time();
    let mut strong = look.severity(view.severity);
    if !view.freshness.is_fresh() {
        strong = strong.patch(look.style(Role::Stale));
    }
    let mut parts = Parts::new();
    parts.push(format!("{} {}", look.glyphs.severity(view.severity), view.severity), strong);
    parts.after(2, &*view.resource.headline, strong);
    if let Some(since) = view.resource.since {
        let words = format!("since {} {} {}", when::moment(since, now), look.glyphs.dot, when::ago(since, now));
        parts.after(2, words, look.style(Role::Dim));
    }
    let cell = app.picture().cell(view.environment, view.signal);
    if let Some(age) = cell.and_then(|cell| cell.age_s(now)) {
        let style = look.style(if view.freshness.is_fresh() { Role::Dim } else { Role::Stale });
        parts.after(2, when::read(age, app.past.is_some()), style);
    }
    parts
}

/// The tab bar in the rule: the parts with how much is in each, the one that has the keys marked.
fn tabs(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, panes: &Panes, view: &ResourceView) {
    let look = pen.look;
    let mut x = panes.area.x + 1;
    for pane in view.panes.iter().copied() {
        let count = view.len(pane);
        let text =
            if pane == ResourcePane::Charts { pane.title().to_owned() } else { format!("{} {count}", pane.title()) };
        let here = pane == app.resource.pane;
        let text = if here { format!("[{text}]") } else { format!(" {text} ") };
        let worst = view.alarms.iter().map(|(_, severity)| *severity).max().unwrap_or_default();
        let style = match pane {
            _ if here => look.style(Role::Focus),
            ResourcePane::Alarms if worst > Severity::Ok => look.severity(worst),
            _ => look.style(Role::Dim),
        };
        let from = x;
        x = pen.text(x, panes.rule, panes.area.right().saturating_sub(x + 1), &text, style) + 1;
        hits.areas.push((Rect::new(from, panes.rule, x - from, 1), Target::Tab(pane)));
    }
    if !app.resource.filter.is_empty() {
        let words = format!(" filter: {} ", app.resource.filter.text().trim());
        pen.text_right(x, panes.rule, panes.area.right().saturating_sub(x + 1), &words, look.style(Role::Match));
    }
}

fn content(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, view: &ResourceView) {
    let active = app.resource.pane;
    let at = Rect { x: at.x + 1, width: at.width.saturating_sub(2), ..at };
    hits.rows = usize::from(at.height.max(1));
    if at.height < TALL {
        match active {
            ResourcePane::Charts => charts(app, pen, hits, at, view),
            list => resource_lists::draw(app, pen, hits, at, view, list, true),
        }
        return;
    }
    // What has no curves needs no room for them but for the line that says so.
    let curves = !view.charts.charts.is_empty();
    let lower = if curves { (at.height * 2 / 5).max(8) } else { at.height - 3 };
    let upper = Rect { height: at.height - lower - 1, ..at };
    let below = Rect { y: upper.bottom() + 1, height: lower, ..at };
    charts(app, pen, hits, upper, view);
    pen.rule(at.x - 1, upper.bottom(), at.width + 2, pen.look.style(Role::Border));
    let lists = || view.panes.iter().copied().filter(|pane| *pane != ResourcePane::Charts);
    if at.width < WIDE {
        let list = if active == ResourcePane::Charts { ResourcePane::Facts } else { active };
        title(pen, below.x, upper.bottom(), below.width, list, active == list);
        resource_lists::draw(app, pen, hits, below, view, list, active == list);
        return;
    }
    let each = below.width / u16::try_from(lists().count()).unwrap_or(1).max(1);
    for (index, list) in (0u16..).zip(lists()) {
        let part = Rect { x: below.x + index * each, width: each.saturating_sub(2), ..below };
        title(pen, part.x, upper.bottom(), part.width, list, active == list);
        resource_lists::draw(app, pen, hits, part, view, list, active == list);
    }
}

fn title(pen: &mut Pen<'_>, x: u16, y: u16, columns: u16, list: ResourcePane, active: bool) {
    let style = pen.look.style(if active { Role::Focus } else { Role::Title });
    frame::title(pen, x.saturating_sub(1), y, columns, list.title(), style);
}

/// The curves; above them, why some could not be read.
fn charts(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, view: &ResourceView) {
    let found = app.resource.metrics.as_ref().and_then(|metrics| metrics.fault.as_ref());
    let mut rest = at;
    if let Some(found) = found {
        let most = Rect { height: at.height.min(3), ..at };
        let taken = fault::draw(pen, most, found, Severity::Unknown);
        rest = Rect { y: at.y + taken, height: at.height - taken, ..at };
    }
    resource_charts::draw(app, pen, hits, rest, view);
}
