//! `watchfloor policy`: the IAM policy for watching, made from what the signals, the sources of changes and the
//! inventories declare; and for changing, from what the actions declare.

use std::collections::BTreeSet;
use std::io::Write;

use color_eyre::eyre::Result;

use crate::actions;
use crate::changes;
use crate::cli::exit::Exit;
use crate::compare::inventory as compare;
use crate::inquiry;
use crate::signals;

/// IAM actions that are used besides the signals' own: the metric broker, the identity check, selection by tags.
const COMMON: &[&str] = &["cloudwatch:GetMetricData", "sts:GetCallerIdentity", "tag:GetResources"];

/// Reads that every change needs: who the mutating client is.
const OF_EVERY_ACTION: &str = "sts:GetCallerIdentity";

/// Prints the least-privilege policy as JSON.
#[derive(Debug, clap::Args)]
pub struct PolicyArgs {
    /// Add what the actions read and change, each in a statement of its own: for the principal that changes.
    #[arg(long)]
    pub actions: bool,
}

/// Runs the command.
pub fn run(args: &PolicyArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut statements = vec![statement("WatchfloorRead", &watching())];
    if args.actions {
        let reads = actions::ALL.iter().flat_map(|action| action.reads()).copied().chain([OF_EVERY_ACTION]).collect();
        let changes = actions::ALL.iter().flat_map(|action| action.mutations()).copied().collect();
        statements.push(statement("WatchfloorActionsRead", &reads));
        statements.push(statement("WatchfloorActionsChange", &changes));
    }
    let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": statements });
    writeln!(out, "{}", serde_json::to_string_pretty(&policy)?)?;
    Ok(Exit::Ok)
}

fn watching() -> BTreeSet<&'static str> {
    signals::ALL
        .iter()
        .flat_map(|signal| signal.permissions())
        .chain(COMMON)
        .copied()
        .chain(changes::permissions())
        .chain(compare::permissions())
        .chain(inquiry::PERMISSIONS.iter().copied())
        .collect()
}

fn statement(sid: &str, allowed: &BTreeSet<&str>) -> serde_json::Value {
    serde_json::json!({ "Sid": sid, "Effect": "Allow", "Action": allowed, "Resource": "*" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::read_only::reads_only;

    fn statements(actions: bool) -> Vec<(String, Vec<String>)> {
        let mut out = Vec::new();
        run(&PolicyArgs { actions }, &mut out).unwrap();
        let policy: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let words = |list: &serde_json::Value| {
            list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
        };
        let statements = policy["Statement"].as_array().unwrap().iter();
        statements.map(|one| (one["Sid"].as_str().unwrap().to_owned(), words(&one["Action"]))).collect()
    }

    fn only_reads(permission: &str) -> bool {
        let name = permission.split_once(':').unwrap().1;
        // API Gateway's permissions are HTTP methods.
        name == "GET" || reads_only(name)
    }

    #[test]
    fn watching_changes_nothing() {
        let statements = statements(false);
        assert_eq!(statements.len(), 1);
        assert!(statements[0].1.iter().all(|permission| only_reads(permission)), "{statements:?}");
    }

    #[test]
    fn what_changes_stands_alone_and_belongs_to_an_action() {
        let with = statements(true);
        let sids: Vec<&str> = with.iter().map(|(sid, _)| sid.as_str()).collect();
        assert_eq!(sids, ["WatchfloorRead", "WatchfloorActionsRead", "WatchfloorActionsChange"]);
        assert_eq!(with[..1], statements(false));
        for (sid, permissions) in &with[..2] {
            let changing: Vec<_> = permissions.iter().filter(|permission| !only_reads(permission)).collect();
            assert!(changing.is_empty(), "{sid} allows {changing:?}");
        }
        let changes = &with[2].1;
        for permission in changes {
            assert!(!only_reads(permission) && !permission.contains('*'), "{permission}");
            let of = actions::ALL.iter().filter(|action| action.mutations().contains(&permission.as_str()));
            assert!(of.count() > 0, "{permission} belongs to no action");
        }
        for action in actions::ALL {
            assert!(!action.mutations().is_empty(), "{} changes nothing", action.id());
            for permission in action.mutations() {
                assert!(changes.iter().any(|known| known == permission), "{} lacks {permission}", action.id());
            }
        }
        assert!(actions::ALL.len() > 1);
    }
}
