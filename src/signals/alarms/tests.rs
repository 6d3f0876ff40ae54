//! Tests of the alarms signal: judgement on plain data, inventories through the real SDK clients.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::model::{FaultKind, FieldValue};
use crate::signals::testing::wire::{self, BOUNDARIES, Call, page, pages};
use crate::signals::testing::{check_invariants, field, interpret, minute};

fn alarm(name: &str, state: State) -> Alarm {
    Alarm {
        name: name.into(),
        arn: format!("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}").into(),
        kind: Kind::Metric,
        state,
        since: Some(minute(5)),
        reason: "Threshold Crossed".into(),
        actions_enabled: true,
        muted: false,
        suppressed_by: None,
        evaluation: None,
        class: Severity::Critical,
        watches: vec![],
    }
}

fn read(alarms: Vec<Alarm>) -> Reading {
    let reading = interpret(&Alarms, &Inventory { alarms, mutes_known: true }, &MetricSet::default());
    check_invariants(&reading);
    reading
}

fn many(count: usize, state: State) -> Vec<Alarm> {
    (0..count).map(|i| alarm(&format!("a{i}"), state)).collect()
}

#[test]
fn all_well() {
    let reading = read(many(12, State::Ok));
    assert_eq!((reading.headline.as_str(), reading.severity), ("12 ok", Severity::Ok));
    assert_eq!((reading.value, reading.unit.as_str(), reading.since), (Some(0.0), "alarms", None));
}

#[test]
fn one_alarming_and_one_without_data() {
    let mut alarms = many(10, State::Ok);
    alarms.push(Alarm { class: Severity::Warning, ..alarm("w", State::Alarm) });
    alarms.push(alarm("n", State::NoData));
    let reading = read(alarms);
    assert_eq!((reading.headline.as_str(), reading.note.as_str()), ("1 of 12", "1 no data"));
    assert_eq!(reading.severity, Severity::Warning);
}

#[test]
fn since_is_the_earliest_of_the_alarming() {
    let mut alarms = many(11, State::Ok);
    alarms.push(Alarm { since: Some(minute(30)), ..alarm("x", State::Alarm) });
    alarms.push(Alarm { since: Some(minute(20)), class: Severity::Warning, ..alarm("y", State::Alarm) });
    alarms.push(Alarm { since: None, ..alarm("z", State::Alarm) });
    let reading = read(alarms);
    assert_eq!((reading.headline.as_str(), reading.since), ("3 of 14", Some(minute(20))));
    assert_eq!(reading.resources[0].name, "x");
}

#[test]
fn without_data_is_never_ok() {
    let reading = read(many(3, State::NoData));
    assert_eq!((reading.headline.as_str(), reading.note.as_str()), ("3 of 3 unknown", "3 no data"));
    assert_eq!(reading.severity, Severity::Unknown);
}

#[test]
fn a_blind_ok_is_unknown_and_said() {
    let reading = read(vec![Alarm { evaluation: Some("PARTIAL_DATA".into()), ..alarm("a", State::Ok) }]);
    assert_eq!((reading.severity, reading.note.as_str()), (Severity::Unknown, "1 blind"));
    assert_eq!(field(&reading.resources[0], "blind"), FieldValue::Flag(true));
}

#[test]
fn silenced_alarms_keep_their_severity_and_are_flagged() {
    let reading = read(vec![
        Alarm { actions_enabled: false, ..alarm("a", State::Alarm) },
        Alarm { muted: true, ..alarm("b", State::Alarm) },
        Alarm { suppressed_by: Some("Alarm".into()), kind: Kind::Composite, ..alarm("c", State::Ok) },
    ]);
    assert_eq!(reading.severity, Severity::Critical);
    assert_eq!(reading.note, "1 actions off, 1 muted, 1 suppressed");
    assert_eq!(reading.resources[0].headline, "ALARM · actions off");
    assert_eq!(field(&reading.resources[1], "muted"), FieldValue::Flag(true));
}

#[test]
fn no_alarms_is_absent() {
    assert_eq!(read(vec![]).severity, Severity::Absent);
}

