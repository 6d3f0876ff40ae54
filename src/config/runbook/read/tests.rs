//! Files: what is read, and what is refused with line and reason.
use rstest::rstest;

use super::*;
use crate::config::runbook::{Check, Do, FieldWords, Kind, ParamType, ParamWords, Truth};
use crate::model::{Severity, TargetKind, Tier, Value, Values};

fn words() -> RunbookWords {
    let param = |name: &str, accepts: &[ParamType], required| ParamWords {
        name: name.to_owned(),
        accepts: accepts.to_vec(),
        required,
    };
    let field = |(name, kind): (&str, Option<Kind>)| FieldWords { name: name.to_owned(), kind };
    let fields: Vec<FieldWords> = [
        ("running", Some(Kind::Number)),
        ("desired", Some(Kind::Number)),
        ("current", Some(Kind::Text)),
        ("task_definition", Some(Kind::Text)),
        ("to.status", Some(Kind::Text)),
        ("deployment_in_progress", Some(Kind::Flag)),
        ("deployment.state", Some(Kind::Text)),
        ("primary_deployment", None),
        ("mine", None),
    ]
    .map(field)
    .to_vec();
    let action = |id: &str, params: Vec<ParamWords>| ActionWords {
        id: id.to_owned(),
        kind: TargetKind::EcsService,
        params,
        fields: fields.clone(),
        sends: vec![
            ("task_definition".to_owned(), (id == "ecs.rollback").then(|| "to".to_owned())),
            ("force_new_deployment".to_owned(), None),
        ],
    };
    RunbookWords {
        actions: vec![
            action("ecs.rollback", vec![param("to", &[ParamType::TaskDefinition], false)]),
            action("ecs.scale", vec![param("desired", &[ParamType::Count], true)]),
        ],
        signals: vec!["alarms".to_owned(), "ecs-capacity".to_owned()],
    }
}

const ROLLBACK: &str = r#"schema = 1
id = "ecs-rollback"
title = "Roll an ECS service back to an earlier task definition"
action = "ecs.rollback"
risk = "high"
deadline = "20m"
applies_to = { kind = "ecs-service" }
params.to = { type = "task_definition", default = "last_completed" }
require = [
  { that = "to.status == ACTIVE && to != current" },
  { that = "!deployment_in_progress", else_offer = "ecs-stop-deployment" },
]
steps = [
  { id = "read",  confirm = "Rolling back code does not roll back a schema. Is revision {{to}} safe with today's schema?" },
  { id = "apply", send = "task_definition", value = "{{to}}" },   # never the desired count
  { id = "wait",  until = "deployment.state == COMPLETED", timeout = "15m" },
]
verify = [
  { that = "primary_deployment == mine && running == desired" },
  { signal = "alarms", is = "OK", within = "10m" },
]
undo = { action = "ecs.rollback", to = "{{before.task_definition}}" }
"#;

fn of(text: &str) -> (Option<Runbook>, String) {
    let read = read(&Source::new("r.toml", text), &words());
    let problems: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    (read.runbook, problems.join("\n"))
}

#[test]
fn the_example_of_a_rollback_is_read() {
    let (runbook, problems) = of(ROLLBACK);
    assert_eq!(problems, "");
    let runbook = runbook.unwrap();
    assert_eq!((runbook.id.as_str(), runbook.risk), ("ecs-rollback", Risk::High));
    assert_eq!(runbook.deadline, Duration::from_secs(1200));
    assert_eq!(runbook.applies_to.kind, TargetKind::EcsService);
    assert_eq!(runbook.require[1].else_offer.as_deref(), Some("ecs-stop-deployment"));
    assert!(matches!(&runbook.steps[0].does, Do::Confirm(_)));
    let Do::Send { send, sets, value } = &runbook.steps[1].does else { panic!("{:?}", runbook.steps[1]) };
    assert_eq!((send.as_str(), sets.as_deref()), ("task_definition", Some("to")));
    let values =
        Values::from([("to".to_owned(), "app:41".into()), ("before.task_definition".to_owned(), "app:42".into())]);
    assert_eq!(value.as_ref().unwrap().value(&values), Some("app:41".into()));
    assert_eq!(runbook.steps[2].timeout, Some(Duration::from_secs(900)));
    assert!(matches!(&runbook.verify[1], Check::Signal { is: Severity::Ok, .. }));
    let undo = runbook.undo.as_ref().unwrap();
    assert_eq!(undo.params["to"].value(&values), Some("app:42".into()));
    assert!(runbook.mutates() && runbook.on_failure == OnFailure::Stop);
    assert_eq!(runbook.values(&Values::new()).unwrap()["to"], "last_completed".into());
    let json = serde_json::to_value(&runbook).unwrap();
    assert_eq!(json["steps"][1]["send"], "task_definition");
    assert_eq!(json["steps"][2]["until"], "deployment.state == COMPLETED");
    assert_eq!((&json["deadline"], &json["steps"][2]["timeout"]), (&"20m".into(), &"15m".into()));
    assert_eq!(json["undo"]["to"], "{{before.task_definition}}");
}

