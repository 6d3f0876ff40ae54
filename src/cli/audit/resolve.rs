//! `audit resolve`: a person's word for what became of a request.

use std::io::Write;

use color_eyre::eyre::Result;

use super::ResolveArgs;
use crate::base::Text;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{LookArgs, Source};
use crate::cli::station;
use crate::runbook::reconcile;

/// Resolves every open intent of the run. A run without one is a mistake: exit 64.
pub(super) fn run(args: &ResolveArgs, out: &mut dyn Write) -> Result<Exit> {
    let reason = Text::new(&args.reason);
    if reason.trim().is_empty() {
        return Err(UsageError("--reason must not be empty".to_owned()).into());
    }
    let source = Source::open(&args.source, &LookArgs::default(), 1.0)?;
    let station = station::of(&source, None)?;
    let open = station.with_books(|books| books.unresolved.open().to_vec())?;
    let (own, others): (Vec<_>, Vec<_>) = open.iter().partition(|open| *open.run == *args.run);
    if own.is_empty() {
        let known: Vec<&str> = others.iter().map(|open| open.run.as_str()).collect();
        let known = if known.is_empty() { "none is".to_owned() } else { format!("unknown are: {}", known.join(", ")) };
        return Err(UsageError(format!("no outcome of {} is unknown; {known}", Text::new(&args.run))).into());
    }
    for open in own {
        reconcile::resolve(&station, &open.run, &open.step, args.applied, &reason)?;
        let word = if args.applied { "applied" } else { "not applied" };
        let (step, target) = (&open.step, &open.plan.target);
        writeln!(out, "{} step {step} at {} in {}: treated as {word}", open.run, target.name, target.environment)?;
    }
    // Others need not wait for it any longer.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(station.release_resolved());
    Ok(Exit::Ok)
}
