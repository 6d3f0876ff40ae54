//! Credentials that expire, and principals that are somebody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use jiff::ToSpan;
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::guard::Guard;
use watchfloor::model::record::Ending;
use watchfloor::runbook::machine::{Event, Phase, Run};

use crate::case::assert_verified;
use crate::stage::{Stage, ending, once_in, quiet, refused_by};

/// In the first moment that fits, the credentials expire for so many simulated minutes.
fn expire(
    stage: &Stage,
    minutes: i64,
    when: impl Fn(&Run) -> bool + Send + 'static,
) -> (Arc<AtomicBool>, impl Fn(&Run) -> Option<Event> + Send + 'static) {
    let (endpoint, clock, done) = (Arc::clone(&stage.endpoint), stage.station.clock.clone(), AtomicBool::new(false));
    let paused = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&paused);
    let decide = move |run: &Run| {
        if when(run) && !done.swap(true, Ordering::SeqCst) {
            let now = clock.now();
            endpoint.rules().add(Rule::all(FaultMode::Expired).during(now, now + minutes.minutes()));
        }
        if run.paused.is_some() {
            seen.store(true, Ordering::SeqCst);
        }
        None
    };
    (paused, decide)
}

/// The access key of another principal of the same account.
fn another_principal(stage: &Stage) -> String {
    let account = stage.station.config.environments[stage.env.0].account.clone().unwrap();
    let role = format!("arn:aws:iam::{account}:role/other");
    let session =
        stage.endpoint.accounts().assume(&role, "sam", Duration::from_secs(3600), SystemTime::UNIX_EPOCH).unwrap();
    session.access_key_id
}

#[tokio::test(start_paused = true)]
async fn a_run_pauses_while_the_credentials_are_expired_and_goes_on() {
    let stage = Stage::bad_deploy();
    let (paused, decide) = expire(&stage, 4, |run| run.phase == Phase::Waiting);
    let run = stage.rollback().await;
    let run = stage.carry_out(run, decide).await;
    assert!(paused.load(Ordering::SeqCst), "it was seen to wait");
    assert_verified(&run);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
}

#[tokio::test(start_paused = true)]
async fn a_later_step_waits_for_new_credentials_and_is_checked_anew() {
    let stage = Stage::bad_deploy();
    let (paused, decide) = expire(&stage, 8, |run| matches!(run.phase, Phase::Holding { .. }));
    let run = stage.run("lambda-canary-rollback", "payment-processing", &[]).await;
    let run = stage.carry_out(run, decide).await;
    assert!(paused.load(Ordering::SeqCst), "it was seen to wait");
    assert_verified(&run);
    assert_eq!(stage.mutations(), ["UpdateAlias", "UpdateAlias"]);
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "intent", "outcome", "closed"]);
}

#[tokio::test(start_paused = true)]
async fn a_later_step_does_not_wait_for_ever() {
    let stage = Stage::bad_deploy();
    let (_, decide) = expire(&stage, 600, |run| matches!(run.phase, Phase::Holding { .. }));
    let run = stage.run("lambda-canary-rollback", "payment-processing", &[]).await;
    let run = stage.carry_out(run, decide).await;
    assert_eq!(ending(&run), Some(Ending::Failed), "{:?}", run.ending);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_expire_before_the_send_send_nothing() {
    let stage = Stage::bad_deploy();
    let (_, decide) = expire(&stage, 600, |run| run.phase == Phase::Rereading);
    let run = stage.rollback().await;
    let run = stage.carry_out(run, decide).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(stage.mutations().is_empty());
    assert!(stage.unresolved().is_empty(), "the intent is closed: nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn another_principal_never_sends_what_was_planned_by_one() {
    let stage = Stage::bad_deploy();
    let (wire, key) = (Arc::clone(&stage.wire), another_principal(&stage));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, once_in(Phase::Recording, move || wire.speak_as(&key))).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Identity), "{:?}", run.verdicts);
    assert!(stage.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn another_principal_never_takes_over_a_later_step() {
    let stage = Stage::bad_deploy();
    let (wire, key) = (Arc::clone(&stage.wire), another_principal(&stage));
    let run = stage.run("lambda-canary-rollback", "payment-processing", &[]).await;
    let decide = move |run: &Run| {
        if matches!(run.phase, Phase::Holding { .. }) {
            wire.speak_as(&key);
        }
        None
    };
    let run = stage.carry_out(run, decide).await;
    assert_eq!(ending(&run), Some(Ending::Failed), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Identity), "{:?}", run.verdicts);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert!(stage.unresolved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn another_account_is_never_sent_to() {
    let stage = Stage::bad_deploy();
    let run = stage.rollback().await;
    stage.station.arm(stage.env).await.unwrap();
    stage.wire.speak_as("AKIADRIL222222222222");
    let run = stage.let_go(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Identity) || run.no_plan.is_some(), "{:?} {:?}", run.verdicts, run.no_plan);
    assert!(stage.mutations().is_empty());
    assert!(stage.station.arm(stage.env).await.is_err(), "nor armed");
}
