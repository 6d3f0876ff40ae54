//! Every environment's connection: who we are there, how long for, how fast, what it costs, and what is wrong.

use ratatui::layout::Rect;

use crate::app::screens::connections::severity;
use crate::app::{Action, App, EnvironmentState, HitMap};
use crate::base::clock::seconds_between;
use crate::config::theme::Role;
use crate::model::{Connection, Severity};
use crate::ui::look::Look;
use crate::ui::numbers::grouped;
use crate::ui::views::{hidden_by_choice, key, nothing, remarks};
use crate::ui::when;
use crate::ui::widgets::grid::name_of;
use crate::ui::widgets::table::{self, Column, Place, Table, place};
use crate::ui::widgets::{Parts, Pen, fault};

const COLUMNS: &[Column] = &[
    Column { title: "environment", least: 8, most: 26, rank: 0, right: false },
    Column { title: "state", least: 14, most: 18, rank: 0, right: false },
    Column { title: "account", least: 12, most: 12, rank: 1, right: false },
    Column { title: "role", least: 12, most: 40, rank: 5, right: false },
    Column { title: "region", least: 9, most: 14, rank: 2, right: false },
    Column { title: "credentials", least: 11, most: 14, rank: 3, right: false },
    Column { title: "latency", least: 7, most: 8, rank: 4, right: true },
    Column { title: "calls", least: 6, most: 9, rank: 7, right: true },
    Column { title: "$/h", least: 5, most: 7, rank: 6, right: true },
    Column { title: "endpoint", least: 10, most: 40, rank: 8, right: false },
];

/// Credentials that run out sooner than this (seconds) are marked.
const SOON_S: u64 = 15 * 60;

/// Draws the connections below the header.
pub fn draw(app: &App, pen: &mut Pen<'_>, hits: &mut HitMap, area: Rect) {
    let rows = &app.derived.connections;
    let environments = &app.picture().environments;
    let look = pen.look;
    let remarks = remarks(app, None);
    let table = Table { columns: COLUMNS, rows: rows.len(), cursor: app.connections.rows.cursor, remarks: &remarks };
    let state = |index: usize| rows.get(index).and_then(|environment| environments.get(*environment));
    let line = |index: usize| state(index).map(|state| line(app, state, look)).unwrap_or_default();
    let worst = |range: std::ops::Range<usize>| {
        range.filter_map(state).map(|state| severity(&state.connection)).max().unwrap_or_default()
    };
    let panes = table::draw(pen, hits, area, &table, line, worst);
    match state(app.connections.rows.selected()) {
        Some(state) => details(app, pen, panes.detail, state),
        None => nothing(pen, panes.rows, &why_empty(app)),
    }
}

fn line<'a>(app: &App, state: &'a EnvironmentState, look: &Look) -> Vec<Place<'a>> {
    let (environment, connection) = (&state.environment, &state.connection);
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let severity = severity(connection);
    let identity = connection.identity.as_ref();
    let account = identity.map(|identity| &identity.account).or(environment.account.as_ref());
    let account_style = if identity.is_some() { text } else { dim };
    let (credentials, credentials_style) = credentials(app, connection, look);
    let latency = connection.latency.map(|latency| format!("{} ms", latency.as_millis())).unwrap_or_default();
    vec![
        place(name_of(state, app.systems.len() > 1), look.tier(environment.tier)),
        place(format!("{} {}", look.glyphs.severity(severity), word(connection)), look.severity(severity)),
        place(account.map_or("", |account| account), account_style),
        place(identity.map_or("", |identity| role(&identity.arn)), dim),
        place(&*environment.region, text),
        place(credentials, credentials_style),
        place(latency, text),
        place(grouped(i64::try_from(connection.usage.calls()).unwrap_or(i64::MAX)), text),
        place(format!("{:.2}", connection.usd_per_hour), text),
        place(connection.endpoint.as_deref().unwrap_or("AWS"), dim),
    ]
}

fn word(connection: &Connection) -> &'static str {
    match (&connection.fault, &connection.identity) {
        (Some(fault), _) => fault.kind.word(),
        (None, Some(_)) => "connected",
        (None, None) => "connecting",
    }
}

