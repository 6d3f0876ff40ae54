//! The estate as an AWS endpoint on loopback, for the AWS CLI and other tools: plain HTTP/1.1, one port for all
//! services, accounts and regions.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;
use winterbaume_core::MockRequest;

use super::wire::{Answer, Endpoint};

/// Largest request body. 500 metric queries are about 200 kB.
const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// Connections at once; more wait.
const CONNECTIONS: usize = 256;
/// Time to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Time for answers under way when the server stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// Why the drill cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Signatures are not checked, so nobody else may connect.
    #[error("{0} is not a loopback address: the drill is served on 127.0.0.1 or [::1] only")]
    NotLoopback(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A running server. It also stops when this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where it listens, with the real port.
    pub address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Served {
    /// Stops accepting, lets the answers under way finish for two seconds at most, and closes.
    pub async fn stop(mut self) {
        self.stop.cancel();
        // A server that failed has stopped as well.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Serves `endpoint` on `address`, which must be a loopback address; port 0 takes a free one.
///
/// # Errors
/// Another address than loopback, or one that cannot be had.
pub async fn serve(endpoint: Arc<Endpoint>, address: SocketAddr) -> Result<Served, ServeError> {
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    let listen = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let stop = CancellationToken::new();
    let task = tokio::spawn(accept(endpoint, listener, stop.clone()));
    Ok(Served { address, stop, task })
}

async fn accept(endpoint: Arc<Endpoint>, listener: TcpListener, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        let full = connections.len() >= CONNECTIONS;
        tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if !full => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(Arc::clone(&endpoint), stream, stop.clone()));
                }
                // Out of file descriptors, or a client that was gone already.
                Err(error) => {
                    tracing::warn!(%error, "the drill's server could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP_TIMEOUT, drained).await.is_err() {
        connections.abort_all();
    }
}

async fn connection(endpoint: Arc<Endpoint>, stream: TcpStream, stop: CancellationToken) {
    let service = service_fn(move |request| {
        let endpoint = Arc::clone(&endpoint);
        async move { handle(&endpoint, request).await }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection to the drill ended");
    }
}

/// The connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the drill cut the connection")]
struct Cut;

async fn handle(endpoint: &Endpoint, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Ok(too_large());
    }
    let body = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(too_large()),
    };
    let uri = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let request = MockRequest { method: head.method.to_string(), uri, headers: head.headers, body };
    match endpoint.answer(&request).await {
        Answer::Response(response) => {
            let mut answer = Response::new(Full::new(response.body));
            *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            *answer.headers_mut() = response.headers;
            Ok(answer)
        }
        Answer::Cut | Answer::Unreachable => Err(Cut),
    }
}

fn too_large() -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from_static(b"{\"message\":\"Request body is too large.\"}")));
    *answer.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    answer.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static("RequestEntityTooLargeException"));
    answer
}
