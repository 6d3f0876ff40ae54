//! Between the state and the last-wall cache on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::app::{App, CachedReading, Fleet};
use crate::config::paths;
use crate::model::{Datum, Environment, Origin, Reading, SignalId};
use crate::poll::cache::LastWall;

/// What an environment was when its readings were taken: region and account.
fn place(environment: &Environment) -> String {
    format!("{} {}", environment.region, environment.account.as_deref().unwrap_or("any account"))
}

/// The readings of an earlier run that still belong to these environments and signals. A file that cannot be read is
/// the same as none: the live wall follows.
pub fn load(path: &Path, environments: &[Environment], signals: &[SignalId]) -> Vec<CachedReading> {
    let Some(mut wall) = std::fs::read(path).ok().and_then(|bytes| LastWall::parse(&bytes)) else { return Vec::new() };
    let mut found = Vec::new();
    for environment in environments {
        let label = format!("{}/{}", environment.system, environment.name);
        let Some(last) = wall.environments.remove(&label).filter(|last| last.place == place(environment)) else {
            continue;
        };
        for (name, last) in last.readings {
            if let Some(signal) = signals.iter().find(|signal| signal.0 == name) {
                let (reading, at) = (last.reading, last.at);
                found.push(CachedReading { env: environment.id, signal: *signal, reading, at, every_s: 0 });
            }
        }
    }
    found
}

/// Readings to keep, cheap to hand to another thread.
pub struct Kept(Vec<(String, String, SignalId, Arc<Reading>, Timestamp)>);

/// What this run has read. Values of an earlier run stay as they are.
pub fn keep(fleet: &Fleet) -> Kept {
    let mut kept = Vec::new();
    for state in &fleet.environments {
        for (signal, cell) in fleet.signals.iter().zip(&state.cells) {
            let (Datum::Live { value, at } | Datum::Stale { value, at, origin: Origin::ThisRun | Origin::Cache, .. }) =
                &cell.datum
            else {
                continue;
            };
            kept.push((state.label(), place(&state.environment), signal.id, Arc::clone(value), *at));
        }
    }
    Kept(kept)
}

/// Writes them, readable by the owner only.
pub fn save(path: &Path, kept: &Kept) -> std::io::Result<()> {
    let mut wall = LastWall::new();
    for (label, place, signal, reading, at) in &kept.0 {
        wall.insert(label, place, signal.0, reading, *at);
    }
    paths::write_private(path, &wall.to_bytes())
}

/// Saves the wall now and then, and at the end.
pub struct Keeper {
    path: Option<PathBuf>,
    saved: Option<Timestamp>,
}

impl Keeper {
    /// Keeps the wall at `path`; nowhere in a drill.
    pub fn new(path: Option<PathBuf>) -> Self {
        Self { path, saved: None }
    }

    /// Saves once a minute, on a thread of its own.
    pub fn tick(&mut self, app: &App) {
        let Some(path) = self.path.clone() else { return };
        let due = self.saved.is_none_or(|saved| app.now.duration_since(saved).as_secs() >= 60);
        if due {
            self.saved = Some(app.now);
            let kept = keep(&app.fleet);
            tokio::task::spawn_blocking(move || {
                if let Err(error) = save(&path, &kept) {
                    tracing::warn!(%error, "the last wall could not be saved");
                }
            });
        }
    }

    /// Saves at the end.
    pub fn finish(&self, app: &App) {
        if let Some(path) = &self.path
            && let Err(error) = save(path, &keep(&app.fleet))
        {
            tracing::warn!(%error, "the last wall could not be saved");
        }
    }
}
