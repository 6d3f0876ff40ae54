//! Every way in which AWS can fail becomes the right [`Fault`], through the real SDK clients.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use aws_credential_types::provider::error::CredentialsError;
use rstest::rstest;
use support::{Answer, FakeAws, environment};
use watchfloor::cloud::fault::credentials_fault;
use watchfloor::model::{Fault, FaultKind};

async fn ecs_fault(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Fault {
    let aws = FakeAws::new(move |_| answer());
    let session = aws.session(&environment("prod")).await;
    let error = session.ecs().list_clusters().send().await.expect_err("fails");
    session.fault("ListClusters", &error)
}

#[rstest]
#[case::throttled("ThrottlingException", 400, FaultKind::Throttled)]
#[case::too_many("TooManyRequestsException", 429, FaultKind::Throttled)]
#[case::limit("LimitExceededException", 400, FaultKind::Throttled)]
#[case::expired("ExpiredTokenException", 400, FaultKind::Expired)]
#[case::denied("AccessDeniedException", 400, FaultKind::Denied)]
#[case::not_enabled("UnrecognizedClientException", 400, FaultKind::Denied)]
#[case::unknown("UnknownOperationException", 404, FaultKind::Unsupported)]
#[case::server("ServerException", 500, FaultKind::Service)]
#[case::plain_404("", 404, FaultKind::Unsupported)]
#[case::plain_500("", 503, FaultKind::Service)]
#[case::plain_403("", 403, FaultKind::Denied)]
#[case::invalid("InvalidParameterException", 400, FaultKind::Invalid)]
#[tokio::test(start_paused = true)]
async fn service_errors(#[case] code: &'static str, #[case] status: u16, #[case] kind: FaultKind) {
    let fault = ecs_fault(move || Answer::json(status, &format!(r#"{{"__type":"{code}","message":"because"}}"#))).await;
    assert_eq!(fault.kind, kind, "{fault}");
    assert_eq!(fault.operation, "ListClusters");
}

#[tokio::test(start_paused = true)]
async fn a_cut_connection_is_unreachable_and_names_the_region() {
    let fault = ecs_fault(|| Answer::Cut).await;
    assert_eq!(fault.kind, FaultKind::Unreachable);
    assert!(fault.remedy.unwrap().contains("eu-west-1"));
}

#[tokio::test(start_paused = true)]
async fn a_hanging_endpoint_times_out() {
    let fault = ecs_fault(|| Answer::Hang).await;
    assert_eq!(fault.kind, FaultKind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_answer_is_the_service_s_fault() {
    let fault = ecs_fault(|| Answer::json(200, "<html>proxy login</html>")).await;
    assert_eq!(fault.kind, FaultKind::Service);
}

#[tokio::test(start_paused = true)]
async fn a_login_page_in_place_of_xml_is_the_service_s_fault() {
    let aws = FakeAws::new(|_| Answer::xml(200, "<html><body>please log in</body></html>"));
    let fault = aws.session(&environment("prod")).await.verify_identity().await.unwrap_err();
    assert_eq!((fault.kind, fault.message.as_str()), (FaultKind::Service, "unreadable answer (HTTP 200)"));
}

#[tokio::test(start_paused = true)]
async fn xml_and_cbor_errors_are_read_too() {
    let aws = FakeAws::new(|asked| match asked.operation.as_str() {
        "GetCallerIdentity" => Answer::xml(
            403,
            "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included \
             in the request is expired</Message></Error></ErrorResponse>",
        ),
        _ => Answer::cbor(
            400,
            &ciborium::Value::Map(vec![
                ("__type".into(), "com.amazonaws.cloudwatch#InvalidParameterValueException".into()),
                ("message".into(), "no".into()),
            ]),
        ),
    });
    let session = aws.session(&environment("prod")).await;
    let expired = session.verify_identity().await.unwrap_err();
    assert_eq!(expired.kind, FaultKind::Expired);
    assert_eq!(expired.remedy.unwrap(), "run: aws sso login --profile payments-prod");
    let error = session.cloudwatch().describe_alarms().send().await.unwrap_err();
    assert_eq!(session.fault("DescribeAlarms", &error).kind, FaultKind::Invalid);
}

#[tokio::test(start_paused = true)]
async fn moto_without_cbor_is_unsupported() {
    let aws = FakeAws::new(|_| Answer::Http(404, vec![("content-type", "text/html".into())], b"Not Found".to_vec()));
    let session = aws.session(&environment("prod")).await;
    let error = session.cloudwatch().describe_alarms().send().await.unwrap_err();
    assert_eq!(session.fault("DescribeAlarms", &error).kind, FaultKind::Unsupported);
}

#[tokio::test(start_paused = true)]
async fn another_account_is_refused() {
    let aws = FakeAws::new(|_| Answer::identity("999999999999"));
    let fault = aws.session(&environment("prod")).await.verify_identity().await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::WrongAccount);
    assert!(fault.message.contains("999999999999") && fault.message.contains("111111111111"));
}

#[tokio::test(start_paused = true)]
async fn a_mutation_is_refused_before_anything_is_sent() {
    let aws = FakeAws::new(|_| Answer::json(200, "{}"));
    let session = aws.session(&environment("prod")).await;
    let refused = session.ecs().update_service().service("api").desired_count(0).send().await;
    assert!(refused.is_err());
    assert!(aws.asked().is_empty(), "nothing may be sent: {:?}", aws.asked());
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted_and_bounded() {
    let aws = FakeAws::new(|_| Answer::json(500, r#"{"__type":"ServerException"}"#));
    let session = aws.session(&environment("prod")).await;
    assert!(session.ecs().list_clusters().send().await.is_err());
    assert_eq!(aws.count("ListClusters"), 3);
    assert_eq!(session.meter.usage().calls(), 3);
}

#[rstest]
#[case("the SSO session associated with this profile has expired", FaultKind::Expired)]
#[case("SSO token has expired and cannot be refreshed", FaultKind::Expired)]
#[case("profile file could not be parsed", FaultKind::NoCredentials)]
fn credentials_that_cannot_be_loaded(#[case] message: &'static str, #[case] kind: FaultKind) {
    let fault = credentials_fault("credentials", &CredentialsError::provider_error(message), Some("payments-prod"));
    assert_eq!(fault.kind, kind);
    assert!(fault.remedy.unwrap().contains("aws sso login --profile payments-prod"));
}

#[test]
fn secrets_never_reach_a_message() {
    let message = "key AKIAIOSFODNN7EXAMPLE of arn:aws:iam::111111111111:role/watchfloor-reader refused";
    let fault = Fault::new(FaultKind::Denied, "X", message);
    assert_eq!(fault.message, "key [redacted] of arn:aws:iam::111111111111:role/watchfloor-reader refused");
    let fault = Fault::new(FaultKind::Denied, "X", "secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    assert_eq!(fault.message, "secret [redacted]");
}
