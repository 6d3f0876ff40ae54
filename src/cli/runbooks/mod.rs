//! `watchfloor runbooks`: what may be done to resources, and the user's own files for it.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use color_eyre::eyre::Result;

use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::variable;
use crate::config::nearest::nearest;
use crate::config::runbook::file::File;
use crate::config::{Paths, Problem, named_file};
use crate::guard::Trust;
use crate::model::TargetKind;
use crate::runbook::books::{Book, Library, Shelf};

mod check;
mod list;
mod show;
mod trust;

/// The runbooks: those that come with the program, and your own in the folder `runbooks` beside the configuration.
#[derive(Debug, clap::Args)]
pub struct RunbooksArgs {
    /// Use this configuration file: its folder holds the runbooks.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    command: RunbooksCommand,
}

/// The parts of `watchfloor runbooks`.
#[derive(Debug, Subcommand)]
pub enum RunbooksCommand {
    /// Name the runbooks that can be used.
    List {
        /// Only those for this kind of resource, e.g. ecs-service.
        #[arg(long, value_name = "KIND", value_parser = kind)]
        kind: Option<TargetKind>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one: parameters, what it requires, its steps and what it verifies.
    Show {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say what is wrong with your own runbooks, or with these files; exit 0 nothing, 1 something.
    Check {
        /// The files; all of your own when left out.
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print the JSON Schema of a runbook file.
    Schema,
    /// Print one of your own runbooks and trust exactly this content from now on.
    Trust {
        /// Its id.
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Runs the command on the user's runbooks.
pub fn run(args: &RunbooksArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let paths = Paths::of_user();
    let config = named_file(args.config.as_deref(), variable).or_else(|| paths.as_ref().map(Paths::config_file));
    answer(&args.command, &Shelf::of_user(config.as_deref(), paths.as_ref()), out, err)
}

/// Writes the answer to `out`; problems go to `err`.
pub fn answer(command: &RunbooksCommand, shelf: &Shelf, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    match command {
        RunbooksCommand::Check { files } => return check::run(files, shelf, out, err),
        RunbooksCommand::Schema => {
            writeln!(out, "{}", serde_json::to_string_pretty(&schemars::schema_for!(File))?)?;
            return Ok(Exit::Ok);
        }
        _ => {}
    }
    let library = Library::load(shelf);
    report(library.problems(), err)?;
    match command {
        RunbooksCommand::List { kind, json } => list::run(&library, *kind, *json, out),
        RunbooksCommand::Show { id, json } => show::run(found(&library, id)?, *json, out),
        RunbooksCommand::Trust { id } => trust::run(found(&library, id)?, shelf, out),
        RunbooksCommand::Check { .. } | RunbooksCommand::Schema => Ok(Exit::Ok),
    }
}

fn found<'a>(library: &'a Library, id: &str) -> Result<&'a Book> {
    if let Some(book) = library.book(id) {
        return Ok(book);
    }
    let near = nearest(id, library.all().map(|book| book.id.as_str()));
    let hint = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    let id = crate::base::text::clean(id);
    Err(UsageError(format!("there is no runbook `{id}`{hint}; `watchfloor runbooks list` names them")).into())
}

fn report(problems: &[Problem], err: &mut dyn Write) -> Result<()> {
    for problem in problems {
        writeln!(err, "{problem}")?;
    }
    Ok(())
}

/// What is known of a file, in a word.
fn trust_word(trust: &Trust) -> &'static str {
    match trust {
        Trust::BuiltIn => "built in",
        Trust::Trusted => "trusted",
        Trust::New => "not trusted",
        Trust::Changed => "CHANGED",
        Trust::Writable => "WRITABLE",
    }
}

fn kind(text: &str) -> Result<TargetKind, String> {
    let found = TargetKind::ALL.iter().copied().find(|kind| kind.word() == text);
    let words = || TargetKind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("one of {}", words()))
}
