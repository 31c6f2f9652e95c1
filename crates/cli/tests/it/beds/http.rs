//! Plain HTTP of the tests, which is not our program's.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Sends a request: its line without the version, its headers and its body. It is HTTP 1.0,
/// so that the answer ends with the connection and is not in chunks.
pub(crate) async fn send(
    address: SocketAddr,
    line: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Answer {
    let length = (!body.is_empty()).then(|| format!("content-length: {}", body.len()));
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}")).chain(length);
    let head: Vec<String> =
        [format!("{line} HTTP/1.0"), format!("host: {address}")].into_iter().chain(headers).collect();
    let request = [head.join("\r\n").as_bytes(), b"\r\n\r\n", body].concat();
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(&request).await.expect("the server reads");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("the server answers");
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {line}: {text}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