/// The example with one part replaced.
fn with(from: &str, to: &str) -> String {
    assert!(ROLLBACK.contains(from), "{from}");
    ROLLBACK.replacen(from, to, 1)
}

#[rstest]
#[case("risk =", "riks =", "r.toml:5:1: error: unknown field `riks`; help: did you mean `risk`?")]
#[case("\"high\"", "\"hgh\"", "r.toml:5:8: error: unknown variant `hgh`; help: did you mean `high`?")]
#[case("schema = 1", "schema = 2", "r.toml:1:10: error: schema 2 is not known here; help: write `schema = 1`")]
#[case(
    "\"ecs-rollback\"",
    "\"ECS rollback\"",
    "r.toml:2:6: error: `id` is not in kebab case, or longer than 64 characters; help: write it like `ecs-rollback`"
)]
#[case(
    "action = \"ecs.rollback\"",
    "action = \"ecs.rolback\"",
    "r.toml:4:10: error: there is no action `ecs.rolback`; help: did you mean `ecs.rollback`?"
)]
#[case("to != current", "to = current", "r.toml:10:39: error: not a condition: unexpected `=`; help: write `==`")]
#[case(
    "!deployment_in_progress",
    "!deployment_in_progres",
    "r.toml:11:14: error: there is no `deployment_in_progres` here; help: did you mean `deployment_in_progress`?"
)]
#[case(
    "running == desired",
    "running == ACTIVE",
    "r.toml:19:43: error: `running == ACTIVE` compares a number with text"
)]
#[case("{{to}} safe", "{{too}} safe", "r.toml:14:91: error: there is no `too` here; help: did you mean `to`?")]
#[case("id = \"wait\",  ", "", "r.toml:16:3: error: this step has no `id`; help: add `id = \"apply\"`")]
#[case("\"wait\"", "\"apply\"", "r.toml:16:3: error: there are two steps `apply`")]
#[case(
    "timeout = \"15m\"",
    "timeout = \"25m\"",
    "r.toml:16:70: error: `timeout` is 25m, and the deadline of the whole run is 20m; help: give the run a longer `deadline`"
)]
#[case(
    "timeout = \"15m\"",
    "hold = \"15m\"",
    "r.toml:16:3: error: a step does one thing, and this one has `until` and `hold`; help: one of `confirm`, `send`, `until`, `hold`"
)]
#[case(
    "send = \"task_definition\"",
    "send = \"desired_count\"",
    "r.toml:15:26: error: `ecs.rollback` sends no `desired_count`; help: one of `task_definition`, `force_new_deployment`, `to`"
)]
#[case(
    "params.to",
    "params.two",
    "r.toml:8:14: error: `ecs.rollback` has no parameter `two`; help: did you mean `to`?"
)]
#[case(
    "deadline = \"20m\"",
    "deadline = \"soon\"",
    "r.toml:6:12: error: `deadline` is no length of time above zero: write it like 15m, 90s or 1h30m"
)]
#[case(
    "kind = \"ecs-service\"",
    "kind = \"alarm\"",
    "r.toml:7:23: error: `ecs.rollback` is for ecs-service, not for alarm; help: write `ecs-service`"
)]
#[case(
    "signal = \"alarms\"",
    "signal = \"alarm\"",
    "r.toml:20:14: error: there is no signal `alarm`; help: did you mean `alarms`?"
)]
#[case(
    "to = \"{{before.task_definition}}\"",
    "two = \"x\"",
    "r.toml:22:41: error: `ecs.rollback` has no parameter `two`; help: did you mean `to`?"
)]
fn what_is_wrong_is_said_with_its_line(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    let (runbook, problems) = of(&with(from, to));
    assert_eq!(problems, expected);
    assert!(runbook.is_none(), "a runbook is used as a whole or not at all");
}

