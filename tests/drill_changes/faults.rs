use std::time::Duration;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::error::{ProvideErrorMetadata, SdkError};
use jiff::SignedDuration;
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::json;
use watchfloor::drill::fault_modes::{FaultMode, OtherChange, Rule};

use crate::rig::Rig;

const CLUSTER: &str = "uex-payments-prod";
const SERVICE: &str = "uex-backend";

fn desired(rig: &Rig) -> u32 {
    rig.look("prod", |world, _| world.clusters[CLUSTER].services[SERVICE].desired)
}

fn once(mode: FaultMode) -> Rule {
    Rule::all(mode).service("ecs").operation("UpdateService").times(1)
}

/// Sends one change under a rule: the code of its error, what the desired count is afterwards, and how often it arrived.
async fn scaled_under(mode: FaultMode) -> (Option<String>, u32, usize) {
    let rig = Rig::new("uex-payments", "calm", 5);
    rig.endpoint.rules().add(once(mode));
    let client = Client::new(&rig.sdk("prod"));
    let update = client.update_service().cluster(CLUSTER).service(SERVICE).desired_count(13);
    let error = match tokio::time::timeout(Duration::from_secs(60), update.send()).await {
        Ok(Ok(_)) => None,
        Ok(Err(SdkError::DispatchFailure(_))) => Some("cut".to_owned()),
        Ok(Err(error)) => Some(error.code().unwrap_or("none").to_owned()),
        Err(_) => Some("timeout".to_owned()),
    };
    let after = desired(&rig);
    let again = client.update_service().cluster(CLUSTER).service(SERVICE).desired_count(12).send().await;
    assert!(again.is_ok(), "the rule holds once");
    (error, after, rig.sent("UpdateService") - 1)
}

#[tokio::test(start_paused = true)]
async fn every_fault_mode_holds_for_changes_exactly_once() {
    let before = desired(&Rig::new("uex-payments", "calm", 5));
    assert_ne!(before, 13);
    for (mode, error, done) in [
        (FaultMode::RejectBefore, Some("ServiceUnavailable"), false),
        (FaultMode::Throttle, Some("ThrottlingException"), false),
        (FaultMode::Expired, Some("ExpiredTokenException"), false),
        (FaultMode::Denied, Some("AccessDeniedException"), false),
        (FaultMode::Unreachable, Some("cut"), false),
        (FaultMode::Hang, Some("timeout"), false),
        (FaultMode::CommitThenCut, Some("cut"), true),
        (FaultMode::CommitThen500, Some("InternalFailure"), true),
        (FaultMode::Slow(Duration::from_secs(9)), None, true),
        (FaultMode::Skewed(SignedDuration::from_secs(90)), None, true),
    ] {
        let (code, after, sent) = scaled_under(mode.clone()).await;
        assert_eq!(code.as_deref(), error, "{mode:?}");
        assert_eq!(after, if done { 13 } else { before }, "{mode:?}");
        assert_eq!(sent, 1, "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_operator_may_come_first() {
    let rig = Rig::new("uex-payments", "calm", 5);
    let input = json!({"cluster": CLUSTER, "service": SERVICE, "desiredCount": 14});
    let other = OtherChange { operation: "UpdateService".to_owned(), input };
    let rule = Rule::all(FaultMode::ChangedFirst(other)).service("ecs").operation("DescribeServices");
    rig.endpoint.rules().add(rule.nth(2).times(1));
    let client = Client::new(&rig.sdk("prod"));
    let shown = async || {
        let found = client.describe_services().cluster(CLUSTER).services(SERVICE).send().await.unwrap();
        found.services()[0].desired_count()
    };
    let first = shown().await;
    assert_ne!(first, 14);
    assert_eq!(shown().await, 14, "the second look sees what came between");
    assert_eq!(rig.sent("UpdateService"), 0, "it was not one of our requests");
}

#[tokio::test(start_paused = true)]
async fn an_autoscaler_may_have_the_last_word() {
    let rig = Rig::new("uex-payments", "calm", 5);
    rig.endpoint.rules().add(once(FaultMode::Overwritten(SignedDuration::from_secs(45), 12)));
    let client = Client::new(&rig.sdk("prod"));
    client.update_service().cluster(CLUSTER).service(SERVICE).desired_count(20).send().await.unwrap();
    assert_eq!(desired(&rig), 20);
    rig.seconds(50).await;
    assert_eq!(desired(&rig), 12);
    let newest = rig
        .look("prod", |world, _| world.scalable_targets[&format!("service/{CLUSTER}/{SERVICE}")].activities[0].clone());
    assert_eq!(newest.description, "Setting desired count to 12.");
    assert!(newest.cause.contains("TargetTracking"));
}

#[tokio::test(start_paused = true)]
async fn answers_carry_the_simulated_date_and_a_rule_may_skew_it() {
    let rig = Rig::new("uex-payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    // A refusal carries the date as every answer does; its raw answer can be looked at.
    let off = async || {
        let refused = client.describe_services().cluster("nobody").services("x").send().await.unwrap_err();
        let date = refused.raw_response().unwrap().headers().get("date").unwrap().to_owned();
        let date = DateTimeParser::new().parse_timestamp(date.replace("GMT", "+0000")).unwrap();
        date.as_second() - rig.drill.clock.now().as_second()
    };
    assert_eq!(off().await, 0);
    rig.minutes(3).await;
    assert_eq!(off().await, 0);
    rig.endpoint.rules().add(Rule::all(FaultMode::Skewed(SignedDuration::from_secs(-90))));
    assert_eq!(off().await, -90);
    rig.endpoint.rules().clear();
    assert_eq!(off().await, 0);
}
