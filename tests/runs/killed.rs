//! The console is gone between two phases of a run: what it left is found out by reading, and nothing is sent again.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::guard::Guard;
use watchfloor::model::record::Ending;
use watchfloor::runbook::inverse;
use watchfloor::runbook::machine::{Phase, Run};
use watchfloor::runbook::reconcile::reconcile;

use crate::case::assert_verified;
use crate::stage::{Stage, ending, let_go, quiet, refused_by};

/// Drops the driver the moment its run is told to be there: nothing of it runs any further.
async fn killed(stage: &Stage, run: Run, there: impl Fn(&Run) -> bool + Send + 'static) {
    stage.station.arm(stage.env).await.unwrap();
    let (station, env) = (Arc::clone(&stage.station), stage.env);
    let stop = move |run: &Run| {
        if there(run) {
            resume_unwind(Box::new("killed"));
        }
        None
    };
    let ended = tokio::spawn(async move { let_go(station, env, run, stop).await }).await;
    assert!(ended.is_err_and(|error| error.is_panic()), "it never came to that phase");
}

/// What the next console finds: how many intents, and whether each was resolved at once.
async fn found(stage: &Stage) -> Vec<bool> {
    let sent = stage.mutations();
    let found = reconcile(&stage.station, &[]).await.unwrap();
    assert_eq!(stage.mutations(), sent, "reading only");
    found.into_iter().map(|found| found.resolved).collect()
}

#[tokio::test(start_paused = true)]
async fn before_the_intent_there_is_nothing_to_find() {
    for phase in [Phase::Ready, Phase::Locking, Phase::Recording] {
        let mut stage = Stage::bad_deploy();
        let run = stage.rollback().await;
        killed(&stage, run, move |run| run.phase == phase).await;
        stage.another_console();
        assert!(found(&stage).await.is_empty(), "{phase:?}");
        assert!(stage.mutations().is_empty(), "{phase:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn between_intent_and_send_nothing_was_applied_and_nothing_is_sent_later() {
    for phase in [Phase::Rereading, Phase::Sending] {
        let mut stage = Stage::bad_deploy();
        let run = stage.rollback().await;
        let id = run.id.clone();
        killed(&stage, run, move |run| run.phase == phase).await;
        stage.another_console();
        assert_eq!(stage.unresolved(), [id.to_string()], "{phase:?}");
        assert_eq!(found(&stage).await, [false], "a request may arrive late: {phase:?}");
        stage.minutes(3).await;
        assert_eq!(found(&stage).await, [true], "{phase:?}");
        assert!(stage.unresolved().is_empty() && stage.mutations().is_empty(), "{phase:?}");
        assert!(inverse::of_run(&stage.station, &id).is_err(), "nothing was applied: {phase:?}");
        assert!(found(&stage).await.is_empty(), "once: {phase:?}");
        assert_eq!(stage.station.broken(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_carried_out_unseen_is_found_as_applied() {
    let mut stage = Stage::bad_deploy();
    stage.wire.lose_answers(true);
    let run = stage.rollback().await;
    let id = run.id.clone();
    stage.station.arm(stage.env).await.unwrap();
    let (station, env) = (Arc::clone(&stage.station), stage.env);
    let task = tokio::spawn(async move { let_go(station, env, run, quiet).await });
    while stage.mutations().is_empty() {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.is_err_and(|error| error.is_cancelled()));
    stage.wire.lose_answers(false);
    assert_eq!(stage.order(), ["armed", "intent"]);
    stage.another_console();
    assert_eq!(found(&stage).await, [true]);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    let back = stage.inverse(&id);
    assert_eq!(back.params.get("to").map(ToString::to_string).as_deref(), Some("43"), "the inverse is still there");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_of_a_console_that_is_gone_is_found_out() {
    let mut stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::CommitThen500).operation("UpdateAlias").times(1));
    let run = stage.rollback().await;
    killed(&stage, run, |run| run.phase == Phase::Resolving).await;
    stage.another_console();
    assert_eq!(found(&stage).await, [true]);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert!(stage.unresolved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_found_out_blocks_the_target_until_it_is() {
    let mut stage = Stage::bad_deploy();
    let run = stage.rollback().await;
    killed(&stage, run, |run| run.phase == Phase::Sending).await;
    stage.another_console();
    stage.fail(Rule::all(FaultMode::Unreachable).service("lambda"));
    stage.minutes(3).await;
    assert_eq!(found(&stage).await, [false]);
    stage.endpoint.rules().clear();
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::UnknownOutcome), "{:?}", run.verdicts);
    assert!(stage.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_known_from_the_moment_it_is_on_disk() {
    for (phase, expected) in [(Phase::Waiting, vec![true]), (Phase::Verifying, vec![])] {
        let mut stage = Stage::bad_deploy();
        let run = stage.rollback().await;
        let id = run.id.clone();
        killed(&stage, run, move |run| run.phase == phase).await;
        stage.another_console();
        // AWS had answered, but the answer was not on disk yet when the run began to wait.
        assert_eq!(found(&stage).await, expected, "{phase:?}");
        assert_eq!(stage.mutations(), ["UpdateAlias"], "{phase:?}");
        let _ = stage.inverse(&id);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_console_raised_stays_owed() {
    let mut stage = Stage::new("payments", "hot-table", "prod", 12);
    stage.wire.lose_answers(true);
    let run = stage.run("dynamodb-capacity", "payments-prod-transactions", &[("write", 300.into())]).await;
    stage.station.arm(stage.env).await.unwrap();
    let (station, env) = (Arc::clone(&stage.station), stage.env);
    let task = tokio::spawn(async move { let_go(station, env, run, quiet).await });
    while stage.mutations().is_empty() {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.is_err());
    stage.wire.lose_answers(false);
    stage.another_console();
    assert!(stage.owed().is_empty());
    assert_eq!(found(&stage).await, [false], "a table that is UPDATING does not say for whom");
    assert!(stage.owed().is_empty());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(found(&stage).await, [true], "it has what was sent");
    assert_eq!(stage.owed().len(), 1);
    assert_eq!(stage.mutations(), ["UpdateTable"]);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_console_is_written_down_and_sends_nothing_more() {
    let stage = Stage::bad_deploy();
    let run = stage.run("lambda-canary-rollback", "payment-processing", &[]).await;
    let run = stage
        .carry_out(run, |run| {
            matches!(run.phase, Phase::Holding { .. })
                .then(|| watchfloor::runbook::machine::Event::Hangup("SIGTERM".into()))
        })
        .await;
    assert_eq!(ending(&run), Some(Ending::Stopped), "{:?}", run.ending);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "closed"]);
    let back = stage.let_go(stage.inverse(&run.id), quiet).await;
    assert_verified(&back);
}
