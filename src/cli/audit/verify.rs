//! `audit verify`: whether the records are whole.

use std::io::Write;

use color_eyre::eyre::Result;

use super::VerifyArgs;
use crate::cli::exit::Exit;
use crate::runbook::audit::{Files, Finding, verify};

/// Says what is wrong, line by line.
pub(super) fn run(args: &VerifyArgs, files: &Files, out: &mut dyn Write) -> Result<Exit> {
    let report = verify(files)?;
    let exit = if report.is_whole() { Exit::Ok } else { Exit::Warning };
    if args.json {
        let mut value = serde_json::to_value(&report)?;
        value["whole"] = report.is_whole().into();
        serde_json::to_writer_pretty(&mut *out, &value)?;
        writeln!(out)?;
        return Ok(exit);
    }
    let place = |finding: &Finding| match finding.line {
        Some(line) => format!("{}:{line}", finding.file),
        None => finding.file.to_string(),
    };
    for finding in &report.problems {
        writeln!(out, "BROKEN  {}: {}", place(finding), finding.says)?;
    }
    for finding in &report.notices {
        writeln!(out, "note    {}: {}", place(finding), finding.says)?;
    }
    if report.more > 0 {
        writeln!(out, "and {} more", report.more)?;
    }
    let span = match (report.first, report.last) {
        (Some(first), Some(last)) => {
            format!(", {} to {}", first.strftime("%Y-%m-%d %H:%M:%SZ"), last.strftime("%Y-%m-%d %H:%M:%SZ"))
        }
        _ => String::new(),
    };
    let (files, s) = (report.files, if report.files == 1 { "" } else { "s" });
    let verdict = if report.is_whole() { "whole" } else { "BROKEN" };
    writeln!(out, "{verdict}: {} records in {files} file{s}{span}", report.records)?;
    Ok(exit)
}