fn wire_alarm(name: &str) -> Value {
    json!({
        "AlarmName": name, "AlarmArn": format!("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}"),
        "StateValue": "ALARM", "StateReason": "Threshold Crossed: 1 datapoint", "ActionsEnabled": true,
        "StateUpdatedTimestamp": {"__cbor_epoch_seconds": 600}, "Namespace": "AWS/Lambda", "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": "f"}], "Period": 60, "Statistic": "Sum", "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 3
    })
}

fn answer(call: &Call, alarms: &[Value]) -> wire::Answer {
    match call.operation.as_str() {
        "DescribeAlarms" => {
            let (page, next) = page(alarms, 100, call.get("NextToken").as_deref());
            let (composite, metric): (Vec<Value>, Vec<Value>) =
                page.into_iter().partition(|alarm| alarm.get("AlarmRule").is_some());
            Ok(json!({"MetricAlarms": metric, "CompositeAlarms": composite, "NextToken": next}))
        }
        "ListAlarmMuteRules" => Ok(json!({"AlarmMuteRuleSummaries": []})),
        _ => Err((400, "UnknownOperationException")),
    }
}

#[tokio::test]
async fn every_page_is_read_once() {
    for &count in BOUNDARIES {
        let alarms: Vec<Value> = (0..count).map(|i| wire_alarm(&format!("a{i:04}"))).collect();
        let (session, calls) = wire::session(move |call| answer(call, &alarms)).await;
        let found = Signal::inventory(&Alarms, &session).await.unwrap();
        assert_eq!(found.alarms.len(), count);
        assert_eq!(calls.count("DescribeAlarms"), pages(count, 100), "{count} alarms");
        assert_eq!(calls.count("ListAlarmMuteRules"), 1);
        assert!(
            calls.all().iter().all(|c| c.operation != "DescribeAlarms"
                || c.input["AlarmTypes"] == json!(["MetricAlarm", "CompositeAlarm"]))
        );
    }
}

#[tokio::test]
async fn an_alarm_with_all_it_has() {
    let (session, _) = wire::session(|call| answer(call, &[
        wire_alarm("payments-prod-errors"),
        json!({"AlarmName": "all", "AlarmArn": "arn:x", "AlarmRule": "ALARM(a)", "StateValue": "OK",
            "StateTransitionedTimestamp": {"__cbor_epoch_seconds": 60}, "StateUpdatedTimestamp": {"__cbor_epoch_seconds": 120},
            "ActionsEnabled": false, "ActionsSuppressedBy": "WaitPeriod"}),
    ]))
    .await;
    let found = Signal::inventory(&Alarms, &session).await.unwrap();
    let reading = interpret(&Alarms, &found, &MetricSet::default());
    let [errors, all] = &reading.resources[..] else { panic!("two alarms") };
    assert_eq!((errors.name.as_str(), errors.logical_name.as_str()), ("payments-prod-errors", "errors"));
    assert_eq!((errors.since, errors.severity), (Some(minute(10)), Severity::Critical));
    assert_eq!(field(errors, "metric"), FieldValue::Text("Errors".into()));
    assert_eq!(field(errors, "dimensions"), FieldValue::List(vec!["FunctionName=f".into()]));
    assert_eq!(field(errors, "threshold"), FieldValue::Number(5.0));
    assert_eq!((all.since, all.severity), (Some(minute(1)), Severity::Ok));
    assert_eq!(field(all, "suppressed_by"), FieldValue::Text("WaitPeriod".into()));
    assert_eq!(field(all, "actions_enabled"), FieldValue::Flag(false));
}

#[tokio::test]
async fn mute_rules_silence_the_alarms_they_name() {
    let (session, calls) = wire::session(|call| match call.operation.as_str() {
        "ListAlarmMuteRules" => Ok(json!({"AlarmMuteRuleSummaries": [
            {"AlarmMuteRuleArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm-mute-rule:night"},
            {"AlarmMuteRuleArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm-mute-rule:deleted"}]})),
        "GetAlarmMuteRule" if call.get("AlarmMuteRuleName").as_deref() == Some("night") => {
            Ok(json!({"Name": "night", "MuteTargets": {"AlarmNames": ["b"]}}))
        }
        "GetAlarmMuteRule" => Err((404, "ResourceNotFoundException")),
        _ => answer(call, &[wire_alarm("a"), wire_alarm("b")]),
    })
    .await;
    let found = Signal::inventory(&Alarms, &session).await.unwrap();
    assert!(found.mutes_known);
    assert_eq!(found.alarms.iter().map(|a| a.muted).collect::<Vec<_>>(), [false, true]);
    assert_eq!(calls.count("GetAlarmMuteRule"), 2);
}

