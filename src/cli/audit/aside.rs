//! `audit set-aside`: how to go on after the records were found broken.

use std::io::Write;

use color_eyre::eyre::Result;
use jiff::Timestamp;

use super::AsideArgs;
use crate::base::Text;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::station;
use crate::runbook::audit::{Author, Files, set_aside};

/// Moves the broken files and says where they are. Records that are whole stay where they are: exit 64.
pub(super) fn run(args: &AsideArgs, files: &Files, now: Timestamp, out: &mut dyn Write) -> Result<Exit> {
    let reason = Text::new(&args.reason);
    if reason.trim().is_empty() {
        return Err(UsageError("--reason must not be empty".to_owned()).into());
    }
    let (operator, console) = station::names();
    let author = Author { principal: Text::default(), operator, console };
    let Some(done) = set_aside(files, &author, &reason, now)? else {
        return Err(UsageError("the records are whole: nothing was set aside".to_owned()).into());
    };
    writeln!(out, "BROKEN  {}", done.says)?;
    writeln!(out, "set aside in {}: keep it, others may find out more", done.folder.display())?;
    let (unresolved, owed) = (done.unresolved, done.owed);
    writeln!(out, "the new records begin with what was open: {unresolved} unresolved intents, {owed} obligations")?;
    Ok(Exit::Ok)
}
