//! `watchfloor report`: the incident timeline as Markdown.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use color_eyre::eyre::{Result, WrapErr};
use jiff::SignedDuration;

use crate::cli::exit::Exit;
use crate::cli::source::{LookArgs, Source, SourceArgs, duration};
use crate::config::paths::write_private;
use crate::runbook::audit::{Files, Ledger};

pub mod gather;
pub mod incident;
mod markdown;
mod own;

/// The incident timeline of the last hours as Markdown: what is red, what is suspected, what was done, what changed,
/// which alarms.
#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    /// How far back, e.g. 2h or 45m; at most 14 days.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "2h")]
    since: Duration,
    /// Only this environment: its name, or system/name. Repeat for several.
    #[arg(long = "env", value_name = "ENV")]
    environments: Vec<String>,
    /// Write to this file, which only you can read, instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Seconds to wait for a complete wall; what has not come by then is unknown.
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    #[command(flatten)]
    source: SourceArgs,
}

/// As far back as events are remembered by RDS and ElastiCache.
const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Runs the command.
pub fn run(args: &ReportArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut source = Source::open(&args.source, &LookArgs::default(), 1.0)?;
    source.report_problems();
    source.keep_only(&args.environments)?;
    let since = SignedDuration::try_from(args.since).unwrap_or(LONGEST).min(LONGEST);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let patience = Duration::from_secs(args.timeout);
    let mut incident = runtime.block_on(gather::incident(
        &source.config,
        &source.transport,
        &source.clock,
        source.seed,
        since,
        patience,
    ));
    runtime.shutdown_background();
    if let Some(paths) = &source.paths {
        let ledger = if source.drill.is_some() { Ledger::Drill } else { Ledger::Real };
        own::add(&mut incident, &Files::new(&paths.state, ledger));
    }
    let text = markdown::text(&incident);
    match &args.output {
        Some(path) => write_private(path, text.as_bytes()).wrap_err_with(|| path.display().to_string())?,
        None => write!(out, "{text}")?,
    }
    Ok(Exit::Ok)
}
