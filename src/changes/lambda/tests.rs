//! Tests of the Lambda source, through the real SDK client.
use serde_json::{Value, json};

use super::*;
use crate::model::{Change, ChangeKind, FaultKind};
use crate::signals::testing::minute;
use crate::signals::testing::wire::{Answer, Call, page, session};

const SPAN: Span = Span { from: jiff::Timestamp::UNIX_EPOCH, to: jiff::Timestamp::MAX };

fn version(number: u32, modified: i64, sha: &str) -> Value {
    let arn = format!("arn:aws:lambda:us-east-1:111122223333:function:f:{number}");
    json!({"FunctionName": "f", "FunctionArn": arn, "Version": number.to_string(), "CodeSha256": sha,
        "MemorySize": 512, "Description": format!("release {number}"),
        "LastModified": minute(modified).strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()})
}

fn latest(modified: i64, sha: &str) -> Value {
    let mut latest = version(0, modified, sha);
    latest["Version"] = json!("$LATEST");
    latest["FunctionArn"] = json!("arn:aws:lambda:us-east-1:111122223333:function:f");
    latest
}

fn answer(call: &Call, versions: &[Value], latest: &Value) -> Answer {
    match call.operation.as_str() {
        "GET /2015-03-31/functions" => Ok(json!({"Functions": [latest]})),
        "GET /2015-03-31/functions/f/versions" => {
            let (found, next) = page(versions, 50, call.get("Marker").as_deref());
            Ok(json!({"Versions": found, "NextMarker": next}))
        }
        "GET /2015-03-31/functions/f/aliases" => {
            Ok(json!({"Aliases": [{"Name": "live", "FunctionVersion": versions.len().to_string(), "AliasArn": "a"}]}))
        }
        other => panic!("{other}"),
    }
}

fn told(found: &Found) -> Vec<String> {
    found.changes.iter().map(|c| format!("{} | {} | {} → {}", c.kind.word(), c.summary, c.before, c.after)).collect()
}

#[tokio::test]
async fn the_newest_version_is_found_behind_any_number_of_older_ones() {
    for count in [1_u32, 50, 51, 120] {
        let versions: Vec<Value> =
            (1..=count).map(|n| version(n, i64::from(n) * 10, &format!("sha-{n}-xxxx"))).collect();
        let latest = latest(i64::from(count) * 10, &format!("sha-{count}-xxxx"));
        let (session, _) = session(move |call| answer(call, &versions, &latest)).await;
        let span = Span { from: minute(i64::from(count) * 10), to: minute(100_000) };
        let found = read(&session, span).await.unwrap();
        assert!(found.faults.is_empty());
        let kinds: Vec<ChangeKind> = found.changes.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, [ChangeKind::Publish, ChangeKind::Alias], "{count}");
        assert_eq!(found.changes[0].summary, format!("v{count} published, serves live").as_str());
        assert!(found.changes[1].estimated && !found.changes[0].estimated);
    }
}

#[tokio::test]
async fn what_differs_from_the_version_before_is_told() {
    let versions = vec![version(1, 10, "aaaaaaaaaa"), version(2, 20, "bbbbbbbbbb")];
    let latest = latest(30, "cccccccccc");
    let (session, _) = session(move |call| answer(call, &versions, &latest)).await;
    let found = read(&session, SPAN).await.unwrap();
    assert_eq!(
        told(&found),
        [
            "function | $LATEST changed: code cccccccc | code bbbbbbbb → code cccccccc",
            "publish | v2 published, serves live | v1, code aaaaaaaa → v2, code bbbbbbbb",
            "alias | alias live → v2 | v1 → v2",
            "publish | v1 published |  → v1",
        ]
    );
}

#[tokio::test]
async fn denied_aliases_leave_the_versions_and_a_fault() {
    let latest = latest(10, "a");
    let (session, _) = session(move |call| match call.operation.as_str() {
        "GET /2015-03-31/functions/f/aliases" => Err((403, "AccessDeniedException")),
        _ => answer(call, &[version(1, 10, "a")], &latest),
    })
    .await;
    let found = read(&session, SPAN).await.unwrap();
    let kinds: Vec<ChangeKind> = found.changes.iter().map(|change: &Change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Publish]);
    assert_eq!((found.faults[0].kind, found.faults[0].operation.as_str()), (FaultKind::Denied, "ListAliases"));
}
