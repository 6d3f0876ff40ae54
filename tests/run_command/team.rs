//! A second person with a home, records and a principal of their own; only the table is shared.

use std::process::Command;
use std::time::Duration;

use watchfloor::model::Entry;

use crate::stage::{AFTER, Done, FUNCTION, Stage, records_in};

const CRITICAL: &str = r#"schema = 1
id = "critical-alias"
title = "Move the alias, with a second person"
action = "lambda.alias_rollback"
risk = "critical"
approvals = 2
params.to = { type = "version", default = "previous" }
steps = [{ id = "apply", send = "function_version", value = "{{to}}" }]
verify = [{ that = "current == to" }]
"#;
const ACCOUNT: &str = "333333333333";

/// The stage with the table of a team, a critical runbook, and Sam.
fn stage() -> Stage {
    let stage = Stage::new(0);
    let place =
        format!("region = \"us-east-1\"\naccount = \"{ACCOUNT}\"\nendpoint_url = \"http://{}\"", stage.address());
    stage.configure(&format!("[team]\ntable = \"watchfloor\"\nprofile = \"payments-prod\"\n{place}\n"));
    stage.write("config/watchfloor/runbooks/critical-alias.toml", CRITICAL);
    let role = format!("arn:aws:iam::{ACCOUNT}:role/on-call");
    let hour = Duration::from_secs(3600);
    let session = stage.endpoint.accounts().assume(&role, "sam", hour, std::time::SystemTime::now()).unwrap();
    let (key, token) = (session.access_key_id, session.session_token);
    let secret = "aws_secret_access_key = x\naws_session_token";
    stage.write("sam/.aws/credentials", &format!("[payments-prod]\naws_access_key_id = {key}\n{secret} = {token}\n"));
    stage
}

/// The program as Sam, on a machine of his own.
fn sam(stage: &Stage, args: &[&str]) -> Command {
    let mut command = stage.program_in(&stage.folder.path().join("sam-state"), args);
    command.env("HOME", stage.folder.path().join("sam")).env("USER", "sam");
    command
}

fn done(mut command: Command) -> Done {
    Done::of(&command.output().unwrap())
}

fn sent(stage: &Stage) -> usize {
    stage.mutations().iter().filter(|operation| *operation == "UpdateAlias").count()
}

#[test]
fn a_critical_change_waits_for_the_other_person() {
    let stage = stage();
    let made = stage.done(&["team", "init"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(made.out.starts_with("made table watchfloor in us-east-1"), "{made:?}");
    assert_eq!(stage.done(&["runbooks", "trust", "critical-alias"]).code, Some(0));
    let shown = stage.done(&["runbooks", "show", "critical-alias"]);
    assert!(shown.out.contains("critical, approved by a second person"), "{shown:?}");

    let function = format!("function={FUNCTION}");
    let base = ["run", "critical-alias", "--env", "prod", "--param", &function, "--param", "to=41", "--json"];
    let phrase = format!("prod {FUNCTION} {AFTER}");
    let apply = [&base[..], &["--confirm", &phrase, "--reason", "5xx since 03:01"]].concat();
    let plan = stage.done(&base);
    assert_eq!((plan.code, &plan.json()["allowed"]), (Some(3), &false.into()), "{plan:?}");
    let digest = plan.json()["digest"].as_str().unwrap().to_owned();
    // A plan that nobody wants to apply is not put before others.
    let approve = ["approve", &digest, "--reason", "looks right", "--confirm", &format!("approve {phrase}")];
    let early = done(sam(&stage, &approve));
    assert_eq!(early.code, Some(64), "{early:?}");

    let refused = stage.done(&apply);
    assert_eq!((refused.code, sent(&stage)), (Some(3), 0), "{refused:?}");
    let last = refused.lines().pop().unwrap();
    assert_eq!(
        (&last["refusals"][0], &last["digest"]),
        (&format!("approval/{FUNCTION}").into(), &digest.as_str().into())
    );

    let own = stage.done(&approve);
    assert!(own.code == Some(3) && own.out.contains("another principal must approve"), "{own:?}");
    let mistyped = done(sam(&stage, &["approve", &digest, "--reason", "looks right", "--confirm", &phrase]));
    assert!(mistyped.code == Some(3) && mistyped.out.contains("Nothing was approved"), "{mistyped:?}");
    assert_eq!((stage.done(&apply).code, sent(&stage)), (Some(3), 0));

    let waiting = done(sam(&stage, &["team", "status"]));
    assert!(waiting.out.contains(&digest), "{waiting:?}");
    let approved = done(sam(&stage, &approve));
    assert!(approved.code == Some(0) && approved.out.contains("assumed-role/on-call/sam"), "{approved:?}");
    let applied = stage.done(&apply);
    assert_eq!((applied.code, sent(&stage), stage.served_version().as_str()), (Some(0), 1, AFTER), "{applied:?}");

    let by = stage.records().into_iter().find_map(|record| match record.entry {
        Entry::Intent { approved_by, .. } => Some(approved_by),
        _ => None,
    });
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/on-call/sam");
    assert_eq!(by, Some(vec![arn.as_str().into()]));
    let of_sam = records_in(&stage.folder.path().join("sam-state/watchfloor"));
    let noted = |entry: &Entry| matches!(entry, Entry::Approved { by, .. } if by.as_str() == arn);
    assert_eq!(of_sam.iter().filter(|record| noted(&record.entry)).count(), 1);
    assert_eq!(done(sam(&stage, &["audit", "verify"])).code, Some(0));
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
}
