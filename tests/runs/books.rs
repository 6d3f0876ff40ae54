//! Every runbook that comes with the program, in the incident it is for.

use std::collections::BTreeSet;

use serde_json::json;
use watchfloor::runbook::books::Library;

use crate::case::{ANY, Back, Case};

/// Runbooks that no drill has shown from beginning to end yet.
const WITHOUT_A_CASE: [&str; 5] =
    ["analytics-scale-down", "analytics-scale-up", "ecs-scale", "eks-nodegroup-scale", "uex-tasks-not-starting"];

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
        sends: vec![("UpdateAlias", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::To(vec![("UpdateAlias", json!(ANY))]),
    };
    a_lambda_alias_goes_back_in_two_steps: Case {
        runbook: "lambda-canary-rollback",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payment-processing",
        params: vec![],
        before: None,
        sends: vec![("UpdateAlias", json!(ANY)), ("UpdateAlias", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::To(vec![("UpdateAlias", json!(ANY))]),
    };
    a_payment_function_goes_back: Case {
        runbook: "payments-alias-rollback",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payment-processing",
        params: vec![],
        before: None,
        sends: vec![("UpdateAlias", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::To(vec![("UpdateAlias", json!(ANY))]),
    };
    a_hot_table_gets_more: Case {
        runbook: "dynamodb-capacity",
        place: ("payments", "hot-table", "prod", 12),
        target: "payments-prod-transactions",
        params: vec![("write", 300.into())],
        before: None,
        sends: vec![("UpdateTable", json!(ANY))],
        owes: Some(""),
        over: vec![],
        back: Back::To(vec![("UpdateTable", json!(ANY))]),
    };
    a_payments_table_gets_more: Case {
        runbook: "payments-capacity-raise",
        place: ("payments", "hot-table", "prod", 12),
        target: "payments-prod-transactions",
        params: vec![("write", 300.into())],
        before: None,
        sends: vec![("UpdateTable", json!(ANY))],
        owes: Some(""),
        over: vec![],
        back: Back::To(vec![("UpdateTable", json!(ANY))]),
    };
    a_deployment_that_cannot_pull_is_stopped: Case {
        runbook: "ecs-stop-deployment",
        place: ("uex-payments", "image-pull", "prod", 2),
        target: "uex-backend",
        params: vec![],
        before: None,
        sends: vec![("StopServiceDeployment", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::Fails(vec![("UpdateService", json!(ANY))], "circuit breaker"),
    };
    a_bad_revision_goes_back: Case {
        runbook: "ecs-rollback",
        place: ("uex-payments", "alarm-flood", "prod", 12),
        target: "processing-tier",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::To(vec![("UpdateService", json!(ANY))]),
    };
    a_slow_writer_is_replaced: Case {
        runbook: "aurora-failover",
        place: ("wallet-ecs", "calm", "production", 12),
        target: "wallet-production",
        params: vec![],
        before: None,
        sends: vec![("FailoverDBCluster", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::To(vec![("FailoverDBCluster", json!(ANY))]),
    };
    the_wallets_slow_writer_is_replaced: Case {
        runbook: "wallet-aurora-failover",
        place: ("wallet-ecs", "aurora-writer", "production", 12),
        target: "wallet-production",
        params: vec![],
        before: None,
        sends: vec![("FailoverDBCluster", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::To(vec![("FailoverDBCluster", json!(ANY))]),
    };
    analytics_is_deployed_anew: Case {
        runbook: "analytics-emergency-deploy",
        place: ("analytics", "calm", "production", 12),
        target: "analytics-api",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::None,
    };
    analytics_goes_back: Case {
        runbook: "analytics-rollback",
        place: ("analytics", "webhooks-failing", "production", 14),
        target: "analytics-api",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::To(vec![("UpdateService", json!(ANY))]),
    };
    a_stage_lets_less_through: Case {
        runbook: "apigateway-throttle",
        place: ("payments", "calm", "prod", 12),
        target: "payments-prod",
        params: vec![("rate", 1500.0.into()), ("burst", 800.into())],
        before: None,
        sends: vec![("UpdateStage", json!(ANY))],
        owes: Some(""),
        over: vec![],
        back: Back::To(vec![("UpdateStage", json!(ANY))]),
    };
    a_function_gets_its_own_concurrency: Case {
        runbook: "lambda-concurrency",
        place: ("payments", "calm", "prod", 12),
        target: "payment-processing",
        params: vec![("reserved", 600.into())],
        before: None,
        sends: vec![("PutFunctionConcurrency", json!(ANY))],
        owes: Some(""),
        over: vec![],
        back: Back::To(vec![("DeleteFunctionConcurrency", json!(ANY))]),
    };
    an_alarm_is_muted: Case {
        runbook: "alarm-mute",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payments-prod-api-5xx",
        params: vec![],
        before: None,
        sends: vec![("PutAlarmMuteRule", json!(ANY))],
        owes: Some(""),
        over: vec![],
        back: Back::To(vec![("DeleteAlarmMuteRule", json!(ANY))]),
    };
    an_alarm_is_unmuted: Case {
        runbook: "alarm-unmute",
        place: ("payments", "bad-deploy", "prod", 12),
        target: "payments-prod-api-5xx",
        params: vec![],
        before: Some(("alarm-mute", vec![])),
        sends: vec![("DeleteAlarmMuteRule", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::Owing(vec![("PutAlarmMuteRule", json!(ANY))], "payments-prod-api-5xx"),
    };
    a_service_is_deployed_anew: Case {
        runbook: "ecs-redeploy",
        place: ("uex-payments", "calm", "prod", 12),
        target: "presentation",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::None,
    };
    a_tier_is_deployed_anew_until_it_is_stable: Case {
        runbook: "uex-force-deployment",
        place: ("uex-payments", "calm", "prod", 12),
        target: "client-tier",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::None,
    };
    the_wallets_tasks_are_replaced: Case {
        runbook: "wallet-replace-tasks",
        place: ("wallet-ecs", "calm", "production", 12),
        target: "wallet-api",
        params: vec![],
        before: None,
        sends: vec![("UpdateService", json!(ANY))],
        owes: None,
        over: vec![],
        back: Back::None,
    };
}

#[test]
fn every_runbook_has_a_case() {
    let library = Library::embedded();
    let known: BTreeSet<&str> = library.all().map(|book| book.id.as_str()).collect();
    let mut cases = played();
    cases.extend(WITHOUT_A_CASE);
    assert_eq!(cases, known);
    assert!(played().is_disjoint(&BTreeSet::from(WITHOUT_A_CASE)));
    assert!(known.len() > 20, "{known:?}");
}
