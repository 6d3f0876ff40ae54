//! What arrives at AWS: the whole request, once, whatever the answer.
use rstest::rstest;
use serde_json::{Value as Json, json};

use crate::actions::testing::{Answer, Aws, Call, accepted, target};
use crate::actions::{Action, by_id};
use crate::model::{Plan, Sent, Standing, Target, TargetKind, Value};

const CLUSTER: &str = "arn:aws:ecs:us-east-1:111122223333:cluster/prod";
const SERVICE: &str = "arn:aws:ecs:us-east-1:111122223333:service/prod/api";
const STOPPED: &str = "arn:aws:ecs:us-east-1:111122223333:service-deployment/prod/api/d42";

fn api() -> Target {
    target(TargetKind::EcsService, "api", SERVICE)
}

fn revision(number: u32) -> String {
    format!("arn:aws:ecs:us-east-1:111122223333:task-definition/api:{number}")
}

/// 42 is being deployed in place of 41.
fn service(rolling: bool) -> Json {
    let one = |id: &str, number: u32, status: &str, state: &str| {
        json!({"id": id, "status": status, "taskDefinition": revision(number), "rolloutState": state,
            "desiredCount": 12, "runningCount": 12, "pendingCount": 0, "createdAt": 1_795_000_000})
    };
    let mut deployments = vec![one("ecs-svc/42", 42, "PRIMARY", if rolling { "IN_PROGRESS" } else { "COMPLETED" })];
    if rolling {
        deployments.push(one("ecs-svc/41", 41, "ACTIVE", "COMPLETED"));
    }
    json!({"serviceName": "api", "serviceArn": SERVICE, "clusterArn": CLUSTER, "status": "ACTIVE",
        "desiredCount": 12, "runningCount": 12, "pendingCount": 0, "taskDefinition": revision(42),
        "deployments": deployments, "loadBalancers": [], "events": []})
}

/// AWS with a service; `minimum` is that of its scalable target.
fn aws(rolling: bool, minimum: Option<i64>, at_the_send: fn() -> Answer) -> Aws {
    Aws::new(move |call: &Call| {
        let targets = minimum.map(|minimum| {
            json!({"ServiceNamespace": "ecs", "ResourceId": "service/prod/api", "MinCapacity": minimum,
                "MaxCapacity": 60, "ScalableDimension": "ecs:service:DesiredCount", "RoleARN": "r", "CreationTime": 0})
        });
        let brief = json!({"serviceDeploymentArn": STOPPED, "status": "IN_PROGRESS", "createdAt": 1_795_000_000,
            "targetServiceRevisionArn": "r42"});
        let done = json!({"serviceDeploymentArn": "d41", "status": "SUCCESSFUL", "createdAt": 1_794_000_000,
            "targetServiceRevisionArn": "r41"});
        let wanted = |status: &str| call.body["status"].as_array().is_none_or(|all| all.contains(&json!(status)));
        Answer::Ok(match call.operation.as_str() {
            "DescribeServices" => json!({"services": [service(rolling)], "failures": []}),
            "DescribeTaskDefinition" => json!({"taskDefinition": {
                "taskDefinitionArn": call.body["taskDefinition"], "family": "api", "status": "ACTIVE",
                "containerDefinitions": [{"name": "app", "image": call.body["taskDefinition"]}]}}),
            "ListServiceDeployments" => {
                let going = [brief].into_iter().filter(|_| rolling && wanted("IN_PROGRESS"));
                let all: Vec<Json> = going.chain([done].into_iter().filter(|_| wanted("SUCCESSFUL"))).collect();
                json!({"serviceDeployments": all})
            }
            "DescribeServiceDeployments" => json!({"failures": [], "serviceDeployments": [{
                "serviceDeploymentArn": STOPPED, "status": "IN_PROGRESS", "sourceServiceRevisions": [{"arn": "r41"}]}]}),
            "DescribeServiceRevisions" => json!({"failures": [], "serviceRevisions": [
                {"serviceRevisionArn": "r41", "taskDefinition": revision(41)},
                {"serviceRevisionArn": "r42", "taskDefinition": revision(42)}]}),
            "DescribeScalableTargets" => json!({"ScalableTargets": targets.into_iter().collect::<Vec<_>>()}),
            "DescribeScalingPolicies" => json!({"ScalingPolicies": []}),
            "DescribeScalingActivities" => json!({"ScalingActivities": []}),
            _ if call.mutates => return at_the_send(),
            other => panic!("{other} is not expected"),
        })
    })
}

