//! Tests of the Lambda actions: judgement on plain data, requests and outcomes through the real SDK client.
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::alias_rollback::AliasRollback;
use super::concurrency::Concurrency;
use super::function::{Alias, Version};
use super::plan::{Wish, judge, previous};
use super::route::Route;
use crate::actions::testing::{self, Answer, Aws, Call, accepted, check_failed_sends, now, observe};
use crate::actions::{Action, Wanted};
use crate::model::{FaultKind, Plan, Sent, Standing, Target, TargetKind, Value, Values};

const ARN: &str = "arn:aws:lambda:us-east-1:111122223333:function:pay";

fn target() -> Target {
    testing::target(TargetKind::LambdaFunction, "pay", ARN)
}

fn version(number: u64) -> Json {
    json!({"FunctionName": "pay", "Version": number.to_string(), "CodeSha256": format!("sha-of-{number}-and-more"),
        "LastModified": "2026-11-20T10:00:00.000+0000", "MemorySize": 512, "Runtime": "nodejs22.x", "Role": "r",
        "State": if number == 40 { "Failed" } else { "Active" }})
}

fn alias(name: &str, version: &str, weights: &Json, revision: &str) -> Json {
    json!({"Name": name, "FunctionVersion": version, "RevisionId": revision,
        "RoutingConfig": {"AdditionalVersionWeights": weights}})
}

/// A function with versions 38 to 42 and one alias `live` as given.
fn aws(live: Json) -> Aws {
    Aws::new(move |call| answer(call, &live))
}

fn answer(call: &Call, live: &Json) -> Answer {
    match call.operation.as_str() {
        "GET /2015-03-31/functions" => Answer::Ok(json!({"Functions": [
            {"FunctionName": "pay", "FunctionArn": ARN}, {"FunctionName": "payments-prod-post", "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:payments-prod-post"}]})),
        "GET /2015-03-31/functions/pay/aliases" => Answer::Ok(json!({"Aliases": [live]})),
        "GET /2015-03-31/functions/pay/aliases/live" => Answer::Ok(live.clone()),
        "GET /2015-03-31/functions/pay/versions" => {
            let mut all: Vec<Json> = (38..=42).map(version).collect();
            all.push(json!({"Version": "$LATEST"}));
            Answer::Ok(json!({"Versions": all}))
        }
        "PUT /2015-03-31/functions/pay/aliases/live" => Answer::Ok(alias("live", "41", &json!({}), "r2")),
        _ => Answer::Error(404, "ResourceNotFoundException"),
    }
}

async fn plan(live: Json, params: &[(&str, Value)]) -> Plan {
    aws(live).plan(&AliasRollback, &target(), params).await.unwrap()
}

fn at_42() -> Json {
    alias("live", "42", &json!({}), "r1")
}

#[tokio::test]
async fn the_whole_alias_goes_to_the_version_before_with_its_revision_id() {
    let aws = aws(at_42());
    let plan = aws.plan(&AliasRollback, &target(), &[]).await.unwrap();
    assert_eq!((plan.value.as_str(), plan.params["to"].clone()), ("41", "41".into()));
    assert_eq!(plan.params["alias"], "live".into());
    assert!(plan.facts.is_rollback && plan.facts.impossible.is_none());
    let revision = plan.facts.revision.clone().unwrap();
    assert_eq!((revision.to.as_str(), revision.current.as_str(), revision.usable), ("pay:41", "pay:42", true));
    let receipt = accepted(aws.send(&AliasRollback, &plan).await);
    assert_eq!(receipt["revision_id"], "r2".into());
    let mutations = aws.mutations();
    assert_eq!(mutations.len(), 1);
    assert_eq!(
        mutations[0].body,
        json!({"FunctionVersion": "41", "RevisionId": "r1", "RoutingConfig": {"AdditionalVersionWeights": {}}})
    );
    let undo = plan.undo.unwrap();
    assert_eq!((undo.params["to"].clone(), undo.params["weight"].clone()), ("42".into(), 100.into()));
}

#[tokio::test]
async fn a_share_leaves_the_alias_its_version() {
    let aws = aws(at_42());
    let plan = aws.plan(&AliasRollback, &target(), &[("to", 41.into()), ("weight", 10.into())]).await.unwrap();
    assert_eq!(plan.differences[0].after, "42 90 %, 41 10 %".into());
    assert_eq!(plan.value, "41=10%");
    aws.send(&AliasRollback, &plan).await;
    let expected = json!({"RevisionId": "r1", "RoutingConfig": {"AdditionalVersionWeights": {"41": 0.1}}});
    assert_eq!(aws.mutations()[0].body, expected);
}

