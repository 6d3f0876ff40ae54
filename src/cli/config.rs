//! `watchfloor config check|schema|show`.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use color_eyre::eyre::Result;

use crate::app::keymap::{KeyProblem, Keymap};
use crate::cli::exit::Exit;
use crate::cli::source::variable;
use crate::cli::vocabulary;
use crate::config::{Config, Flags, Loaded, Paths, Problem, Started, Weight, start};

/// Check, explain or show the configuration.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    /// Use this configuration file.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    command: ConfigCommand,
}

/// The parts of `watchfloor config`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// Say what is wrong with the configuration, one problem a line; exit 64 on errors.
    Check,
    /// Print the JSON Schema of the configuration file.
    Schema,
    /// Print the configuration in force, with where it comes from.
    Show,
}

/// Runs the command on the user's configuration.
pub fn run(args: &ConfigArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let flags = Flags { config: args.config.clone(), ..Flags::default() };
    let started = start(Paths::of_user().as_ref(), &flags, variable, vocabulary::with_profiles());
    answer(args.command, &started, out, err)
}

/// Writes the answer to `out`; what does not belong to it goes to `err`.
pub fn answer(command: ConfigCommand, started: &Started, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    match command {
        ConfigCommand::Check => check(started, out),
        ConfigCommand::Schema => schema(out),
        ConfigCommand::Show => {
            for problem in problems(&started.loaded) {
                writeln!(err, "{problem}")?;
            }
            show(started, out)
        }
    }
}

fn check(started: &Started, out: &mut dyn Write) -> Result<Exit> {
    let problems = problems(&started.loaded);
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    if !started.found && problems.is_empty() {
        writeln!(out, "{}: there is no configuration; `watchfloor init` writes one", place(started))?;
        return Ok(Exit::Usage);
    }
    let environments = started.loaded.config.environments.len();
    let left_out = started.loaded.left_out.len();
    let counted = if environments == 1 { "1 environment".into() } else { format!("{environments} environments") };
    if problems.iter().any(|problem| problem.weight == Weight::Error) {
        writeln!(out, "{}: {counted} in use, {left_out} left out", place(started))?;
        return Ok(Exit::Usage);
    }
    writeln!(out, "{}: ok, {counted}", place(started))?;
    Ok(Exit::Ok)
}

/// What loading found, and what the keymap refuses: it alone knows which keys are free.
fn problems(loaded: &Loaded) -> Vec<Problem> {
    let mut problems = loaded.problems.clone();
    for refused in Keymap::new(&loaded.config.keys).1 {
        let action = match &refused {
            KeyProblem::UnknownAction { name, .. } => name,
            KeyProblem::NotAKey { action, .. } | KeyProblem::Taken { action, .. } => action,
            KeyProblem::Fixed => "quit",
        };
        let (file, position) = loaded.key_places.get(action).cloned().unzip();
        problems.push(Problem::error(file.unwrap_or_default(), position, refused.to_string()));
    }
    problems
}

fn schema(out: &mut dyn Write) -> Result<Exit> {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Config))?;
    writeln!(out, "{schema}")?;
    Ok(Exit::Ok)
}

fn show(started: &Started, out: &mut dyn Write) -> Result<Exit> {
    let text = toml::to_string_pretty(&started.loaded.config)?;
    let read = if started.found { "" } else { " (not there: these are the defaults)" };
    writeln!(out, "# {}{read}", place(started))?;
    for (part, origin) in &started.loaded.origins {
        writeln!(out, "# {part}: from {origin}")?;
    }
    writeln!(out, "\n{}", text.trim_end())?;
    Ok(Exit::Ok)
}

fn place(started: &Started) -> String {
    let path = started.path.as_ref().map(|path| path.display().to_string());
    crate::base::text::clean(path.as_deref().unwrap_or("configuration"))
}