const SCALE: &str = r#"schema = 1
id = "scale"
title = "Scale"
action = "ecs.scale"
params.desired = { type = "count", min = 1, max = 6, default = 3 }
limits = { floor = 1, healthy_percent = 30, step = 5 }
steps = [{ id = "apply", send = "desired", value = "{{desired}}" }]
verify = [{ that = "running == desired" }]
"#;

#[rstest]
#[case(
    "min = 1, max = 6, default = 3",
    "min = 1",
    "r.toml:5:18: error: `params.desired` is unbounded: it has no `max`; help: add `max = …`"
)]
#[case("min = 1, max = 6", "min = 7, max = 6", "r.toml:5:18: error: `params.desired`: `min` is above `max`")]
#[case("default = 3", "default = 9", "r.toml:5:64: error: `params.desired`: desired is at most 6, not 9")]
#[case("\"count\"", "\"text\"", "r.toml:5:27: error: `params.desired` cannot be a text; help: write `count`")]
#[case(
    "healthy_percent = 30",
    "healthy_percent = 130",
    "r.toml:6:41: error: `limits.healthy_percent` is a whole number from 0 to 100"
)]
#[case("floor = 1", "floor = -1", "r.toml:6:20: error: `limits.floor` is a whole number from 0 to 4294967295")]
#[case("value = \"{{desired}}\"", "value = 40", "r.toml:7:52: error: desired is at most 6, not 40")]
#[case(
    "steps = [{ id = \"apply\", send = \"desired\", value = \"{{desired}}\" }]",
    "",
    "r.toml:2:6: error: there are no steps; help: add `steps = [ … ]`"
)]
#[case(
    "title = \"Scale\"",
    "title = \"Scale\"\napprovals = 2",
    "r.toml:4:13: error: a second person is asked for only where the risk is critical; help: write `risk = \"critical\"`"
)]
#[case(
    "title = \"Scale\"",
    "title = \"Scale\"\nrisk = \"critical\"\napprovals = 1",
    "r.toml:5:13: error: `approvals` counts the operator too: 1 asks nobody else; help: write 2 for the operator and one other person"
)]
#[case(
    "title = \"Scale\"",
    "title = \"Scale\"\non_failure = \"undo\"",
    "r.toml:4:14: error: `on_failure = \"undo\"` without `undo`; help: add `undo`"
)]
fn bounds_are_demanded_and_kept(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    assert!(SCALE.contains(from), "{from}");
    let (runbook, problems) = of(&SCALE.replacen(from, to, 1));
    let first = problems.lines().next().unwrap_or_default();
    assert_eq!(first, expected, "{problems}");
    assert!(runbook.is_none());
}

#[test]
fn a_required_parameter_is_declared_or_set() {
    let declared = "params.desired = { type = \"count\", min = 1, max = 6, default = 3 }\n";
    let without = SCALE.replace(declared, "").replace(", value = \"{{desired}}\"", "");
    let (runbook, problems) = of(&without);
    assert!(runbook.is_none());
    let expected = "r.toml:4:10: error: `ecs.scale` needs the parameter `desired`; help: add `params.desired`";
    assert_eq!(problems, expected);
    let (runbook, problems) = of(&SCALE.replace(declared, "").replace("\"{{desired}}\"", "3"));
    assert_eq!(problems, "");
    assert!(runbook.is_some());
}