#[tokio::test]
async fn the_rest_follows_and_the_undo_brings_the_share_back() {
    let plan = plan(alias("live", "42", &json!({"41": 0.1}), "r7"), &[]).await;
    assert_eq!(plan.value, "41", "the older of the two that are served");
    assert_eq!(plan.facts.revision.as_ref().unwrap().current, "pay:42 90 %, 41 10 %");
    let undo = plan.undo.clone().unwrap().params;
    assert_eq!((undo["to"].clone(), undo["beside"].clone()), ("42".into(), "41=0.1".into()));
    let params: Vec<(&str, Value)> = undo.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let aws = aws(alias("live", "41", &json!({}), "r8"));
    let back = aws.plan(&AliasRollback, &target(), &params).await.unwrap();
    aws.send(&AliasRollback, &back).await;
    let expected = json!({"FunctionVersion": "42", "RevisionId": "r8",
        "RoutingConfig": {"AdditionalVersionWeights": {"41": 0.1}}});
    assert_eq!(aws.mutations()[0].body, expected);
    assert!(!back.facts.is_rollback, "forward is no rollback");
}

#[rstest]
#[case(at_42(), &[("to", "42".into())], "serves 42 already")]
#[case(alias("live", "42", &json!({"41": 0.1}), "r"), &[("to", "41".into()), ("weight", 10.into())], "already")]
#[case(alias("live", "38", &json!({}), "r"), &[], "no version of pay was published before 38")]
#[case(at_42(), &[("to", "42".into()), ("weight", 10.into())], "the alias's own version")]
#[case(alias("live", "$LATEST", &json!({}), "r"), &[("to", "41".into()), ("weight", 10.into())], "$LATEST")]
#[case(alias("live", "42", &json!({}), ""), &[], "no revision id")]
#[tokio::test]
async fn what_aws_would_refuse_or_not_change_is_impossible(
    #[case] live: Json,
    #[case] params: &[(&str, Value)],
    #[case] says: &str,
) {
    let impossible = plan(live, params).await.facts.impossible.unwrap();
    assert!(impossible.contains(says), "{impossible}");
}

#[rstest]
#[case("40", false, "FAILED")]
#[case("99", false, "missing")]
#[case("pay:39", true, "ACTIVE")]
#[case("$LATEST", true, "unpublished")]
#[tokio::test]
async fn the_guard_learns_what_the_revision_is(#[case] to: &str, #[case] usable: bool, #[case] status: &str) {
    let plan = plan(at_42(), &[("to", to.into())]).await;
    let revision = plan.facts.revision.unwrap();
    assert_eq!((revision.usable, revision.status.as_str()), (usable, status));
    assert_eq!(revision.to, format!("pay:{}", to.rsplit(':').next().unwrap()).as_str());
}

#[rstest]
#[case(&[("weight", 0.into())])]
#[case(&[("weight", 101.into())])]
#[case(&[("weight", "x".into())])]
#[case(&[("beside", "41".into())])]
#[case(&[("beside", "41=0.1".into()), ("weight", 10.into())])]
#[case(&[("alias", "other".into())])]
#[tokio::test]
async fn bad_parameters_are_told(#[case] params: &[(&str, Value)]) {
    let fault = aws(at_42()).plan(&AliasRollback, &target(), params).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Invalid);
}

#[tokio::test]
async fn an_alias_is_named_where_there_is_more_than_one() {
    let aws = Aws::new(|call| match call.operation.as_str() {
        "GET /2015-03-31/functions/pay/aliases" => {
            Answer::Ok(json!({"Aliases": [at_42(), alias("canary", "42", &json!({}), "r")]}))
        }
        _ => answer(call, &at_42()),
    });
    let fault = aws.plan(&AliasRollback, &target(), &[]).await.unwrap_err();
    assert!(fault.message.contains("canary, live"), "{fault}");
    assert!(aws.plan(&AliasRollback, &target(), &[("alias", "live".into())]).await.is_ok());
}

