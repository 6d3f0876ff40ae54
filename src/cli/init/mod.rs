//! `watchfloor init`: a configuration from the AWS profiles of this user. It asks nothing and overwrites nothing.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use color_eyre::eyre::{Result, WrapErr};

use crate::base::text::clean;
use crate::cli::exit::{Exit, UsageError};
use crate::cli::source::variable;
use crate::config::aws_files::AwsFiles;
use crate::config::paths::write_private;
use crate::config::{Paths, named_file};

mod environments;
mod guess;
mod text;

/// Write a configuration from your AWS profiles.
#[derive(Debug, Clone, Default, Args)]
pub struct InitArgs {
    /// Print the configuration instead of writing it.
    #[arg(long)]
    pub print: bool,
    /// Replace the configuration that is there; it is kept beside it as a backup.
    #[arg(long, conflicts_with = "print")]
    pub force: bool,
    /// Write this file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Runs the command for the user who calls it.
pub fn run(args: &InitArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let target = named_file(args.config.as_deref(), variable).or_else(|| Some(Paths::of_user()?.config_file()));
    let (Some(target), Some(files)) = (target, AwsFiles::of_this_user()) else {
        return Err(UsageError("there is no home directory: set HOME".to_owned()).into());
    };
    write_from(args, &target, &files, out, err).wrap_err_with(|| format!("writing {}", target.display()))
}

/// Writes the configuration of `files` to `target`, or to `out` with `--print`. Messages go to `err`.
pub fn write_from(
    args: &InitArgs,
    target: &Path,
    files: &AwsFiles,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Exit> {
    let shown = clean(&target.display().to_string());
    // A link that leads nowhere is also something that stands there.
    let exists = target.symlink_metadata().is_ok();
    if exists && !args.force && !args.print {
        writeln!(err, "{shown} is there already and stays as it is.")?;
        writeln!(
            err,
            "`watchfloor init --print` shows what would be written, `--force` replaces it and keeps a backup."
        )?;
        return Ok(Exit::Usage);
    }
    let (profiles, problems) = files.profiles();
    for problem in problems {
        writeln!(err, "{problem}")?;
    }
    let environments = environments::environments(&profiles);
    if environments.is_empty() {
        no_profiles(files, &shown, err)?;
        return Ok(Exit::Usage);
    }
    let content = text::text(&environments);
    if args.print {
        out.write_all(content.as_bytes())?;
        return Ok(Exit::Ok);
    }
    if exists {
        let backup = back_up(target)?;
        writeln!(err, "kept the old configuration as {}", clean(&backup.display().to_string()))?;
    }
    write_private(target, content.as_bytes())?;
    writeln!(err, "wrote {shown}:")?;
    for environment in &environments {
        writeln!(err, "  {}", clean(&environment.summary()))?;
    }
    writeln!(err, "Names and tiers are guessed from the profiles' names: look them over, then start `watchfloor`.")?;
    Ok(Exit::Ok)
}

fn no_profiles(files: &AwsFiles, target: &str, err: &mut dyn Write) -> io::Result<()> {
    let (config, credentials) = (files.config.display().to_string(), files.credentials.display().to_string());
    writeln!(err, "no AWS profile in {} or {}.", clean(&config), clean(&credentials))?;
    writeln!(err, "`aws configure sso` makes one; or write {target} yourself:\n")?;
    writeln!(err, "  [[environment]]\n  system = \"payments\"\n  name = \"prod\"\n  region = \"us-east-1\"\n")?;
    writeln!(err, "`watchfloor drill` needs no AWS account.")
}

/// Copies the file to the first free name beside it; it stays where it is until the new one replaces it.
fn back_up(target: &Path) -> io::Result<PathBuf> {
    let name = |number: u32| {
        let mut name = target.as_os_str().to_owned();
        name.push(if number == 0 { ".bak".to_owned() } else { format!(".bak{number}") });
        PathBuf::from(name)
    };
    let backup = (0..1000).map(name).find(|path| path.symlink_metadata().is_err());
    let backup = backup.ok_or_else(|| io::Error::other("too many backups beside the configuration"))?;
    write_private(&backup, &std::fs::read(target)?)?;
    Ok(backup)
}
