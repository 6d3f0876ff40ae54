//! Estates as data: `config/drills/<estate>/estate.toml`, embedded in the program.

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use toml::Table;

use super::options::{DrillError, hint};
use crate::model::Tier;

pub mod applications;
pub mod build;
pub mod caches;
pub mod containers;
pub mod data;
pub mod databases;
pub mod eks;
pub mod logs;
pub mod queues;
mod resolve;
pub mod storage;
pub mod streams;

use data::Resources;
use resolve::Place;

static DRILLS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config/drills");

/// A whole estate.
#[derive(Debug, Clone)]
pub struct Estate {
    /// Its name, also the system's.
    pub name: String,
    /// The scenario that plays when none is asked for.
    pub default_scenario: String,
    /// Its environments.
    pub environments: Vec<EnvironmentData>,
}

/// One environment of an estate.
#[derive(Debug, Clone)]
pub struct EnvironmentData {
    /// Where it is and how careful to be with it.
    pub head: EnvironmentHead,
    /// What it has.
    pub resources: Resources,
}

/// Where an environment is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentHead {
    /// e.g. `prod`.
    pub name: String,
    /// Look and guard policy.
    pub tier: Tier,
    /// 12 digits.
    pub account: String,
    /// Region code.
    pub region: String,
}

/// The top of an estate file; all else in it is [`Resources`], once resolved.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    name: String,
    default_scenario: String,
    environment: Vec<EnvironmentHead>,
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
    let file = format!("{name}/estate.toml");
    parse(text(&file)?).map_err(|reason| DrillError::Data { file, reason })
}

/// An estate from the text of its file, or what is wrong with it.
///
/// # Errors
/// Broken TOML, an unknown field, a missing value.
pub fn parse(text: &str) -> Result<Estate, String> {
    let mut rest: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut top = Table::new();
    for key in ["name", "default_scenario", "environment"] {
        top.extend(rest.remove_entry(key));
    }
    let header = Header::deserialize(top).map_err(|error| error.to_string())?;
    let all: Vec<&str> = header.environment.iter().map(|head| head.name.as_str()).collect();
    let environments = header
        .environment
        .iter()
        .map(|head| {
            let place = Place { name: &head.name, account: &head.account, region: &head.region, all: &all };
            let resources = Resources::deserialize(resolve::table(&rest, &place))
                .map_err(|error| format!("environment {}: {error}", head.name))?;
            Ok(EnvironmentData { head: head.clone(), resources })
        })
        .collect::<Result<_, String>>()?;
    Ok(Estate { name: header.name.clone(), default_scenario: header.default_scenario.clone(), environments })
}

/// Names of an estate's data files without `.toml`, sorted; `estate` itself is left out.
pub(super) fn scenario_names(estate: &str) -> Vec<&'static str> {
    let files = DRILLS.get_dir(estate).map(Dir::files).into_iter().flatten();
    let mut names: Vec<_> =
        files.filter_map(|file| file.path().file_stem()?.to_str()).filter(|stem| *stem != "estate").collect();
    names.sort_unstable();
    names
}

/// The text of one data file of the drill.
pub(super) fn text(path: &str) -> Result<&'static str, DrillError> {
    DRILLS
        .get_file(path)
        .and_then(|file| file.contents_utf8())
        .ok_or_else(|| DrillError::Data { file: path.to_owned(), reason: "there is no such file".to_owned() })
}
