//! What became of one request over real connections: a server on loopback that answers, cuts and hangs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use watchfloor::cloud::{Operator, Transport, sent};
use watchfloor::config::EnvironmentConfig;
use watchfloor::model::{EnvId, Sent};

/// What the server does with a connection once a request is there.
#[derive(Debug, Clone, Copy)]
enum Server {
    /// Sends this.
    Answers(&'static str),
    /// Closes it with the request unread: the peer sees a reset.
    Resets,
    /// Closes it after the request was read.
    Closes,
    /// Sends the beginning of an answer and closes.
    BreaksOff,
    /// Keeps it open and says nothing.
    Hangs,
}

async fn serve(server: Server) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, requests) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move { one(stream, server, &counted).await });
        }
    });
    (address, requests)
}

async fn one(mut stream: TcpStream, server: Server, requests: &AtomicUsize) {
    if matches!(server, Server::Resets) {
        let mut first = [0];
        if stream.peek(&mut first).await.unwrap_or(0) > 0 {
            requests.fetch_add(1, Ordering::SeqCst);
        }
        return;
    }
    while read_request(&mut stream).await {
        requests.fetch_add(1, Ordering::SeqCst);
        match server {
            Server::Answers(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            Server::BreaksOff => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"serv").await.unwrap();
                return;
            }
            Server::Hangs => std::future::pending().await,
            Server::Closes | Server::Resets => return,
        }
    }
}

/// True once a whole request was read, false where the peer has gone.
async fn read_request(stream: &mut TcpStream) -> bool {
    let (mut all, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return true;
            }
        }
        match stream.read(&mut part).await {
            Ok(read) if read > 0 => all.extend_from_slice(&part[..read]),
            _ => return false,
        }
    }
}

/// What one UpdateService to this address came to.
async fn update(address: SocketAddr) -> Sent {
    let config = EnvironmentConfig {
        system: "payments".into(),
        name: "prod".into(),
        region: Some("eu-west-1".into()),
        endpoint_url: Some(format!("http://{address}")),
        ..EnvironmentConfig::default()
    };
    let credentials = Arc::new(|_: &EnvironmentConfig| Credentials::new("AKIDTEST", "secret", None, None, "test"));
    let transport = Transport { credentials: Some(credentials), ..Transport::network() };
    let operator = Operator::open(&config, EnvId(0), &transport).await.unwrap();
    operator.arm(true);
    let permit = operator.permit("UpdateService").unwrap();
    match permit.session().ecs().update_service().service("api").send().await {
        Ok(_) => Sent::Accepted { receipt: Default::default() },
        Err(error) => sent::failed(permit.session(), "UpdateService", &error),
    }
}

fn word(sent: &Sent) -> &'static str {
    match sent {
        Sent::Accepted { .. } => "accepted",
        Sent::Rejected { .. } => "rejected",
        Sent::Unknown { .. } => "unknown",
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_reached_the_server_once_is_judged_by_its_answer() {
    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: 2\r\n\r\n{}";
    const HTML: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>";
    const NO: &str =
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 39\r\n\r\n{\"__type\":\"InvalidParameterException\"} ";
    const SLOW: &str = "HTTP/1.1 400 Bad Request\r\ncontent-length: 32\r\n\r\n{\"__type\":\"ThrottlingException\"}";
    const GONE: &str = "HTTP/1.1 400 Bad Request\r\ncontent-length: 34\r\n\r\n{\"__type\":\"ExpiredTokenException\"}";
    const BROKEN: &str = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";
    const AWAY: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
    let cases = [
        (Server::Answers(OK), "accepted"),
        (Server::Answers(HTML), "unknown"),
        (Server::Answers(NO), "rejected"),
        (Server::Answers(SLOW), "rejected"),
        (Server::Answers(GONE), "rejected"),
        (Server::Answers(BROKEN), "unknown"),
        (Server::Answers(AWAY), "unknown"),
        (Server::Resets, "unknown"),
        (Server::Closes, "unknown"),
        (Server::BreaksOff, "unknown"),
        (Server::Hangs, "unknown"),
    ];
    let asked = cases.map(|(server, expected)| async move {
        let (address, requests) = serve(server).await;
        let sent = update(address).await;
        assert_eq!(word(&sent), expected, "{server:?}: {sent:?}");
        assert_eq!(requests.load(Ordering::SeqCst), 1, "{server:?}: sent once");
    });
    futures_util::future::join_all(asked).await;
}

#[tokio::test]
async fn where_no_connection_is_opened_nothing_was_changed() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let sent = update(closed).await;
    assert_eq!(word(&sent), "rejected", "{sent:?}");

    // Nobody accepts, and the queue of the listener is full: the next one waits to be connected until it gives up.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let full = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(std::time::Duration::from_millis(500), TcpStream::connect(full)).await
    {
        waiting.push(stream);
        assert!(waiting.len() < 64, "the queue never fills");
    }
    let sent = update(full).await;
    assert_eq!(word(&sent), "rejected", "{sent:?}");
}
