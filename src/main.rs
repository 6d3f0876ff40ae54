//! The thin binary: run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    watchfloor::cli::main().into()
}