#[tokio::test]
async fn our_change_is_known_by_its_values_and_revision() {
    let plan = plan(at_42(), &[]).await;
    let receipt = Values::from([("revision_id".to_owned(), "r2".into())]);
    let none = json!({});
    for (version, revision, accepted, standing) in [
        ("41", "r2", true, Standing::Done),
        ("41", "r2", false, Standing::Done),
        ("42", "r1", false, Standing::NotApplied),
        ("42", "r1", true, Standing::Unclear),
        ("42", "r9", true, Standing::Overtaken),
        ("39", "r9", true, Standing::Overtaken),
        ("39", "r9", false, Standing::Unclear),
    ] {
        let seen = aws(alias("live", version, &none, revision));
        let observation = observe(&seen, &AliasRollback, &plan, accepted.then_some(&receipt)).await;
        assert_eq!(observation.standing, standing, "{version} {revision} {accepted}: {}", observation.says);
        assert_eq!(observation.values["current"], version.into());
        let code = |planned: &str| plan.observed[planned].clone();
        let codes = [("42", code("current.code_sha256")), ("41", code("to.code_sha256")), ("39", Value::None)];
        let expected = codes.into_iter().find(|(known, _)| *known == version).unwrap().1;
        assert_eq!(observation.values["current.code_sha256"], expected, "{version}");
    }
}

#[tokio::test]
async fn failed_sends_of_both_actions() {
    check_failed_sends(&AliasRollback, &plan(at_42(), &[]).await).await;
    for reserved in ["50", "none"] {
        let plan = concurrency(Some(20), 900).plan(&Concurrency, &target(), &[("reserved", reserved.into())]).await;
        check_failed_sends(&Concurrency, &plan.unwrap()).await;
    }
}