#[rstest]
#[case(400, "UnknownOperationException")]
#[case(403, "AccessDeniedException")]
#[tokio::test]
async fn unreadable_mute_rules_hurt_nothing(#[case] status: u16, #[case] code: &'static str) {
    let (session, _) = wire::session(move |call| match call.operation.as_str() {
        "ListAlarmMuteRules" => Err((status, code)),
        _ => answer(call, &[wire_alarm("a")]),
    })
    .await;
    let found = Signal::inventory(&Alarms, &session).await.unwrap();
    let reading = interpret(&Alarms, &found, &MetricSet::default());
    assert_eq!(reading.fault, None);
    assert_eq!(field(&reading.resources[0], "muted"), FieldValue::Unknown);
}

#[rstest]
#[case::the_same_for_ever(1)]
#[case::in_a_circle(3)]
#[tokio::test]
async fn repeated_tokens_end_in_a_fault(#[case] circle: usize) {
    let (session, calls) = wire::session(move |call| match call.operation.as_str() {
        "DescribeAlarms" => {
            let at = call.get("NextToken").map_or(0, |token| token.parse::<usize>().unwrap());
            Ok(json!({"MetricAlarms": [wire_alarm("a")], "NextToken": ((at + 1) % circle).to_string()}))
        }
        _ => answer(call, &[]),
    })
    .await;
    let fault = Signal::inventory(&Alarms, &session).await.unwrap_err();
    assert_eq!((fault.kind, fault.operation.as_str()), (FaultKind::Service, "DescribeAlarms"));
    assert!(calls.count("DescribeAlarms") <= circle + 1);
}

#[tokio::test]
async fn a_denied_list_is_a_fault() {
    let (session, _) = wire::session(|_| Err((403, "AccessDeniedException"))).await;
    assert_eq!(Signal::inventory(&Alarms, &session).await.unwrap_err().kind, FaultKind::Denied);
}

#[tokio::test]
async fn names_of_every_kind_pass() {
    let names = ["支払い-エラー 🚨".to_owned(), "x".repeat(255), "evil\u{1b}[2Jname\u{202e}".to_owned()];
    let alarms: Vec<Value> = names.iter().map(|name| wire_alarm(name)).collect();
    let (session, _) = wire::session(move |call| answer(call, &alarms)).await;
    let found = Signal::inventory(&Alarms, &session).await.unwrap();
    let read: Vec<&str> = found.alarms.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(read, [names[0].as_str(), names[1].as_str(), "evil[2Jname"]);
}

fn any_alarm() -> impl Strategy<Value = Alarm> {
    let states = prop_oneof![Just(State::Ok), Just(State::Alarm), Just(State::NoData)];
    (".*", states, any::<[bool; 4]>(), prop_oneof![Just(Severity::Warning), Just(Severity::Critical)]).prop_map(
        |(name, state, [actions_enabled, muted, suppressed, blind], class)| Alarm {
            actions_enabled,
            muted,
            suppressed_by: suppressed.then(|| "Alarm".into()),
            evaluation: blind.then(|| "EVALUATION_ERROR".into()),
            class,
            ..alarm(&name, state)
        },
    )
}

proptest! {
    #[test]
    fn nothing_unseen_is_ok(alarms in prop::collection::vec(any_alarm(), 0..20)) {
        let blind = alarms.iter().any(Alarm::is_blind);
        let alarming = alarms.iter().any(|a| a.state == State::Alarm);
        let reading = read(alarms);
        prop_assert!(!blind || reading.severity >= Severity::Unknown);
        prop_assert_eq!(alarming, reading.severity >= Severity::Warning);
    }
}
