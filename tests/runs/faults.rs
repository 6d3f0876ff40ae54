//! Faults between the console and AWS: what was not sent, and what was never sent again.

use std::sync::Arc;

use jiff::SignedDuration;
use watchfloor::drill::fault_modes::{FaultMode, OtherChange, Rule};
use watchfloor::guard::Guard;
use watchfloor::model::Value;
use watchfloor::model::record::{Ending, Overridden};
use watchfloor::runbook::machine::{Event, Phase, Run};
use watchfloor::runbook::reconcile::reconcile;

use crate::case::assert_verified;
use crate::stage::{Stage, ending, let_go, once_in, quiet, refused_by};

#[tokio::test(start_paused = true)]
async fn unarmed_nothing_is_sent() {
    let stage = Stage::bad_deploy();
    let run = stage.rollback().await;
    let run = stage.let_go(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::NotSent));
    assert!(stage.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_cut_after_the_send_is_read_back_and_never_sent_again() {
    for mode in [FaultMode::CommitThenCut, FaultMode::CommitThen500] {
        let stage = Stage::bad_deploy();
        stage.fail(Rule::all(mode.clone()).operation("UpdateAlias").times(1));
        let run = stage.rollback().await;
        let run = stage.carry_out(run, quiet).await;
        assert_eq!(run.phase, Phase::Closed);
        assert_eq!(stage.mutations(), ["UpdateAlias"], "{mode:?}");
        assert_verified(&run);
        assert_eq!(stage.order(), ["armed", "intent", "outcome", "resolved", "closed"], "{mode:?}");
        assert_eq!(stage.station.broken(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_is_read_back_and_never_sent_again() {
    let stage = Stage::bad_deploy();
    stage.wire.lose_answers(true);
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_verified(&run);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "resolved", "closed"]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_arrived_is_found_out_by_reading_and_not_sent_again() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::Hang).operation("UpdateAlias"));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::Rejected), "{:?}", run.ending);
    assert_eq!(run.sendings.len(), 1);
    assert_eq!(run.sendings[0].applied, Some(false));
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "resolved", "closed"]);
    assert!(stage.unresolved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_known_not_applied() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::Unreachable).operation("UpdateAlias"));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::Rejected));
    assert_eq!(run.sendings[0].applied, Some(false));
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "closed"], "nothing is left to be found out");
}

#[tokio::test(start_paused = true)]
async fn a_clear_refusal_by_aws_is_known_not_applied() {
    for mode in [FaultMode::Denied, FaultMode::Expired] {
        let stage = Stage::bad_deploy();
        stage.fail(Rule::all(mode.clone()).operation("UpdateAlias"));
        let run = stage.rollback().await;
        let run = stage.carry_out(run, quiet).await;
        assert_eq!(ending(&run), Some(Ending::Rejected), "{mode:?}");
        assert_eq!(stage.mutations(), ["UpdateAlias"], "{mode:?}");
        assert_eq!(stage.order(), ["armed", "intent", "outcome", "closed"], "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_503_may_have_been_carried_out_and_is_read_back() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::RejectBefore).operation("UpdateAlias"));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::Rejected), "{:?}", run.ending);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    assert_eq!(stage.order(), ["armed", "intent", "outcome", "resolved", "closed"]);
}

#[tokio::test(start_paused = true)]
async fn a_target_is_blocked_while_an_outcome_there_is_unknown() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::CommitThenCut).operation("UpdateAlias").times(1));
    let endpoint = Arc::clone(&stage.endpoint);
    let run = stage.rollback().await;
    let run = stage
        .carry_out(run, move |run| {
            (run.phase == Phase::Resolving).then(|| {
                endpoint.rules().add(Rule::all(FaultMode::Unreachable).service("lambda"));
                Event::Hangup("SIGTERM".into())
            })
        })
        .await;
    assert_eq!(ending(&run), Some(Ending::Stopped), "{:?}", run.ending);
    assert_eq!(stage.unresolved(), [run.id.to_string()]);
    stage.endpoint.rules().clear();

    let again = stage.run("lambda-alias-rollback", "payment-processing", &[("to", "41".into())]).await;
    let again = stage.let_go(again, quiet).await;
    assert_eq!(ending(&again), Some(Ending::NotSent), "{:?}", again.ending);
    assert!(refused_by(&again, Guard::UnknownOutcome), "{:?}", again.verdicts);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);

    let found = reconcile(&stage.station, &[]).await.unwrap();
    assert_eq!(found.iter().map(|found| found.resolved).collect::<Vec<_>>(), [true], "{found:?}");
    assert_eq!(stage.mutations(), ["UpdateAlias"], "found out by reading");
    let back = stage.let_go(stage.inverse(&run.id), quiet).await;
    assert_verified(&back);
    assert_eq!(stage.mutations(), ["UpdateAlias", "UpdateAlias"]);
}