#[test]
fn given_values_are_checked_against_the_parameters() {
    let runbook = of(SCALE).0.unwrap();
    let given = |name: &str, value: Value| runbook.values(&Values::from([(name.to_owned(), value)]));
    assert_eq!(runbook.values(&Values::new()).unwrap()["desired"], Value::Count(3));
    assert_eq!(given("desired", Value::Count(6)).unwrap()["desired"], Value::Count(6));
    assert_eq!(given("desired", Value::Count(7)).unwrap_err(), ["desired is at most 6, not 7"]);
    assert_eq!(given("desired", Value::Number(2.5)).unwrap_err(), ["desired is a count, and `2.5` is none"]);
    assert_eq!(given("wanted", Value::Count(1)).unwrap_err(), ["scale has no parameter `wanted`"]);
    let param = runbook.param("desired").unwrap();
    assert_eq!(param.accept(" 4 "), Ok(Value::Count(4)));
    for wrong in ["", "4.5", "0", "7", "four", "4; rm -rf /", &"9".repeat(300)] {
        assert!(param.accept(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_runbook_says_why_it_does_not_apply() {
    let text = format!("{SCALE}[applies_to]\nnames = [\"api-*\"]\ntiers = [\"staging\", \"production\"]\n");
    let applies = of(&text).0.unwrap().applies_to;
    let why = |kind, name, tier| applies.why_not(kind, name, tier).map(|why| why.to_string());
    assert_eq!(why(TargetKind::EcsService, "api-x", Tier::Production), None);
    let kind = why(TargetKind::Alarm, "api-x", Tier::Production).unwrap();
    assert_eq!(kind, "is for an ecs-service, this is an alarm");
    let name = why(TargetKind::EcsService, "web", Tier::Production).unwrap();
    assert_eq!(name, "is for names like api-*, not web");
    let tier = why(TargetKind::EcsService, "api-x", Tier::Development).unwrap();
    assert_eq!(tier, "is for staging and production, this is development");
}

#[test]
fn hostile_words_are_inert_everywhere() {
    let long = "é".repeat(255);
    let text = with("Roll an ECS", &format!("\\u001b[31m\\u202e{long}"));
    let runbook = of(&text).0.unwrap();
    assert!(runbook.title.starts_with(&format!("[31m{long}")));
    let (_, problems) = of(&with("\"ecs-rollback\"", "\"\\u001b]0;x\\u0007\""));
    assert!(!problems.contains('\u{1b}') && problems.contains("kebab"), "{problems:?}");
    let (_, problems) = of(&with("current\"", "\\u001b[2J\""));
    assert!(!problems.contains('\u{1b}') && problems.starts_with("r.toml:10:"), "{problems:?}");
    let runbook = of(&with("ACTIVE", "'$(reboot)'")).0.unwrap();
    let values = Values::from([("to.status".to_owned(), "$(reboot)".into())]);
    assert_eq!(runbook.require[0].that.judge(&values), Truth::Unknown, "to and current are not known");
}

#[test]
fn without_verification_there_is_a_warning() {
    let (runbook, problems) = of(&SCALE.replace("verify = [{ that = \"running == desired\" }]\n", ""));
    assert!(runbook.is_some());
    assert_eq!(problems, "r.toml:2:6: warning: nothing is verified at the end: add `verify`");
}

#[test]
fn a_runbook_that_sends_nothing_has_nothing_to_undo() {
    let apply = "  { id = \"apply\", send = \"task_definition\", value = \"{{to}}\" },   # never the desired count\n";
    let (_, problems) = of(&with(apply, ""));
    assert!(problems.contains("nothing is sent, so there is nothing to undo"), "{problems}");
    let only_reads =
        with(apply, "").replace("undo = { action = \"ecs.rollback\", to = \"{{before.task_definition}}\" }", "");
    let (runbook, problems) = of(&only_reads);
    assert_eq!(problems, "");
    assert!(!runbook.unwrap().mutates());
}

#[test]
fn a_question_may_follow_a_send_and_nothing_may_wait_before_the_first() {
    let wait = "id = \"wait\",  until = \"deployment.state == COMPLETED\", timeout = \"15m\"";
    let (runbook, problems) = of(&with(wait, "id = \"ask\", confirm = \"Good?\""));
    assert_eq!((runbook.is_some(), problems.as_str()), (true, ""));
    let question = "id = \"read\",  confirm = \"Rolling back code does not roll back a schema. Is revision {{to}} safe with \
                    today's schema?\"";
    for (does, name) in [("hold = \"30s\"", "read"), ("until = \"running == desired\"", "read")] {
        let (runbook, problems) = of(&with(question, &format!("id = \"{name}\", {does}")));
        let says = "error: step `read` would wait before the first `send`: the plan grows old meanwhile; help: put what \
                    must hold before it into `require`";
        assert!(runbook.is_none() && problems.contains(says), "{problems}");
    }
}
