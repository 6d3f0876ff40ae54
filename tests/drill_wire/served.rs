use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudwatch::types::AlarmType;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use watchfloor::cloud::Transport;
use watchfloor::drill::fault_modes::{FaultMode, Rule};
use watchfloor::drill::server::{ServeError, Served, serve};
use watchfloor::drill::wire::Endpoint;

use crate::estate::{ACCOUNT, OTHER, REGION, endpoint, sdk};

async fn start(endpoint: Endpoint) -> (Arc<Endpoint>, Served) {
    let endpoint = Arc::new(endpoint);
    let served = serve(Arc::clone(&endpoint), SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    assert_ne!(served.address.port(), 0);
    (endpoint, served)
}

fn over_the_network(endpoint: &Arc<Endpoint>, served: &Served, key: &str) -> SdkConfig {
    sdk(endpoint, ACCOUNT, REGION)
        .into_builder()
        .http_client(Transport::network().http)
        .endpoint_url(format!("http://{}", served.address))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(key, "x", None, None, "test")))
        .build()
}

#[tokio::test]
async fn clients_reach_every_protocol_over_loopback() {
    let (endpoint, served) = start(endpoint().open()).await;
    let config = over_the_network(&endpoint, &served, "AKIAIOSFODNN7EXAMPLE");
    let me = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(me.account(), Some(ACCOUNT), "a key without an account stands for the first");
    let alarms = aws_sdk_cloudwatch::Client::new(&config)
        .describe_alarms()
        .alarm_types(AlarmType::MetricAlarm)
        .send()
        .await
        .unwrap();
    assert_eq!(alarms.metric_alarms()[0].alarm_name(), Some("a-ünï-日本"));
    assert_eq!(aws_sdk_ecs::Client::new(&config).list_clusters().send().await.unwrap().cluster_arns().len(), 3);
    assert_eq!(aws_sdk_lambda::Client::new(&config).list_functions().send().await.unwrap().functions().len(), 3);
    let other = over_the_network(&endpoint, &served, OTHER);
    let me = aws_sdk_sts::Client::new(&other).get_caller_identity().send().await.unwrap();
    assert_eq!(me.account(), Some(OTHER));
    served.stop().await;
    let gone = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
    assert!(gone.is_err(), "nothing answers after the stop");
}

#[tokio::test]
async fn only_loopback_is_served() {
    let error = serve(Arc::new(endpoint()), SocketAddr::from(([0, 0, 0, 0], 0))).await.unwrap_err();
    assert!(matches!(error, ServeError::NotLoopback(_)));
    assert!(error.to_string().contains("127.0.0.1"));
    let (_, served) = start(endpoint()).await;
    let error = serve(Arc::new(endpoint()), served.address).await.unwrap_err();
    assert!(error.to_string().contains(&served.address.to_string()), "{error}");
}

