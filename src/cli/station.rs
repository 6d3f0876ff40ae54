//! The station of a command or of the console: where its records go, and under which name.

use std::sync::Arc;

use color_eyre::eyre::Result;

use crate::base::Text;
use crate::cli::exit::UsageError;
use crate::cli::source::{Source, variable};
use crate::poll::sessions::Sessions;
use crate::runbook::audit::{Files, Ledger};
use crate::runbook::station::{Place, Station};

/// A station on the source's environments. `sessions` are those of the pollers, where there are some.
pub fn of(source: &Source, sessions: Option<Sessions>) -> Result<Station> {
    let paths = source.paths.clone().ok_or_else(|| UsageError("there is no home directory for the records".into()))?;
    let ledger = if source.drill.is_some() { Ledger::Drill } else { Ledger::Real };
    let (operator, console) = names();
    Ok(Station::new(Place {
        config: Arc::new(source.config.clone()),
        transport: source.transport.clone(),
        clock: source.clock.clone(),
        sessions: sessions.unwrap_or_default(),
        files: Files::new(&paths.state, ledger),
        operator,
        console,
        books: source.books.clone(),
    }))
}

/// The same, where records can really be written: for a console, which is long open before anything is changed.
///
/// # Errors
/// Why nothing could be put on record, and what to do about it.
pub fn writable(source: &Source, sessions: Sessions) -> Result<Station, String> {
    let station = of(source, Some(sessions)).map_err(|error| format!("{error}; set HOME, or XDG_STATE_HOME"))?;
    station.log.check().map_err(|error| format!("{error}; make it writable, and start again"))?;
    Ok(station)
}

/// Who writes records: user and host, and this program on it.
pub fn names() -> (Text, Text) {
    let user = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "unknown".to_owned());
    let host = hostname();
    (Text::new(format!("{user}@{host}")), Text::new(format!("{host}/{}", std::process::id())))
}

/// The name of this machine, as its kernel says; no program is started for it.
fn hostname() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    name.or_else(|| variable("HOSTNAME")).map_or_else(|| "localhost".to_owned(), |name| name.trim().to_owned())
}