#[tokio::test(start_paused = true)]
async fn throttled_requests_are_tried_again_each_with_an_intent_of_its_own() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::Throttle).operation("UpdateAlias").times(2));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_verified(&run);
    assert_eq!(stage.mutations().len(), 3);
    let order = ["armed", "intent", "outcome", "intent", "outcome", "intent", "outcome", "closed"];
    assert_eq!(stage.order(), order);
}

#[tokio::test(start_paused = true)]
async fn throttling_has_a_bound() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::Throttle).operation("UpdateAlias"));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::Rejected), "{:?}", run.ending);
    assert_eq!(stage.mutations().len(), 4);
    assert!(stage.unresolved().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_changed_while_aws_was_busy_is_not_overwritten() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::Throttle).operation("UpdateAlias").times(1));
    let run = stage.rollback().await;
    stage.station.arm(stage.env).await.unwrap();
    let other = crate::changed::alias_to(&stage, "41");
    let endpoint = Arc::clone(&stage.endpoint);
    let run = stage
        .let_go(run, move |run| {
            if matches!(run.phase, Phase::BackingOff { .. }) {
                endpoint.rules().clear();
                endpoint.rules().add(other.clone());
            }
            None
        })
        .await;
    assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
    assert!(refused_by(&run, Guard::Staleness), "{:?}", run.verdicts);
    assert_eq!(stage.mutations(), ["UpdateAlias"], "only the one that was throttled");
}

