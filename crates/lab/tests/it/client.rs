//! A raw HTTP/1.1 client. It shows what is on the wire, also when that is no answer.

use std::io;
use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer, whole or cut.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Reply {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The length that the head promises.
    pub(crate) fn promised(&self) -> usize {
        self.header("content-length").expect("a length").parse().expect("a number")
    }

    /// Reads what came back from a socket.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }
}

/// Sends a request of the lab's user and reads to the end of the connection.
pub(crate) async fn send(address: SocketAddr, line: &str, body: Option<Value>) -> Reply {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let bytes = raw(address, &request(line, &login("lab", "lab"), &body)).await.expect("an answer");
    Reply::parse(&bytes)
}

/// Sends a request with an `Authorization` header of the caller's making.
pub(crate) async fn send_as(address: SocketAddr, line: &str, authorization: &str) -> Reply {
    let header = format!("authorization: {authorization}\r\n");
    Reply::parse(&raw(address, &request(line, &header, "")).await.expect("an answer"))
}

/// Sends a request with a body that may be no JSON.
pub(crate) async fn send_text(address: SocketAddr, line: &str, body: &str) -> Reply {
    Reply::parse(&raw(address, &request(line, &login("lab", "lab"), body)).await.expect("an answer"))
}

/// What comes back for a request of the lab's user, if anything does.
pub(crate) async fn try_send(address: SocketAddr, line: &str, body: Option<Value>) -> io::Result<Vec<u8>> {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    raw(address, &request(line, &login("lab", "lab"), &body)).await
}

/// The header line with a user name and a password.
pub(crate) fn login(user: &str, password: &str) -> String {
    format!("authorization: Basic {}\r\n", STANDARD.encode(format!("{user}:{password}")))
}

/// A request after which the server is to close the connection.
pub(crate) fn request(line: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{line} HTTP/1.1\r\nhost: lab\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

/// Sends bytes and reads what comes back until the connection ends.
pub(crate) async fn raw(address: SocketAddr, request: &str) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}
