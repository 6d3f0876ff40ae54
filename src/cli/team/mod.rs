//! `watchfloor team`: the table that the consoles of a team share.

use std::io::Write;

use clap::Subcommand;
use color_eyre::eyre::Result;
use jiff::Timestamp;

use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{LookArgs, Source, SourceArgs};
use crate::cloud::SharedTable;
use crate::guard::LockState;
use crate::runbook::team::{approvals, locks, setup};

pub mod approve;

/// The table that the consoles of a team share: locks, approvals, a copy of the records.
#[derive(Debug, clap::Args)]
pub struct TeamArgs {
    #[command(subcommand)]
    command: TeamCommand,
}

#[derive(Debug, Subcommand)]
enum TeamCommand {
    /// Make the table of `[team]` and set it up; does only what is not done yet.
    Init(SourceArgs),
    /// Say who uses the table, which locks are held and which plans wait for approval; exit 66 where there is none.
    Status(SourceArgs),
}

/// Runs the command.
pub fn run(args: &TeamArgs, out: &mut dyn Write) -> Result<Exit> {
    let (TeamCommand::Init(from) | TeamCommand::Status(from)) = &args.command;
    let source = Source::open(from, &LookArgs::default(), 1.0)?;
    source.report_problems();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let table = table(&source).await?;
        match &args.command {
            TeamCommand::Init(_) => {
                let mut written = Ok(());
                setup::init(&table, |says| {
                    if written.is_ok() {
                        written = writeln!(out, "{says}");
                    }
                })
                .await?;
                written?;
                Ok(Exit::Ok)
            }
            TeamCommand::Status(_) => status(&table, source.clock.now(), out).await,
        }
    })
}

/// The configured table.
async fn table(source: &Source) -> Result<SharedTable> {
    SharedTable::open(&source.config.team, &source.transport).await?.ok_or_else(|| {
        let says = "no table is shared: add `[team]` with `table` to the configuration; until then locks and records \
                    stay on this machine";
        UsageError(says.to_owned()).into()
    })
}

async fn status(table: &SharedTable, now: Timestamp, out: &mut dyn Write) -> Result<Exit> {
    let identity = table.verify_identity().await?;
    writeln!(
        out,
        "table {} in {} of account {}, used as {}",
        table.name(),
        table.region(),
        identity.account,
        identity.arn
    )?;
    match table.standing().await? {
        None => {
            writeln!(out, "there is no such table: make it with `watchfloor team init`")?;
            return Ok(Exit::Missing);
        }
        Some(standing) if !standing.fits => writeln!(out, "its keys do not fit: this is a table for something else")?,
        Some(standing) if !standing.active => writeln!(out, "it is not ACTIVE yet")?,
        Some(_) => {}
    }
    if !locks::relies_on_clock(table) {
        let skew = table.clock_skew().map_or("not known".to_owned(), |skew| format!("{skew} s off AWS's"));
        writeln!(out, "the clock is {skew}: no lock counts as ended, and nothing can be approved")?;
    }
    let mut held = 0;
    for (arn, state) in locks::all(table, now).await? {
        if let LockState::Held { holder, reason, until } = state {
            held += 1;
            let until = until.map(|until| format!(", until {}", until.strftime("%H:%M:%SZ"))).unwrap_or_default();
            writeln!(out, "lock  {arn}  {holder}: {reason}{until}")?;
        }
    }
    if held == 0 {
        writeln!(out, "no lock is held")?;
    }
    let waiting = approvals::proposals(table).await?;
    let waiting: Vec<_> = waiting.iter().filter(|one| one.may_be_approved("", now, Some(0)).is_ok()).collect();
    for proposal in &waiting {
        let (target, at) = (&proposal.plan.target, proposal.at.strftime("%H:%M:%SZ"));
        let what = format!("{} of {} in {}", proposal.runbook, target.name, target.environment);
        writeln!(out, "plan  {}  {what}, by {} at {at}", proposal.digest(), proposal.operator)?;
    }
    if waiting.is_empty() {
        writeln!(out, "no plan waits for approval")?;
    }
    Ok(Exit::Ok)
}
