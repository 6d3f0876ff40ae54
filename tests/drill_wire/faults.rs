use std::sync::Arc;
use std::time::Duration;

use aws_sdk_ecs::error::{ProvideErrorMetadata, SdkError};
use watchfloor::drill::fault_modes::{FaultMode, Rule};

use crate::estate::{ACCOUNT, OTHER, REGION, endpoint, sdk};

#[tokio::test]
async fn every_protocol_names_the_fault_as_aws_does() {
    let endpoint = Arc::new(endpoint());
    let config = sdk(&endpoint, ACCOUNT, REGION);
    for (mode, query, json, rest) in [
        (FaultMode::Throttle, "Throttling", "ThrottlingException", "TooManyRequestsException"),
        (FaultMode::Expired, "ExpiredToken", "ExpiredTokenException", "ExpiredTokenException"),
        (FaultMode::Denied, "AccessDenied", "AccessDeniedException", "AccessDeniedException"),
        (FaultMode::RejectBefore, "ServiceUnavailable", "ServiceUnavailable", "ServiceUnavailable"),
        (FaultMode::CommitThen500, "InternalFailure", "InternalFailure", "InternalFailure"),
    ] {
        endpoint.rules().clear();
        endpoint.rules().add(Rule::all(mode));
        let sts = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap_err();
        assert_eq!(sts.code(), Some(query));
        let ecs = aws_sdk_ecs::Client::new(&config).list_clusters().send().await.unwrap_err();
        assert_eq!(ecs.code(), Some(json));
        let cloudwatch = aws_sdk_cloudwatch::Client::new(&config).describe_alarms().send().await.unwrap_err();
        assert_eq!(cloudwatch.code(), Some(json));
        let lambda = aws_sdk_lambda::Client::new(&config).list_functions().send().await.unwrap_err();
        assert_eq!(lambda.code(), Some(rest));
    }
}

#[tokio::test]
async fn connections_break() {
    let endpoint = Arc::new(endpoint());
    let client = aws_sdk_ecs::Client::new(&sdk(&endpoint, ACCOUNT, REGION));
    for mode in [FaultMode::CommitThenCut, FaultMode::Unreachable] {
        endpoint.rules().clear();
        endpoint.rules().add(Rule::all(mode));
        let error = client.list_clusters().send().await.unwrap_err();
        assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_io()), "{error:?}");
    }
}

#[tokio::test]
async fn a_rule_holds_for_its_account_and_operation_and_for_so_many_times() {
    let endpoint = Arc::new(endpoint());
    endpoint
        .rules()
        .add(Rule::all(FaultMode::Throttle).account(ACCOUNT).service("ecs").operation("ListClusters").times(2));
    let here = aws_sdk_ecs::Client::new(&sdk(&endpoint, ACCOUNT, REGION));
    let there = aws_sdk_ecs::Client::new(&sdk(&endpoint, OTHER, REGION));
    there.list_clusters().send().await.unwrap();
    here.describe_clusters().send().await.unwrap();
    here.list_clusters().send().await.unwrap_err();
    here.list_clusters().send().await.unwrap_err();
    here.list_clusters().send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn slow_and_latency_take_time_and_hang_never_ends() {
    let endpoint = Arc::new(endpoint().latency(Duration::from_millis(50)));
    let client = aws_sdk_ecs::Client::new(&sdk(&endpoint, ACCOUNT, REGION));
    let started = tokio::time::Instant::now();
    client.list_clusters().send().await.unwrap();
    assert_eq!(started.elapsed().as_millis(), 50);
    endpoint.rules().add(Rule::all(FaultMode::Slow(Duration::from_secs(3))));
    let started = tokio::time::Instant::now();
    client.list_clusters().send().await.unwrap();
    assert!((3050..3100).contains(&started.elapsed().as_millis()));
    endpoint.rules().clear();
    endpoint.rules().add(Rule::all(FaultMode::Hang));
    let waited = tokio::time::timeout(Duration::from_secs(3600), client.list_clusters().send()).await;
    assert!(waited.is_err(), "still waiting after an hour");
}
