//! How a drill is started, and why it may not start.

use std::time::Duration;

use jiff::Timestamp;

/// What `--drill` and its companions say.
#[derive(Debug, Clone)]
pub struct DrillOptions {
    /// Name of an embedded estate, e.g. `payments`.
    pub estate: String,
    /// Name of one of its scenarios; its default where there is none. `none` is the same as `calm`.
    pub scenario: Option<String>,
    /// Same seed, same noise.
    pub seed: u64,
    /// Simulated seconds per real second; 0 stands still.
    pub speed: f64,
    /// How far into the scenario the drill starts; the hours before it exist as history.
    pub elapsed: Duration,
    /// How long every call takes, in real time.
    pub latency: Duration,
    /// Simulated time at the start.
    pub started: Timestamp,
}

impl DrillOptions {
    /// The default scenario of `estate` from its first minute, in real time, without delay.
    pub fn new(estate: impl Into<String>, started: Timestamp) -> Self {
        Self {
            estate: estate.into(),
            scenario: None,
            seed: 1,
            speed: 1.0,
            elapsed: Duration::ZERO,
            latency: Duration::ZERO,
            started,
        }
    }
}

/// Why a drill cannot start.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    /// No estate has this name.
    #[error("there is no estate `{name}`{hint}; the estates are: {known}")]
    UnknownEstate {
        /// What was asked for.
        name: String,
        /// `, did you mean …?` or nothing.
        hint: String,
        /// All names.
        known: String,
    },
    /// The estate has no scenario with this name.
    #[error("the estate `{estate}` has no scenario `{name}`{hint}; its scenarios are: {known}")]
    UnknownScenario {
        /// The estate.
        estate: String,
        /// What was asked for.
        name: String,
        /// `, did you mean …?` or nothing.
        hint: String,
        /// All names.
        known: String,
    },
    /// A data file of the drill is wrong.
    #[error("{file}: {reason}")]
    Data {
        /// Path within `config/drills`.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// `, did you mean …?` when one of `known` is close to `name`.
pub(crate) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, nearest)| format!(", did you mean `{nearest}`?"))
        .unwrap_or_default()
}
