//! `watchfloor approve`: a second person looks at a plan and approves it.

use std::io::{BufRead, Write};

use color_eyre::eyre::Result;

use super::table;
use crate::base::Text;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{LookArgs, Source, SourceArgs};
use crate::config::Paths;
use crate::model::Entry;
use crate::runbook::audit::{Author, Files, Ledger, Log};
use crate::runbook::team::approvals;
use crate::runbook::team::proposal::{Proposal, TO_EXECUTE};

/// Approve the plan of another operator: shows it, asks for the typed phrase, and writes the approval into the shared
/// table. It is good for five minutes. Exit 3 where it is refused.
#[derive(Debug, clap::Args)]
pub struct ApproveArgs {
    /// SHA-256 of the plan, as the operator's console shows it.
    #[arg(value_name = "DIGEST")]
    digest: String,
    /// Why; recorded.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The phrase, in place of typing it when asked.
    #[arg(long, value_name = "PHRASE")]
    confirm: Option<String>,
    #[command(flatten)]
    source: SourceArgs,
}

/// Runs the command.
pub fn run(args: &ApproveArgs, out: &mut dyn Write) -> Result<Exit> {
    if args.reason.trim().is_empty() {
        return Err(UsageError("--reason must not be empty".to_owned()).into());
    }
    let source = Source::open(&args.source, &LookArgs::default(), 1.0)?;
    source.report_problems();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(approve(args, &source, out))
}

async fn approve(args: &ApproveArgs, source: &Source, out: &mut dyn Write) -> Result<Exit> {
    let table = table(source).await?;
    let identity = table.verify_identity().await?;
    let Some(proposal) = approvals::proposal(&table, &args.digest).await? else {
        return Err(UsageError(format!("no plan with this digest stands in table {}", table.name())).into());
    };
    show(&proposal, out)?;
    let refused = |out: &mut dyn Write, says: &str| -> Result<Exit> {
        writeln!(out, "REFUSED approval  {says}. Nothing was approved.")?;
        Ok(Exit::Unknown)
    };
    if let Err(says) = proposal.may_be_approved(&identity.arn, source.clock.now(), table.clock_skew()) {
        return refused(out, &says);
    }
    let phrase = proposal.phrase();
    let typed = match &args.confirm {
        Some(typed) => typed.clone(),
        None => {
            write!(out, "\nYou are {}.\nTo approve, type  {phrase}\n> ", identity.arn)?;
            out.flush()?;
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line)?;
            line
        }
    };
    if typed.trim() != phrase {
        return refused(out, &format!("what was typed is not `{phrase}`"));
    }
    // Typing took time.
    let now = source.clock.now();
    if let Err(says) = proposal.may_be_approved(&identity.arn, now, table.clock_skew()) {
        return refused(out, &says);
    }
    approvals::approve(&table, &proposal, &identity.arn, &args.reason, now).await?;
    let until = (now + TO_EXECUTE).strftime("%H:%M:%SZ");
    writeln!(out, "approved as {}; it can be executed until {until}", identity.arn)?;
    if let Some(paths) = &source.paths {
        record(paths, source.drill.is_some(), &proposal, &identity.arn, now)?;
    }
    Ok(Exit::Ok)
}

fn show(proposal: &Proposal, out: &mut dyn Write) -> Result<()> {
    let (plan, target) = (&proposal.plan, &proposal.plan.target);
    writeln!(out, "{}  {} of {} in {}", proposal.runbook, plan.action, target.name, target.environment)?;
    writeln!(out, "  {}", target.arn)?;
    for one in &plan.differences {
        let unit = if one.unit.is_empty() { String::new() } else { format!(" {}", one.unit) };
        writeln!(out, "  {}: {} → {}{unit}", one.field, one.before, one.after)?;
    }
    for touched in &plan.touches {
        writeln!(out, "  {touched}")?;
    }
    writeln!(out, "  sends {} as {}", plan.operation, proposal.principal)?;
    let at = proposal.at.strftime("%Y-%m-%d %H:%M:%SZ");
    writeln!(out, "  planned by {} at {at}: {}", proposal.operator, proposal.reason)?;
    Ok(())
}

/// On record here too, for whoever approved.
fn record(paths: &Paths, drill: bool, proposal: &Proposal, by: &Text, now: jiff::Timestamp) -> Result<()> {
    let ledger = if drill { Ledger::Drill } else { Ledger::Real };
    let user = std::env::var("USER").unwrap_or_default();
    let author = Author {
        principal: by.clone(),
        operator: Text::new(user),
        console: Text::new(format!("approve-{}", std::process::id())),
    };
    let entry = Entry::Approved { digest: proposal.digest().into(), by: by.clone() };
    Log::open(Files::new(&paths.state, ledger)).append(entry, &author, now)?;
    Ok(())
}
