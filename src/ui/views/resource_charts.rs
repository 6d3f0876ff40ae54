//! The curves of the resource screen, as many side by side and below each other as there is room for.

use ratatui::layout::Rect;

use crate::app::screens::happenings::Happening;
use crate::app::screens::{ResourcePane, ResourceView};
use crate::app::{App, HitMap};
use crate::config::theme::Role;
use crate::inquiry::charts::PERIODS;
use crate::signals::charts::{Chart, Line};
use crate::ui::when;
use crate::ui::widgets::plot::{self, Curve, Limit, Mark, Plot};
use crate::ui::widgets::{Parts, Pen};

/// The narrowest that a chart is drawn where there are several.
const NARROWEST: u16 = 46;
/// The least height of a chart where there are several below each other.
const HEIGHT: u16 = 8;
/// The tallest that a chart is drawn.
const TALLEST: u16 = 16;
/// Columns for how many more there are.
const REST: u16 = 10;
/// Metrics older than this have missed two answers.
const STALE_S: u64 = 150;

/// Draws the charts from the selected one on.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, view: &ResourceView) {
    let charts = in_order(app, view);
    let dim = pen.look.style(Role::Dim);
    if charts.is_empty() {
        pen.text(at.x, at.y, at.width, "CloudWatch has no metrics that are drawn for it.", dim);
        return;
    }
    if at.height < plot::LOWEST {
        return;
    }
    let marked: Vec<&Happening> = marked(app, view).collect();
    let taken = if at.height > plot::LOWEST { legend(app, pen, at, &marked) } else { 0 };
    let whole = at;
    let at = Rect { y: at.y + taken, height: at.height - taken, ..at };
    let most = u16::try_from(charts.len()).unwrap_or(u16::MAX);
    let across = (at.width / NARROWEST).clamp(1, 3).min(most);
    let lines = most.div_ceil(across);
    let rows = (at.height / HEIGHT).clamp(1, lines);
    // A line of its own for how many are hidden, where there is room.
    let spare = u16::from(rows < lines && (at.height - 1) / rows >= HEIGHT);
    let height = ((at.height - spare) / rows).min(TALLEST);
    let shown = usize::from(rows * across);
    let chosen = app.resource.cursors[ResourcePane::Charts as usize].selected;
    let first = (chosen / usize::from(across) * usize::from(across))
        .min(charts.len().saturating_sub(shown).next_multiple_of(usize::from(across)));
    if app.resource.pane == ResourcePane::Charts {
        hits.rows = shown.max(1);
    }
    let marks: Vec<Mark> =
        marked.iter().map(|happening| Mark { at: happening.at, severity: happening.severity }).collect();
    let wide = at.width / across;
    for (place, (index, chart)) in (0u16..).zip(charts.iter().enumerate().skip(first).take(shown)) {
        let (column, row) = (place % across, place / across);
        let last = column + 1 == across;
        let width = if last { at.width - wide * (across - 1) } else { wide.saturating_sub(2) };
        let cell = Rect { x: at.x + column * wide, y: at.y + row * height, width, height };
        plot::draw(pen, cell, &of(app, chart, &marks));
        let whole = Rect { height: 1, ..cell };
        hits.areas.push((whole, crate::app::Target::Line(ResourcePane::Charts, index)));
    }
    age(app, pen, whole);
    let hidden = charts.len().saturating_sub(first + shown);
    if hidden > 0 || first > 0 {
        let [.., up, down] = pen.look.glyphs.more;
        let words = format!("{up} {first}  {down} {hidden} more charts");
        pen.text_right(at.x, at.bottom() - 1, at.width, &words, pen.look.style(Role::Accent));
    }
}

/// The charts, those of which nothing is known last.
fn in_order<'v>(app: &App, view: &'v ResourceView) -> Vec<&'v Chart> {
    let mut charts: Vec<&Chart> = view.charts.charts.iter().collect();
    if let Some(metrics) = &app.resource.metrics {
        let known = |line: &Line| {
            metrics.get(&line.query).is_some_and(|series| line.shown(series).points.iter().any(Option::is_some))
        };
        charts.sort_by_cached_key(|chart| !chart.lines.iter().any(known));
    }
    charts
}

