//! What the sources of changes make of AWS's answers, through the real SDK clients: pages, kinds, times, failures.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use ciborium::Value as Cbor;
use jiff::Timestamp;
use serde_json::json;
use support::{Answer, Asked, FakeAws, environment};
use watchfloor::changes::{self, Memory, Span};
use watchfloor::model::{Change, ChangeKind, Fault, FaultKind, Severity};

fn at(time: &str) -> Timestamp {
    format!("2026-11-20T{time}Z").parse().unwrap()
}

/// All changes from 03:00 to 04:00, the faults, and what was asked.
async fn read(
    source: &str,
    answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> (Result<(Vec<Change>, Vec<Fault>), Fault>, FakeAws) {
    let aws = FakeAws::new(answer);
    let session = aws.session(&environment("prod")).await;
    let span = Span { from: at("03:00:00"), to: at("04:00:00") };
    let source = changes::ALL.iter().find(|one| one.id() == source).unwrap();
    let found = source.read(&session, span, &Memory::default()).await;
    (found.map(|found| (found.changes, found.faults)), aws)
}

fn told(changes: &[Change]) -> Vec<String> {
    let mut lines: Vec<String> = changes
        .iter()
        .map(|change| {
            let time = change.at.strftime("%H:%M:%S");
            format!("{time} {} {} | {} | {}", change.kind.word(), change.resource, change.summary, change.severity)
        })
        .collect();
    lines.sort();
    lines
}

fn body(asked: &Asked) -> String {
    String::from_utf8_lossy(&asked.body).into_owned()
}

fn events(service: &str, events: &[(&str, &str, &str)], marker: Option<&str>) -> Answer {
    let events: String = events
        .iter()
        .map(|(time, name, message)| {
            format!(
                "<Event><SourceIdentifier>{name}</SourceIdentifier><SourceType>{service}</SourceType>\
                 <Message>{message}</Message><Date>2026-11-20T{time}Z</Date></Event>"
            )
        })
        .collect();
    let marker = marker.map(|marker| format!("<Marker>{marker}</Marker>")).unwrap_or_default();
    Answer::xml(
        200,
        &format!(
            "<DescribeEventsResponse><DescribeEventsResult><Events>{events}</Events>{marker}</DescribeEventsResult>\
             </DescribeEventsResponse>"
        ),
    )
}

fn denied() -> Answer {
    Answer::xml(
        403,
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message></Error>\
         </ErrorResponse>",
    )
}

#[tokio::test]
async fn events_of_databases_over_all_pages_and_no_longer_than_asked() {
    let (found, aws) = read("rds-events", |asked| {
        if body(asked).contains("Marker=more") {
            let second =
                [("03:07:00", "wallet", "Completed failover to DB instance: wallet-2"), ("05:00:00", "x", "late")];
            events("db-cluster", &second, None)
        } else {
            events("db-instance", &[("03:05:00", "wallet-1", "DB instance restarted")], Some("more"))
        }
    })
    .await;
    let (changes, faults) = found.unwrap();
    let lines = told(&changes);
    assert_eq!(lines.len(), 2, "what lies outside is left out: {lines:?}");
    assert!(lines[0].starts_with("03:05:00 database wallet-1 | DB instance restarted"), "{lines:?}");
    assert!(
        lines[1].starts_with("03:07:00 failover wallet | Completed failover to DB instance: wallet-2"),
        "{lines:?}"
    );
    assert!(faults.is_empty());
    assert_eq!(aws.count("DescribeEvents"), 2);
    assert!(aws.asked().iter().all(|asked| body(asked).contains("StartTime=2026-11-20T03%3A00%3A00Z")));
}

#[tokio::test(start_paused = true)]
async fn events_that_may_not_be_read_are_a_fault() {
    for source in ["rds-events", "elasticache-events"] {
        let (found, _) = read(source, |_| denied()).await;
        let fault = found.unwrap_err();
        assert_eq!((fault.kind, fault.operation.as_str()), (FaultKind::Denied, "DescribeEvents"));
    }
}

#[tokio::test]
async fn events_of_caches_belong_to_their_group() {
    let (found, _) = read("elasticache-events", |_| {
        events(
            "cache-cluster",
            &[("03:20:00", "sessions-002", "Failover from master node sessions-001 completed")],
            None,
        )
    })
    .await;
    let (changes, _) = found.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].kind, changes[0].at, &*changes[0].resource),
        (ChangeKind::Failover, at("03:20:00"), "sessions-002")
    );
    assert_eq!(changes[0].touches.iter().map(|name| &**name).collect::<Vec<_>>(), ["sessions"]);
    assert_eq!(changes[0].arn, "arn:aws:elasticache:eu-west-1:111111111111:cluster:sessions-002");
}

