//! `watchfloor runbooks trust`: shows a file and trusts exactly its content.

use std::io::Write;

use color_eyre::eyre::{Result, eyre};

use crate::base::text::clean;
use crate::cli::exit::{Exit, UsageError};
use crate::config::runbook::trust::TrustFile;
use crate::guard::Trust;
use crate::runbook::books::{Book, Shelf};

/// Prints the file, with nothing in it that a terminal would obey, and trusts what was printed.
pub(super) fn run(book: &Book, shelf: &Shelf, out: &mut dyn Write) -> Result<Exit> {
    let id = &book.runbook.id;
    if book.trust == Trust::BuiltIn {
        return Err(UsageError(format!("{id} comes with the program: it needs no trust")).into());
    }
    let path = shelf.trusted.as_ref().ok_or_else(|| eyre!("there is no home directory to remember it in"))?;
    writeln!(out, "# {}", book.file)?;
    for line in book.text.lines() {
        writeln!(out, "{}", clean(line))?;
    }
    out.flush()?;
    let (mut trusted, problem) = TrustFile::read(path);
    if let Some(problem) = problem {
        return Err(eyre!("{problem}"));
    }
    trusted.trust(id, &book.hash);
    trusted.write(path)?;
    let before = if book.trust == Trust::Trusted { "was trusted already" } else { "is trusted from now on" };
    writeln!(out, "# {id} {before}: sha256 {}", book.hash)?;
    Ok(Exit::Ok)
}