fn of<'a>(app: &'a App, chart: &'a Chart, marks: &'a [Mark]) -> Plot<'a> {
    let metrics = app.resource.metrics.as_ref();
    let curve = |line: &'a Line| Curve {
        label: &line.label,
        series: metrics.and_then(|metrics| metrics.get(&line.query)).map(|series| line.shown(series)),
    };
    let empty = match metrics {
        None => "asking CloudWatch",
        Some(metrics) if metrics.fault.is_some() && metrics.series.is_empty() => "not read",
        Some(_) => "no data in these three hours",
    };
    Plot {
        title: &chart.title,
        unit: chart.unit,
        curves: chart.lines.iter().map(curve).collect(),
        limits: chart.limits.iter().map(|limit| Limit { label: &limit.label, value: limit.value }).collect(),
        marks,
        now: app.picture_time(),
        empty,
    }
}

/// What is marked on the charts: what was done on purpose before what followed from it, the newest first.
fn marked<'v>(app: &App, view: &'v ResourceView) -> impl Iterator<Item = &'v Happening> {
    let now = app.picture_time();
    let shown = i64::try_from(PERIODS * 60).unwrap_or(i64::MAX);
    let drawn = move |one: &&Happening| one.is_mark() && (0..shown).contains(&now.duration_since(one.at).as_secs());
    let follows = |one: &Happening| one.change.as_ref().is_none_or(|change| !change.is_deliberate());
    let mut all: Vec<&Happening> = view.happenings.iter().filter(drawn).collect();
    let estimated = |one: &Happening| one.change.as_ref().is_some_and(|change| change.estimated);
    all.sort_by_key(|one| (follows(one), std::cmp::Reverse(one.at), estimated(one)));
    all.into_iter()
}

/// What the marks are, in one line: `▲ 03:03:20Z 9 min publish v43 published`. Answers how many lines it took.
fn legend(app: &App, pen: &mut Pen<'_>, at: Rect, marked: &[&Happening]) -> u16 {
    let look = pen.look;
    let now = app.picture_time();
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let mut line = Parts::new();
    let mut told = 0;
    for happening in marked {
        let mut one = Parts::new();
        one.push(plot::mark(look), plot::style_of(happening.severity, look));
        one.after(1, format!("{}{}", happening.tilde(), when::dated(happening.at, now)), text).after(
            1,
            format!("{} ago", when::ago(happening.at, now)),
            dim,
        );
        one.after(1, happening.word(), plot::style_of(happening.severity, look));
        if !happening.about.is_empty() {
            one.after(1, &*happening.about, text);
        }
        one.after(1, &*happening.text, text);
        // The first is told in any case; of the others only what fits.
        if told > 0 && line.width() + one.width() + 3 > at.width.saturating_sub(REST) {
            break;
        }
        line.join(3, one);
        told += 1;
    }
    if told == 0 {
        return 0;
    }
    let more = marked.len() - told;
    let rest = if more > 0 { format!("  +{more} more") } else { String::new() };
    let room = at.width.saturating_sub(crate::ui::fit::width(&rest));
    let x = pen.parts(at.x, at.y, room, &line);
    pen.text(x, at.y, at.right().saturating_sub(x), &rest, dim);
    1
}

/// Says how old the points are once they should have been read again.
fn age(app: &App, pen: &mut Pen<'_>, at: Rect) {
    let read = app.resource.metrics.as_ref().and_then(|metrics| metrics.at);
    let age = read.map_or(0, |at| crate::base::clock::seconds_between(at, app.picture_time()));
    if age > STALE_S {
        let words = format!(" read {} ago ", when::age(age));
        pen.text_right(at.x, at.y, at.width, &words, pen.look.style(Role::Stale));
    }
}