/// The telling part of a principal's ARN: `payments-prod-viewer/anna` of an assumed role.
fn role(arn: &str) -> &str {
    arn.split_once('/').map_or(arn, |(_, role)| role)
}

fn credentials(app: &App, connection: &Connection, look: &Look) -> (String, ratatui::style::Style) {
    let Some(expire) = connection.credentials_expire else {
        return (connection.credentials_source.to_string(), look.style(Role::Dim));
    };
    let now = app.picture_time();
    if expire <= now {
        return ("expired".to_owned(), look.severity(Severity::Critical));
    }
    let left = seconds_between(now, expire);
    let style = if left < SOON_S { look.severity(Severity::Warning) } else { look.style(Role::Text) };
    (format!("for {}", when::age(left)), style)
}

fn details(app: &App, pen: &mut Pen<'_>, at: Rect, state: &EnvironmentState) {
    let look = pen.look;
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let (environment, connection) = (&state.environment, &state.connection);
    let at = Rect { x: at.x + 1, width: at.width.saturating_sub(2), ..at };
    let severity = severity(connection);
    let mut title = Parts::new();
    title.push(name_of(state, app.systems.len() > 1), look.tier(environment.tier));
    title.after(3, format!("{} {}", look.glyphs.severity(severity), word(connection)), look.severity(severity));
    if state.refreshing {
        title.after(2, "refreshing", dim);
    }
    if let Some(times) = connection.slowed {
        title.after(2, format!("metrics slowed by budget ×{times}"), dim);
    }
    if let Some(retry) = connection.retry_at.filter(|at| *at > app.now) {
        title.after(2, format!("next try in {}", when::age(seconds_between(app.now, retry))), dim);
    }
    pen.parts(at.x, at.y, at.width, &title);
    let mut y = at.y + 1;
    if let Some(found) = &connection.fault {
        y += fault::draw(pen, Rect { y, height: at.bottom().saturating_sub(y).min(6), ..at }, found, severity);
    }
    let identity = connection.identity.as_ref();
    let expected = environment.account.as_deref().unwrap_or("any");
    let facts: [(&str, String); 7] = [
        ("tier", environment.tier.word().to_owned()),
        ("region", environment.region.to_string()),
        ("identity", identity.map(|identity| identity.arn.to_string()).unwrap_or_default()),
        ("account", format!("{}, expected {expected}", identity.map_or("not known yet", |found| &found.account))),
        ("profile", environment.profile.as_deref().unwrap_or("default credential chain").to_owned()),
        ("credentials", connection.credentials_source.to_string()),
        ("endpoint", connection.endpoint.as_deref().unwrap_or("AWS").to_owned()),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let titles = std::iter::once("calls").chain(std::iter::repeat(""));
    for (name, value) in facts.chain(titles.zip(most_called(connection))) {
        if y >= at.bottom() {
            break;
        }
        pen.text(at.x, y, 12, name, dim);
        pen.text(at.x + 13, y, at.width.saturating_sub(13), &value, text);
        y += 1;
    }
}

/// The operations called most, one a line: `14 CloudWatch GetMetricData`.
fn most_called(connection: &Connection) -> Vec<String> {
    let mut counts: Vec<(&String, &u64)> = connection.usage.by_operation.iter().collect();
    counts.sort_by_key(|(operation, count)| (std::cmp::Reverse(**count), (*operation).clone()));
    let line = |(operation, count): (&String, &u64)| {
        let count = grouped(i64::try_from(*count).unwrap_or(i64::MAX));
        format!("{count:>6} {}", operation.replacen(':', " ", 1))
    };
    counts.into_iter().map(line).collect()
}

fn why_empty(app: &App) -> Vec<String> {
    if app.attention && app.filter().is_empty() {
        return vec![
            "No connection is in trouble.".to_owned(),
            format!("{} shows all of them", key(app, Action::Attention)),
        ];
    }
    hidden_by_choice(app).unwrap_or_else(|| {
        vec![
            "No environment is configured.".to_owned(),
            "watchfloor init writes a configuration from your AWS profiles".to_owned(),
        ]
    })
}
