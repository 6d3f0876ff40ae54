//! Nothing but the armed operator's session changes anything, and it sends one permitted request once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use rstest::rstest;
use support::{Answer, FakeAws, environment};
use watchfloor::base::Clock;
use watchfloor::cloud::{Operator, Session, sent};
use watchfloor::config::EnvironmentConfig;
use watchfloor::model::{EnvId, FaultKind, Sent};

fn refused<T: std::fmt::Debug, E: Error + 'static>(operation: &str, result: Result<T, SdkError<E, HttpResponse>>) {
    let says = DisplayErrorContext(result.expect_err(operation)).to_string();
    assert!(says.contains(&format!("{operation} is not a read: refused, nothing was sent")), "{operation}: {says}");
}

macro_rules! each_refused {
    ($session:expr, $($client:ident.$method:ident $(of $setter:ident)? as $operation:literal,)*) => {
        $(refused($operation, $session.$client().$method()$(.$setter("payments"))?.send().await);)*
    };
}

/// Mutating operations of every client, those of the actions among them.
async fn everything_is_refused(session: &Session) {
    each_refused!(
        session,
        apigateway.update_stage as "UpdateStage",
        apigateway.delete_rest_api as "DeleteRestApi",
        apigatewayv2.update_stage as "UpdateStage",
        autoscaling.register_scalable_target as "RegisterScalableTarget",
        autoscaling.deregister_scalable_target as "DeregisterScalableTarget",
        cloudwatch.put_metric_alarm as "PutMetricAlarm",
        cloudwatch.disable_alarm_actions as "DisableAlarmActions",
        cloudwatch.enable_alarm_actions as "EnableAlarmActions",
        cloudwatch.put_alarm_mute_rule as "PutAlarmMuteRule",
        cloudwatch.delete_alarm_mute_rule as "DeleteAlarmMuteRule",
        cloudwatch.set_alarm_state as "SetAlarmState",
        dynamodb.update_table of table_name as "UpdateTable",
        dynamodb.put_item of table_name as "PutItem",
        dynamodb.delete_table of table_name as "DeleteTable",
        ecs.update_service as "UpdateService",
        ecs.stop_service_deployment as "StopServiceDeployment",
        ecs.run_task as "RunTask",
        ecs.delete_service as "DeleteService",
        eks.update_nodegroup_config as "UpdateNodegroupConfig",
        eks.delete_cluster as "DeleteCluster",
        elasticache.modify_replication_group as "ModifyReplicationGroup",
        kafka.update_broker_count as "UpdateBrokerCount",
        kms.schedule_key_deletion as "ScheduleKeyDeletion",
        lambda.update_alias as "UpdateAlias",
        lambda.put_function_concurrency as "PutFunctionConcurrency",
        lambda.delete_function_concurrency as "DeleteFunctionConcurrency",
        lambda.invoke as "Invoke",
        load_balancing.modify_target_group as "ModifyTargetGroup",
        logs.delete_log_group as "DeleteLogGroup",
        logs.put_retention_policy as "PutRetentionPolicy",
        rds.failover_db_cluster as "FailoverDBCluster",
        rds.delete_db_cluster as "DeleteDBCluster",
        s3.put_bucket_versioning of bucket as "PutBucketVersioning",
        s3.delete_bucket of bucket as "DeleteBucket",
        sqs.purge_queue as "PurgeQueue",
        sqs.receive_message as "ReceiveMessage",
        sts.decode_authorization_message as "DecodeAuthorizationMessage",
        tagging.tag_resources as "TagResources",
    );
}

#[tokio::test]
async fn the_watching_session_refuses_every_change_before_anything_is_sent() {
    let aws = FakeAws::new(|_| Answer::json(200, "{}"));
    let session = aws.session(&environment("prod")).await;
    everything_is_refused(&session).await;
    assert!(aws.asked().is_empty(), "sent: {:?}", aws.asked());
    assert_eq!(session.meter.usage().calls(), 0);
}

async fn operator(aws: &FakeAws, config: &EnvironmentConfig) -> Operator {
    Operator::open(config, EnvId(0), &aws.transport()).await.unwrap()
}

#[tokio::test]
async fn the_operators_session_refuses_every_change_without_a_permit() {
    let aws = FakeAws::new(|_| Answer::json(200, "{}"));
    let operator = operator(&aws, &environment("prod")).await;
    everything_is_refused(operator.session()).await;
    operator.arm(true);
    everything_is_refused(operator.session()).await;
    assert!(aws.asked().is_empty(), "sent: {:?}", aws.asked());
}

#[tokio::test]
async fn unarmed_there_is_no_permit_and_read_only_cannot_be_armed() {
    let aws = FakeAws::new(|_| Answer::json(200, "{}"));
    let unarmed = operator(&aws, &environment("prod")).await;
    let fault = unarmed.permit("UpdateService").unwrap_err();
    assert_eq!(fault.message, "payments/prod is not armed. Nothing was sent.");
    unarmed.arm(true);
    assert!(unarmed.is_armed() && unarmed.permit("UpdateService").is_ok());
    unarmed.arm(false);
    assert!(!unarmed.is_armed() && unarmed.permit("UpdateService").is_err());
    let kept = operator(&aws, &EnvironmentConfig { read_only: true, ..environment("prod") }).await;
    kept.arm(true);
    assert!(!kept.is_armed() && kept.permit("UpdateService").is_err());
    assert!(aws.asked().is_empty());
}

