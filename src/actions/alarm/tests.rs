//! Tests of muting and unmuting: judgement, requests and outcomes through the real SDK client.
use jiff::{Timestamp, ToSpan};
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::mute::MuteAlarm;
use super::rules::own_name;
use super::unmute::UnmuteAlarm;
use crate::actions::testing::{self, Answer, Aws, accepted, check_failed_sends, now, observe};
use crate::actions::{Action, Ask, Wanted};
use crate::guard::digest::digest;
use crate::model::{FaultKind, Plan, Standing, Target, TargetKind, Value, Values};

const NAME: &str = "pay: errors";

fn arn() -> String {
    format!("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{NAME}")
}

fn target() -> Target {
    testing::target(TargetKind::Alarm, NAME, &arn())
}

/// A rule at the endpoint: its name, its end, and the alarms that it mutes besides ours.
type Made = (String, Timestamp, Vec<&'static str>);

/// What the endpoint has.
#[derive(Clone)]
struct Estate {
    composite: bool,
    actions: Vec<&'static str>,
    enabled: bool,
    rules: Option<Vec<Made>>,
}

impl Default for Estate {
    fn default() -> Self {
        let actions = vec!["arn:aws:sns:us-east-1:111122223333:on-call"];
        Self { composite: false, actions, enabled: true, rules: Some(Vec::new()) }
    }
}

impl Estate {
    fn muted(rule: &str, until: Timestamp) -> Self {
        Self { rules: Some(vec![(rule.to_owned(), until, Vec::new())]), ..Self::default() }
    }

    fn aws(self) -> Aws {
        Aws::new(move |call| match (call.operation.as_str(), &self.rules) {
            ("DescribeAlarms", _) => Answer::Ok(self.alarms()),
            ("ListAlarmMuteRules", Some(rules)) => {
                let arn = |rule: &Made| json!({"AlarmMuteRuleArn": format!("arn:aws:cloudwatch:r:1:alarm-mute-rule:{}", rule.0)});
                Answer::Ok(json!({"AlarmMuteRuleSummaries": rules.iter().map(arn).collect::<Vec<_>>()}))
            }
            ("GetAlarmMuteRule", Some(rules)) => {
                let rule = rules.iter().find(|rule| call.body["AlarmMuteRuleName"] == rule.0.as_str()).unwrap();
                let mut names = vec![NAME];
                names.extend(&rule.2);
                Answer::Ok(
                    json!({"Name": rule.0, "ExpireDate": {"__cbor_epoch_seconds": rule.1.as_second()}, "Status": "ACTIVE",
                    "MuteTargets": {"AlarmNames": names}}),
                )
            }
            ("ListAlarmMuteRules" | "GetAlarmMuteRule", None) => Answer::Error(404, "UnknownOperationException"),
            ("PutAlarmMuteRule" | "DeleteAlarmMuteRule", Some(_)) => Answer::Ok(json!({})),
            ("DisableAlarmActions" | "EnableAlarmActions", _) => Answer::Ok(json!({})),
            (other, _) => panic!("{other}"),
        })
    }

    fn alarms(&self) -> Json {
        let alarm = json!({"AlarmName": NAME, "AlarmArn": arn(), "StateValue": "ALARM", "AlarmActions": self.actions,
            "OKActions": [], "InsufficientDataActions": [], "ActionsEnabled": self.enabled});
        if self.composite { json!({"CompositeAlarms": [alarm]}) } else { json!({"MetricAlarms": [alarm]}) }
    }

    async fn mute(&self, params: &[(&str, Value)]) -> Plan {
        self.clone().aws().plan(&MuteAlarm, &target(), params).await.unwrap()
    }

    async fn unmute(&self) -> Plan {
        self.clone().aws().plan(&UnmuteAlarm, &target(), &[]).await.unwrap()
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_mute_is_a_rule_with_an_end(#[case] composite: bool) {
    let aws = Estate { composite, ..Estate::default() }.aws();
    let plan = aws.plan(&MuteAlarm, &target(), &[("for", "2h".into())]).await.unwrap();
    // 03:04:05 now: the end is at a full minute.
    let until = at("2026-11-21T05:05:00Z");
    let mute = plan.facts.mute.clone().unwrap();
    assert_eq!((mute.until, mute.drives_scaling), (Some(until), false));
    assert_eq!(plan.owed.clone().unwrap().ends, Some(until));
    assert_eq!(plan.undo.clone().unwrap().action, "alarm.unmute");
    assert_eq!(accepted(aws.send(&MuteAlarm, &plan).await)["rule"], own_name(NAME).into());
    let mutations = aws.mutations();
    assert_eq!((mutations.len(), mutations[0].operation.as_str()), (1, "PutAlarmMuteRule"));
    let body = &mutations[0].body;
    assert_eq!(body["Name"], own_name(NAME));
    assert_eq!(body["Rule"], json!({"Schedule": {"Expression": "at(2026-11-21T03:04)", "Duration": "PT121M"}}));
    assert_eq!(body["MuteTargets"], json!({"AlarmNames": [NAME]}));
    assert_eq!(body["ExpireDate"].as_f64(), Some(1_795_237_500.0));
    assert_eq!(body.as_object().unwrap().len(), 4);
}

#[rstest]
#[case(&[], "2026-11-21T04:05:00Z")]
#[case(&[("for", "90m".into())], "2026-11-21T04:35:00Z")]
#[case(&[("for", "24h".into())], "2026-11-22T03:05:00Z")]
#[case(&[("until", "2026-11-21T06:00:00Z".into())], "2026-11-21T06:00:00Z")]
#[tokio::test]
async fn the_end_is_asked_for_in_two_ways(#[case] params: &[(&str, Value)], #[case] until: &str) {
    let plan = Estate::default().mute(params).await;
    assert_eq!(plan.facts.mute.unwrap().until, Some(at(until)));
    assert_eq!(plan.params["until"], at(until).into());
}

#[rstest]
#[case(&[("for", "25h".into())])]
#[case(&[("for", "10s".into())])]
#[case(&[("for", "-1h".into())])]
#[case(&[("for", "for ever".into())])]
#[case(&[("until", "2026-11-21T03:00:00Z".into())])]
#[case(&[("until", "2026-11-23T03:00:00Z".into())])]
#[case(&[("until", "soon".into())])]
#[case(&[("until", "2026-11-21T06:00:00Z".into()), ("for", "1h".into())])]
#[tokio::test]
async fn no_other_end_is_taken(#[case] params: &[(&str, Value)]) {
    let fault = Estate::default().aws().plan(&MuteAlarm, &target(), params).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Invalid);
}

#[tokio::test]
async fn read_again_a_minute_later_it_is_the_same_plan() {
    let plan = Estate::default().mute(&[("for", "24h".into())]).await;
    let aws = Estate::default().aws();
    let session = aws.session().await;
    let ask = Ask { session: &session, target: &target(), params: &plan.params, now: now() + 1.minute(), token: "t" };
    let again = MuteAlarm.plan(&ask).await.unwrap();
    assert_eq!(digest(&again), digest(&plan));
    assert_ne!(again.read_at, plan.read_at);
}

#[tokio::test]
async fn what_scales_is_told_to_the_guard() {
    let policy = "arn:aws:autoscaling:us-east-1:111122223333:scalingPolicy:u:resource/ecs/service/c/s:policyName/p";
    let plan = Estate { actions: vec![policy], ..Estate::default() }.mute(&[]).await;
    assert!(plan.facts.mute.unwrap().drives_scaling);
}

#[tokio::test]
async fn without_mute_rules_the_actions_are_disabled_and_enabled_again() {
    let aws = Estate { rules: None, ..Estate::default() }.aws();
    let plan = aws.plan(&MuteAlarm, &target(), &[]).await.unwrap();
    assert_eq!(plan.operation, "cloudwatch:DisableAlarmActions");
    assert_eq!(plan.facts.mute.clone().unwrap().until, None);
    assert_eq!(plan.owed.unwrap().ends, None);
    assert!(plan.touches.iter().any(|says| says.contains("no mute rules")));
    let estate = Estate { rules: None, enabled: false, ..Estate::default() };
    assert!(estate.mute(&[]).await.facts.impossible.is_some());
    let aws = estate.clone().aws();
    let plan = aws.plan(&UnmuteAlarm, &target(), &[]).await.unwrap();
    accepted(aws.send(&UnmuteAlarm, &plan).await);
    let mutations = aws.mutations();
    assert_eq!((mutations.len(), mutations[0].operation.as_str()), (1, "EnableAlarmActions"));
    assert_eq!(mutations[0].body, json!({"AlarmNames": [NAME]}));
    check_failed_sends(&UnmuteAlarm, &plan).await;
    let done = Estate { enabled: true, ..estate.clone() }.aws();
    assert_eq!(observe(&done, &UnmuteAlarm, &plan, Some(&Values::new())).await.standing, Standing::Done);
    assert_eq!(observe(&estate.aws(), &UnmuteAlarm, &plan, None).await.standing, Standing::NotApplied);
}

#[tokio::test]
async fn failed_sends_of_both() {
    check_failed_sends(&MuteAlarm, &Estate::default().mute(&[]).await).await;
    check_failed_sends(&UnmuteAlarm, &Estate::muted(&own_name(NAME), now() + 1.hour()).unmute().await).await;
}

#[tokio::test]
async fn our_own_rule_is_deleted_and_its_undo_mutes_again() {
    let until = at("2026-11-21T05:00:00Z");
    let aws = Estate::muted(&own_name(NAME), until).aws();
    let plan = aws.plan(&UnmuteAlarm, &target(), &[]).await.unwrap();
    let undo = plan.undo.clone().unwrap();
    assert_eq!((undo.action.as_str(), undo.params["until"].clone()), ("alarm.mute", until.into()));
    accepted(aws.send(&UnmuteAlarm, &plan).await);
    let mutations = aws.mutations();
    assert_eq!((mutations.len(), mutations[0].operation.as_str()), (1, "DeleteAlarmMuteRule"));
    assert_eq!(mutations[0].body, json!({"AlarmMuteRuleName": own_name(NAME)}));
}

#[tokio::test]
async fn rules_of_others_are_named_and_left_alone() {
    let foreign = Estate::muted("maintenance", now() + 1.hour());
    let unmute = foreign.unmute().await;
    assert!(unmute.facts.impossible.unwrap().contains("maintenance until 2026-11-21T04:04Z"));
    let mute = foreign.mute(&[]).await;
    assert!(mute.touches.iter().any(|says| says.contains("also muted by maintenance")));
    assert_eq!(Estate::default().unmute().await.facts.impossible.unwrap(), "pay: errors is not muted");
    let changed = Estate { rules: Some(vec![(own_name(NAME), now() + 1.hour(), vec!["other"])]), ..Estate::default() };
    assert!(changed.unmute().await.facts.impossible.unwrap().contains("mutes other as well"));
    assert!(changed.mute(&[]).await.facts.impossible.unwrap().contains("mutes other as well"));
}

#[tokio::test]
async fn a_mute_is_shortened_and_its_undo_is_the_end_before() {
    let before = at("2026-11-21T06:00:00Z");
    let plan = Estate::muted(&own_name(NAME), before).mute(&[("for", "1h".into())]).await;
    assert_eq!(plan.differences[0].before, before.into());
    assert_eq!(plan.undo.unwrap().params["until"], before.into());
    let same = Estate::muted(&own_name(NAME), before).mute(&[("until", "2026-11-21T06:00:00Z".into())]).await;
    assert!(same.facts.impossible.unwrap().contains("already"));
}

#[tokio::test]
async fn mutes_are_observed() {
    let plan = Estate::default().mute(&[("for", "2h".into())]).await;
    let until = at("2026-11-21T05:05:00Z");
    let receipt = Values::from([("rule".to_owned(), own_name(NAME).into())]);
    let own = |until: Timestamp| Estate::muted(&own_name(NAME), until);
    for (estate, receipt, standing) in [
        (own(until), Some(&receipt), Standing::Done),
        (own(until), None, Standing::Done),
        (Estate::default(), None, Standing::NotApplied),
        (Estate::default(), Some(&receipt), Standing::Unclear),
        (own(until + 1.hour()), Some(&receipt), Standing::Overtaken),
        (own(until + 1.hour()), None, Standing::Unclear),
        (Estate { rules: None, ..Estate::default() }, Some(&receipt), Standing::Unclear),
        (Estate::muted("maintenance", until), None, Standing::NotApplied),
    ] {
        let observation = observe(&estate.aws(), &MuteAlarm, &plan, receipt).await;
        assert_eq!(observation.standing, standing, "{}", observation.says);
    }
    let later = MuteAlarm.observe(&Estate::default().aws().session().await, &plan, Some(&receipt), until).await;
    assert_eq!(later.unwrap().standing, Standing::Done, "it ran out");
}

#[tokio::test]
async fn unmutes_are_observed() {
    let until = at("2026-11-21T05:00:00Z");
    let own = |until: Timestamp| Estate::muted(&own_name(NAME), until);
    let plan = own(until).unmute().await;
    let receipt = Values::new();
    for (estate, receipt, standing) in [
        (Estate::default(), Some(&receipt), Standing::Done),
        (own(until), None, Standing::NotApplied),
        (own(until), Some(&receipt), Standing::Unclear),
        (own(until + 1.hour()), Some(&receipt), Standing::Overtaken),
    ] {
        let observation = observe(&estate.aws(), &UnmuteAlarm, &plan, receipt).await;
        assert_eq!(observation.standing, standing, "{}", observation.says);
    }
}

#[tokio::test]
async fn an_alarm_whose_name_cannot_be_shown_is_not_touched() {
    let hidden = testing::target(
        TargetKind::Alarm,
        "pay\u{202e}errors",
        "arn:aws:cloudwatch:us-east-1:111122223333:alarm:pay\u{202e}errors",
    );
    let aws = Estate::default().aws();
    let fault = aws.plan(&MuteAlarm, &hidden, &[]).await.unwrap_err();
    assert!(fault.message.contains("characters that are not shown"), "{fault}");
    let session = aws.session().await;
    let wanted = Wanted { name: Some(NAME.into()), ..Wanted::default() };
    assert_eq!(MuteAlarm.find(&session, &wanted).await.unwrap(), [target()]);
}
