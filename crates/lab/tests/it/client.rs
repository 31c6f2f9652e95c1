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

    /// The address that a `Link` header has for a relation, without scheme and host.
    pub(crate) fn link(&self, relation: &str) -> Option<String> {
        let headers = self.head.lines().filter_map(|line| line.strip_prefix("link: "));
        let mut links = headers.flat_map(|header| header.split(",<"));
        let link = links.find(|link| link.contains(&format!("rel=\"{relation}\"")))?;
        let address = link.trim_start_matches('<').split('>').next()?;
        address.split_once("//lab").map(|(_, path)| path.to_owned())
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

/// Speaks to one server, always with the same `Authorization` header.
pub(crate) struct Client {
    address: SocketAddr,
    authorization: String,
}

impl Client {
    /// A client with the word that opens the door.
    pub(crate) fn new(address: SocketAddr, authorization: &str) -> Self {
        Self { address, authorization: format!("authorization: {authorization}\r\n") }
    }

    /// Sends a request: `GET /path`, and a body unless it is null.
    pub(crate) async fn send(&self, line: &str, body: Value) -> Reply {
        self.send_with(line, "", body).await
    }

    /// The same with more headers, a line each.
    pub(crate) async fn send_with(&self, line: &str, headers: &str, body: Value) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = format!("{}{headers}", self.authorization);
        let bytes = raw(self.address, &request(&in_query(line), &headers, &body)).await.expect("an answer");
        Reply::parse(&bytes)
    }

    /// Gets JSON; a blank in the path is encoded.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(&format!("GET {path}"), Value::Null).await.json()
    }
}

/// A request line as it is sent: what stands in a query is encoded.
fn in_query(line: &str) -> String {
    let (method, path) = line.split_once(' ').expect("a method and a path");
    format!(
        "{method} {}",
        path.replace(' ', "%20").replace('"', "%22").replace('^', "%5E").replace('>', "%3E")
    )
}