#[tokio::test]
async fn a_lost_race_is_known_not_to_have_changed_anything() {
    let plan = plan(at_42(), &[]).await;
    let aws = Aws::new(|_| Answer::Error(412, "PreconditionFailedException"));
    match aws.send(&AliasRollback, &plan).await {
        Sent::Rejected { fault } => assert!(fault.message.contains("PreconditionFailed"), "{fault}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn targets_are_found_by_arn_name_and_logical_name() {
    let session = aws(at_42()).session().await;
    let find = async |wanted: Wanted| AliasRollback.find(&session, &wanted).await.unwrap();
    let by_arn = find(Wanted { arn: Some(format!("{ARN}:live").into()), ..Wanted::default() }).await;
    assert_eq!(by_arn, [target()]);
    let by_name = |name: &str| Wanted { name: Some(name.into()), ..Wanted::default() };
    assert_eq!(find(by_name("pay")).await, [target()]);
    assert_eq!(find(by_name("post")).await[0].name, "payments-prod-post");
    assert!(find(by_name("nothing")).await.is_empty());
    assert!(find(Wanted::default()).await.is_empty());
}

#[tokio::test]
async fn choices_are_the_last_versions() {
    let session = aws(at_42()).session().await;
    let choices = AliasRollback.choices(&session, &target(), "to").await.unwrap();
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(labels, ["42", "41", "40", "39", "38"]);
    assert!(choices[0].current && choices[1].last_completed && choices[2].unusable == "FAILED");
    assert!(choices[0].says.starts_with("code sha-of-4"), "{}", choices[0].says);
    assert_eq!(AliasRollback.choices(&session, &target(), "alias").await.unwrap()[0].label, "live");
    assert!(AliasRollback.choices(&session, &target(), "weight").await.unwrap().is_empty());
}

proptest! {
    #[test]
    fn a_share_never_leaves_its_bounds(percent in 1..100u32, own in 1..6u64, to in 1..6u64) {
        let versions: BTreeMap<u64, Version> =
            (1..6).map(|number| (number, Version { number, ..Version::default() })).collect();
        let live = Alias { name: "live".into(), route: Route::whole(&own.to_string()), revision_id: "r".into() };
        let wish = Wish { to: Some(to.to_string().into()), weight: f64::from(percent), beside: BTreeMap::new() };
        let plan = judge(&target(), &live, &versions, &wish, now());
        prop_assert_eq!(plan.facts.impossible.is_some(), own == to);
        prop_assert!(!plan.request.contains_key("function_version"));
        prop_assert_eq!(plan.facts.is_rollback, to < own);
        prop_assert_eq!(previous(&live.route, &versions), own.checked_sub(1).filter(|before| *before > 0));
    }
}

/// A function with this reservation in an account of 1000 with so many unreserved.
fn concurrency(reserved: Option<i32>, unreserved: i32) -> Aws {
    Aws::new(move |call| match call.operation.as_str() {
        "GET /2019-09-30/functions/pay/concurrency" => Answer::Ok(json!({"ReservedConcurrentExecutions": reserved})),
        "GET /2016-08-19/account-settings" => Answer::Ok(json!({"AccountLimit": {"ConcurrentExecutions": 1000,
            "UnreservedConcurrentExecutions": unreserved}})),
        "PUT /2017-10-31/functions/pay/concurrency" => Answer::Ok(call.body.clone()),
        "DELETE /2017-10-31/functions/pay/concurrency" => Answer::Ok(json!({})),
        other => panic!("{other}"),
    })
}

#[tokio::test]
async fn concurrency_is_reserved_and_given_back_with_one_request() {
    let aws = concurrency(Some(20), 900);
    let plan = aws.plan(&Concurrency, &target(), &[("reserved", 50.into())]).await.unwrap();
    let capacity = plan.facts.capacity[0].clone();
    assert_eq!((capacity.before, capacity.after, capacity.healthy), (20, 50, Some(20)));
    assert_eq!(plan.undo.clone().unwrap().params["reserved"], 20.into());
    assert_eq!(accepted(aws.send(&Concurrency, &plan).await)["reserved"], 50.into());
    assert_eq!(aws.mutations()[0].body, json!({"ReservedConcurrentExecutions": 50}));
    let aws = concurrency(Some(20), 900);
    let plan = aws.plan(&Concurrency, &target(), &[("reserved", "none".into())]).await.unwrap();
    assert_eq!(plan.operation, "lambda:DeleteFunctionConcurrency");
    accepted(aws.send(&Concurrency, &plan).await);
    let sent: Vec<String> = aws.mutations().into_iter().map(|call| call.operation).collect();
    assert_eq!(sent, ["DELETE /2017-10-31/functions/pay/concurrency"]);
}

#[rstest]
#[case(Some(20), 120, "41", Some("99 unreserved of the account's 1000"))]
#[case(Some(20), 120, "40", None)]
#[case(None, 100, "1", Some("99 unreserved"))]
#[case(None, 50, "none", Some("already"))]
#[case(Some(20), 50, "20", Some("already"))]
#[case(Some(20), 50, "10", None)]
#[tokio::test]
async fn other_functions_are_left_a_hundred(
    #[case] reserved: Option<i32>,
    #[case] unreserved: i32,
    #[case] wanted: &str,
    #[case] impossible: Option<&str>,
) {
    let aws = concurrency(reserved, unreserved);
    let plan = aws.plan(&Concurrency, &target(), &[("reserved", wanted.into())]).await.unwrap();
    match (plan.facts.impossible, impossible) {
        (Some(says), Some(expected)) => assert!(says.contains(expected), "{says}"),
        (says, expected) => assert_eq!(says.is_some(), expected.is_some(), "{says:?}"),
    }
}

#[tokio::test]
async fn an_unreadable_account_is_told_and_an_unreadable_function_is_a_fault() {
    let calls = AtomicUsize::new(0);
    let aws = Aws::new(move |call| {
        calls.fetch_add(1, Ordering::SeqCst);
        match call.operation.as_str() {
            "GET /2019-09-30/functions/pay/concurrency" => Answer::Ok(json!({})),
            _ => Answer::Error(403, "AccessDeniedException"),
        }
    });
    let plan = aws.plan(&Concurrency, &target(), &[("reserved", 5.into())]).await.unwrap();
    assert!(plan.touches.iter().any(|says| says.contains("not known: denied")), "{:?}", plan.touches);
    assert_eq!(plan.facts.capacity[0].healthy, None);
    let gone = Aws::new(|_| Answer::Error(404, "ResourceNotFoundException"));
    assert!(gone.plan(&Concurrency, &target(), &[("reserved", 5.into())]).await.is_err());
    for bad in [Value::None, (-1).into(), "many".into()] {
        assert!(concurrency(None, 900).plan(&Concurrency, &target(), &[("reserved", bad)]).await.is_err());
    }
}

#[tokio::test]
async fn reserved_concurrency_is_observed() {
    let plan = concurrency(Some(20), 900).plan(&Concurrency, &target(), &[("reserved", 50.into())]).await.unwrap();
    let receipt = Values::from([("reserved".to_owned(), 50.into())]);
    for (now, receipt, standing) in [
        (Some(50), Some(&receipt), Standing::Done),
        (Some(50), None, Standing::Done),
        (Some(20), None, Standing::NotApplied),
        (Some(20), Some(&receipt), Standing::Unclear),
        (None, Some(&receipt), Standing::Overtaken),
        (Some(7), None, Standing::Unclear),
    ] {
        let observation = observe(&concurrency(now, 900), &Concurrency, &plan, receipt).await;
        assert_eq!(observation.standing, standing, "{}", observation.says);
    }
}