#[tokio::test]
async fn deployments_of_both_kinds_of_apis_and_one_that_failed() {
    let (found, _) = read("api-deployments", |asked| match asked.operation.as_str() {
        "GET /restapis" => Answer::json(200, r#"{"item": [{"id": "r1", "name": "pay"}]}"#),
        "GET /restapis/r1/deployments" => {
            let second = |time: &str| at(time).as_second();
            let inside = json!({"id": "d2", "createdDate": second("03:30:00"), "description": "release 43"});
            let before = json!({"id": "d1", "createdDate": second("02:30:00")});
            Answer::json(200, &json!({"item": [inside, before]}).to_string())
        }
        "GET /v2/apis" => Answer::json(200, r#"{"items": [{"apiId": "h1", "name": "hooks"}]}"#),
        "GET /v2/apis/h1/deployments" => Answer::json(
            200,
            r#"{"items": [{"deploymentId": "e1", "createdDate": "2026-11-20T03:40:00Z", "deploymentStatus": "FAILED",
                "deploymentStatusMessage": "no integration"}]}"#,
        ),
        other => panic!("{other}"),
    })
    .await;
    let (changes, faults) = found.unwrap();
    assert_eq!(faults, []);
    let lines = told(&changes);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("03:30:00 api deployment pay | deployment d2 |"), "{lines:?}");
    assert!(lines[1].starts_with("03:40:00 api deployment hooks | deployment e1 failed |"), "{lines:?}");
    let failed = changes.iter().find(|change| change.resource == "hooks").unwrap();
    assert_eq!((failed.severity, &*failed.reason), (Severity::Critical, "no integration"));
}

#[tokio::test(start_paused = true)]
async fn one_kind_of_apis_denied_leaves_the_other() {
    let (found, _) = read("api-deployments", |asked| match asked.operation.as_str() {
        "GET /restapis" => Answer::json(200, r#"{"item": [{"id": "r1", "name": "pay"}]}"#),
        "GET /restapis/r1/deployments" => {
            Answer::json(200, &json!({"item": [{"id": "d2", "createdDate": at("03:30:00").as_second()}]}).to_string())
        }
        _ => Answer::Http(403, vec![("x-amzn-errortype", "AccessDeniedException".into())], b"{}".to_vec()),
    })
    .await;
    let (changes, faults) = found.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(), [FaultKind::Denied]);
}

#[tokio::test]
async fn scaling_that_happened_and_scaling_that_could_not() {
    let (found, aws) = read("scaling", |asked| {
        let text = body(asked);
        if !text.contains("\"ecs\"") {
            return Answer::json(200, r#"{"ScalingActivities": []}"#);
        }
        let activity = |id: &str, time: &str, status: &str, extra: serde_json::Value| {
            let mut activity = json!({
                "ActivityId": id, "ServiceNamespace": "ecs", "ResourceId": "service/wallet/api",
                "ScalableDimension": "ecs:service:DesiredCount", "StartTime": at(time).as_second(),
                "Description": "Setting desired count to 4.", "Cause": "monitor alarm cpu", "StatusCode": status,
            });
            activity.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            activity
        };
        let unmet =
            json!({"NotScaledReasons": [{"Code": "AlreadyAtMaxCapacity", "MaxCapacity": 20, "CurrentCapacity": 20}]});
        let all = [
            activity("a", "03:10:00", "Successful", json!({})),
            activity("b", "03:20:00", "Failed", json!({"StatusMessage": "no capacity"})),
            activity("c", "03:30:00", "Unfulfilled", unmet),
        ];
        Answer::json(200, &json!({"ScalingActivities": all}).to_string())
    })
    .await;
    let (changes, faults) = found.unwrap();
    assert_eq!(faults, []);
    let lines = told(&changes);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("03:10:00 scaling api | Setting desired count to 4 |"), "{lines:?}");
    assert!(lines[1].starts_with("03:20:00 scaling api | failed: Setting desired count to 4"), "{lines:?}");
    assert!(lines[2].starts_with("03:30:00 scaling api | not scaled: already at max capacity of 20 |"), "{lines:?}");
    let asked: Vec<String> = aws.asked().iter().map(body).collect();
    assert!(asked.iter().all(|body| body.contains("\"IncludeNotScaledActivities\":true")), "{asked:?}");
}

