//! A system that keeps count of everything that is written to it, and refuses nothing: a
//! second account of the same person is made if somebody asks for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What was written to one person's account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Writes {
    pub(super) creates: usize,
    pub(super) updates: usize,
}

type Shared = Arc<Mutex<BTreeMap<String, Writes>>>;

/// The system. It ends with the test.
pub(super) struct Ledger {
    pub(super) url: String,
    writes: Shared,
    task: JoinHandle<()>,
}

impl Ledger {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let writes = Shared::default();
        let shared = Arc::clone(&writes);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { url, writes, task }
    }

    /// What was written so far, by mail address.
    pub(super) fn writes(&self) -> BTreeMap<String, Writes> {
        self.writes.lock().expect("no panic").clone()
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers requests until the other side goes away.
async fn serve(stream: TcpStream, writes: Shared) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let (mut line, mut header, mut length) = (String::new(), String::new(), 0);
        read.read_line(&mut line).await.ok().filter(|length| *length > 0)?;
        while read.read_line(&mut header).await.ok()? > 2 {
            if let Some((_, value)) = header.to_lowercase().split_once("content-length:") {
                length = value.trim().parse().ok()?;
            }
            header.clear();
        }
        let mut body = vec![0; length];
        read.read_exact(&mut body).await.ok()?;
        let answer = answer(&line, &body, &writes)?.to_string();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", answer.len());
        write.write_all((head + &answer).as_bytes()).await.ok()?;
    }
}

/// An account's id is its address.
fn answer(line: &str, body: &[u8], writes: &Shared) -> Option<Value> {
    let mut writes = writes.lock().expect("no panic");
    let path = line.split(' ').nth(1)?.replace("%40", "@");
    let account = |email: &str| json!({"user_id": email, "user_name": email, "email": email, "active": true});
    Some(match line.split(' ').next()? {
        "GET" => {
            let email = path.split_once("email=")?.1;
            let found: Vec<Value> = writes.contains_key(email).then(|| account(email)).into_iter().collect();
            json!({"result": found})
        }
        "POST" => {
            let body: Value = serde_json::from_slice(body).ok()?;
            let email = body["email"].as_str()?;
            writes.entry(email.to_owned()).or_default().creates += 1;
            json!({"result": account(email)})
        }
        _ => {
            let email = path.rsplit('/').next()?;
            writes.get_mut(email)?.updates += 1;
            json!({"result": account(email)})
        }
    })
}
