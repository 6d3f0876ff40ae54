//! `watchfloor status`: one complete wall, printed, with an exit code for scripts.

use std::io::Write;
use std::time::Duration;

use color_eyre::eyre::Result;
use jiff::Timestamp;

use crate::cli::exit::Exit;
use crate::cli::past;
use crate::cli::rows;
use crate::cli::source::{LookArgs, Source, SourceArgs};
use crate::model::Severity;
use crate::poll::Pollers;
use crate::poll::collect::one_wall;
use crate::poll::past::wall_at;
use crate::signals;

pub mod report;
mod text;

/// One-shot wall for scripts: exit code 0 all ok, 1 warning, 2 critical, 3 unknown only.
#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// Print JSON, schema 1, instead of text.
    #[arg(long)]
    json: bool,
    /// Print the JSON Schema of --json and stop.
    #[arg(long)]
    schema: bool,
    /// Only this environment: its name, or system/name. Repeat for several.
    #[arg(long = "env", value_name = "ENV")]
    environments: Vec<String>,
    /// Seconds to wait for a complete wall; what has not come by then is unknown.
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// The wall as it was at a past minute, rebuilt from alarm and metric history, e.g. 2026-11-20T03:12Z.
    #[arg(long, value_name = "TIME", value_parser = past::moment)]
    at: Option<Timestamp>,
    #[command(flatten)]
    source: SourceArgs,
}

/// Runs the command.
pub fn run(args: &StatusArgs, out: &mut dyn Write) -> Result<Exit> {
    if args.schema {
        writeln!(out, "{}", serde_json::to_string_pretty(&schemars::schema_for!(report::Report))?)?;
        return Ok(Exit::Ok);
    }
    let mut source = Source::open(&args.source, &LookArgs::default(), 1.0)?;
    source.report_problems();
    source.keep_only(&args.environments)?;
    let rows = rows::watched(&source.config.display);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let patience = Duration::from_secs(args.timeout);
    let at = args.at.map(|at| past::checked(at, source.clock.now())).transpose()?;
    let wall = runtime.block_on(async {
        if let Some(at) = at {
            return wall_at(&source.config, &source.transport, &source.clock, &rows, at, patience).await;
        }
        let (pollers, mut events) =
            Pollers::start(&source.config, &source.transport, &source.clock, &rows, source.seed);
        let environments = crate::poll::environments(&source.config);
        let wall = one_wall(environments, &rows, &mut events, &source.clock, patience).await;
        drop(pollers);
        wall
    });
    runtime.shutdown_background();
    let report = report::Report::new(&wall);
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        let title = |id: &str| {
            signals::ALL.iter().find(|signal| signal.id().0 == id).map_or(id, |signal| signal.title()).to_owned()
        };
        let always = |id: &str| source.config.display.rows.iter().any(|row| row == id);
        write!(out, "{}", text::text(&report, &title, &always))?;
    }
    Ok(match report.worst {
        Severity::Absent | Severity::Ok => Exit::Ok,
        Severity::Warning => Exit::Warning,
        Severity::Critical => Exit::Critical,
        Severity::Unknown => Exit::Unknown,
    })
}
