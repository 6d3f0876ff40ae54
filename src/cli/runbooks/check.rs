//! `watchfloor runbooks check`: what is wrong with files.

use std::io::Write;
use std::path::PathBuf;

use color_eyre::eyre::Result;

use super::report;
use crate::cli::exit::{Exit, UsageError};
use crate::config::Weight;
use crate::guard::Trust;
use crate::runbook::books::{Library, Shelf};

/// Checks these files, or all of the user's own.
pub(super) fn run(files: &[PathBuf], shelf: &Shelf, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    if let Some(missing) = files.iter().find(|file| !file.exists()) {
        let file = crate::base::text::clean(&missing.display().to_string());
        return Err(UsageError(format!("{file}: there is no such file")).into());
    }
    let library = if files.is_empty() { Library::load(shelf) } else { Library::with_files(files, shelf) };
    report(library.problems(), err)?;
    let own: Vec<_> = library.books().iter().filter(|book| book.trust != Trust::BuiltIn).collect();
    for book in &own {
        writeln!(out, "{}: ok, {}", book.file, book.runbook.id)?;
    }
    if library.problems().iter().any(|problem| problem.weight == Weight::Error) {
        return Ok(Exit::Warning);
    }
    if own.is_empty() {
        writeln!(out, "ok, {} runbooks that come with the program, none of your own", library.books().len())?;
    }
    Ok(Exit::Ok)
}
