//! Every guard that can be reached in a drill: it refuses, says so, and nothing is sent.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use watchfloor::config::FreezeConfig;
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::guard::{Guard, LockState};
use watchfloor::model::record::{Ending, Overridden};
use watchfloor::model::{Entry, Risk, Value};
use watchfloor::runbook::machine::{Course, Event, Phase, Run};

use crate::case::assert_verified;
use crate::stage::{Stage, drive, ending, phrase, quiet, refusals, refused_by, said, yes};

/// Refused by this guard, in words and in the records, and nothing was sent.
fn assert_refused(stage: &Stage, run: &Run, guard: Guard, words: &str) {
    assert_eq!(ending(run), Some(Ending::NotSent), "{:?}", run.ending);
    let confirmation = run.unconfirmed().filter(|_| guard == Guard::Confirmation);
    let refused = refused_by(run, guard) || confirmation.is_some();
    assert!(refused, "{guard:?}: {:?} {:?} {:?}", refusals(run), run.unmet, run.no_plan);
    let says = confirmation.map_or_else(|| said(run), |verdict| verdict.line(run.began, ""));
    assert!(says.contains(words), "{says}");
    assert!(stage.mutations().is_empty());
    let told = stage.records().into_iter().any(
        |record| matches!(record.entry, Entry::Refused { says, .. } if says.iter().any(|says| says.contains(words))),
    );
    assert!(told, "the records tell of it");
    assert!(stage.unresolved().is_empty());
}

fn with_course(mut run: Run, change: impl FnOnce(&mut Course)) -> Run {
    let mut course = (*run.course).clone();
    change(&mut course);
    run.course = Arc::new(course);
    run
}

/// Confirms with words of one's own, after so much of the operator's time, and gives up when refused.
async fn say(stage: &Stage, run: Run, typed: impl Fn(&Run) -> String, reason: &str, after: Duration) -> Run {
    let (commands, receiver) = mpsc::channel(8);
    let (ready, mut is_ready) = mpsc::channel::<Run>(8);
    let tell = move |run: &Run| {
        if run.phase == Phase::Ready && run.situation.is_some() {
            let _ = ready.try_send(run.clone());
        }
    };
    let operator = async move {
        let run = is_ready.recv().await.unwrap();
        tokio::time::sleep(after).await;
        for event in yes(&run, &typed(&run), reason) {
            commands.send(event).await.unwrap();
        }
        // Dropping the commands is giving up; what is under way goes on.
        is_ready
    };
    let driven = drive(Arc::clone(&stage.station), stage.env, run, receiver, tell);
    let (run, _) = tokio::join!(driven, operator);
    run
}

#[tokio::test(start_paused = true)]
async fn the_floor() {
    let stage = Stage::new("payments", "calm", "prod", 12);
    let run = stage.run("dynamodb-capacity", "payments-prod-transactions", &[("write", 10.into())]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Floor, "runbook minimum 50 %");
}

#[tokio::test(start_paused = true)]
async fn the_absolute_floor_whatever_anybody_says() {
    let stage = Stage::new("payments", "calm", "prod", 12);
    let run = stage.run("dynamodb-capacity", "payments-prod-transactions", &[("write", 10.into())]).await;
    let run = with_course(run, |course| course.policy.floor = 20);
    let decide = |run: &Run| {
        (run.phase == Phase::Ready && run.given.overridden.is_empty()).then(|| {
            Event::Overrode(Overridden { rule: "floor/payments-prod-transactions".into(), reason: "go".into() })
        })
    };
    let run = stage.carry_out(run, decide).await;
    assert_refused(&stage, &run, Guard::Floor, "below the absolute floor of 20");
}

#[tokio::test(start_paused = true)]
async fn the_step() {
    let stage = Stage::new("wallet-eks", "calm", "production", 12);
    let many = [("desired", 40.into()), ("max", 50.into())];
    let run = stage.run("eks-nodegroup-scale", "wallet-production-workers", &many).await;
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Floor, "runbook maximum 10");
}

