//! The curves of the resource screen, as many side by side and below each other as there is room for.

use ratatui::layout::Rect;

use crate::app::screens::{ResourcePane, ResourceView};
use crate::app::{App, HitMap};
use crate::config::theme::Role;
use crate::signals::charts::Chart;
use crate::ui::when;
use crate::ui::widgets::Pen;
use crate::ui::widgets::plot::{self, Curve, Limit, Mark, Plot};

/// The narrowest that a chart is drawn where there are several.
const NARROWEST: u16 = 46;
/// The height of a chart where there is room for several.
const HEIGHT: u16 = 9;
/// The tallest that a chart is drawn.
const TALLEST: u16 = 16;
/// Metrics older than this have missed two answers.
const STALE_S: u64 = 150;

/// Draws the charts from the selected one on.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, at: Rect, view: &ResourceView) {
    let charts = &view.charts.charts;
    let dim = pen.look.style(Role::Dim);
    if charts.is_empty() {
        pen.text(at.x, at.y, at.width, "CloudWatch has no metrics that are drawn for it.", dim);
        return;
    }
    if at.height < plot::LOWEST {
        return;
    }
    let most = u16::try_from(charts.len()).unwrap_or(u16::MAX);
    let across = (at.width / NARROWEST).clamp(1, 3).min(most);
    let lines = most.div_ceil(across);
    let height = (at.height / lines).clamp(HEIGHT.min(at.height), TALLEST.max(HEIGHT));
    let rows = (at.height / height).max(1);
    let shown = usize::from(rows * across);
    let chosen = app.resource.cursors[ResourcePane::Charts as usize].selected;
    let first = (chosen / usize::from(across) * usize::from(across))
        .min(charts.len().saturating_sub(shown).next_multiple_of(usize::from(across)));
    if app.resource.pane == ResourcePane::Charts {
        hits.rows = shown.max(1);
    }
    let marked = view.happenings.iter().filter(|happening| happening.is_mark());
    let marks: Vec<Mark> = marked.map(|happening| Mark { at: happening.at, severity: happening.severity }).collect();
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
    age(app, pen, at);
    let hidden = charts.len().saturating_sub(first + shown);
    if hidden > 0 || first > 0 {
        let [.., up, down] = pen.look.glyphs.more;
        let words = format!("{up} {first}  {down} {hidden} more charts");
        pen.text_right(at.x, at.bottom() - 1, at.width, &words, pen.look.style(Role::Accent));
    }
}

fn of<'a>(app: &'a App, chart: &'a Chart, marks: &'a [Mark]) -> Plot<'a> {
    let metrics = app.resource.metrics.as_ref();
    let curve = |line: &'a crate::signals::charts::Line| Curve {
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

/// Says how old the points are once they should have been read again.
fn age(app: &App, pen: &mut Pen<'_>, at: Rect) {
    let read = app.resource.metrics.as_ref().and_then(|metrics| metrics.at);
    let age = read.map_or(0, |at| crate::base::clock::seconds_between(at, app.picture_time()));
    if age > STALE_S {
        let words = format!(" read {} ago ", when::age(age));
        pen.text_right(at.x, at.y, at.width, &words, pen.look.style(Role::Stale));
    }
}
