//! Every runbook that comes with the program, in the incident it is for.

use std::collections::BTreeSet;

use serde_json::json;
use watchfloor::runbook::books::Library;

use crate::case::{Back, Case};

macro_rules! cases {
    ($($(#[$doc:meta])* $name:ident: $case:expr;)*) => {
        $($(#[$doc])* #[tokio::test(start_paused = true)]
        async fn $name() {
            $case.play().await;
        })*

        /// Ids of the runbooks that have a case.
        fn played() -> BTreeSet<&'static str> {
            BTreeSet::from([$($case.runbook),*])
        }
    };
}

cases! {
    a_lambda_alias_goes_back: Case {
        runbook: "lambda-alias-rollback",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payment-processing",
        params: vec![],
        before: None,
        sends: vec![("UpdateAlias", json!({"FunctionName": "payments-prod-payment-processing", "Name": "live", "RevisionId": "d33cddae-a020-44d1-a715-179ff61d5ed4", "RoutingConfig": {"AdditionalVersionWeights": {}}, "FunctionVersion": "42"}))],
        owes: None,
        ends_it: true,
        over: vec!["payments-prod-payment-processing-errors"],
        back: Back::To(vec![("UpdateAlias", json!({"FunctionName": "payments-prod-payment-processing", "Name": "live", "RevisionId": "180259e7-a32d-40b7-ab7a-e0298b613903", "RoutingConfig": {"AdditionalVersionWeights": {}}, "FunctionVersion": "43"}))]),
    };
    a_lambda_alias_goes_back_in_two_steps: Case {
        runbook: "lambda-canary-rollback",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payment-processing",
        params: vec![],
        before: None,
        sends: vec![("UpdateAlias", json!({"FunctionName": "payments-prod-payment-processing", "Name": "live", "RevisionId": "d33cddae-a020-44d1-a715-179ff61d5ed4", "RoutingConfig": {"AdditionalVersionWeights": {"42": 0.1}}})), ("UpdateAlias", json!({"FunctionName": "payments-prod-payment-processing", "Name": "live", "RevisionId": "180259e7-a32d-40b7-ab7a-e0298b613903", "RoutingConfig": {"AdditionalVersionWeights": {}}, "FunctionVersion": "42"}))],
        owes: None,
        ends_it: true,
        over: vec!["payments-prod-payment-processing-errors"],
        back: Back::To(vec![("UpdateAlias", json!({"FunctionName": "payments-prod-payment-processing", "Name": "live", "RevisionId": "65f1e9ac-9427-4a40-a8d4-940816b227f3", "RoutingConfig": {"AdditionalVersionWeights": {}}, "FunctionVersion": "43"}))]),
    };
    a_payment_function_goes_back: Case {
        runbook: "payments-alias-rollback",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payment-processing",
        params: vec![],
        before: None,
        sends: vec![("UpdateAlias", json!({"FunctionName": "payments-prod-payment-processing", "Name": "live", "RevisionId": "d33cddae-a020-44d1-a715-179ff61d5ed4", "RoutingConfig": {"AdditionalVersionWeights": {}}, "FunctionVersion": "42"}))],
        owes: None,
        ends_it: true,
        over: vec!["payments-prod-payment-processing-errors"],
        back: Back::To(vec![("UpdateAlias", json!({"FunctionName": "payments-prod-payment-processing", "Name": "live", "RevisionId": "180259e7-a32d-40b7-ab7a-e0298b613903", "RoutingConfig": {"AdditionalVersionWeights": {}}, "FunctionVersion": "43"}))]),
    };
    a_hot_table_gets_more: Case {
        runbook: "dynamodb-capacity",
        place: ("payments", "hot-table", "prod", 12),
        target: "payments-prod-transactions",
        params: vec![("write", 300.into())],
        before: None,
        sends: vec![("UpdateTable", json!({"TableName": "payments-prod-transactions", "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 300}}))],
        owes: Some("write capacity raised 100 → 300"),
        ends_it: true,
        over: vec![],
        back: Back::To(vec![("UpdateTable", json!({"TableName": "payments-prod-transactions", "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 100}}))]),
    };
    a_payments_table_gets_more: Case {
        runbook: "payments-capacity-raise",
        place: ("payments", "hot-table", "prod", 12),
        target: "payments-prod-transactions",
        params: vec![("write", 300.into())],
        before: None,
        sends: vec![("UpdateTable", json!({"TableName": "payments-prod-transactions", "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 300}}))],
        owes: Some("write capacity raised 100 → 300"),
        ends_it: true,
        over: vec![],
        back: Back::To(vec![("UpdateTable", json!({"TableName": "payments-prod-transactions", "ProvisionedThroughput": {"ReadCapacityUnits": 100, "WriteCapacityUnits": 100}}))]),
    };
    a_deployment_that_cannot_pull_is_stopped: Case {
        runbook: "ecs-stop-deployment",
        place: ("uex-payments", "image-pull", "prod", 3),
        target: "uex-backend",
        params: vec![],
        before: None,
        sends: vec![("StopServiceDeployment", json!({"serviceDeploymentArn": "arn:aws:ecs:us-east-1:666666666666:service-deployment/uex-payments-prod/uex-backend/4027284006261438914", "stopType": "ROLLBACK"}))],
        owes: None,
        ends_it: true,
        over: vec!["uex-payments-prod-uex-backend-running-tasks"],
        back: Back::Fails(vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:666666666666:cluster/uex-payments-prod", "service": "uex-backend", "taskDefinition": "arn:aws:ecs:us-east-1:666666666666:task-definition/uex-payments-prod-uex-backend:86"}))], "circuit breaker"),
    };
    a_bad_revision_goes_back: Case {
        runbook: "ecs-rollback",
        place: ("uex-payments", "alarm-flood", "prod", 12),
        target: "processing-tier",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:666666666666:cluster/uex-payments-prod", "service": "processing-tier", "taskDefinition": "arn:aws:ecs:us-east-1:666666666666:task-definition/uex-payments-prod-processing-tier:71"}))],
        owes: None,
        ends_it: false,
        over: vec!["uex-payments-prod-alb-5xx", "uex-payments-prod-service-health"],
        back: Back::To(vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:666666666666:cluster/uex-payments-prod", "service": "processing-tier", "taskDefinition": "arn:aws:ecs:us-east-1:666666666666:task-definition/uex-payments-prod-processing-tier:72"}))]),
    };
    a_slow_writer_is_replaced: Case {
        runbook: "aurora-failover",
        place: ("wallet-ecs", "aurora-writer", "production", 12),
        target: "wallet-production",
        params: vec![],
        before: None,
        sends: vec![("FailoverDBCluster", json!({"Action": "FailoverDBCluster", "DBClusterIdentifier": "wallet-production", "TargetDBInstanceIdentifier": "wallet-production-2", "Version": "2014-10-31"}))],
        owes: None,
        ends_it: false,
        over: vec!["wallet-production-P2-aurora-write-latency", "wallet-production-P2-slow-operations"],
        back: Back::To(vec![("FailoverDBCluster", json!({"Action": "FailoverDBCluster", "DBClusterIdentifier": "wallet-production", "TargetDBInstanceIdentifier": "wallet-production-1", "Version": "2014-10-31"}))]),
    };
    the_wallets_slow_writer_is_replaced: Case {
        runbook: "wallet-aurora-failover",
        place: ("wallet-ecs", "aurora-writer", "production", 12),
        target: "wallet-production",
        params: vec![],
        before: None,
        sends: vec![("FailoverDBCluster", json!({"Action": "FailoverDBCluster", "DBClusterIdentifier": "wallet-production", "TargetDBInstanceIdentifier": "wallet-production-2", "Version": "2014-10-31"}))],
        owes: None,
        ends_it: true,
        over: vec!["wallet-production-P2-aurora-write-latency", "wallet-production-P2-slow-operations"],
        back: Back::To(vec![("FailoverDBCluster", json!({"Action": "FailoverDBCluster", "DBClusterIdentifier": "wallet-production", "TargetDBInstanceIdentifier": "wallet-production-1", "Version": "2014-10-31"}))]),
    };
    nodes_that_pods_wait_for_may_come: Case {
        runbook: "eks-nodegroup-scale",
        place: ("wallet-eks", "nodes-full", "production", 12),
        target: "wallet-production-workers",
        params: vec![("max", 50.into())],
        before: None,
        sends: vec![("UpdateNodegroupConfig", json!({"name": "wallet-production", "nodegroupName": "wallet-production-workers", "scalingConfig": {"maxSize": 50}, "clientRequestToken": "r-1-0"}))],
        owes: None,
        ends_it: true,
        over: vec!["wallet-production-P2-unschedulable-pods"],
        back: Back::Refused("while"),
    };
    a_node_group_never_has_fewer_nodes: Case {
        runbook: "eks-nodegroup-scale",
        place: ("wallet-eks", "calm", "production", 12),
        target: "wallet-production-workers",
        params: vec![("min", 16.into())],
        before: None,
        sends: vec![("UpdateNodegroupConfig", json!({"name": "wallet-production", "nodegroupName": "wallet-production-workers", "scalingConfig": {"minSize": 16, "desiredSize": 16}, "clientRequestToken": "r-1-0"}))],
        owes: Some("smallest size"),
        ends_it: false,
        over: vec![],
        back: Back::To(vec![("UpdateNodegroupConfig", json!({"name": "wallet-production", "nodegroupName": "wallet-production-workers", "scalingConfig": {"minSize": 10}, "clientRequestToken": "r-2-0"}))]),
    };
    a_tier_gets_more_tasks: Case {
        runbook: "ecs-scale",
        place: ("uex-payments", "peak", "prod", 6),
        target: "management-tier",
        params: vec![("desired", 6.into())],
        before: None,
        sends: vec![("RegisterScalableTarget", json!({"ServiceNamespace": "ecs", "ResourceId": "service/uex-payments-prod/management-tier", "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 6}))],
        owes: Some("minimum of Application Auto Scaling of management-tier raised from 3 to 6"),
        ends_it: true,
        over: vec![],
        back: Back::To(vec![("RegisterScalableTarget", json!({"ServiceNamespace": "ecs", "ResourceId": "service/uex-payments-prod/management-tier", "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 3}))]),
    };
    analytics_gets_more_tasks: Case {
        runbook: "analytics-scale-up",
        place: ("analytics", "busy-hour", "production", 12),
        target: "analytics-api",
        params: vec![],
        before: None,
        sends: vec![("RegisterScalableTarget", json!({"ServiceNamespace": "ecs", "ResourceId": "service/analytics-production/analytics-api", "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 3}))],
        owes: Some("minimum of Application Auto Scaling of analytics-api raised from 1 to 3"),
        ends_it: true,
        over: vec!["ECS-HighCPU"],
        back: Back::To(vec![("RegisterScalableTarget", json!({"ServiceNamespace": "ecs", "ResourceId": "service/analytics-production/analytics-api", "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 1}))]),
    };
    analytics_goes_down_to_one_task: Case {
        runbook: "analytics-scale-down",
        place: ("analytics", "calm", "production", 12),
        target: "analytics-api",
        params: vec![],
        before: Some(("analytics-scale-up", vec![])),
        sends: vec![("RegisterScalableTarget", json!({"ServiceNamespace": "ecs", "ResourceId": "service/analytics-production/analytics-api", "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 1}))],
        owes: None,
        ends_it: false,
        over: vec![],
        back: Back::Owing(vec![("RegisterScalableTarget", json!({"ServiceNamespace": "ecs", "ResourceId": "service/analytics-production/analytics-api", "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 3}))], "minimum"),
    };
    analytics_is_deployed_anew: Case {
        runbook: "analytics-emergency-deploy",
        place: ("analytics", "calm", "production", 12),
        target: "analytics-api",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:101010101010:cluster/analytics-production", "service": "analytics-api", "forceNewDeployment": true}))],
        owes: None,
        ends_it: false,
        over: vec![],
        back: Back::None,
    };
    analytics_goes_back: Case {
        runbook: "analytics-rollback",
        place: ("analytics", "webhooks-failing", "production", 14),
        target: "analytics-api",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:101010101010:cluster/analytics-production", "service": "analytics-api", "taskDefinition": "arn:aws:ecs:us-east-1:101010101010:task-definition/analytics-production-analytics-api:31"}))],
        owes: None,
        ends_it: false,
        over: vec!["Webhook-ProcessingFailure"],
        back: Back::To(vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:101010101010:cluster/analytics-production", "service": "analytics-api", "taskDefinition": "arn:aws:ecs:us-east-1:101010101010:task-definition/analytics-production-analytics-api:32"}))]),
    };
    a_stage_lets_less_through: Case {
        runbook: "apigateway-throttle",
        place: ("payments", "calm", "prod", 12),
        target: "payments-prod",
        params: vec![("rate", 1500.0.into()), ("burst", 800.into())],
        before: None,
        sends: vec![("UpdateStage", json!({"restApiId": "w0zvgq7rkw", "stageName": "live", "patchOperations": [{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "1500"}, {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "800"}]}))],
        owes: Some(""),
        ends_it: false,
        over: vec![],
        back: Back::To(vec![("UpdateStage", json!({"restApiId": "w0zvgq7rkw", "stageName": "live", "patchOperations": [{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "2000"}, {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "1000"}]}))]),
    };
    a_function_gets_its_own_concurrency: Case {
        runbook: "lambda-concurrency",
        place: ("payments", "calm", "prod", 12),
        target: "payment-processing",
        params: vec![("reserved", 600.into())],
        before: None,
        sends: vec![("PutFunctionConcurrency", json!({"FunctionName": "payments-prod-payment-processing", "ReservedConcurrentExecutions": 600}))],
        owes: Some(""),
        ends_it: false,
        over: vec![],
        back: Back::To(vec![("DeleteFunctionConcurrency", json!({"FunctionName": "payments-prod-payment-processing"}))]),
    };
    an_alarm_is_muted: Case {
        runbook: "alarm-mute",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payments-prod-api-5xx",
        params: vec![],
        before: None,
        sends: vec![("PutAlarmMuteRule", json!({"Name": "watchfloor-payments-prod-api-5xx-3ebb6381", "Rule": {"Schedule": {"Expression": "at(2026-11-20T03:00)", "Duration": "PT60M"}}, "MuteTargets": {"AlarmNames": ["payments-prod-api-5xx"]}, "ExpireDate": 1795147200.0}))],
        owes: Some("payments-prod-api-5xx"),
        ends_it: false,
        over: vec![],
        back: Back::To(vec![("DeleteAlarmMuteRule", json!({"AlarmMuteRuleName": "watchfloor-payments-prod-api-5xx-3ebb6381"}))]),
    };
    an_alarm_is_unmuted: Case {
        runbook: "alarm-unmute",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payments-prod-api-5xx",
        params: vec![],
        before: Some(("alarm-mute", vec![])),
        sends: vec![("DeleteAlarmMuteRule", json!({"AlarmMuteRuleName": "watchfloor-payments-prod-api-5xx-3ebb6381"}))],
        owes: None,
        ends_it: false,
        over: vec![],
        back: Back::Owing(vec![("PutAlarmMuteRule", json!({"Name": "watchfloor-payments-prod-api-5xx-3ebb6381", "Rule": {"Schedule": {"Expression": "at(2026-11-20T03:00)", "Duration": "PT60M"}}, "MuteTargets": {"AlarmNames": ["payments-prod-api-5xx"]}, "ExpireDate": 1795147200.0}))], "payments-prod-api-5xx"),
    };
    a_service_is_deployed_anew: Case {
        runbook: "ecs-redeploy",
        place: ("uex-payments", "calm", "prod", 12),
        target: "presentation",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:666666666666:cluster/uex-payments-prod", "service": "presentation", "forceNewDeployment": true}))],
        owes: None,
        ends_it: false,
        over: vec![],
        back: Back::None,
    };
    a_tier_is_deployed_anew_until_it_is_stable: Case {
        runbook: "uex-force-deployment",
        place: ("uex-payments", "calm", "prod", 12),
        target: "client-tier",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!({"cluster": "arn:aws:ecs:us-east-1:666666666666:cluster/uex-payments-prod", "service": "client-tier", "forceNewDeployment": true}))],
        owes: None,
        ends_it: false,
        over: vec![],
        back: Back::None,
    };
    the_wallets_tasks_are_replaced: Case {
        runbook: "wallet-replace-tasks",
        place: ("wallet-ecs", "calm", "production", 12),
        target: "wallet-api",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!({"cluster": "arn:aws:ecs:sa-east-1:888888888888:cluster/wallet-production", "service": "wallet-api", "forceNewDeployment": true}))],
        owes: None,
        ends_it: false,
        over: vec![],
        back: Back::None,
    };
}

#[test]
fn every_runbook_has_a_case() {
    let library = Library::embedded();
    let known: BTreeSet<&str> = library.all().map(|book| book.id.as_str()).collect();
    let mut cases = played();
    assert!(cases.insert(crate::diagnosis::RUNBOOK), "it sends nothing: its tests are beside");
    assert_eq!(cases, known);
    assert!(known.len() > 20, "{known:?}");
}
