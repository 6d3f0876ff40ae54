//! `watchfloor completions` and `watchfloor man`: made from the same definitions as the help.

use std::io::Write;

use clap::CommandFactory;
use color_eyre::eyre::Result;

use crate::cli::Cli;
use crate::cli::exit::Exit;

/// For which shell.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell.
    shell: clap_complete::Shell,
}

/// Prints completions.
pub fn completions(args: &CompletionsArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut made = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "watchfloor", &mut made);
    out.write_all(&made)?;
    Ok(Exit::Ok)
}

/// Prints the manual page.
pub fn man(out: &mut dyn Write) -> Result<Exit> {
    let mut made = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut made)?;
    out.write_all(&made)?;
    Ok(Exit::Ok)
}