#[tokio::test(start_paused = true)]
async fn an_autoscaler_that_overwrites_the_value_is_no_success() {
    let stage = Stage::new("uex-payments", "calm", "staging", 12);
    let overwritten = FaultMode::Overwritten(SignedDuration::from_secs(20), 3);
    stage.fail(Rule::all(overwritten).operation("UpdateService").times(1));
    let run = stage.run("ecs-scale", "presentation", &[("desired", 5.into())]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_eq!(ending(&run), Some(Ending::Failed), "{:?}", run.ending);
    let says = &run.ending.as_ref().unwrap().1;
    assert!(says.contains("applied, then changed by") && says.contains("5 → 3"), "{says}");
    assert_eq!(stage.mutations(), ["UpdateService"]);
    assert_eq!(stage.owed().len(), 1, "what was raised stays owed until somebody looks");
}

#[tokio::test(start_paused = true)]
async fn an_autoscaler_that_overwrites_what_was_sent_against_its_ownership_is_named() {
    let stage = Stage::new("wallet-eks", "nodes-full", "production", 12);
    let params = [("desired", 16.into()), ("max", 20.into())];
    let run = stage.run("eks-nodegroup-scale", "wallet-production-workers", &params).await;
    let over = |run: &Run| {
        (run.phase == Phase::Ready && run.given.overridden.is_empty()).then(|| {
            Event::Overrode(Overridden { rule: "ownership/wallet-production-workers".into(), reason: "now".into() })
        })
    };
    let run = stage.carry_out(run, over).await;
    assert_eq!(ending(&run), Some(Ending::Failed), "{:?}", run.ending);
    let says = &run.ending.as_ref().unwrap().1;
    assert!(says.contains("desired size applied, then changed by Cluster Autoscaler 16 → 20"), "{says}");
    assert_eq!(stage.mutations(), ["UpdateNodegroupConfig"]);
    assert_eq!(stage.owed().len(), 1, "{:?}", stage.owed());
}

/// A revision that cannot start is deployed again; what the circuit breaker does then, and how the run ended.
async fn deploy_what_cannot_start(rolls_back: bool) -> (Stage, Run) {
    let stage = Stage::new("uex-payments", "image-pull", "prod", 12);
    let run = stage.run("ecs-rollback", "uex-backend", &[]).await;
    let run = stage.carry_out(run, quiet).await;
    assert_verified(&run);
    let breaker = serde_json::json!({ "enable": true, "rollback": rolls_back });
    let input = serde_json::json!({
        "cluster": "uex-payments-prod",
        "service": "uex-backend",
        "deploymentConfiguration": { "deploymentCircuitBreaker": breaker },
    });
    let other = OtherChange { operation: "UpdateService".into(), input };
    stage.fail(Rule::all(FaultMode::ChangedFirst(other)).operation("DescribeServices").times(1));
    stage.endpoint.log().clear();
    let run = stage.run("ecs-rollback", "uex-backend", &[("to", "uex-payments-prod-uex-backend:86".into())]).await;
    let run = stage.let_go(run, quiet).await;
    (stage, run)
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_the_circuit_breaker_gives_up_has_failed() {
    for (rolls_back, at) in [(false, "uex-backend:86"), (true, "uex-backend:85")] {
        let (stage, run) = deploy_what_cannot_start(rolls_back).await;
        assert_eq!(ending(&run), Some(Ending::Failed), "{:?} {:?} {}", run.ending, run.unmet, crate::stage::said(&run));
        let says = &run.ending.as_ref().unwrap().1;
        assert!(says.contains("circuit breaker"), "{says}");
        assert_eq!(stage.mutations(), ["UpdateService"]);
        assert_eq!(stage.order()[4..], ["intent", "outcome", "closed"]);
        // The service is as stable as it can be; that is no success of this run.
        let Some(current) = run.seen.last().and_then(|seen| seen.values.get("current")).and_then(Value::text) else {
            panic!("{:?}", run.seen)
        };
        assert!(current.contains(at), "{current}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_consoles_at_one_target_exactly_one_sends() {
    let mut stage = Stage::bad_deploy();
    let first = Arc::clone(&stage.station);
    stage.another_console();
    let second = Arc::clone(&stage.station);
    for station in [&first, &second] {
        station.arm(stage.env).await.unwrap();
    }
    let (one, two) = (stage.rollback().await, stage.rollback().await);
    let (one, two) = tokio::join!(let_go(first, stage.env, one, quiet), let_go(second, stage.env, two, quiet));
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    let endings = [ending(&one), ending(&two)];
    assert!(endings.contains(&Some(Ending::Verified)) && endings.contains(&Some(Ending::NotSent)), "{endings:?}");
    let refused = if endings[0] == Some(Ending::NotSent) { &one } else { &two };
    assert!(refused_by(refused, Guard::Lock), "{:?}", refused.verdicts);
    assert_eq!(stage.station.broken(), None);
}

#[tokio::test(start_paused = true)]
async fn of_two_runs_of_one_console_at_one_target_exactly_one_sends() {
    let stage = Stage::bad_deploy();
    stage.station.arm(stage.env).await.unwrap();
    let (one, two) = (stage.rollback().await, stage.rollback().await);
    let (one, two) = tokio::join!(stage.let_go(one, quiet), stage.let_go(two, quiet));
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
    let endings = [ending(&one), ending(&two)];
    assert!(endings.contains(&Some(Ending::Verified)) && endings.contains(&Some(Ending::NotSent)), "{endings:?}");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_is_not_relied_on() {
    for skew in [SignedDuration::from_secs(90), SignedDuration::from_secs(-90)] {
        let stage = Stage::new("uex-payments", "calm", "staging", 12);
        stage.fail(Rule::all(FaultMode::Skewed(skew)));
        let mut run = stage.run("ecs-scale", "presentation", &[("desired", 5.into())]).await;
        let mut course = (*run.course).clone();
        course.policy.risk = watchfloor::model::Risk::Critical;
        course.policy.others = 1;
        run.course = Arc::new(course);
        let run = stage.carry_out(run, quiet).await;
        assert_eq!(ending(&run), Some(Ending::NotSent), "{:?}", run.ending);
        for guard in [Guard::Freeze, Guard::Lock, Guard::Approval] {
            assert!(refused_by(&run, guard), "{guard:?} {:?}", run.verdicts);
        }
        assert!(stage.mutations().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_off_does_not_hold_up_going_back() {
    let stage = Stage::bad_deploy();
    stage.fail(Rule::all(FaultMode::Skewed(SignedDuration::from_secs(90))));
    let run = stage.rollback().await;
    let run = stage.carry_out(run, quiet).await;
    assert_verified(&run);
    assert_eq!(stage.mutations(), ["UpdateAlias"]);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_a_minute_off_is_good_enough() {
    let stage = Stage::new("uex-payments", "calm", "staging", 12);
    stage.fail(Rule::all(FaultMode::Skewed(SignedDuration::from_secs(55))));
    let run = stage.run("ecs-scale", "presentation", &[("desired", 5.into())]).await;
    let run = stage.carry_out(run, once_in(Phase::Closed, || {})).await;
    assert_verified(&run);
}
