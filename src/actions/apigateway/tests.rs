//! Tests of `apigateway.throttle`: judgement on plain data, requests and outcomes through the real SDK clients.
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::limit::{Limit, Own};
use super::plan::{Wish, judge};
use super::stage::Stage;
use super::throttle::Throttle;
use crate::actions::testing::{self, Answer, Aws, accepted, check_failed_sends, now, observe};
use crate::actions::{Action, Wanted};
use crate::guard::{self, Guard, Policy};
use crate::model::{FaultKind, Plan, Risk, Standing, Target, TargetKind, Value, Values};
use crate::signals::api_gateway::Protocol;

fn rest() -> Target {
    testing::target(TargetKind::ApiStage, "pay/prod", "arn:aws:apigateway:us-east-1::/restapis/r1/stages/prod")
}

fn http() -> Target {
    testing::target(TargetKind::ApiStage, "shop/$default", "arn:aws:apigateway:us-east-1::/apis/h1/stages/$default")
}

/// A REST stage with these method settings, and an HTTP stage with these default and route settings.
fn aws(settings: Json) -> Aws {
    Aws::new(move |call| match call.operation.as_str() {
        "GET /restapis" => Answer::Ok(json!({"item": [{"id": "r1", "name": "pay"}]})),
        "GET /restapis/r1/stages" => Answer::Ok(json!({"item": [{"stageName": "prod"}, {"stageName": "beta"}]})),
        "GET /v2/apis" => Answer::Ok(json!({"items": [{"apiId": "h1", "name": "shop", "protocolType": "HTTP"}]})),
        "GET /v2/apis/h1/stages" => Answer::Ok(json!({"items": [{"stageName": "$default"}]})),
        "GET /restapis/r1/stages/prod" => {
            Answer::Ok(json!({"stageName": "prod", "deploymentId": "d1", "methodSettings": settings}))
        }
        "GET /v2/apis/h1/stages/%24default" => Answer::Ok(json!({"stageName": "$default", "deploymentId": "d2",
            "defaultRouteSettings": settings.get("default"), "routeSettings": settings.get("routes")})),
        "GET /account" => Answer::Ok(json!({"throttleSettings": {"rateLimit": 10000.0, "burstLimit": 5000}})),
        "PATCH /restapis/r1/stages/prod" | "PATCH /v2/apis/h1/stages/%24default" => {
            Answer::Ok(json!({"deploymentId": "d1"}))
        }
        other => panic!("{other}"),
    })
}

fn setting(rate: f64, burst: i32) -> Json {
    json!({"throttlingRateLimit": rate, "throttlingBurstLimit": burst})
}

fn usual() -> Json {
    json!({"*/*": setting(2000.0, 1000), "~1pets~1{id}/GET": setting(10.0, 5)})
}

async fn plan(params: &[(&str, Value)]) -> Plan {
    aws(usual()).plan(&Throttle, &rest(), params).await.unwrap()
}

#[tokio::test]
async fn a_rest_stage_gets_a_patch_of_what_changes() {
    let aws = aws(usual());
    let plan = aws.plan(&Throttle, &rest(), &[("rate", 1500.into())]).await.unwrap();
    let [capacity] = &plan.facts.capacity[..] else { panic!("{:?}", plan.facts.capacity) };
    assert_eq!((capacity.before, capacity.after, capacity.most), (2000, 1500, Some(10_000)));
    assert!(plan.owed.is_some() && plan.touches.iter().any(|says| says.contains("not for GET /pets/{id}")));
    accepted(aws.send(&Throttle, &plan).await);
    let patch = json!([{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "1500"},
        {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "1000"}]);
    assert_eq!(aws.mutations()[0].body, json!({"patchOperations": patch}));
    assert_eq!(aws.mutations().len(), 1);
    let undo = plan.undo.unwrap().params;
    assert_eq!((undo["rate"].clone(), undo["burst"].clone()), (2000.into(), 1000.into()));
}

