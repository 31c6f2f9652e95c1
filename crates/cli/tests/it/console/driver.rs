//! Requests to chromedriver, which keeps connections open whatever it is told: an answer ends
//! where its head says that it does.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A request that takes longer hangs.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// Sends a request; what is answered or, for a status other than 200, what is complained of.
pub(super) async fn call(address: &str, line: &str, body: &Value) -> Result<Value, Value> {
    let answer = tokio::time::timeout(TIME_LIMIT, talk(address, line, body)).await;
    let (status, body) = answer.expect("the driver hangs").expect("the driver answers");
    let mut answer: Value = serde_json::from_slice(&body).expect("the driver speaks JSON");
    let value = answer["value"].take();
    if status == 200 { Ok(value) } else { Err(value) }
}

async fn talk(address: &str, line: &str, body: &Value) -> std::io::Result<(u16, Vec<u8>)> {
    let body = if line.starts_with("POST") { body.to_string() } else { String::new() };
    let head = format!("{line} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let mut body = vec![0; length(&mut stream).await?];
    stream.read_exact(&mut body).await?;
    Ok((status, body))
}

/// How long the body is that follows the head.
async fn length(stream: &mut BufReader<TcpStream>) -> std::io::Result<usize> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.split_once(':') else { return Ok(length) };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
}
