//! Answers in the protocol of the request.
//!
//! CloudWatch's typed outputs carry times as `{"__cbor_epoch_seconds": n}`, which is a tag in CBOR, a number in JSON
//! and ISO 8601 in XML. The other services' outputs carry them as their one protocol wants them.

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde_json::{Value, json};
use winterbaume_cloudwatch::wire::json_to_cbor;
use winterbaume_core::MockResponse;

use super::{ApiError, Call, Protocol, Service, xml};

const TIME: &str = "__cbor_epoch_seconds";

/// A good answer.
pub fn output(call: &Call, output: &Value, id: &str) -> MockResponse {
    let response = match call.protocol {
        Protocol::Cbor => cbor(200, output),
        Protocol::Json => {
            let body =
                if call.service == Service::CloudWatch { plain_times(output).to_string() } else { output.to_string() };
            let mut response = MockResponse::json(200, body);
            if let Ok(kind) = HeaderValue::from_str(&call.content_type) {
                response.headers.insert(http::header::CONTENT_TYPE, kind);
            }
            response
        }
        Protocol::Rest if output.is_null() => MockResponse::rest_json(204, ""),
        Protocol::Rest => MockResponse::rest_json(200, output.to_string()),
        Protocol::RestXml => {
            let text = |key: &str| output.get(key).and_then(Value::as_str).unwrap_or_default();
            let mut response = MockResponse::xml(200, text("xml").to_owned());
            if !text("region").is_empty() {
                header(&mut response.headers, "x-amz-bucket-region", text("region"));
            }
            response
        }
        Protocol::Query => {
            let (operation, namespace) = (&call.operation, namespace(Some(call.service)));
            let members = xml::members(output, lists(call.service));
            MockResponse::xml(
                200,
                format!(
                    "<{operation}Response xmlns=\"{namespace}\"><{operation}Result>{members}</{operation}Result>\
                     <ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></{operation}Response>"
                ),
            )
        }
    };
    with_id(response, id)
}

/// An error answer.
pub fn error(protocol: Protocol, service: Option<Service>, error: &ApiError, id: &str) -> MockResponse {
    let ApiError { status, code, message, .. } = error;
    let mut response = match protocol {
        Protocol::Cbor => cbor(*status, &json!({"__type": code, "message": message})),
        Protocol::Json if service == Some(Service::Sqs) => {
            let name = if code.ends_with("NonExistentQueue") { "QueueDoesNotExist" } else { code };
            let name = format!("com.amazonaws.sqs#{name}");
            MockResponse::json(*status, json!({"__type": name, "message": message}).to_string())
        }
        Protocol::Json => {
            let mut body = json!({"__type": code, "message": message});
            if let (Some(members), Some(Value::Object(more))) = (body.as_object_mut(), error.more.as_deref()) {
                members.extend(more.clone());
            }
            MockResponse::json(*status, body.to_string())
        }
        Protocol::RestXml => MockResponse::xml(
            *status,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message>\
                 <RequestId>{id}</RequestId></Error>",
                xml::escape(message)
            ),
        ),
        Protocol::Rest => {
            let body = match service {
                Some(Service::Lambda) => json!({"Type": "User", "Message": message}),
                _ => json!({"message": message}),
            };
            let mut response = MockResponse::rest_json(*status, body.to_string());
            header(&mut response.headers, "x-amzn-errortype", code);
            response
        }
        Protocol::Query => {
            let (kind, message) = (if *status < 500 { "Sender" } else { "Receiver" }, xml::escape(message));
            MockResponse::xml(
                *status,
                format!(
                    "<ErrorResponse xmlns=\"{}\"><Error><Type>{kind}</Type><Code>{code}</Code>\
                     <Message>{message}</Message></Error><RequestId>{id}</RequestId></ErrorResponse>",
                    namespace(service)
                ),
            )
        }
    };
    let once_query = matches!(service, Some(Service::CloudWatch | Service::Sqs));
    if once_query && matches!(protocol, Protocol::Cbor | Protocol::Json) {
        // These services spoke the query protocol first: clients that know its codes read them here.
        let kind = if *status < 500 { "Sender" } else { "Receiver" };
        header(&mut response.headers, "x-amzn-query-error", &format!("{code};{kind}"));
    }
    with_id(response, id)
}

fn cbor(status: u16, value: &Value) -> MockResponse {
    let mut body = Vec::new();
    match ciborium::into_writer(&json_to_cbor(value), &mut body) {
        Ok(()) => MockResponse::cbor(status, body),
        Err(_) => MockResponse::cbor(500, Vec::new()),
    }
}

/// Sets the `Date` of an answer (RFC 9110, section 5.6.7).
pub fn date(response: &mut MockResponse, at: Timestamp) {
    header(&mut response.headers, "date", &at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
}

fn with_id(mut response: MockResponse, id: &str) -> MockResponse {
    header(&mut response.headers, "x-amzn-requestid", id);
    response
}

fn header(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

fn namespace(service: Option<Service>) -> &'static str {
    match service {
        Some(Service::CloudWatch) => "http://monitoring.amazonaws.com/doc/2010-08-01/",
        Some(Service::ElasticLoadBalancing) => "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
        Some(Service::ElastiCache) => "http://elasticache.amazonaws.com/doc/2015-02-02/",
        Some(Service::Rds) => "http://rds.amazonaws.com/doc/2014-10-31/",
        _ => "https://sts.amazonaws.com/doc/2011-06-15/",
    }
}

/// How a service's typed outputs carry lists.
fn lists(service: Service) -> xml::Lists {
    match service {
        Service::CloudWatch | Service::ElasticLoadBalancing | Service::Sts => xml::Lists::Plain,
        _ => xml::Lists::Named,
    }
}

/// The seconds of a time in a typed CloudWatch output.
pub fn seconds(value: &Value) -> Option<f64> {
    let members = value.as_object()?;
    if members.len() == 1 { members.get(TIME)?.as_f64() } else { None }
}

/// A time from seconds since 1970, to the millisecond.
#[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
pub fn timestamp(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()
}

fn plain_times(value: &Value) -> Value {
    match value {
        Value::Object(members) => match seconds(value) {
            Some(seconds) => json!(seconds),
            None => members.iter().map(|(name, value)| (name.clone(), plain_times(value))).collect(),
        },
        Value::Array(values) => values.iter().map(plain_times).collect(),
        other => other.clone(),
    }
}