#[tokio::test]
async fn a_method_is_escaped_and_its_undo_takes_the_limit_away_again() {
    let aws = aws(usual());
    let params = [("method", "put /pets/{id}".into()), ("rate", 1500.5.into()), ("burst", 900.into())];
    let plan = aws.plan(&Throttle, &rest(), &params).await.unwrap();
    assert_eq!((plan.differences[0].before.clone(), plan.differences[0].after.clone()), ("none".into(), 1500.5.into()));
    assert_eq!(plan.observed["rate.in_force"], 2000.into());
    accepted(aws.send(&Throttle, &plan).await);
    let patch = json!([
        {"op": "replace", "path": "/~1pets~1{id}/PUT/throttling/rateLimit", "value": "1500.5"},
        {"op": "replace", "path": "/~1pets~1{id}/PUT/throttling/burstLimit", "value": "900"}]);
    assert_eq!(aws.mutations()[0].body, json!({"patchOperations": patch}));
    let undo: Vec<(&str, Value)> =
        plan.undo.iter().flat_map(|undo| &undo.params).map(|(name, value)| (name.as_str(), value.clone())).collect();
    let set = json!({"~1pets~1{id}/PUT": setting(1500.5, 900)});
    let aws = self::aws(set);
    let back = aws.plan(&Throttle, &rest(), &undo).await.unwrap();
    accepted(aws.send(&Throttle, &back).await);
    let patch = json!([{"op": "remove", "path": "/~1pets~1{id}/PUT"}]);
    assert_eq!(aws.mutations()[0].body, json!({"patchOperations": patch}), "-1 would switch throttling off");
    assert!(back.touches.iter().any(|says| says.contains("logging")));
    let receipt = Values::from([("deployment".to_owned(), "d1".into())]);
    let gone = observe(&self::aws(usual()), &Throttle, &back, Some(&receipt)).await;
    assert_eq!((gone.standing, gone.values["rate.in_force"].clone()), (Standing::Done, 2000.into()));
    let off = observe(&self::aws(json!({"~1pets~1{id}/PUT": setting(-1.0, -1)})), &Throttle, &back, None).await;
    assert_eq!(off.standing, Standing::Unclear, "{}", off.says);
}

#[tokio::test]
async fn what_is_not_asked_for_is_set_to_what_is_in_force() {
    let aws = aws(usual());
    let plan = aws.plan(&Throttle, &rest(), &[("method", "PUT /pets".into()), ("rate", 1500.into())]).await.unwrap();
    assert_eq!((plan.differences[1].before.clone(), plan.differences[1].after.clone()), ("none".into(), 1000.into()));
    accepted(aws.send(&Throttle, &plan).await);
    let patch = json!([{"op": "replace", "path": "/~1pets/PUT/throttling/rateLimit", "value": "1500"},
        {"op": "replace", "path": "/~1pets/PUT/throttling/burstLimit", "value": "1000"}]);
    assert_eq!(aws.mutations()[0].body, json!({"patchOperations": patch}));
    let undo = plan.undo.clone().unwrap().params;
    assert_eq!((undo["rate"].clone(), undo["burst"].clone()), ("none".into(), "none".into()));
    let seen = observe(&self::aws(json!({"~1pets/PUT": setting(1500.0, 1000)})), &Throttle, &plan, None).await;
    assert_eq!(seen.standing, Standing::Done, "{}", seen.says);
    let one = self::plan(&[("method", "GET /pets/{id}".into()), ("rate", "none".into())]).await;
    assert!(one.facts.impossible.unwrap().contains("only together"));
}

