//! Incidents that end because somebody did the right thing.

use watchfloor::model::record::Ending;

use crate::stage::{Stage, kind, quiet};

#[tokio::test(start_paused = true)]
async fn a_bad_lambda_version_is_rolled_back_until_its_alarms_are_ok() {
    let stage = Stage::new("payments", "bad-deploy", "prod", 12);
    let run = stage.run("lambda-alias-rollback", "payment-processing", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::Verified), "{run:#?}");
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    let kinds: Vec<String> = stage.records().iter().map(|record| kind(&record.entry)).collect();
    let order: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| *kind != "observed").collect();
    assert_eq!(order, ["armed", "intent", "outcome", "closed"]);
    assert!(stage.station.broken().is_none());
}

#[tokio::test(start_paused = true)]
async fn another_console_knows_the_records_and_is_not_armed() {
    let mut stage = Stage::new("payments", "bad-deploy", "prod", 12);
    let run = stage.run("lambda-alias-rollback", "payment-processing", &[]).await;
    stage.carry_out(run, quiet).await;
    stage.another_console();
    assert!(stage.station.arming.all().is_empty());
    assert_eq!(stage.station.with_books(|books| books.runs.all().len()).unwrap(), 1);
    let run = stage.run("lambda-alias-rollback", "payment-processing", &[]).await;
    let run = stage.let_go(run, quiet).await;
    assert_eq!(run.ending.as_ref().map(|(ending, _)| *ending), Some(Ending::NotSent));
    assert_eq!(stage.mutations(), ["UpdateAlias"], "the first console's");
}
