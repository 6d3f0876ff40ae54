//! The SDK's HTTP client that leads to the drill instead of the network.

use std::fmt;
use std::io;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use winterbaume_core::{MockRequest, MockResponse};

use super::accounts::Accounts;
use super::wire::{Answer, Endpoint};
use crate::cloud::Transport;

/// Hands requests to an endpoint in this process.
#[derive(Clone)]
pub struct Connector(Arc<Endpoint>);

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("drill::Connector")
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let endpoint = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            let Some(request) = read(&request) else {
                return Err(ConnectorError::user("the drill answers requests with a body in memory".into()));
            };
            let fails = |kind: io::ErrorKind, message: &str| ConnectorError::io(io::Error::new(kind, message).into());
            match endpoint.answer(&request).await {
                Answer::Response(response) => write(response),
                Answer::Cut => Err(fails(io::ErrorKind::ConnectionReset, "connection reset by the drill")),
                Answer::Unreachable => Err(fails(io::ErrorKind::ConnectionRefused, "the drill refuses the connection")),
            }
        })
    }
}

/// Sessions over this reach `endpoint`, each with the credentials of its environment's account.
pub fn transport(endpoint: Arc<Endpoint>) -> Transport {
    Transport {
        http: SharedHttpClient::new(Connector(endpoint)),
        credentials: Some(Arc::new(|environment| {
            Accounts::credentials(environment.account.as_deref().unwrap_or_default())
        })),
    }
}

fn read(request: &HttpRequest) -> Option<MockRequest> {
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    }
    Some(MockRequest {
        method: request.method().to_owned(),
        uri: request.uri().to_owned(),
        headers,
        body: Bytes::copy_from_slice(request.body().bytes()?),
    })
}

fn write(response: MockResponse) -> Result<HttpResponse, ConnectorError> {
    let status = response.status.try_into().map_err(|_| ConnectorError::other("no HTTP status".into(), None))?;
    let mut answer = HttpResponse::new(status, SdkBody::from(response.body));
    for (name, value) in &response.headers {
        if let Ok(value) = value.to_str() {
            answer.headers_mut().insert(name.as_str().to_owned(), value.to_owned());
        }
    }
    Ok(answer)
}