#[tokio::test]
async fn a_limit_that_is_off_is_not_the_stages_and_goes_back_to_off() {
    let settings = json!({"*/*": setting(2000.0, 1000), "pets/GET": setting(-1.0, -1)});
    let aws = aws(settings);
    let params = [("method", "GET /pets".into()), ("rate", 50.into()), ("burst", 20.into())];
    let plan = aws.plan(&Throttle, &rest(), &params).await.unwrap();
    assert_eq!((plan.observed["rate"].clone(), plan.observed["rate.in_force"].clone()), ("off".into(), 10_000.into()));
    let undo: Vec<(&str, Value)> =
        plan.undo.iter().flat_map(|undo| &undo.params).map(|(name, value)| (name.as_str(), value.clone())).collect();
    let aws = self::aws(json!({"pets/GET": setting(50.0, 20)}));
    let back = aws.plan(&Throttle, &rest(), &undo).await.unwrap();
    accepted(aws.send(&Throttle, &back).await);
    let patch = json!([{"op": "replace", "path": "/pets/GET/throttling/rateLimit", "value": "-1"},
        {"op": "replace", "path": "/pets/GET/throttling/burstLimit", "value": "-1"}]);
    assert_eq!(aws.mutations()[0].body, json!({"patchOperations": patch}), "by AWS's own key");
}

#[tokio::test]
async fn each_of_two_limits_is_judged() {
    let plan = plan(&[("rate", 1999.into()), ("burst", 1.into())]).await;
    let policy = Policy { healthy_percent: Some(20), ..Policy::new("apigateway-throttle", Risk::High) };
    let verdicts = guard::judge(&plan, &policy, &guard::testing::content(&plan), &[]);
    let floor = verdicts.iter().find(|verdict| verdict.guard == Guard::Floor).unwrap();
    assert_eq!(&*floor.says, "1000 → 1 leaves 0 % of healthy, runbook minimum 20 %");
}

#[tokio::test]
async fn an_http_stage_gets_its_settings_as_a_whole() {
    let settings = json!({"default": {"throttlingRateLimit": 100.0, "throttlingBurstLimit": 50,
        "detailedMetricsEnabled": true}, "routes": {"GET /pets": setting(5.0, 5)}});
    let aws = aws(settings);
    let plan = aws.plan(&Throttle, &http(), &[("rate", 80.into())]).await.unwrap();
    accepted(aws.send(&Throttle, &plan).await);
    let expected = json!({"defaultRouteSettings": {"throttlingRateLimit": 80.0, "throttlingBurstLimit": 50,
        "detailedMetricsEnabled": true}});
    assert_eq!(aws.mutations()[0].body, expected);
    let route = [("method", "GET /pets".into()), ("burst", 9.into())];
    let plan = aws.plan(&Throttle, &http(), &route).await.unwrap();
    accepted(aws.send(&Throttle, &plan).await);
    let expected = json!({"routeSettings": {"GET /pets": {"throttlingRateLimit": 5.0, "throttlingBurstLimit": 9}}});
    assert_eq!(aws.mutations()[1].body, expected);
    check_failed_sends(&Throttle, &plan).await;
}

#[tokio::test]
async fn an_http_stage_without_limits_takes_only_both_and_goes_back_to_the_accounts() {
    let bare = || aws(json!({"default": {"detailedMetricsEnabled": false}}));
    let plan = bare().plan(&Throttle, &http(), &[("rate", 80.into())]).await.unwrap();
    assert!(plan.facts.impossible.unwrap().contains("give both"));
    let plan = bare().plan(&Throttle, &http(), &[("rate", 8000.into()), ("burst", 90.into())]).await.unwrap();
    assert_eq!(plan.facts.impossible, None);
    let undo = plan.undo.unwrap().params;
    assert_eq!((undo["rate"].clone(), undo["burst"].clone()), (10_000.into(), 5000.into()));
}

#[rstest]
#[case(&[("rate", 2000.into())], "2000/s, burst 1000 already")]
#[case(&[("method", "GET /pets/{id}".into()), ("burst", 5.into())], "10/s, burst 5 already")]
#[tokio::test]
async fn nothing_changes(#[case] params: &[(&str, Value)], #[case] says: &str) {
    let impossible = plan(params).await.facts.impossible.unwrap();
    assert!(impossible.contains(says), "{impossible}");
}

