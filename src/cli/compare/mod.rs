//! `watchfloor compare`: configuration side by side, judged against what may differ.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use color_eyre::eyre::Result;

use self::judging::{Label, folder, judged, usage_error};
use crate::base::Text;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{LookArgs, Source, SourceArgs};
use crate::compare::{Asked, Baseline, Judged, Progress, Snapshot, Verdict};
use crate::config::manifest::Manifest;
use crate::model::Usage;

mod draft;
mod judging;
mod manifests;
mod markdown;
pub mod report;
mod text;

/// Configuration side by side: exit code 0 nothing unapproved, 1 unapproved drift, 3 something could not be read.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// Only these environments: their names, or system/name; all of the configuration when left out.
    #[arg(value_name = "ENV")]
    environments: Vec<String>,
    /// Print JSON, schema 1, instead of text.
    #[arg(long, group = "form")]
    json: bool,
    /// Print the configuration manifest as a Markdown document.
    #[arg(long, group = "form")]
    markdown: bool,
    /// Draft a manifest from what is deployed: every difference but a missing tag is approved.
    #[arg(long, group = "form")]
    write_manifest: bool,
    /// Print the JSON Schema of --json and stop.
    #[arg(long, group = "form")]
    schema: bool,
    /// Print also what is the same everywhere.
    #[arg(long)]
    all: bool,
    /// What may differ; SYSTEM.manifest.toml beside the configuration when left out.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Keep what is deployed now as a baseline, and stop.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["against", "form"])]
    save: Option<String>,
    /// Compare every environment with itself as it was when the baseline was saved.
    #[arg(long, value_name = "NAME", conflicts_with = "write_manifest")]
    against: Option<String>,
    #[command(flatten)]
    source: SourceArgs,
}

/// Runs the command.
pub fn run(args: &CompareArgs, out: &mut dyn Write) -> Result<Exit> {
    if args.schema {
        writeln!(out, "{}", serde_json::to_string_pretty(&schemars::schema_for!(report::Report))?)?;
        return Ok(Exit::Ok);
    }
    let mut source = Source::open(&args.source, &LookArgs::default(), 1.0)?;
    source.report_problems();
    let known: Vec<Label> =
        source.config.environments.iter().map(|env| (Text::new(&env.system), Text::new(&env.name))).collect();
    source.keep_only(&args.environments)?;
    if args.environments.len() == 1 && args.against.is_none() && args.save.is_none() {
        return Err(UsageError("one environment has nothing to be compared with: name two, or none".into()).into());
    }
    let (snapshots, usage) = deployed(&source)?;
    if let Some(name) = &args.save {
        return save(&source, name, snapshots, out);
    }
    let (judged, manifests): (Vec<Judged>, Vec<Manifest>) =
        judged(&source, args, &known, &snapshots)?.into_iter().unzip();
    let at = source.clock.now();
    let report = report::Report::new(&judged, at, args.against.as_deref(), &usage, args.all);
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else if args.markdown {
        write!(out, "{}", markdown::text(judged.iter().zip(&manifests), &report.generated_at))?;
    } else if args.write_manifest {
        let systems: BTreeSet<&Text> = snapshots.iter().map(|snapshot| &snapshot.system).collect();
        let (1, [one]) = (systems.len(), judged.as_slice()) else {
            return Err(UsageError("a manifest is of one system: name its environments".into()).into());
        };
        write!(out, "{}", draft::manifest(one))?;
        // Every difference is drafted as approved: what is not known is not.
        let unread = one.cells().any(|cell| cell.verdict == Verdict::Unknown);
        return Ok(if unread { Exit::Unknown } else { Exit::Ok });
    } else {
        for judged in &judged {
            writeln!(out, "{}", text::text(judged, args.all))?;
        }
        writeln!(out, "{}", text::summary(&report))?;
    }
    Ok(exit(&judged))
}

/// What differs unapproved matters more than what is not known.
fn exit(judged: &[Judged]) -> Exit {
    let worst = |wanted: fn(Verdict) -> bool| judged.iter().flat_map(Judged::cells).any(|cell| wanted(cell.verdict));
    if worst(Verdict::is_unapproved) {
        Exit::Warning
    } else if worst(|verdict| verdict == Verdict::Unknown) {
        Exit::Unknown
    } else {
        Exit::Ok
    }
}

/// Reads all environments. How far it is shows on standard error, where that is a terminal.
fn deployed(source: &Source) -> Result<(Vec<Snapshot>, Usage)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let shown = std::io::stderr().is_terminal();
    let progress = move |progress: Progress| {
        if shown {
            let Progress { done, total, calls, .. } = progress;
            // Nothing can be done about a closed standard error.
            let _ = write!(std::io::stderr().lock(), "\r{done} of {total} services, {calls} calls\x1b[K");
        }
    };
    let (snapshots, asked) = runtime.block_on(async {
        let asked = crate::compare::connect(&source.config, &source.transport).await;
        (crate::compare::read(&asked, source.clock.now(), &progress).await, asked)
    });
    runtime.shutdown_background();
    if shown {
        // As above.
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
    }
    let mut usage = Usage::default();
    for session in asked.iter().filter_map(|asked: &Asked| asked.session.as_ref().ok()) {
        usage.add(&session.meter.usage());
    }
    Ok((snapshots, usage))
}

fn save(source: &Source, name: &str, snapshots: Vec<Snapshot>, out: &mut dyn Write) -> Result<Exit> {
    let unread = |snapshot: &Snapshot| snapshot.fault.is_some() || !snapshot.unlisted.is_empty();
    let exit = if snapshots.iter().any(unread) { Exit::Unknown } else { Exit::Ok };
    let resources: usize = snapshots.iter().map(|snapshot| snapshot.resources.len()).sum();
    let environments = snapshots.len();
    let path = Baseline::new(name, source.clock.now(), snapshots).save(&folder(source)?).map_err(usage_error)?;
    writeln!(out, "saved {resources} resources of {environments} environments: {}", path.display())?;
    Ok(exit)
}
