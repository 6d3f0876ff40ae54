//! What pollers report, and what an earlier run knew.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::app::effect::Effect;
use crate::app::fleet::Cell;
use crate::app::message::CachedReading;
use crate::app::state::App;
use crate::model::{Datum, EnvId, Fault, FaultKind, Origin, Reading, Severity, SignalId};
use crate::poll::PollEvent;

/// Seconds for which a change of severity catches the eye.
const FLASH_S: i64 = 2;

/// Takes a report in. One about an unknown environment or signal is ignored.
pub fn event(app: &mut App, event: PollEvent) -> Vec<Effect> {
    match event {
        PollEvent::Reading { env, signal, outcome, at, every_s } => reading(app, env, signal, outcome, at, every_s),
        PollEvent::Cadence { env, every_s } => {
            let signals: Vec<_> =
                every_s.into_iter().filter_map(|(id, s)| Some((app.fleet.signal_index(id)?, s))).collect();
            let Some(state) = app.fleet.position(env).and_then(|i| app.fleet.environments.get_mut(i)) else {
                return Vec::new();
            };
            for (row, every_s) in signals {
                if let Some(cell) = state.cells.get_mut(row) {
                    cell.every_s = every_s;
                }
            }
            Vec::new()
        }
        PollEvent::Connection { env, connection } => {
            let now = app.now;
            if let Some(index) = app.fleet.position(env)
                && let Some(state) = app.fleet.environments.get_mut(index)
                && state.connection != *connection
            {
                if let Some(fault) = connection.fault.as_ref().filter(|fault| fault.kind == FaultKind::WrongAccount) {
                    withdraw(&mut state.cells, fault, now);
                }
                state.connection = *connection;
                changed(app);
            }
            Vec::new()
        }
        PollEvent::Refreshing { env, running } => {
            if let Some(index) = app.fleet.position(env)
                && let Some(state) = app.fleet.environments.get_mut(index)
                && state.refreshing != running
            {
                state.refreshing = running;
                app.redraw = true;
            }
            Vec::new()
        }
    }
}

fn reading(
    app: &mut App,
    env: EnvId,
    signal: SignalId,
    outcome: Result<Box<Reading>, Fault>,
    at: Timestamp,
    every_s: u64,
) -> Vec<Effect> {
    let (now, rings) = (app.now, app.bell);
    let Some(row) = app.fleet.signal_index(signal) else { return Vec::new() };
    let Some(index) = app.fleet.position(env) else { return Vec::new() };
    let title = app.fleet.signals.get(row).map(|info| info.title.clone()).unwrap_or_default();
    let Some(state) = app.fleet.environments.get_mut(index) else { return Vec::new() };
    let label = state.label();
    let Some(cell) = state.cells.get_mut(row) else { return Vec::new() };
    let newest = cell.reported_at.max(cell.datum.read_at());
    if newest.is_some_and(|newest| at < newest) {
        return Vec::new();
    }
    cell.reported_at = Some(at);
    cell.every_s = every_s;
    let before = cell.last_severity;
    let wrong_account = match outcome {
        Ok(reading) => {
            cell.datum.succeed(*reading, at);
            None
        }
        Err(fault) if fault.kind == FaultKind::WrongAccount => Some(fault),
        Err(fault) => {
            cell.datum.fail(fault, at);
            None
        }
    };
    match wrong_account {
        Some(fault) => withdraw(&mut state.cells, &fault, at),
        None => cell.was = Some(cell.freshness(now)),
    }
    let effects = state.cells.get_mut(row).map(|cell| noticed(cell, before, now)).unwrap_or_default().filter(|_| rings);
    let effects = effects.map_or_else(Vec::new, |(severity, headline)| {
        vec![Effect::Bell, Effect::Notify(format!("{label}: {title} {severity} {headline}").trim_end().to_owned())]
    });
    changed(app);
    effects
}

/// Lets a change of severity flash, and tells when it got worse: the new severity and its headline.
fn noticed(cell: &mut Cell, before: Option<Severity>, now: Timestamp) -> Option<(Severity, String)> {
    let after = cell.severity(now);
    cell.last_severity = Some(after);
    let before = before.filter(|before| *before != after)?;
    cell.flash_until = now.checked_add(SignedDuration::from_secs(FLASH_S)).ok();
    let headline = cell.datum.value().map(|reading| reading.headline.to_string()).unwrap_or_default();
    (after > before && after >= Severity::Warning).then_some((after, headline))
}

/// Another account answered: nothing of it may be shown as this environment's.
fn withdraw(cells: &mut [Cell], fault: &Fault, at: Timestamp) {
    for cell in cells {
        cell.datum.withdraw(fault.clone(), at);
        cell.reported_at = cell.reported_at.max(Some(at));
        cell.was = None;
    }
}

/// Shows what an earlier run knew wherever this run knows nothing better.
pub fn cached(app: &mut App, readings: Vec<CachedReading>) {
    let now = app.now;
    for CachedReading { env, signal, reading, at, every_s } in readings {
        let Some(row) = app.fleet.signal_index(signal) else { continue };
        let Some(index) = app.fleet.position(env) else { continue };
        let state = app.fleet.environments.get_mut(index);
        let Some(cell) = state.and_then(|state| state.cells.get_mut(row)) else { continue };
        let fault = match &cell.datum {
            Datum::Waiting => None,
            Datum::Failed { fault, .. } if fault.kind != FaultKind::WrongAccount => Some(fault.clone()),
            _ => continue,
        };
        cell.datum = Datum::Stale { value: Arc::new(reading), at, fault, origin: Origin::Cache };
        if cell.every_s == 0 {
            cell.every_s = every_s;
        }
        cell.was = Some(cell.freshness(now));
    }
    changed(app);
}

fn changed(app: &mut App) {
    app.fleet.generation += 1;
    app.redraw = true;
}
