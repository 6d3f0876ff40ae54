//! A session over an HTTP client that answers in this process: real SDK clients, real serialisation, no network.

use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use winterbaume_cloudwatch::wire::{cbor_to_json, json_to_cbor};

use super::{environment, query};
use crate::cloud::{Session, Transport};
use crate::config::{EnvironmentConfig, Select};

/// A request as the endpoint saw it.
#[derive(Debug, Clone)]
pub struct Call {
    /// `DescribeAlarms`, or for REST the method and path: `GET /restapis/a/stages`.
    pub operation: String,
    /// Members of the request: the body, and the query's parameters. Those of a form have the form's flat names, e.g.
    /// `Filters.Filter.1.Name`.
    pub input: Value,
}

impl Call {
    /// A string or number member as text.
    pub fn get(&self, key: &str) -> Option<String> {
        match self.input.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }
}

/// What to answer: a body, or an error's status and code. The body of a service that answers XML is the result
/// element's content: an array stands for its element as many times, so a list is `{"Things": {"Thing": [..]}}`.
pub type Answer = Result<Value, (u16, &'static str)>;

/// The calls made so far.
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    /// How many calls had an operation that begins so.
    pub fn count(&self, operation: &str) -> usize {
        self.all().iter().filter(|call| call.operation.starts_with(operation)).count()
    }

    /// All of them, in order.
    pub fn all(&self) -> Vec<Call> {
        self.0.lock().unwrap().clone()
    }
}

/// A session whose every request `answer` answers.
pub async fn session(answer: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> (Session, Calls) {
    session_selecting(Select::default(), answer).await
}

/// The same for an environment that is only part of an account.
pub async fn session_selecting(
    select: Select,
    answer: impl Fn(&Call) -> Answer + Send + Sync + 'static,
) -> (Session, Calls) {
    let calls = Calls::default();
    let seen = calls.clone();
    let http = infallible_client_fn(move |request: http::Request<SdkBody>| {
        let (call, protocol) = read(&request);
        seen.0.lock().unwrap().push(call.clone());
        respond(&call, answer(&call), protocol)
    });
    let credentials = Arc::new(|_: &EnvironmentConfig| Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"));
    let transport = Transport { http, credentials: Some(credentials) };
    let config = EnvironmentConfig {
        system: "payments".into(),
        name: "prod".into(),
        region: Some("us-east-1".into()),
        select,
        ..EnvironmentConfig::default()
    };
    (Session::open(&config, environment(), &transport).await.unwrap(), calls)
}

/// How a service speaks.
#[derive(Clone, Copy, PartialEq)]
enum Protocol {
    Cbor,
    Json,
    Query,
}

fn read(request: &http::Request<SdkBody>) -> (Call, Protocol) {
    let uri: http::Uri = request.uri().clone();
    let body = request.body().bytes().unwrap_or_default();
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
    let protocol = if header("smithy-protocol").is_some() {
        Protocol::Cbor
    } else if header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        Protocol::Query
    } else {
        Protocol::Json
    };
    let mut input = match protocol {
        Protocol::Cbor => ciborium::from_reader(body).map_or(json!({}), cbor_to_json),
        Protocol::Json => serde_json::from_slice(body).unwrap_or_else(|_| json!({})),
        Protocol::Query => query::form(std::str::from_utf8(body).unwrap()),
    };
    for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        input[key] = json!(value);
    }
    let operation = match (header("x-amz-target"), protocol) {
        (Some(target), _) => target.rsplit('.').next().unwrap().to_owned(),
        (None, Protocol::Cbor) => uri.path().rsplit('/').next().unwrap().to_owned(),
        (None, Protocol::Query) => input["Action"].as_str().unwrap().to_owned(),
        (None, Protocol::Json) => format!("{} {}", request.method(), uri.path()),
    };
    (Call { operation, input }, protocol)
}

fn respond(call: &Call, answer: Answer, protocol: Protocol) -> http::Response<SdkBody> {
    let (status, body, code) = match answer {
        Ok(body) => (200, body, None),
        Err((status, code)) => (status, json!({"__type": code, "message": "as the test wants"}), Some(code)),
    };
    let mut response = http::Response::builder().status(status);
    if let Some(code) = code {
        response = response.header("x-amzn-errortype", code);
    }
    let bytes = match protocol {
        Protocol::Cbor => {
            response = response.header("smithy-protocol", "rpc-v2-cbor").header("content-type", "application/cbor");
            let mut bytes = Vec::new();
            ciborium::into_writer(&json_to_cbor(&body), &mut bytes).unwrap();
            bytes
        }
        Protocol::Json => {
            response = response.header("content-type", "application/json");
            serde_json::to_vec(&body).unwrap()
        }
        Protocol::Query => {
            response = response.header("content-type", "text/xml");
            match code {
                Some(code) => query::error(code),
                None => query::result(&call.operation, &body),
            }
        }
    };
    response.body(SdkBody::from(bytes)).unwrap()
}

/// One page of `all`: the items from the token's position on, at most `size`, and the next token.
pub fn page<T: Clone>(all: &[T], size: usize, token: Option<&str>) -> (Vec<T>, Option<String>) {
    let start = token.map_or(0, |token| token.trim_start_matches("page-").parse::<usize>().unwrap());
    let end = all.len().min(start + size);
    (all[start..end].to_vec(), (end < all.len()).then(|| format!("page-{end}")))
}

/// Pages that a list of `count` takes: one even when it is empty.
pub fn pages(count: usize, size: usize) -> usize {
    count.div_ceil(size).max(1)
}

/// The counts around every page and batch boundary.
pub const BOUNDARIES: &[usize] = &[0, 1, 9, 10, 11, 99, 100, 101, 500, 501];