async fn raw(served: &Served, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // A cut connection may end in an error, after whatever was sent.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn unsigned_oversized_and_broken_requests_get_an_error() {
    let (_, served) = start(endpoint().open()).await;
    let unsigned = raw(&served, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    assert!(unsigned.starts_with("HTTP/1.1 403") && unsigned.contains("MissingAuthenticationToken"), "{unsigned}");
    assert!(unsigned.contains("<RequestId>") && unsigned.contains("x-amzn-requestid"), "{unsigned}");
    let head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Amz-Target: ecs.ListClusters\r\n\
                Authorization: AWS4-HMAC-SHA256 Credential=k/20261121/eu-west-1/ecs/aws4_request, SignedHeaders=host\r\n";
    let broken = raw(&served, format!("{head}Content-Length: 1\r\n\r\n{{").as_bytes()).await;
    assert!(broken.starts_with("HTTP/1.1 400") && broken.contains("SerializationException"), "{broken}");
    let large = raw(&served, format!("{head}Content-Length: 99999999\r\n\r\n").as_bytes()).await;
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    let other = head.replace("/ecs/", "/wafv2/").replace("ecs.ListClusters", "AWSWAF_20190729.ListWebACLs");
    let other = raw(&served, format!("{other}Content-Length: 2\r\n\r\n{{}}").as_bytes()).await;
    assert!(other.contains("UnknownOperationException"), "{other}");
}

#[tokio::test]
async fn a_cut_answer_is_no_answer_and_a_hanging_one_does_not_hold_up_the_stop() {
    let (endpoint, served) = start(endpoint().open()).await;
    endpoint.rules().add(Rule::all(FaultMode::CommitThenCut).operation("ListClusters"));
    endpoint.rules().add(Rule::all(FaultMode::Hang).operation("DescribeClusters"));
    let config = over_the_network(&endpoint, &served, ACCOUNT);
    let client = aws_sdk_ecs::Client::new(&config);
    let error = client.list_clusters().send().await.unwrap_err();
    assert!(matches!(error, aws_sdk_ecs::error::SdkError::DispatchFailure(_)), "{error:?}");
    let hanging = tokio::spawn(client.describe_clusters().send());
    while endpoint.log().count("DescribeClusters") == 0 {
        tokio::task::yield_now().await;
    }
    let stopped = tokio::time::timeout(Duration::from_secs(30), served.stop()).await;
    assert!(stopped.is_ok());
    assert!(hanging.await.unwrap().is_err());
}

/// A signed form, as clients of the query protocol send it.
async fn form(served: &Served, parameters: &str) -> String {
    let length = parameters.len();
    let head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Authorization: AWS4-HMAC-SHA256 Credential=k/20261121/eu-west-1/monitoring/aws4_request, SignedHeaders=host";
    raw(served, format!("{head}\r\nContent-Length: {length}\r\n\r\n{parameters}").as_bytes()).await
}

#[tokio::test]
async fn cloudwatch_speaks_the_query_protocol_too() {
    let (_, served) = start(endpoint().open()).await;
    let alarms = form(&served, "Action=DescribeAlarms&AlarmTypes.member.1=CompositeAlarm&MaxRecords=1").await;
    for part in [
        "<DescribeAlarmsResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><DescribeAlarmsResult>",
        "<CompositeAlarms><member>",
        "<AlarmRule>ALARM(&quot;b&quot;) OR ALARM(&quot;c&quot;)</AlarmRule>",
        "<StateUpdatedTimestamp>2026-11-21T03:05:00.25Z</StateUpdatedTimestamp>",
        "<ActionsEnabled>true</ActionsEnabled>",
        "<MetricAlarms></MetricAlarms>",
        "<ResponseMetadata><RequestId>",
    ] {
        assert!(alarms.contains(part), "{part} in {alarms}");
    }
    let one = "MetricDataQueries.member.1";
    let dimension = format!("{one}.MetricStat.Metric.Dimensions.member.1");
    let data = form(
        &served,
        &format!(
            "Action=GetMetricData&StartTime=2026-11-21T03%3A00%3A00Z&EndTime=2026-11-21T03%3A02%3A00Z&{one}.Id=a\
             &{one}.MetricStat.Metric.Namespace=AWS%2FLambda&{one}.MetricStat.Metric.MetricName=Errors\
             &{dimension}.Name=FunctionName&{dimension}.Value=f1&{one}.MetricStat.Period=60&{one}.MetricStat.Stat=Sum"
        ),
    )
    .await;
    assert!(data.contains("<Values><member>9.0</member><member>10.0</member></Values>"), "{data}");
    assert!(data.contains("<Timestamps><member>2026-11-21T03:01:00Z</member>"), "{data}");
    let error = form(&served, "Action=GetMetricData").await;
    assert!(error.starts_with("HTTP/1.1 400") && error.contains("<Code>ValidationError</Code>"), "{error}");
    let error = form(&served, "Action=Nonsense").await;
    assert!(error.contains("<Code>AccessDenied</Code>"), "what is not known to read is denied: {error}");
}

#[tokio::test]
async fn cloudwatch_speaks_json_too() {
    let (_, served) = start(endpoint().open()).await;
    let body = "{\"AlarmNames\":[\"b\"]}";
    let head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.0\r\n\
                X-Amz-Target: GraniteServiceVersion20100801.DescribeAlarms\r\n\
                Authorization: AWS4-HMAC-SHA256 Credential=k/20261121/eu-west-1/monitoring/aws4_request, SignedHeaders=host";
    let length = body.len();
    let alarms = raw(&served, format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes()).await;
    assert!(alarms.contains("content-type: application/x-amz-json-1.0"), "{alarms}");
    assert!(
        alarms.contains("\"AlarmName\":\"b\"") && alarms.contains("\"StateUpdatedTimestamp\":1795230300.25"),
        "{alarms}"
    );
}
