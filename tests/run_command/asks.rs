//! A runbook that asks between two sends: it stops there unless the answer is given, and says what was sent so far.

use crate::stage::{AFTER, FUNCTION, Stage};

const BOOK: &str = r#"schema = 1
id = "asks"
title = "A tenth first, all of it when somebody says so"
action = "lambda.alias_rollback"
risk = "high"
params.to = { type = "version", default = "previous" }
steps = [
  { id = "canary", send = "weight", value = 10 },
  { id = "check", confirm = "{{now.weight}} % serve {{to}}. All of it?" },
  { id = "whole", send = "weight", value = 100 },
  { id = "wait", until = "now.current == to", timeout = "2m" },
]
verify = [{ that = "now.current == to" }]
"#;

#[test]
fn it_waits_for_the_answer_between_two_sends() {
    let stage = Stage::new(0);
    stage.write("config/watchfloor/runbooks/asks.toml", BOOK);
    assert_eq!(stage.done(&["runbooks", "trust", "asks"]).code, Some(0));
    let function = format!("function={FUNCTION}");
    let book = ["run", "asks", "--env", "prod", "--param", &function, "--param", "to=41"];
    let plan = stage.done(&[&book[..], &["--json"]].concat());
    assert_eq!((plan.code, &plan.json()["questions"]), (Some(0), &serde_json::json!([])), "{plan:?}");
    let phrase = plan.json()["confirm"].as_str().unwrap().to_owned();

    let stopped = stage.done(&[&book[..], &["--confirm", &phrase]].concat());
    assert_eq!((stopped.code, stage.mutations().len()), (Some(2), 1), "{stopped:?}");
    for says in ["asking    check: ", " % serve 41. All of it?", "--answer check says yes", "what was sent stays"] {
        assert!(stopped.out.contains(says), "{says} is not in:\n{}", stopped.out);
    }

    let stage = Stage::new(0);
    stage.write("config/watchfloor/runbooks/asks.toml", BOOK);
    assert_eq!(stage.done(&["runbooks", "trust", "asks"]).code, Some(0));
    let done = stage.done(&[&book[..], &["--confirm", &phrase, "--answer", "check", "--json"]].concat());
    assert_eq!((done.code, stage.mutations().len(), stage.served_version().as_str()), (Some(0), 2, AFTER), "{done:?}");
    let asked = done.lines().into_iter().find(|line| line["state"] == "asking").unwrap();
    assert_eq!((&asked["asks"]["step"], &asked["sent"]), (&"check".into(), &1.into()));
}
