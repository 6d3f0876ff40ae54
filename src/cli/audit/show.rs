//! `audit show`: one line a record.

use std::io::{self, Write};

use color_eyre::eyre::Result;
use jiff::Timestamp;

use super::{ShowArgs, say};
use crate::cli::exit::Exit;
use crate::model::Record;
use crate::runbook::audit::export::line;
use crate::runbook::audit::{AuditError, Files, Reader};

/// Prints the records that are wanted.
pub(super) fn run(args: &ShowArgs, from: Option<Timestamp>, files: &Files, out: &mut dyn Write) -> Result<Exit> {
    let is_wanted = |record: &Record| {
        from.is_none_or(|from| record.at >= from)
            && args.run.as_ref().is_none_or(|run| record.entry.run().is_some_and(|found| **found == **run))
    };
    let (mut shown, mut all) = (0_u64, 0_u64);
    let mut failed = None;
    Reader::open(files.clone()).read(|record| {
        all += 1;
        if failed.is_none() && is_wanted(record) {
            shown += 1;
            failed = print(out, record, args.json).err();
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    if all == 0 {
        return Err(AuditError::None(files.folder().to_owned()).into());
    }
    if shown == 0 {
        say(&format!("none of the {all} records is wanted"));
    }
    Ok(Exit::Ok)
}

fn print(out: &mut dyn Write, record: &Record, json: bool) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, record)?;
        return writeln!(out);
    }
    let at = record.at.strftime("%Y-%m-%d %H:%M:%SZ");
    let run = record.entry.run().map(|run| format!("{run}  ")).unwrap_or_default();
    writeln!(out, "{:>5}  {at}  {}  {run}{}", record.seq, record.operator, line(&record.entry))
}
