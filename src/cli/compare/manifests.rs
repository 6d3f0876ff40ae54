//! Which manifest is in force, and what is to be said of it.

use std::path::Path;

use color_eyre::eyre::Result;

use crate::cli::exit::UsageError;
use crate::cli::source::Source;
use crate::compare::manifests::{about, parsed};
use crate::config::Problem;
use crate::config::manifest::Manifest;

/// The manifest that was named; it must be about one of these systems.
pub fn named(path: &Path, systems: &[&str]) -> Result<Manifest> {
    let found = crate::config::Source::read(path).map_err(|problem| usage_error(vec![problem]))?;
    let Some((text, warnings)) = found else {
        return Err(UsageError(format!("{}: there is no such file", path.display())).into());
    };
    report(&warnings);
    Ok(parsed(&text).and_then(|manifest| about(manifest, systems)).map_err(usage_error)?)
}

/// The manifest of a system where the source has its manifests. Without one everything must be the same.
pub fn of_system(source: &Source, system: &str) -> Result<Manifest> {
    let (manifest, warnings) = source.manifests.of_system(system).map_err(usage_error)?;
    report(&warnings);
    Ok(manifest)
}

fn usage_error(problems: Vec<Problem>) -> UsageError {
    UsageError(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Writes warnings to standard error.
pub fn report(warnings: &[Problem]) {
    use std::io::Write as _;
    let mut err = std::io::stderr().lock();
    for warning in warnings {
        // Nothing can be done about a closed standard error.
        let _ = writeln!(err, "{warning}");
    }
}
