//! A server of the test: what it does with each request is a function of the request's
//! path and of how many came before. It ends with the test's runtime.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use provost_core::{Clock, Fault, FaultKind, Redactor, Trace};
use provost_net::{
    Answer, Auth, Client, Form, Limits, Method, OauthClient, Proof, Proxy, Request, Settings, TokenSource,
    Url,
};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Clone, Copy)]
pub(crate) enum Does {
    Answers(u16, &'static str),
    /// Ends the connection after the request was read.
    Resets,
    /// Begins an answer, and does not end it.
    Breaks,
    Hangs,
}

type Script = dyn Fn(&str, usize) -> Does + Send + Sync;

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: String,
    counts: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Server {
    /// Starts it; `script` is given a path and how many requests to it came before.
    pub(crate) async fn start(script: impl Fn(&str, usize) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = Self { address, counts: Arc::default() };
        let (of_task, script): (_, Arc<Script>) = (server.clone(), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, script) = (of_task.clone(), Arc::clone(&script));
                tokio::spawn(async move { server.serve(stream, &*script).await });
            }
        });
        server
    }

    /// How many requests to this path came.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.counts.lock().expect("no panic before").get(path).copied().unwrap_or_default()
    }

    async fn serve(&self, stream: TcpStream, script: &Script) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let path = read(&mut stream).await?;
            let before = {
                let mut counts = self.counts.lock().expect("no panic before");
                let count = counts.entry(path.clone()).or_default();
                *count += 1;
                *count - 1
            };
            match script(&path, before) {
                Does::Answers(status, body) => {
                    let length = body.len();
                    let id = format!("x-request-id: {path}:{before}");
                    let text =
                        format!("HTTP/1.1 {status} X\r\n{id}\r\ncontent-length: {length}\r\n\r\n{body}");
                    stream.write_all(text.as_bytes()).await.ok()?;
                }
                Does::Breaks => {
                    let text = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
                    stream.write_all(text.as_bytes()).await.ok()?;
                    return None;
                }
                Does::Resets => return None,
                Does::Hangs => std::future::pending().await,
            }
        }
    }

    /// A client of this server, with a token of it or without.
    pub(crate) fn client(&self, has_token: bool, patience: Duration) -> Client {
        let auth = if has_token { self.auth() } else { Auth::None };
        connected(&self.url("/"), auth, Limits::default(), patience)
    }

    /// A client of what is below this path, that has no time to wait for its limits.
    pub(crate) fn limited(&self, base: &str, limits: Limits) -> Client {
        connected(&self.url(base), Auth::None, limits, Duration::ZERO)
    }

    fn auth(&self) -> Auth {
        let proof = Proof::Basic("canary-secret".into());
        Auth::Token(Box::new(TokenSource::Oauth(Box::new(Form {
            url: self.url("/token"),
            client: Some(OauthClient { id: "app".to_owned(), proof }),
            fields: Vec::new(),
            assertion: None,
        }))))
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).expect("an address")
    }

    fn request(&self, method: Method) -> Request {
        Request { method, url: self.url("/users"), headers: Vec::new(), body: None }
    }

    /// Sends a request as connectors do.
    pub(crate) async fn send(&self, client: &Client, method: Method) -> Result<(), Fault> {
        self.traced(client, method, &Trace::silent()).await
    }

    /// The same with its steps noted.
    pub(crate) async fn traced(&self, client: &Client, method: Method, trace: &Trace) -> Result<(), Fault> {
        let repeatable = method != Method::POST;
        client.send(&self.request(method), repeatable, trace, &judge).await
    }
}

fn connected(address: &Url, auth: Auth, limits: Limits, patience: Duration) -> Client {
    let settings = Settings {
        timeout: Duration::from_millis(300),
        insecure: false,
        proxy: Proxy::Direct,
        authorities: None,
        limits,
        patience,
    };
    Client::connect(address, &settings, auth, Redactor::default(), Arc::new(Fixed)).expect("a client")
}

fn judge(answer: &Answer) -> Result<(), Fault> {
    match answer.status.as_u16() {
        200..=299 => Ok(()),
        status => Err(Fault::new(FaultKind::of_status(status), format!("it said {status}"))),
    }
}

/// Reads a request, and answers with its path.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let (mut path, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let line = line.trim().to_ascii_lowercase();
        if path.is_none() {
            path = Some(line.split(' ').nth(1)?.to_owned());
        } else if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        } else if line.is_empty() {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    path
}

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// No test may take longer.
pub(crate) async fn bounded<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(20 * SECOND, test).await.expect("it ends in time")
}