#[tokio::test]
async fn a_permit_is_for_one_operation_once() {
    let aws = FakeAws::new(|_| Answer::json(200, "{}"));
    let operator = operator(&aws, &environment("prod")).await;
    operator.arm(true);
    let permit = operator.permit("UpdateService").unwrap();
    let session = permit.session();
    refused("DeleteService", session.ecs().delete_service().service("api").send().await);
    refused("UpdateTable", session.dynamodb().update_table().table_name("t").send().await);
    assert!(aws.asked().is_empty());
    session.ecs().update_service().service("api").send().await.unwrap();
    refused("UpdateService", session.ecs().update_service().service("api").send().await);
    assert_eq!(aws.count("UpdateService"), 1);
    drop(permit);
    drop(operator.permit("UpdateService").unwrap());
    refused("UpdateService", operator.session().ecs().update_service().service("api").send().await);
    assert_eq!(aws.asked().len(), 1);
}

#[rstest]
#[case::server_error(|| Answer::json(500, r#"{"__type":"ServerException"}"#), Some(FaultKind::Service))]
#[case::plain_500(|| Answer::json(500, ""), Some(FaultKind::Service))]
#[case::unavailable(|| Answer::json(503, r#"{"__type":"ServiceUnavailable"}"#), Some(FaultKind::Service))]
#[case::cut(|| Answer::Cut, Some(FaultKind::Unreachable))]
#[case::hang(|| Answer::Hang, Some(FaultKind::Timeout))]
#[case::login_page(|| Answer::json(200, "<html>log in</html>"), Some(FaultKind::Service))]
#[case::moved(|| Answer::json(302, ""), Some(FaultKind::Service))]
#[case::lost_patience(|| Answer::json(408, ""), Some(FaultKind::Timeout))]
#[case::throttled(|| Answer::json(400, r#"{"__type":"ThrottlingException"}"#), None)]
#[case::throttled_503(|| Answer::json(503, r#"{"__type":"ThrottlingException"}"#), None)]
#[case::too_many(|| Answer::json(429, ""), None)]
#[case::expired(|| Answer::json(400, r#"{"__type":"ExpiredTokenException"}"#), None)]
#[case::denied(|| Answer::json(400, r#"{"__type":"AccessDeniedException"}"#), None)]
#[case::invalid(|| Answer::json(400, r#"{"__type":"InvalidParameterException"}"#), None)]
#[case::plain_404(|| Answer::json(404, "Not Found"), None)]
#[tokio::test(start_paused = true)]
async fn one_request_whatever_comes_of_it(#[case] answer: fn() -> Answer, #[case] unknown: Option<FaultKind>) {
    let aws = FakeAws::new(move |_| answer());
    let operator = operator(&aws, &environment("prod")).await;
    operator.arm(true);
    let permit = operator.permit("UpdateService").unwrap();
    let error = permit.session().ecs().update_service().service("api").send().await.unwrap_err();
    match (sent::failed(permit.session(), "UpdateService", &error), unknown) {
        (Sent::Unknown { fault }, Some(kind)) => assert_eq!(fault.kind, kind, "{fault}"),
        (Sent::Rejected { .. }, None) => {}
        (sent, expected) => panic!("{sent:?}, expected {expected:?}"),
    }
    assert_eq!(aws.asked().len(), 1, "nothing is sent twice");
}

#[tokio::test]
async fn what_the_gate_refuses_is_known_not_to_be_applied() {
    let aws = FakeAws::new(|_| Answer::json(200, "{}"));
    let session = aws.session(&environment("prod")).await;
    let error = session.ecs().update_service().service("api").send().await.unwrap_err();
    assert!(matches!(sent::failed(&session, "UpdateService", &error), Sent::Rejected { .. }));
}

#[rstest]
#[case("Sat, 21 Nov 2026 03:04:10 GMT", Some(0))]
#[case("Sat, 21 Nov 2026 03:03:10 GMT", Some(60))]
#[case("Sat, 21 Nov 2026 03:05:11 GMT", Some(-61))]
#[case("yesterday", None)]
#[tokio::test]
async fn the_clock_is_compared_with_the_date_of_the_answers(#[case] date: &'static str, #[case] skew: Option<i64>) {
    compared("2026-11-21T03:04:10Z", date, skew).await;
}

#[rstest]
#[case("2026-11-21T03:04:10.4Z", "Sat, 21 Nov 2026 03:03:10 GMT", Some(61))]
#[case("2026-11-21T03:04:10.4Z", "Sat, 21 Nov 2026 03:05:11 GMT", Some(-61))]
#[case("2026-11-21T03:04:10.9Z", "Sat, 21 Nov 2026 03:05:10 GMT", Some(-60))]
#[tokio::test]
async fn a_part_of_a_second_counts_as_one(
    #[case] now: &'static str,
    #[case] date: &'static str,
    #[case] skew: Option<i64>,
) {
    compared(now, date, skew).await;
}

async fn compared(now: &str, date: &'static str, skew: Option<i64>) {
    let aws = FakeAws::new(move |_| {
        let headers = vec![("content-type", "application/json".to_owned()), ("date", date.to_owned())];
        Answer::Http(400, headers, br#"{"__type":"InvalidParameterException"}"#.to_vec())
    });
    let clock = Clock::frozen(now.parse().unwrap());
    let session = aws.session(&environment("prod")).await.on(&clock);
    assert_eq!(session.clock_skew(), None);
    assert!(session.ecs().list_clusters().send().await.is_err());
    assert_eq!(session.clock_skew(), skew, "errors have a date as well");
}
