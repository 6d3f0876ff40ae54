use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::error::ProvideErrorMetadata;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{AlarmMuteRuleStatus, MuteTargets, Rule, Schedule};

use crate::rig::Rig;

const ALARM: &str = "payments-prod-api-5xx";

#[tokio::test(start_paused = true)]
async fn actions_are_switched_off_and_on() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let enabled = async || {
        let found = client.describe_alarms().alarm_names(ALARM).send().await.unwrap();
        found.metric_alarms()[0].actions_enabled().unwrap()
    };
    assert!(enabled().await);
    client.disable_alarm_actions().alarm_names(ALARM).alarm_names("nobody").send().await.unwrap();
    assert!(!enabled().await);
    rig.minutes(30).await;
    assert!(!enabled().await, "nothing switches them on again");
    client.enable_alarm_actions().alarm_names(ALARM).send().await.unwrap();
    assert!(enabled().await);
    let error = client.disable_alarm_actions().set_alarm_names(Some(Vec::new())).send().await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationError"));
    assert_eq!((rig.sent("DisableAlarmActions"), rig.sent("EnableAlarmActions")), (2, 1));
}

fn rule(expression: &str, duration: &str) -> Rule {
    let schedule = Schedule::builder().expression(expression).duration(duration).build();
    Rule::builder().schedule(schedule).build()
}

#[tokio::test(start_paused = true)]
async fn a_mute_rule_begins_ends_and_goes() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    let targets = MuteTargets::builder().alarm_names(ALARM).build();
    let put = |rule| client.put_alarm_mute_rule().name("quiet").rule(rule).mute_targets(targets.clone());
    put(rule("at(2026-11-21T03:35)", "PT30M")).description("deploy").send().await.unwrap();
    let get = async || client.get_alarm_mute_rule().alarm_mute_rule_name("quiet").send().await.unwrap();
    let listed = async |status: AlarmMuteRuleStatus| {
        let list = client.list_alarm_mute_rules().alarm_name(ALARM).statuses(status).send().await.unwrap();
        list.alarm_mute_rule_summaries().len()
    };
    let shown = get().await;
    assert_eq!(shown.status(), Some(&AlarmMuteRuleStatus::Scheduled));
    assert_eq!(shown.mute_targets().unwrap().alarm_names(), [ALARM]);
    assert_eq!(shown.rule().unwrap().schedule().unwrap().duration(), Some("PT30M"));
    assert!(shown.alarm_mute_rule_arn().unwrap().ends_with(":alarm-mute-rule:quiet"));
    rig.minutes(6).await;
    assert_eq!(get().await.status(), Some(&AlarmMuteRuleStatus::Active));
    assert_eq!((listed(AlarmMuteRuleStatus::Active).await, listed(AlarmMuteRuleStatus::Expired).await), (1, 0));
    rig.minutes(30).await;
    assert_eq!(get().await.status(), Some(&AlarmMuteRuleStatus::Expired), "it ends by itself");
    assert_eq!((listed(AlarmMuteRuleStatus::Active).await, listed(AlarmMuteRuleStatus::Expired).await), (0, 1));
    client.delete_alarm_mute_rule().alarm_mute_rule_name("quiet").send().await.unwrap();
    let gone = client.get_alarm_mute_rule().alarm_mute_rule_name("quiet").send().await.unwrap_err();
    assert_eq!(gone.code(), Some("ResourceNotFoundException"));
}

#[tokio::test(start_paused = true)]
async fn rules_that_mean_nothing_are_refused() {
    let rig = Rig::new("payments", "calm", 5);
    let client = Client::new(&rig.sdk("prod"));
    for (expression, duration) in [
        ("at(2026-11-21T03:35)", "PT30S"),
        ("at(2026-11-21T03:35)", "P16D"),
        ("at(2026-11-21T03:35)", "half an hour"),
        ("at(today)", "PT1H"),
        ("cron(0 2 * * *)", "PT1H"),
    ] {
        let error = client.put_alarm_mute_rule().name("x").rule(rule(expression, duration)).send().await.unwrap_err();
        assert_eq!(error.code(), Some("ValidationError"), "{expression} {duration}");
    }
    let past = client.put_alarm_mute_rule().name("x").rule(rule("at(2026-11-21T03:35)", "PT1H"));
    let error = past.expire_date(DateTime::from_secs(1)).send().await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationError"));
    assert_eq!(client.list_alarm_mute_rules().send().await.unwrap().alarm_mute_rule_summaries().len(), 0);
}
