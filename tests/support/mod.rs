//! A stand-in for AWS's HTTP side: answers real SDK clients from a function and keeps what was asked.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use watchfloor::cloud::{Session, Transport};
use watchfloor::config::EnvironmentConfig;
use watchfloor::model::EnvId;

/// What the stand-in does with a request.
pub enum Answer {
    /// Status, headers, body.
    Http(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The connection breaks.
    Cut,
    /// Nothing ever comes.
    Hang,
}

impl Answer {
    /// An awsJson or restJson answer.
    pub fn json(status: u16, body: &str) -> Self {
        Self::Http(status, vec![("content-type", "application/json".into())], body.as_bytes().to_vec())
    }

    /// A query/XML answer.
    pub fn xml(status: u16, body: &str) -> Self {
        Self::Http(status, vec![("content-type", "text/xml".into())], body.as_bytes().to_vec())
    }

    /// An rpcv2Cbor answer.
    pub fn cbor(status: u16, value: &ciborium::Value) -> Self {
        let mut body = Vec::new();
        ciborium::into_writer(value, &mut body).expect("encodes");
        let headers =
            vec![("content-type", "application/cbor".to_owned()), ("smithy-protocol", "rpc-v2-cbor".to_owned())];
        Self::Http(status, headers, body)
    }

    /// STS's answer to GetCallerIdentity.
    pub fn identity(account: &str) -> Self {
        Self::xml(
            200,
            &format!(
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
                 <Arn>arn:aws:sts::{account}:assumed-role/watch/me</Arn><UserId>A:me</UserId><Account>{account}</Account>\
                 </GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>\
                 </GetCallerIdentityResponse>"
            ),
        )
    }
}

type Answering = dyn Fn(&Asked) -> Answer + Send + Sync;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Operation, from the target header, the CBOR path or the query; else method and path.
    pub operation: String,
    /// The whole URI.
    pub uri: String,
    /// The body.
    pub body: Vec<u8>,
}

/// The stand-in.
#[derive(Clone)]
pub struct FakeAws {
    answering: Arc<Answering>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl std::fmt::Debug for FakeAws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeAws")
    }
}

impl FakeAws {
    pub fn new(answering: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self { answering: Arc::new(answering), asked: Arc::default() }
    }

    /// Everything asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }

    /// How often an operation was asked.
    pub fn count(&self, operation: &str) -> usize {
        self.asked().iter().filter(|asked| asked.operation == operation).count()
    }

    pub fn transport(&self) -> Transport {
        Transport {
            http: SharedHttpClient::new(self.clone()),
            credentials: Some(Arc::new(|_: &EnvironmentConfig| {
                Credentials::new("AKIDTEST", "secret", None, None, "test")
            })),
        }
    }

    pub async fn session(&self, config: &EnvironmentConfig) -> Session {
        Session::open(config, config.environment(EnvId(0)), &self.transport()).await.expect("opens")
    }
}

/// An environment in account 111111111111, eu-west-1.
pub fn environment(name: &str) -> EnvironmentConfig {
    EnvironmentConfig {
        system: "payments".into(),
        name: name.into(),
        region: Some("eu-west-1".into()),
        account: Some("111111111111".into()),
        profile: Some(format!("payments-{name}")),
        ..EnvironmentConfig::default()
    }
}

fn operation_of(request: &HttpRequest, body: &[u8]) -> String {
    if let Some(target) = request.headers().get("x-amz-target") {
        return target.rsplit('.').next().unwrap_or(target).to_owned();
    }
    if let Some((_, operation)) = request.uri().rsplit_once("/operation/") {
        return operation.to_owned();
    }
    let text = String::from_utf8_lossy(body);
    if let Some(action) = text.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
        return action.to_owned();
    }
    let path = request.uri().split_once("amazonaws.com").map_or(request.uri(), |(_, path)| path);
    format!("{} {}", request.method(), path.split('?').next().unwrap_or(path))
}

impl HttpConnector for FakeAws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let asked = Asked { operation: operation_of(&request, &body), uri: request.uri().to_owned(), body };
        self.asked.lock().expect("not poisoned").push(asked.clone());
        match (self.answering)(&asked) {
            Answer::Hang => HttpConnectorFuture::new(std::future::pending()),
            Answer::Cut => HttpConnectorFuture::ready(Err(ConnectorError::io("connection reset".into()))),
            Answer::Http(status, headers, body) => {
                let mut response = HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body));
                for (name, value) in headers {
                    response.headers_mut().insert(name, value);
                }
                HttpConnectorFuture::ready(Ok(response))
            }
        }
    }
}

impl HttpClient for FakeAws {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