#[rstest]
#[case(&[])]
#[case(&[("rate", (-2).into())])]
#[case(&[("burst", 1.5.into())])]
#[case(&[("rate", 5.into()), ("method", "pets".into())])]
#[tokio::test]
async fn bad_parameters_are_told(#[case] params: &[(&str, Value)]) {
    let fault = aws(usual()).plan(&Throttle, &rest(), params).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Invalid);
}

#[tokio::test]
async fn zero_is_left_to_the_floor_guard() {
    for params in [[("rate", Value::Count(0))], [("burst", Value::Count(0))], [("rate", Value::Number(0.5))]] {
        assert_eq!(plan(&params).await.facts.capacity[0].after, 0, "{params:?}");
    }
}

#[tokio::test]
async fn limits_are_observed() {
    let plan = plan(&[("rate", 1500.into()), ("burst", 900.into())]).await;
    check_failed_sends(&Throttle, &plan).await;
    let receipt = Values::from([("deployment".to_owned(), "d1".into())]);
    for (rate, burst, receipt, standing) in [
        (1500.0, 900, Some(&receipt), Standing::Done),
        (1500.0, 900, None, Standing::Done),
        (2000.0, 1000, None, Standing::NotApplied),
        (2000.0, 1000, Some(&receipt), Standing::Unclear),
        (1500.0, 1000, Some(&receipt), Standing::Overtaken),
        (1500.0, 1000, None, Standing::Unclear),
    ] {
        let aws = aws(json!({"*/*": setting(rate, burst)}));
        let observation = observe(&aws, &Throttle, &plan, receipt).await;
        assert_eq!(observation.standing, standing, "{}", observation.says);
        assert_eq!(observation.values["account.rate"], 10_000.into());
    }
}

#[tokio::test]
async fn stages_are_found_and_an_ambiguous_name_gives_all() {
    let session = aws(usual()).session().await;
    let names = async |name: &str, stage: Option<&str>| {
        let within = stage.map(|stage| ("stage".to_owned(), stage.into())).into_iter().collect();
        let wanted = Wanted { name: Some(name.into()), within, ..Wanted::default() };
        let found = Throttle.find(&session, &wanted).await.unwrap();
        found.into_iter().map(|target| target.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("pay", None).await, ["pay/beta", "pay/prod"]);
    assert_eq!(names("pay", Some("prod")).await, ["pay/prod"]);
    assert_eq!(names("r1/prod", None).await, ["pay/prod"]);
    assert_eq!(names("shop/$default", None).await, ["shop/$default"]);
    let wanted = Wanted { arn: Some(rest().arn), ..Wanted::default() };
    assert_eq!(Throttle.find(&session, &wanted).await.unwrap(), [rest()]);
}

proptest! {
    #[test]
    fn the_guard_sees_every_reduction_to_nothing(
        (rate, burst) in (1..20_000i64, 1..20_000i64),
        (asked_rate, asked_burst) in (0..20_000i64, 0..20_000i64),
        http: bool,
    ) {
        #[allow(clippy::cast_precision_loss, reason = "small whole numbers")]
        let own = Own { rate: Limit::At(rate as f64), burst: Limit::At(burst) };
        let protocol = if http { Protocol::Http } else { Protocol::Rest };
        let stage = Stage { protocol, limits: [("*".into(), own)].into(), ..Stage::default() };
        #[allow(clippy::cast_precision_loss, reason = "small whole numbers")]
        let wish = (Wish::Set(asked_rate as f64), Wish::Set(asked_burst));
        let plan = judge(&rest(), &stage, &"*".into(), wish, now());
        let seen: Vec<i64> = plan.facts.capacity.iter().map(|capacity| capacity.after).collect();
        let changed = [(rate, asked_rate), (burst, asked_burst)].into_iter().filter(|(was, asked)| was != asked);
        prop_assert_eq!(seen, changed.map(|(_, asked)| asked).collect::<Vec<_>>());
        prop_assert_eq!(plan.owed.is_some(), asked_rate < rate || asked_burst < burst);
        prop_assert_eq!(plan.facts.impossible.is_some(), asked_rate == rate && asked_burst == burst);
    }
}
