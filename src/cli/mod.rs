//! The command line: one file per command.

use std::io::Write;

use clap::{Parser, Subcommand};
use color_eyre::eyre::Result;

pub mod audit;
pub mod compare;
pub mod config;
pub mod console;
pub mod depth;
pub mod drill;
pub mod exit;
pub mod init;
pub mod logs;
pub mod manual;
pub mod past;
pub mod policy;
pub mod report;
pub mod rows;
pub mod run;
pub mod runbooks;
pub mod screenshot;
pub mod source;
pub mod station;
pub mod status;
pub mod team;
pub mod vocabulary;

use crate::base::text::clean;
use exit::{Exit, UsageError};

/// Watch every AWS environment of a system side by side: alarms, throttles, errors, capacity.
///
/// Without a command it opens the console on your configuration. `watchfloor drill` needs no AWS account.
#[derive(Debug, Parser)]
#[command(name = "watchfloor", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    console: console::ConsoleArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The console on an embedded estate with a scripted incident; no AWS account needed.
    Drill(drill::DrillCommand),
    /// Print one complete wall and exit 0 ok, 1 warning, 2 critical, 3 unknown only.
    Status(status::StatusArgs),
    /// Compare the configuration of environments and exit 0 nothing unapproved, 1 drift, 3 something unread.
    Compare(compare::CompareArgs),
    /// Plan a runbook, and with the typed confirmation apply it; exit 0 allowed or verified, 3 refused.
    Run(run::RunArgs),
    /// List, show, check and trust runbooks.
    #[command(visible_alias = "runbook")]
    Runbooks(runbooks::RunbooksArgs),
    /// Write the incident timeline of the last hours as Markdown.
    Report(report::ReportArgs),
    /// Show, check and export the records of what was armed, sent and refused.
    Audit(audit::AuditArgs),
    /// Make and look at the table that a team shares.
    Team(team::TeamArgs),
    /// Approve the plan of another operator.
    Approve(team::approve::ApproveArgs),
    /// Print the lines of a log group or of a resource's log, and follow them.
    Logs(logs::LogsArgs),
    /// Write a configuration from your AWS profiles.
    Init(init::InitArgs),
    /// Check, explain or show the configuration.
    Config(config::ConfigArgs),
    /// Print the least-privilege IAM policy for watching, and for the actions.
    Policy(policy::PolicyArgs),
    /// Write pictures of the console as SVG.
    Screenshot(screenshot::ScreenshotArgs),
    /// Print completions for a shell.
    Completions(manual::CompletionsArgs),
    /// Print the manual page.
    Man,
}

/// Parses the arguments, runs the command, and says how it ended. Messages about failures go to standard error.
pub fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing can be done about a closed standard stream.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Ok };
        }
    };
    match run(cli) {
        Ok(exit) => exit,
        Err(error) => report(&error),
    }
}

fn run(cli: Cli) -> Result<Exit> {
    let mut out = std::io::stdout().lock();
    match cli.command {
        None => {
            drop(out);
            console::run(&cli.console)
        }
        Some(Command::Drill(args)) => {
            drop(out);
            drill::run(&args)
        }
        Some(Command::Status(args)) => status::run(&args, &mut out),
        Some(Command::Compare(args)) => compare::run(&args, &mut out),
        Some(Command::Run(args)) => run::run(&args, &mut out),
        Some(Command::Runbooks(args)) => runbooks::run(&args, &mut out, &mut std::io::stderr().lock()),
        Some(Command::Report(args)) => report::run(&args, &mut out),
        Some(Command::Audit(args)) => audit::run(&args, &mut out),
        Some(Command::Team(args)) => team::run(&args, &mut out),
        Some(Command::Approve(args)) => team::approve::run(&args, &mut out),
        Some(Command::Logs(args)) => logs::run(&args, &mut out),
        Some(Command::Init(args)) => init::run(&args, &mut out, &mut std::io::stderr().lock()),
        Some(Command::Config(args)) => config::run(&args, &mut out, &mut std::io::stderr().lock()),
        Some(Command::Policy(args)) => policy::run(&args, &mut out),
        Some(Command::Screenshot(args)) => screenshot::run(&args, &mut out),
        Some(Command::Completions(args)) => manual::completions(&args, &mut out),
        Some(Command::Man) => manual::man(&mut out),
    }
}

fn report(error: &color_eyre::Report) -> Exit {
    if closed_pipe(error) {
        return Exit::Ok;
    }
    let mut err = std::io::stderr().lock();
    let usage = error.chain().find_map(|cause| cause.downcast_ref::<UsageError>());
    // Nothing can be done about a closed standard error.
    let _ = match usage {
        Some(usage) => writeln!(err, "watchfloor: {}", inert(&usage.to_string())),
        None => writeln!(err, "watchfloor: {}", inert(&format!("{error:#}"))),
    };
    if usage.is_some() { Exit::Usage } else { Exit::Internal }
}

/// A message of one or more lines, with nothing in it that a terminal would obey: it may repeat what was typed.
fn inert(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// True when the reader of our output is gone, as in `watchfloor status | head -1`.
fn closed_pipe(error: &color_eyre::Report) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
