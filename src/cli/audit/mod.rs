//! `watchfloor audit`: the records of what was armed, sent and refused.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use color_eyre::eyre::Result;
use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{SourceArgs, duration};
use crate::config::Paths;
use crate::runbook::audit::{AuditError, Files, Ledger};

mod aside;
mod export;
mod resolve;
mod show;
mod verify;

/// The records of what was armed, sent and refused: append-only, each chained to the one before.
#[derive(Debug, clap::Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Print the records, the oldest first.
    Show(ShowArgs),
    /// Check that no record was changed or is missing; exit 0 whole, 1 broken, 66 no records.
    Verify(VerifyArgs),
    /// Write all records for somebody else to read; exit 66 where there are none.
    Export(ExportArgs),
    /// Set broken records aside, whole, and begin new ones with everything that is still open. Nothing else goes on
    /// after records that were changed or taken away. Consoles that are open must be started anew.
    SetAside(AsideArgs),
    /// A person says what became of a request of which nobody knows whether it was carried out. Sends nothing.
    Resolve(ResolveArgs),
}

/// Which log.
#[derive(Debug, Clone, clap::Args)]
struct LedgerArgs {
    /// The records of drills in place of the real ones. All estates share one log; the name may be left out.
    #[arg(long, value_name = "ESTATE", num_args = 0..=1, default_missing_value = "")]
    drill: Option<String>,
}

#[derive(Debug, clap::Args)]
struct ShowArgs {
    /// Only this run.
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// Only what is not older than this, e.g. 2h.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    since: Option<Duration>,
    /// One JSON object a line, exactly as they are in the log.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Debug, clap::Args)]
struct VerifyArgs {
    /// The result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Debug, clap::Args)]
struct AsideArgs {
    /// Why, and what is known of how they broke; recorded.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("word").required(true).args(["applied", "not_applied"]))]
struct ResolveArgs {
    /// The run, as the records name it.
    #[arg(value_name = "RUN")]
    run: String,
    /// It is to be treated as carried out.
    #[arg(long)]
    applied: bool,
    /// It is to be treated as never carried out.
    #[arg(long)]
    not_applied: bool,
    /// Why; recorded.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    source: SourceArgs,
}

#[derive(Debug, clap::Args)]
struct ExportArgs {
    /// As a Markdown table; as a JSON array, when left out.
    #[arg(long)]
    markdown: bool,
    /// Write to this file, which only you can read, instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    ledger: LedgerArgs,
}

/// Runs the command.
pub fn run(args: &AuditArgs, out: &mut dyn Write) -> Result<Exit> {
    let found = match &args.command {
        AuditCommand::Show(args) => {
            // What cannot be so long ago is everything.
            let since = args.since.and_then(|since| SignedDuration::try_from(since).ok());
            let from = since.and_then(|since| Timestamp::now().checked_sub(since).ok());
            show::run(args, from, &args.ledger.files()?, out)
        }
        AuditCommand::Verify(args) => verify::run(args, &args.ledger.files()?, out),
        AuditCommand::Export(args) => export::run(args, &args.ledger.files()?, out),
        AuditCommand::Resolve(args) => resolve::run(args, out),
        AuditCommand::SetAside(args) => aside::run(args, &args.ledger.files()?, Timestamp::now(), out),
    };
    match found {
        Err(error) => match error.downcast_ref::<AuditError>() {
            Some(AuditError::None(folder)) => {
                say(&format!("there are no records in {}: nothing was armed or changed from here", folder.display()));
                Ok(Exit::Missing)
            }
            _ => Err(error),
        },
        found => found,
    }
}

impl LedgerArgs {
    fn files(&self) -> Result<Files> {
        let paths = Paths::of_user().ok_or_else(|| UsageError("there is no home directory for records".to_owned()))?;
        Ok(Files::new(paths.state, if self.drill.is_some() { Ledger::Drill } else { Ledger::Real }))
    }
}

/// To standard error, cleaned.
fn say(text: &str) {
    // Nothing can be done about a closed standard error.
    let _ = writeln!(std::io::stderr().lock(), "watchfloor: {}", Text::new(text));
}
