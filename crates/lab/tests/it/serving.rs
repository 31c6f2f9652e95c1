//! Servers start where they may and end when they must.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use provost_lab::hello::{self, Options};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::client::{login, request};

/// A request after which the connection stays open.
fn keeping(line: &str) -> String {
    format!("{line} HTTP/1.1\r\nhost: lab\r\n{}\r\n", login("lab", "lab"))
}

/// Reads one answer and leaves the connection open.
async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 4096];
    let length = stream.read(&mut bytes).await.expect("an answer");
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

async fn is_refused(address: SocketAddr) -> bool {
    TcpStream::connect(address).await.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

#[tokio::test]
async fn only_loopback_is_bound() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:127.0.0.1]:0"] {
        let address = address.parse().expect("an address");
        let error = hello::start(Options { address, ..Options::default() }).await.err().expect("refused");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert!(error.to_string().contains("loopback addresses only"), "{error}");
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = hello::start(Options::default()).await.expect("started");
    let options = Options { address: first.address(), ..Options::default() };
    let error = hello::start(options).await.err().expect("taken");
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&first.address().to_string()), "{error}");
    assert_eq!(first.url(), format!("http://127.0.0.1:{}", first.address().port()));
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let world = hello::start(Options::default()).await.expect("started");
    let mut stream = TcpStream::connect(world.address()).await.expect("connected");
    for _ in 0..3 {
        stream.write_all(keeping("GET /api/now/test").as_bytes()).await.expect("sent");
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
    }
}

#[tokio::test]
async fn stopping_closes_idle_connections_at_once() {
    let world = hello::start(Options::default()).await.expect("started");
    let address = world.address();
    let mut silent = TcpStream::connect(address).await.expect("connected");
    let mut idle = TcpStream::connect(address).await.expect("connected");
    idle.write_all(keeping("GET /api/now/test").as_bytes()).await.expect("sent");
    answer(&mut idle).await;
    let start = Instant::now();
    world.stop().await;
    assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
    assert_eq!(answer(&mut idle).await, "");
    assert_eq!(answer(&mut silent).await, "");
    assert!(is_refused(address).await);
}

#[tokio::test]
async fn stopping_lets_a_request_end_but_not_for_ever() {
    for (faults, is_answered) in [("slow@50ms:1", true), ("slow@60s:1", false)] {
        let faults = faults.parse().expect("a fault");
        let world = hello::start(Options { faults, ..Options::default() }).await.expect("started");
        let mut stream = TcpStream::connect(world.address()).await.expect("connected");
        let headers = format!("{}expect: 100-continue\r\n", login("lab", "lab"));
        let request = request("POST /api/now/users", &headers, "{\"email\": \"ann@example.com\"}");
        let (head, body) = request.split_once("\r\n\r\n").expect("a body");
        stream.write_all(format!("{head}\r\n\r\n").as_bytes()).await.expect("sent");
        // Once the server asks for the body, the request is in flight.
        assert_eq!(answer(&mut stream).await, "HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body.as_bytes()).await.expect("sent");
        timeout(Duration::from_secs(5), world.stop()).await.expect("stopped in time");
        let mut said = Vec::new();
        // A connection that is cut off may end in a reset.
        let _ = stream.read_to_end(&mut said).await;
        assert_eq!(said.starts_with(b"HTTP/1.1 201 Created"), is_answered);
    }
}

#[tokio::test]
async fn a_dropped_server_ends() {
    let world = hello::start(Options::default()).await.expect("started");
    let address = world.address();
    let mut open = TcpStream::connect(address).await.expect("connected");
    drop(world);
    let mut rest = Vec::new();
    let _ = timeout(Duration::from_secs(5), open.read_to_end(&mut rest)).await.expect("closed");
    assert!(is_refused(address).await);
}