#[tokio::test(start_paused = true)]
async fn a_revision_that_cannot_be_gone_back_to() {
    for (to, says) in [("43", "is what runs already"), ("$LATEST", "is not a version"), ("999", "is missing")] {
        let stage = Stage::bad_deploy();
        let run = stage.run("lambda-alias-rollback", "payment-processing", &[("to", Value::from(to))]).await;
        let run = stage.carry_out(run, quiet).await;
        assert_refused(&stage, &run, Guard::Rollback, says);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_in_flight() {
    let stage = Stage::new("uex-payments", "image-pull", "prod", 3);
    let run = stage.run("ecs-redeploy", "uex-backend", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::InFlight, "deployment");
    let offered = run.unmet.iter().any(|(_, offer)| offer.as_deref() == Some("ecs-stop-deployment"));
    assert!(offered, "{:?}", run.unmet);
}

#[tokio::test(start_paused = true)]
async fn nothing_to_stop() {
    let stage = Stage::new("uex-payments", "calm", "prod", 12);
    let run = stage.run("ecs-stop-deployment", "uex-backend", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Target, "there is nothing to stop");
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_that_is_not_exactly_what_is_asked_for() {
    for typed in ["", "y", "prod", "prod payments-prod-payment-processing", "PROD payments-prod-payment-processing 42"]
    {
        let stage = Stage::bad_deploy();
        stage.station.arm(stage.env).await.unwrap();
        let run = stage.rollback().await;
        let run = say(&stage, run, |_| typed.to_owned(), "a drill", Duration::ZERO).await;
        assert_eq!(ending(&run), Some(Ending::NotSent), "{typed:?} {:?}", run.ending);
        assert!(stage.mutations().is_empty(), "{typed:?}");
        assert_eq!(stage.order(), ["armed", "refused", "closed"], "{typed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_critical_change_without_a_reason() {
    let stage = Stage::new("wallet-ecs", "aurora-writer", "production", 12);
    stage.station.arm(stage.env).await.unwrap();
    let run = stage.run("aurora-failover", "wallet-production", &[]).await;
    let run = say(&stage, run, phrase, "  ", Duration::ZERO).await;
    assert_refused(&stage, &run, Guard::Confirmation, "needs a reason");
}

#[tokio::test(start_paused = true)]
async fn a_question_that_was_not_answered() {
    let stage = Stage::new("wallet-ecs", "aurora-writer", "production", 12);
    stage.station.arm(stage.env).await.unwrap();
    let run = stage.run("aurora-failover", "wallet-production", &[]).await;
    let (commands, receiver) = mpsc::channel(8);
    let tell = move |run: &Run| {
        if run.phase == Phase::Ready && run.situation.is_some() && run.given.typed.is_empty() {
            let _ = commands.try_send(Event::Confirmed { typed: phrase(run), reason: "a drill".into() });
        } else if run.phase == Phase::Ready {
            let _ = commands.try_send(Event::Cancel);
        }
    };
    let run = drive(Arc::clone(&stage.station), stage.env, run, receiver, tell).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(stage.mutations().is_empty());
    let told = stage.records().into_iter().any(|record| {
        matches!(record.entry, Entry::Refused { says, .. } if says.iter().any(|says| says.contains("not answered")))
    });
    assert!(told, "the records tell of it");
}

#[tokio::test(start_paused = true)]
async fn an_environment_that_is_read_only() {
    let stage = Stage::with("payments", "bad-deploy", "prod", 12, |config| {
        for environment in &mut config.environments {
            environment.read_only = true;
        }
    });
    assert!(stage.station.arm(stage.env).await.is_err());
    let run = stage.rollback().await;
    let run = stage.let_go(run, quiet).await;
    assert_refused(&stage, &run, Guard::ReadOnly, "cannot be armed");
}

#[tokio::test(start_paused = true)]
async fn an_environment_that_was_armed_too_long_ago() {
    let stage = Stage::bad_deploy();
    stage.station.arm(stage.env).await.unwrap();
    tokio::time::sleep(Duration::from_secs(15 * 60 + 1)).await;
    let run = stage.rollback().await;
    let run = stage.let_go(run, quiet).await;
    assert_refused(&stage, &run, Guard::ReadOnly, "not armed");
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_is_too_old() {
    let stage = Stage::bad_deploy();
    stage.station.arm(stage.env).await.unwrap();
    let run = stage.rollback().await;
    let run = say(&stage, run, phrase, "a drill", Duration::from_secs(125)).await;
    assert_refused(&stage, &run, Guard::Staleness, "allowed are 120 s");
}

#[tokio::test(start_paused = true)]
async fn more_targets_than_the_runbook_allows() {
    let stage = Stage::bad_deploy();
    let run = stage.rollback().await;
    let run = with_course(run, |course| course.policy.targets = 0);
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Target, "1 targets, runbook maximum 0");
}

#[tokio::test(start_paused = true)]
async fn a_target_of_another_environment() {
    let stage = Stage::bad_deploy();
    let mut run = stage.rollback().await;
    run.target.environment = "payments/staging".into();
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Target, "asked for payments/prod");
}

#[tokio::test(start_paused = true)]
async fn a_second_person_who_did_not_approve() {
    let stage = Stage::new("wallet-ecs", "aurora-writer", "production", 12);
    let run = stage.run("aurora-failover", "wallet-production", &[]).await;
    let run = with_course(run, |course| {
        course.policy.risk = Risk::Critical;
        course.policy.others = 1;
    });
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Approval, "approv");
}

#[tokio::test(start_paused = true)]
async fn records_that_were_tampered_with() {
    let stage = Stage::bad_deploy();
    let run = stage.rollback().await;
    stage.station.arm(stage.env).await.unwrap();
    let text = fs::read_to_string(stage.files.current()).unwrap();
    fs::write(stage.files.current(), text.replacen("kim@host", "sam@host", 1)).unwrap();
    assert!(stage.station.broken().is_some());
    let run = stage.let_go(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Tamper), "{:?}", run.verdicts);
    assert!(stage.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_lock_of_another_console_unless_it_is_taken_over_by_name() {
    let mut stage = Stage::bad_deploy();
    let held = stage.rollback().await;
    assert_eq!(stage.station.lock(stage.env, &held).await, LockState::Ours);
    stage.another_console();
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Lock, "kim@host");

    let run = stage.rollback().await;
    let decide = |run: &Run| {
        (run.phase == Phase::Ready && run.given.overridden.is_empty()).then(|| {
            Event::Overrode(Overridden { rule: "lock/payments-prod-payment-processing".into(), reason: "gone".into() })
        })
    };
    let run = stage.let_go(run, decide).await;
    assert_verified(&run);
    assert!(stage.order().contains(&"taken-over".to_owned()), "{:?}", stage.order());
}

#[tokio::test(start_paused = true)]
async fn who_sends_must_be_known() {
    let stage = Stage::bad_deploy();
    let run = stage.rollback().await;
    stage.station.arm(stage.env).await.unwrap();
    stage.fail(Rule::all(FaultMode::Denied).service("sts"));
    let run = stage.let_go(run, quiet).await;
    assert_refused(&stage, &run, Guard::Identity, "not known");
}

#[tokio::test(start_paused = true)]
async fn an_owner_of_the_field() {
    let stage = Stage::new("wallet-eks", "nodes-full", "production", 12);
    let run = stage
        .run("eks-nodegroup-scale", "wallet-production-workers", &[("desired", 16.into()), ("max", 20.into())])
        .await;
    let run = stage.carry_out(run, quiet).await;
    assert_refused(&stage, &run, Guard::Ownership, "Cluster Autoscaler owns it: give min or max");
}

/// A change freeze of now, and one that nobody can read.
fn frozen(readable: bool) -> Stage {
    Stage::with("uex-payments", "peak", "prod", 6, |config| {
        if readable {
            let (from, until) = ("2026-11-19T00:00:00Z".parse().ok(), "2026-11-21T00:00:00Z".parse().ok());
            let name = "Black week".to_owned();
            config.freezes.push(FreezeConfig { name, from, until, ..FreezeConfig::default() });
        } else {
            config.unreadable_freezes.push("line 3".into());
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_change_freeze_unless_it_is_overridden_with_a_reason() {
    for (readable, says) in [(true, "Black week"), (false, "counts as closed")] {
        let stage = frozen(readable);
        let scale = async || stage.run("ecs-scale", "management-tier", &[("desired", 6.into())]).await;
        let run = stage.carry_out(scale().await, quiet).await;
        assert_refused(&stage, &run, Guard::Freeze, says);
        for (reason, allowed) in [(" ", false), ("a busy hour", true)] {
            let over = move |run: &Run| {
                (run.phase == Phase::Ready && run.given.overridden.is_empty())
                    .then(|| Event::Overrode(Overridden { rule: "freeze/prod".into(), reason: reason.into() }))
            };
            let run = stage.let_go(scale().await, over).await;
            assert_eq!(ending(&run) == Some(Ending::Verified), allowed, "{reason:?} {:?}", run.ending);
        }
        assert_eq!(stage.mutations(), ["RegisterScalableTarget"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_freeze_does_not_hold_up_going_back() {
    let stage = Stage::with("payments", "bad-deploy", "prod", 12, |config| {
        config.unreadable_freezes.push("line 3".into());
    });
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_verified(&run);
}
