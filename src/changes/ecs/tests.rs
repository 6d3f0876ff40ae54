//! Tests of the ECS source, through the real SDK client.
use serde_json::{Value, json};

use super::*;
use crate::model::{ChangeKind, FaultKind, Severity};
use crate::signals::testing::minute;
use crate::signals::testing::wire::{Answer, Call, session};

const CLUSTER: &str = "arn:aws:ecs:us-east-1:111122223333:cluster/uex";
const SERVICE: &str = "arn:aws:ecs:us-east-1:111122223333:service/uex/backend";

fn definition(revision: u32) -> String {
    format!("arn:aws:ecs:us-east-1:111122223333:task-definition/backend:{revision}")
}

fn seconds(minute: i64) -> f64 {
    minute as f64 * 60.0
}

fn deployment(revision: u32, at: i64, status: &str, state: &str, failed: i32) -> Value {
    json!({"id": format!("ecs-svc/{revision}"), "status": status, "taskDefinition": definition(revision),
        "createdAt": seconds(at), "rolloutState": state, "failedTasks": failed,
        "rolloutStateReason": format!("ECS deployment {state}")})
}

fn service(deployments: &Value) -> Value {
    json!({"serviceName": "backend", "serviceArn": SERVICE, "clusterArn": CLUSTER, "deployments": deployments,
    "events": [
        {"id": "2", "createdAt": seconds(12), "message": "(service backend) was unable to place a task."},
        {"id": "1", "createdAt": seconds(1), "message": "(service backend) has reached a steady state."},
    ]})
}

fn answer(call: &Call, deployments: &Value) -> Answer {
    match call.operation.as_str() {
        "ListClusters" => Ok(json!({"clusterArns": [CLUSTER]})),
        "ListServices" => Ok(json!({"serviceArns": [SERVICE]})),
        "DescribeServices" => Ok(json!({"services": [service(deployments)]})),
        "DescribeTaskDefinition" => {
            let arn = call.get("taskDefinition").unwrap();
            let revision = arn.rsplit(':').next().unwrap();
            Ok(json!({"taskDefinition": {"taskDefinitionArn": arn, "family": "backend", "cpu": "512",
                "registeredBy": "arn:aws:iam::111122223333:role/ci", "registeredAt": seconds(9),
                "containerDefinitions": [{"name": "app", "image": format!("repo/backend:3.3.{revision}"),
                    "environment": [{"name": "KEY", "value": "hidden"}]}]}}))
        }
        other => panic!("{other}"),
    }
}

async fn read_twice(deployments: Value) -> (Found, usize) {
    let (session, calls) = session(move |call| answer(call, &deployments)).await;
    let (memory, span) = (Memory::default(), Span { from: minute(5), to: minute(100) });
    let first = read(&session, span, &memory).await.unwrap();
    let again = read(&session, span, &memory).await.unwrap();
    assert_eq!(first, again);
    (first, calls.count("DescribeTaskDefinition"))
}

fn told(found: &Found) -> Vec<String> {
    found
        .changes
        .iter()
        .map(|c| format!("{} {} | {} | {} → {}", c.at.as_second() / 60, c.kind.word(), c.summary, c.before, c.after))
        .collect()
}

#[tokio::test]
async fn a_failed_rollout_tells_its_image_and_the_one_before() {
    let (found, described) =
        read_twice(json!([deployment(86, 10, "PRIMARY", "FAILED", 3), deployment(85, 2, "ACTIVE", "COMPLETED", 0),]))
            .await;
    assert_eq!(
        told(&found),
        [
            "12 service event | was unable to place a task |  → ",
            "10 deployment | deployment of backend:86 failed | backend:85 → backend:86",
            "9 task definition | new image backend:3.3.86 | repo/backend:3.3.85 → repo/backend:3.3.86",
        ]
    );
    assert_eq!(found.changes[1].severity, Severity::Critical);
    assert_eq!(found.changes[1].by, "arn:aws:iam::111122223333:role/ci");
    assert_eq!(described, 2, "a revision never changes");
    assert!(!format!("{found:?}").contains("hidden"));
}

#[tokio::test]
async fn a_rollback_is_told_as_one() {
    let (found, _) =
        read_twice(json!(
            [deployment(85, 15, "PRIMARY", "IN_PROGRESS", 0), deployment(86, 10, "ACTIVE", "FAILED", 3),]
        ))
        .await;
    let told = told(&found);
    assert!(told[0].starts_with("15 deployment | rolling back to backend:85 | backend:86 → backend:85"), "{told:?}");
}

#[tokio::test]
async fn with_one_deployment_left_the_revision_before_is_compared_and_that_is_said() {
    let (found, _) = read_twice(json!([deployment(86, 10, "PRIMARY", "COMPLETED", 0)])).await;
    let definition = found.changes.iter().find(|change| change.kind == ChangeKind::TaskDefinition).unwrap();
    assert_eq!(definition.reason, "compared with backend:85, the revision before it");
    let deployment = found.changes.iter().find(|change| change.kind == ChangeKind::Deployment).unwrap();
    assert_eq!((deployment.before.as_str(), deployment.after.as_str()), ("", "backend:86"));
}

#[tokio::test]
async fn denied_task_definitions_leave_the_deployments_and_a_fault() {
    let deployments = json!([deployment(86, 10, "PRIMARY", "COMPLETED", 0)]);
    let (session, _) = session(move |call| match call.operation.as_str() {
        "DescribeTaskDefinition" => Err((400, "AccessDeniedException")),
        _ => answer(call, &deployments),
    })
    .await;
    let found = read(&session, Span { from: minute(5), to: minute(100) }, &Memory::default()).await.unwrap();
    assert_eq!(found.faults[0].kind, FaultKind::Denied);
    assert!(found.changes.iter().any(|change| change.kind == ChangeKind::Deployment));
    assert!(found.changes.iter().all(|change| change.kind != ChangeKind::TaskDefinition));
}