fn fine() -> Answer {
    Answer::Ok(json!({"service": service(false), "serviceDeploymentArn": STOPPED}))
}

async fn plan(aws: &Aws, id: &str, params: &[(&str, Value)]) -> (&'static dyn Action, Plan) {
    let action = by_id(id).unwrap();
    (action, aws.plan(action, &api(), params).await.unwrap())
}

#[rstest]
#[case::count("ecs.scale", false, None, &[("desired", Value::Count(14))], "UpdateService",
    json!({"cluster": CLUSTER, "service": "api", "desiredCount": 14}))]
#[case::minimum("ecs.scale", false, Some(6), &[("desired", Value::Count(20))], "RegisterScalableTarget",
    json!({"ServiceNamespace": "ecs", "ResourceId": "service/prod/api",
        "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 20}))]
#[case::rollback("ecs.rollback", false, None, &[], "UpdateService",
    json!({"cluster": CLUSTER, "service": "api", "taskDefinition": revision(41)}))]
#[case::number("ecs.rollback", false, None, &[("to", Value::Count(40))], "UpdateService",
    json!({"cluster": CLUSTER, "service": "api", "taskDefinition": revision(40)}))]
#[case::redeploy("ecs.redeploy", false, None, &[], "UpdateService",
    json!({"cluster": CLUSTER, "service": "api", "forceNewDeployment": true}))]
#[case::stop("ecs.stop_deployment", true, None, &[], "StopServiceDeployment",
    json!({"serviceDeploymentArn": STOPPED, "stopType": "ROLLBACK"}))]
#[tokio::test]
async fn the_request_holds_the_least_and_is_sent_once(
    #[case] id: &str,
    #[case] rolling: bool,
    #[case] minimum: Option<i64>,
    #[case] params: &[(&str, Value)],
    #[case] operation: &str,
    #[case] body: Json,
) {
    let fine = aws(rolling, minimum, fine);
    let (action, planned) = plan(&fine, id, params).await;
    assert_eq!(fine.mutations(), [], "a plan only reads");
    accepted(fine.send(action, &planned).await);
    assert_eq!(fine.mutations(), [Call { operation: operation.to_owned(), body, mutates: true }]);
    assert!(action.mutations().contains(&&*planned.operation));
    for answer in [(|| Answer::Cut) as fn() -> Answer, || Answer::Error(500, "ServerException")] {
        let broken = aws(rolling, minimum, answer);
        let (action, planned) = plan(&broken, id, params).await;
        assert!(matches!(broken.send(action, &planned).await, Sent::Unknown { .. }));
        assert_eq!((broken.mutations().len(), broken.count(operation)), (1, 1), "never again");
    }
    let refused = aws(rolling, minimum, || Answer::Error(400, "InvalidParameterException"));
    let (action, planned) = plan(&refused, id, params).await;
    assert!(matches!(refused.send(action, &planned).await, Sent::Rejected { .. }));
    assert_eq!(refused.mutations().len(), 1);
}

