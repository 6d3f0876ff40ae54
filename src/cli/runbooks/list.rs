//! `watchfloor runbooks list`: one line for each.

use std::io::Write;

use color_eyre::eyre::Result;

use super::trust_word;
use crate::cli::exit::Exit;
use crate::model::TargetKind;
use crate::runbook::books::{Book, Library};

/// Prints the runbooks for a kind of resource, or all.
pub(super) fn run(library: &Library, kind: Option<TargetKind>, json: bool, out: &mut dyn Write) -> Result<Exit> {
    let books: Vec<&Book> =
        library.books().iter().filter(|book| kind.is_none_or(|kind| book.runbook.applies_to.kind == kind)).collect();
    if json {
        let list: Result<Vec<_>, _> = books.iter().map(|book| of(book)).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&list?)?)?;
        return Ok(Exit::Ok);
    }
    let wide = books.iter().map(|book| book.runbook.id.len()).max().unwrap_or(0);
    for book in books {
        let runbook = &book.runbook;
        let risk = if runbook.mutates() { runbook.risk.word() } else { "reads" };
        let trust = trust_word(&book.trust);
        let kind = runbook.applies_to.kind;
        writeln!(out, "{:wide$}  {kind:15}  {risk:8}  {trust:11}  {}", runbook.id, runbook.title)?;
    }
    Ok(Exit::Ok)
}

/// A runbook with its file, as JSON.
pub(super) fn of(book: &Book) -> serde_json::Result<serde_json::Value> {
    let mut json = serde_json::to_value(&book.runbook)?;
    if let Some(fields) = json.as_object_mut() {
        fields.insert("file".to_owned(), book.file.as_str().into());
        fields.insert("sha256".to_owned(), book.hash.as_str().into());
        fields.insert("trust".to_owned(), trust_word(&book.trust).to_lowercase().into());
        fields.insert("sends".to_owned(), book.runbook.mutates().into());
    }
    Ok(json)
}
