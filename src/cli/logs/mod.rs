//! `watchfloor logs`: the lines of a log group, read like the log screen reads them.

use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::Result;
use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::{LookArgs, Source, SourceArgs, duration};
use crate::cloud::Session;
use crate::config::EnvironmentConfig;
use crate::inquiry::work::tail::Tail;
use crate::model::Fault;

mod find;
mod printer;
mod reader;

/// Print the lines of a log group: one `time  stream  message` an event, cleaned of control characters. Exit 0 also when
/// there is none, 3 when they could not be read, 64 for a wrong environment, resource, group or pattern.
#[derive(Debug, clap::Args)]
pub struct LogsArgs {
    /// The environment: its name, or system/name.
    #[arg(long = "env", value_name = "ENV")]
    environment: String,
    /// The resource whose log is read, as the console names it: a Lambda function, an ECS service, a stage, a database.
    #[arg(value_name = "RESOURCE", required_unless_present = "group", conflicts_with = "group")]
    resource: Option<String>,
    /// Read this log group.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// How far back, e.g. 15m or 2h.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "15m")]
    since: Duration,
    /// Only what matches this CloudWatch Logs filter pattern, e.g. ERROR or '{ $.status >= 500 }'.
    #[arg(long, value_name = "PATTERN", default_value = "", hide_default_value = true)]
    filter: String,
    /// Go on with the lines that come, until interrupted.
    #[arg(long)]
    follow: bool,
    /// Of the lines that are there already only the newest N.
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroUsize>,
    /// One JSON object a line: timestamp, stream, message, eventId.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: SourceArgs,
}

/// Runs the command.
pub fn run(args: &LogsArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut source = Source::open(&args.source, &LookArgs::default(), 1.0)?;
    source.report_problems();
    source.keep_only(std::slice::from_ref(&args.environment))?;
    if source.config.environments.len() > 1 {
        let labels: Vec<String> = source.config.environments.iter().map(EnvironmentConfig::label).collect();
        let several = format!("`{}` is in several systems; say which: {}", args.environment, labels.join(", "));
        return Err(UsageError(several).into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(print(args, &source, out));
    runtime.shutdown_background();
    match outcome {
        Ok(()) => Ok(Exit::Ok),
        Err(error) => match error.downcast_ref::<Fault>() {
            Some(fault) => {
                reader::say(&fault.to_string());
                Ok(Exit::Unknown)
            }
            None => Err(error),
        },
    }
}

async fn print(args: &LogsArgs, source: &Source, out: &mut dyn Write) -> Result<()> {
    let (session, group): (Arc<Session>, Text) = match (&args.group, &args.resource) {
        (Some(group), _) => (Arc::new(find::session(source).await?), Text::from(group)),
        (None, resource) => find::of_resource(source, resource.as_deref().unwrap_or_default()).await?,
    };
    let now = source.clock.now();
    let since = SignedDuration::try_from(args.since).unwrap_or(SignedDuration::MAX);
    // Nothing was logged before 1970.
    let from = now.checked_sub(since).unwrap_or_default().max(Timestamp::UNIX_EPOCH);
    let tail = Tail::new(group.clone(), Text::from(args.filter.trim()), from);
    let reader = reader::Reader {
        tail: if args.follow { tail } else { tail.until(now) },
        session,
        clock: source.clock.clone(),
        follow: args.follow,
        limit: args.limit,
        none: none(args, source, &group, from),
    };
    reader.read(&mut printer::Printer::new(out, args.json)).await
}

/// What to say where there is no line.
fn none(args: &LogsArgs, source: &Source, group: &str, from: Timestamp) -> String {
    let label = source.config.environments.first().map(EnvironmentConfig::label).unwrap_or_default();
    let since = from.strftime("%Y-%m-%d %H:%M:%SZ");
    let matching = match args.filter.trim() {
        "" => String::new(),
        pattern => format!(" that matches the pattern {pattern}"),
    };
    let next = if args.follow { "waiting for more" } else { "look further back with --since" };
    format!("no event in {group} of {label} since {since}{matching}; {next}")
}
