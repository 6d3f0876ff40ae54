//! Which manifest is in force.

use std::path::Path;

use color_eyre::eyre::Result;

use crate::cli::exit::UsageError;
use crate::cli::source::Source;
use crate::compare::manifests::parsed;
use crate::config::Problem;
use crate::config::manifest::Manifest;

/// The manifest of a system: the file that was named; else where the source has its manifests. Without one everything
/// must be the same.
pub fn of_system(source: &Source, system: &str, named: Option<&Path>) -> Result<Manifest> {
    let (manifest, warnings) = match named {
        None => source.manifests.of_system(system).map_err(usage_error)?,
        Some(path) => {
            let found = crate::config::Source::read(path).map_err(|problem| usage_error(vec![problem]))?;
            let Some((text, warnings)) = found else {
                return Err(UsageError(format!("{}: there is no such file", path.display())).into());
            };
            (parsed(&text).map_err(usage_error)?, warnings)
        }
    };
    report(&warnings);
    Ok(manifest)
}

fn usage_error(problems: Vec<Problem>) -> UsageError {
    UsageError(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn report(warnings: &[Problem]) {
    use std::io::Write as _;
    let mut err = std::io::stderr().lock();
    for warning in warnings {
        // Nothing can be done about a closed standard error.
        let _ = writeln!(err, "{warning}");
    }
}
