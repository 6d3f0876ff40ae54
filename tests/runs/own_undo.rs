//! A runbook of one's own that says itself what brings it back.

use serde_json::json;
use watchfloor::config::Source;
use watchfloor::config::runbook::trust::{TrustFile, hash};
use watchfloor::guard::Guard;
use watchfloor::model::Value;
use watchfloor::model::record::Ending;
use watchfloor::runbook::books::Library;
use watchfloor::runbook::words::words;

use crate::case::assert_verified;
use crate::stage::{Stage, ending, quiet, refused_by};

const TO_THE_OLDEST: &str = r#"schema = 1
id = "mine"
title = "Back by one, and from there to 41"
action = "lambda.alias_rollback"
applies_to = { kind = "lambda-function" }
steps = [
  { id = "apply", send = "function_version", value = "42" },
  { id = "wait", until = "current == \"42\"", timeout = "5m" },
]
verify = [{ that = "current == \"42\"" }]
undo = { action = "lambda.alias_rollback", to = "41" }
"#;

const RAISE: &str = r#"schema = 1
id = "mine"
title = "Three times the writes"
action = "dynamodb.capacity"
applies_to = { kind = "dynamodb-table" }
params.write = { type = "count", default = 300, min = 5, max = 400 }
steps = [
  { id = "apply", send = "provisioned_throughput" },
  { id = "wait", until = "table_status == ACTIVE", timeout = "20m" },
]
verify = [{ that = "table_status == ACTIVE" }]
undo = { action = "dynamodb.capacity", write = "{{before.write}}" }
"#;

/// Only this runbook, trusted or not.
fn library(text: &str, trusted: bool) -> Library {
    let mut known = TrustFile::default();
    if trusted {
        known.trust("mine", &hash(text));
    }
    let library = Library::of(&[], &[Source::new("mine.toml", text)], &words(), &known);
    assert_eq!(library.problems(), []);
    library
}

#[tokio::test(start_paused = true)]
async fn it_is_what_the_inverse_sends() {
    let stage = Stage::bad_deploy().of_books(library(TO_THE_OLDEST, true));
    let run = stage.run("mine", "payment-processing", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_verified(&run);
    let back = stage.let_go(stage.inverse(&run.id), quiet).await;
    assert_verified(&back);
    let versions: Vec<_> = stage.changes().iter().map(|one| one.input["FunctionVersion"].clone()).collect();
    assert_eq!(versions, [json!("42"), json!("41")], "the action itself would have gone back to 43");
}

#[tokio::test(start_paused = true)]
async fn it_settles_what_was_owed() {
    let stage = Stage::new("payments", "hot-table", "prod", 12).of_books(library(RAISE, true));
    let run = stage.run("mine", "payments-prod-transactions", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_verified(&run);
    assert_eq!(stage.owed().len(), 1);
    let inverse = stage.inverse(&run.id);
    assert_eq!(inverse.params.get("write"), Some(&Value::Count(100)));
    assert_verified(&stage.let_go(inverse, quiet).await);
    assert_eq!(stage.owed(), Vec::<String>::new());
    let units: Vec<_> = stage.changes().iter().map(|one| one.input["ProvisionedThroughput"].clone()).collect();
    let unit = |write: i64| json!({ "ReadCapacityUnits": 100, "WriteCapacityUnits": write });
    assert_eq!(units, [unit(300), unit(100)]);
}

#[tokio::test(start_paused = true)]
async fn a_runbook_that_nobody_has_trusted_sends_nothing() {
    let stage = Stage::bad_deploy().of_books(library(TO_THE_OLDEST, false));
    let run = stage.run("mine", "payment-processing", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Trust), "{:?}", run.verdicts);
    assert!(stage.mutations().is_empty());
}
