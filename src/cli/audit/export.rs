//! `audit export`: all records as a JSON array or as a Markdown table.

use std::io::{BufWriter, Write};

use color_eyre::eyre::{Result, WrapErr};

use super::{ExportArgs, say};
use crate::cli::exit::Exit;
use crate::config::paths::write_private;
use crate::runbook::audit::export::{Json, MARKDOWN_HEAD, markdown_row};
use crate::runbook::audit::{Files, Reader, verify};

/// Writes all records; what breaks the log is told on standard error, and the exit code is 1.
pub(super) fn run(args: &ExportArgs, files: &Files, out: &mut dyn Write) -> Result<Exit> {
    let report = verify(files)?;
    match &args.output {
        Some(path) => {
            let mut bytes = Vec::new();
            write(args.markdown, files, &mut bytes)?;
            write_private(path, &bytes).wrap_err_with(|| path.display().to_string())?;
        }
        None => write(args.markdown, files, &mut BufWriter::new(out))?,
    }
    match report.broken() {
        Some(says) => {
            say(&format!("the records are BROKEN: {says}"));
            Ok(Exit::Warning)
        }
        None => Ok(Exit::Ok),
    }
}

fn write(markdown: bool, files: &Files, out: &mut dyn Write) -> Result<()> {
    let mut json = Json::default();
    let mut written = if markdown { out.write_all(MARKDOWN_HEAD.as_bytes()) } else { Ok(()) };
    Reader::open(files.clone()).read(|record| {
        if written.is_ok() {
            let row = || markdown_row(record);
            written = if markdown { out.write_all(row().as_bytes()) } else { json.record(out, record) };
        }
    })?;
    written?;
    if !markdown {
        json.end(out)?;
    }
    Ok(out.flush()?)
}
