//! Scenarios as data: `config/drills/<estate>/<scenario>.toml`. A scenario only sets inputs; what follows from them is
//! the plant's doing.

use serde::Deserialize;

use super::estate::{self, Estate};
use super::options::{DrillError, hint};

/// What happens, and when.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// One line for people.
    pub title: String,
}

/// Names of an estate's scenarios, sorted.
pub fn names(estate: &Estate) -> Vec<&'static str> {
    estate::scenario_names(&estate.name)
}

/// Reads a scenario of an estate: its default where none is named; `none` is `calm`.
///
/// # Errors
/// The estate has no such scenario, or its file is wrong.
pub fn load(estate: &Estate, name: Option<&str>) -> Result<Scenario, DrillError> {
    let name = match name {
        None => estate.default_scenario.as_str(),
        Some("none") => "calm",
        Some(name) => name,
    };
    let known = names(estate);
    if !known.contains(&name) {
        return Err(DrillError::UnknownScenario {
            estate: estate.name.clone(),
            name: name.to_owned(),
            hint: hint(name, known.iter().copied()),
            known: known.join(", "),
        });
    }
    estate::read(&format!("{}/{name}.toml", estate.name))
}
