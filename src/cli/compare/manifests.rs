//! Which manifest is in force.

use std::path::Path;

use color_eyre::eyre::Result;

use crate::cli::exit::UsageError;
use crate::cli::source::Source;
use crate::compare::inventory;
use crate::config::manifest::{Manifest, read};
use crate::config::{Problem, presets};

/// The manifest of a system: the file that was named; for a drill the estate's own; else `SYSTEM.manifest.toml` beside
/// the configuration. Without one everything must be the same.
pub fn of_system(source: &Source, system: &str, named: Option<&Path>) -> Result<Manifest> {
    if let Some(path) = named {
        let found = crate::config::Source::read(path).map_err(|problem| UsageError(problem.to_string()))?;
        let Some((text, warnings)) = found else {
            return Err(UsageError(format!("{}: there is no such file", path.display())).into());
        };
        report(&warnings);
        return parsed(&text);
    }
    if source.drill.is_some() {
        let name = format!("{system}.manifest.toml");
        return match presets::manifest(system) {
            Some(text) => parsed(&crate::config::Source::new(name, text)),
            None => Ok(Manifest::default()),
        };
    }
    let path = source.paths.as_ref().map(|paths| paths.manifest(system));
    let found = path.as_deref().map(crate::config::Source::read).transpose();
    match found.map_err(|problem| UsageError(problem.to_string()))?.flatten() {
        Some((text, warnings)) => {
            report(&warnings);
            parsed(&text)
        }
        None => Ok(Manifest::default()),
    }
}

fn parsed(source: &crate::config::Source) -> Result<Manifest> {
    read(source, &inventory::kinds()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        UsageError(lines.join("\n")).into()
    })
}

fn report(warnings: &[Problem]) {
    use std::io::Write as _;
    let mut err = std::io::stderr().lock();
    for warning in warnings {
        // Nothing can be done about a closed standard error.
        let _ = writeln!(err, "{warning}");
    }
}
