//! Estates as data: `config/drills/<estate>/estate.toml`, embedded in the program.

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::options::{DrillError, hint};
use crate::model::Tier;

static DRILLS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config/drills");

/// A whole estate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estate {
    /// Its name, also the system's.
    pub name: String,
    /// The scenario that plays when none is asked for.
    pub default_scenario: String,
    /// Its environments.
    #[serde(rename = "environment")]
    pub environments: Vec<EnvironmentData>,
}

/// One environment of an estate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentData {
    /// e.g. `prod`.
    pub name: String,
    /// Look and guard policy.
    pub tier: Tier,
    /// 12 digits.
    pub account: String,
    /// Region code.
    pub region: String,
}

/// Names of all embedded estates, sorted.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = DRILLS.dirs().filter_map(|dir| dir.path().file_name()?.to_str()).collect();
    names.sort_unstable();
    names
}

/// Reads an estate.
///
/// # Errors
/// No estate has this name, or its file is wrong.
pub fn load(name: &str) -> Result<Estate, DrillError> {
    if !names().contains(&name) {
        let known = names();
        return Err(DrillError::UnknownEstate {
            name: name.to_owned(),
            hint: hint(name, known.iter().copied()),
            known: known.join(", "),
        });
    }
    read(&format!("{name}/estate.toml"))
}

/// Names of an estate's data files without `.toml`, sorted; `estate` itself is left out.
pub(super) fn scenario_names(estate: &str) -> Vec<&'static str> {
    let files = DRILLS.get_dir(estate).map(Dir::files).into_iter().flatten();
    let mut names: Vec<_> =
        files.filter_map(|file| file.path().file_stem()?.to_str()).filter(|stem| *stem != "estate").collect();
    names.sort_unstable();
    names
}

/// Reads one data file of the drill.
pub(super) fn read<T: DeserializeOwned>(path: &str) -> Result<T, DrillError> {
    let fail = |reason: String| DrillError::Data { file: path.to_owned(), reason };
    let text = DRILLS
        .get_file(path)
        .and_then(|file| file.contents_utf8())
        .ok_or_else(|| fail("there is no such file".to_owned()))?;
    toml::from_str(text).map_err(|error| fail(error.to_string()))
}
