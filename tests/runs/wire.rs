//! The way to the drill's endpoint, which can lose answers and speak as somebody else.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use watchfloor::cloud::Transport;
use watchfloor::drill::connector;
use watchfloor::drill::wire::Endpoint;

/// What happens on the way.
pub struct Wire {
    endpoint: Arc<Endpoint>,
    inner: Transport,
    key: Mutex<Option<String>>,
    mute: AtomicBool,
}

impl Wire {
    /// The way to an endpoint.
    pub fn to(endpoint: &Arc<Endpoint>) -> Arc<Self> {
        let inner = connector::transport(Arc::clone(endpoint));
        Arc::new(Self { endpoint: Arc::clone(endpoint), inner, key: Mutex::default(), mute: AtomicBool::new(false) })
    }

    /// Sessions over this way.
    pub fn transport(self: &Arc<Self>) -> Transport {
        Transport { http: SharedHttpClient::new(Client(Arc::clone(self))), credentials: self.inner.credentials.clone() }
    }

    /// From now on every request comes from the owner of this access key.
    pub fn speak_as(&self, key: &str) {
        *self.key.lock().unwrap() = Some(key.to_owned());
    }

    /// From now on requests that change something are carried out, and their answers never arrive.
    pub fn lose_answers(&self, lose: bool) {
        self.mute.store(lose, Ordering::SeqCst);
    }

    fn mark(&self, request: &mut HttpRequest) {
        let key = self.key.lock().unwrap().clone();
        let header = request.headers().get("authorization").map(str::to_owned);
        if let (Some(key), Some(header)) = (key, header)
            && let Some((before, rest)) = header.split_once("Credential=")
            && let Some((_, after)) = rest.split_once('/')
        {
            request.headers_mut().insert("authorization", format!("{before}Credential={key}/{after}"));
        }
    }
}

#[derive(Clone)]
struct Client(Arc<Wire>);

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.0.inner.http.http_connector(settings, components);
        SharedHttpConnector::new(Connector { wire: Arc::clone(&self.0), inner })
    }
}

struct Connector {
    wire: Arc<Wire>,
    inner: SharedHttpConnector,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        self.wire.mark(&mut request);
        let (wire, inner) = (Arc::clone(&self.wire), self.inner.clone());
        HttpConnectorFuture::new(async move {
            let before = wire.endpoint.log().changes().len();
            let answer = inner.call(request).await;
            let changed = wire.endpoint.log().changes().len() > before;
            if changed && wire.mute.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            answer
        })
    }
}