#[tokio::test]
async fn a_rollback_during_a_rollout_goes_to_what_completed_and_offers_to_stop_it() {
    let (_, plan) = plan(&aws(true, None, fine), "ecs.rollback", &[]).await;
    assert_eq!((&plan.observed["to"], &plan.observed["current"]), (&"api:41".into(), &"api:42".into()));
    assert_eq!(plan.params["to"], "api:41".into());
    assert_eq!(plan.facts.obstacle.unwrap().offer, Some("ecs.stop_deployment".into()));
    assert!(plan.facts.is_rollback && plan.facts.impossible.is_none());
    assert_eq!(plan.undo.unwrap().params["to"], "api:42".into());
}

#[tokio::test]
async fn nothing_to_stop_is_impossible() {
    let (_, plan) = plan(&aws(false, None, fine), "ecs.stop_deployment", &[]).await;
    assert!(plan.facts.impossible.unwrap().contains("nothing to stop"));
}

#[tokio::test]
async fn choices_mark_what_runs_and_what_completed_last() {
    let aws = Aws::new({
        let inner = std::sync::Arc::new(service(false));
        move |call: &Call| {
            Answer::Ok(match call.operation.as_str() {
                "DescribeServices" => json!({"services": [*inner], "failures": []}),
                "ListTaskDefinitions" => {
                    assert_eq!((&call.body["familyPrefix"], &call.body["sort"]), (&json!("api"), &json!("DESC")));
                    json!({"taskDefinitionArns": [revision(43), revision(42), revision(41),
                        "arn:aws:ecs:us-east-1:111122223333:task-definition/api-worker:9"]})
                }
                "DescribeTaskDefinition" => json!({"taskDefinition": {
                    "taskDefinitionArn": call.body["taskDefinition"], "status": "ACTIVE", "registeredBy": "arn:x/ci",
                    "containerDefinitions": [{"name": "app", "image": call.body["taskDefinition"]}]}}),
                "ListServiceDeployments" => json!({"serviceDeployments": [
                    {"serviceDeploymentArn": "d", "status": "SUCCESSFUL", "targetServiceRevisionArn": "r41"}]}),
                "DescribeServiceRevisions" => json!({"failures": [], "serviceRevisions": [
                    {"serviceRevisionArn": "r41", "taskDefinition": revision(41)}]}),
                other => panic!("{other} is not expected"),
            })
        }
    });
    let rollback = by_id("ecs.rollback").unwrap();
    let choices = rollback.choices(&aws.session().await, &api(), "to").await.unwrap();
    let marks: Vec<(&str, bool, bool)> =
        choices.iter().map(|one| (one.label.as_str(), one.current, one.last_completed)).collect();
    assert_eq!(marks, [("api:43", false, false), ("api:42", true, false), ("api:41", false, true)]);
    assert!(choices[2].says.contains("registered by ci"), "{}", choices[2].says);
}

#[tokio::test]
async fn where_aws_keeps_no_history_nothing_is_guessed() {
    let whole = aws(false, None, fine);
    let without = Aws::new(move |call: &Call| match call.operation.as_str() {
        "ListServiceDeployments" => Answer::Error(400, "UnsupportedFeatureException"),
        "DescribeServices" => Answer::Ok(json!({"services": [service(false)], "failures": []})),
        "DescribeTaskDefinition" => Answer::Ok(
            json!({"taskDefinition": {"taskDefinitionArn": call.body["taskDefinition"], "status": "ACTIVE"}}),
        ),
        other => panic!("{other} is not expected"),
    });
    let (_, unknown) = plan(&without, "ecs.rollback", &[]).await;
    let revision = unknown.facts.revision.unwrap();
    assert_eq!((&*revision.to, revision.usable), ("", false));
    assert!(unknown.touches.iter().any(|says| says.contains("known only in part")));
    let session = whole.session().await;
    let (action, planned) = plan(&whole, "ecs.rollback", &[]).await;
    let seen = action.observe(&session, &planned, None, crate::actions::testing::now()).await.unwrap();
    assert_eq!(seen.standing, Standing::NotApplied);
    assert!(seen.values.contains_key("mine") && seen.values.contains_key("deployment.state"));
}
