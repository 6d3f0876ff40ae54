//! `watchfloor policy`: the IAM policy for watching, made from what the signals, the sources of changes and the inventories declare.

use std::collections::BTreeSet;
use std::io::Write;

use color_eyre::eyre::Result;

use crate::changes;
use crate::cli::exit::Exit;
use crate::compare::inventory as compare;
use crate::inquiry;
use crate::signals;

/// IAM actions that are used besides the signals' own: the metric broker, the identity check, selection by tags.
const COMMON: &[&str] = &["cloudwatch:GetMetricData", "sts:GetCallerIdentity", "tag:GetResources"];

/// Prints the least-privilege policy as JSON.
#[derive(Debug, clap::Args)]
pub struct PolicyArgs {}

/// Runs the command.
pub fn run(_args: &PolicyArgs, out: &mut dyn Write) -> Result<Exit> {
    let actions: BTreeSet<&str> = signals::ALL
        .iter()
        .flat_map(|signal| signal.permissions())
        .chain(COMMON)
        .copied()
        .chain(changes::permissions())
        .chain(compare::permissions())
        .chain(inquiry::PERMISSIONS.iter().copied())
        .collect();
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "WatchfloorRead", "Effect": "Allow", "Action": actions, "Resource": "*" }],
    });
    writeln!(out, "{}", serde_json::to_string_pretty(&policy)?)?;
    Ok(Exit::Ok)
}