#[tokio::test]
async fn updates_of_a_cluster_and_of_its_node_group() {
    let (found, aws) = read("eks-updates", |asked| match asked.operation.as_str() {
        "GET /clusters" => Answer::json(200, r#"{"clusters": ["wallet"]}"#),
        "GET /clusters/wallet/node-groups" => Answer::json(200, r#"{"nodegroups": ["blue"]}"#),
        "GET /clusters/wallet/updates" if asked.uri.contains("nodegroupName=blue") => {
            Answer::json(200, r#"{"updateIds": ["u2"]}"#)
        }
        "GET /clusters/wallet/updates" => Answer::json(200, r#"{"updateIds": ["u1"]}"#),
        "GET /clusters/wallet/updates/u1" => {
            let update = json!({"id": "u1", "type": "VersionUpdate", "status": "Successful",
                "createdAt": at("03:15:00").as_second(), "params": [{"type": "Version", "value": "1.33"}]});
            Answer::json(200, &json!({"update": update}).to_string())
        }
        "GET /clusters/wallet/updates/u2" => {
            let update = json!({"id": "u2", "type": "ConfigUpdate", "status": "Failed",
                "createdAt": at("03:25:00").as_second(), "params": [{"type": "MaxSize", "value": "12"}],
                "errors": [{"errorCode": "InsufficientFreeAddresses", "errorMessage": "subnet full"}]});
            Answer::json(200, &json!({"update": update}).to_string())
        }
        other => panic!("{other}"),
    })
    .await;
    let (changes, faults) = found.unwrap();
    assert_eq!(faults, []);
    let lines = told(&changes);
    assert!(lines[0].starts_with("03:15:00 cluster update wallet | VersionUpdate successful |"), "{lines:?}");
    assert!(lines[1].starts_with("03:25:00 cluster update blue | ConfigUpdate failed |"), "{lines:?}");
    let failed = changes.iter().find(|change| change.resource == "blue").unwrap();
    assert_eq!((&*failed.after, &*failed.reason), ("MaxSize 12", "InsufficientFreeAddresses: subnet full"));
    assert_eq!(aws.asked().len(), 6);
}

#[tokio::test]
async fn transitions_of_alarms_over_all_pages() {
    let item = |time: &str, name: &str, from: &str, to: &str| {
        let state = |value: &str| json!({"stateValue": value, "stateReason": "Threshold Crossed: 3 datapoints"});
        let data = json!({"version": "1.0", "oldState": state(from), "newState": state(to)}).to_string();
        Cbor::Map(vec![
            ("AlarmName".into(), name.into()),
            ("AlarmType".into(), "MetricAlarm".into()),
            ("HistoryItemType".into(), "StateUpdate".into()),
            ("HistorySummary".into(), format!("Alarm updated from {from} to {to}").into()),
            ("HistoryData".into(), data.into()),
            ("Timestamp".into(), Cbor::Tag(1, Box::new(at(time).as_second().into()))),
        ])
    };
    let (first, second) = (item("03:30:00", "pay-errors", "OK", "ALARM"), item("03:10:00", "pay-slow", "ALARM", "OK"));
    let (found, aws) = read("alarm-history", move |asked| {
        assert_eq!(asked.operation, "DescribeAlarmHistory");
        let question: Cbor = ciborium::from_reader(&*asked.body).unwrap();
        let (items, next) =
            if format!("{question:?}").contains("page-2") { (&second, None) } else { (&first, Some("page-2")) };
        let mut answer = vec![("AlarmHistoryItems".into(), Cbor::Array(vec![items.clone()]))];
        answer.extend(next.map(|next| ("NextToken".into(), next.into())));
        Answer::cbor(200, &Cbor::Map(answer))
    })
    .await;
    let (changes, faults) = found.unwrap();
    assert_eq!(faults, []);
    let raised = changes.iter().find(|change| change.resource == "pay-errors").unwrap();
    assert!(raised.is_alarm_raised() && raised.before == "OK" && raised.at == at("03:30:00"), "{raised:?}");
    let ended = changes.iter().find(|change| change.resource == "pay-slow").unwrap();
    assert!(!ended.is_alarm_raised() && ended.after == "OK", "{ended:?}");
    assert_eq!(aws.asked().len(), 2);
}
