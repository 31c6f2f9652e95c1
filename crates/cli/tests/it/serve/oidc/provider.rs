//! An identity provider of the tests. It is strict about what it is asked, and lies in what it
//! answers as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::signer::{Signer, unsigned};

pub(crate) const CLIENT: &str = "provost of the tests";
/// Nothing that is printed or kept may hold it.
pub(crate) const SECRET: &str = "canary client:secret";

/// What a token says, and how it is signed. Tricks change it.
pub(crate) struct Draft {
    pub(crate) head: Value,
    pub(crate) claims: Value,
    pub(crate) signing: Signing,
}

/// How a token is signed.
pub(crate) enum Signing {
    /// With the key that is published.
    Right,
    /// Not at all.
    Not,
    /// With the public key as a shared one.
    Confused,
    /// With a key of somebody else.
    Stranger,
}

/// A lie.
pub(crate) type Trick = fn(&mut Draft);

/// How it treats requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    Hangs,
    Broken,
}

/// What can be said about it while it runs.
pub(crate) struct State {
    pub(crate) trick: Trick,
    pub(crate) mood: Mood,
    pub(crate) signer: Arc<Signer>,
    pub(crate) groups: Value,
    /// How secrets are shown to it.
    pub(crate) methods: Value,
    /// How many requests to each path came.
    pub(crate) counts: HashMap<String, usize>,
    /// Codes that can be exchanged, with the question that each belongs to.
    codes: HashMap<String, HashMap<String, String>>,
}

#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) address: String,
    state: Arc<Mutex<State>>,
}

impl Provider {
    pub(crate) async fn start(signer: Signer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let state = State {
            trick: |_| (),
            mood: Mood::Well,
            signer: Arc::new(signer),
            groups: json!(["helpdesk"]),
            methods: Value::Null,
            counts: HashMap::new(),
            codes: HashMap::new(),
        };
        let provider = Self { address, state: Arc::new(Mutex::new(state)) };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let provider = serving.clone();
                tokio::spawn(async move { provider.serve(stream).await });
            }
        });
        provider
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic before")
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        self.state().counts.get(path).copied().unwrap_or_default()
    }

    /// Somebody logs in: the code for the question that a browser was sent with.
    pub(crate) fn log_in(&self, question: &HashMap<String, String>) -> String {
        assert_eq!(question["client_id"], CLIENT);
        assert_eq!(question["response_type"], "code");
        assert_eq!(question["code_challenge_method"], "S256");
        assert!(question["scope"].split(' ').any(|scope| scope == "openid"));
        let code = format!("canary-code-{}", fastrand::u64(..));
        self.state().codes.insert(code.clone(), question.clone());
        code
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        let (line, headers, body) = read(&mut stream).await?;
        let path = line.split(' ').nth(1)?.to_owned();
        *self.state().counts.entry(path.clone()).or_default() += 1;
        let mood = self.state().mood;
        let (status, answer) = match (mood, path.as_str()) {
            (Mood::Hangs, _) => {
                tokio::time::sleep(Duration::from_mins(1)).await;
                return None;
            }
            (Mood::Broken, _) => (500, json!({})),
            (_, "/.well-known/openid-configuration") => (200, self.document()),
            (_, "/keys") => (200, json!({"keys": [self.state().signer.public(), {"kty": "oct", "k": "AA"}]})),
            (_, "/token") => self.token(&headers, &fields(&body)),
            _ => (404, json!({})),
        };
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            text.len()
        );
        stream.write_all((head + &text).as_bytes()).await.ok()
    }

    fn document(&self) -> Value {
        let issuer = self.issuer();
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize?tenant=1"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "token_endpoint_auth_methods_supported": self.state().methods,
            "authorization_response_iss_parameter_supported": true,
        })
    }

    /// Exchanges a code: once, for whoever has asked for it.
    fn token(&self, headers: &str, form: &HashMap<String, String>) -> (u16, Value) {
        let refused = |error: &str| (400, json!({"error": error, "error_description": format!("{form:?}")}));
        if !self.is_client(headers, form) {
            return refused("invalid_client");
        }
        let Some(question) = self.state().codes.remove(&form["code"]) else {
            return refused("invalid_grant");
        };
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()));
        if challenge != question["code_challenge"] || form["redirect_uri"] != question["redirect_uri"] {
            return refused("invalid_grant");
        }
        let token = self.id_token(&question["nonce"]);
        (200, json!({"access_token": "canary-access-token", "token_type": "Bearer", "id_token": token}))
    }

    fn is_client(&self, headers: &str, form: &HashMap<String, String>) -> bool {
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let basic = STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)));
        let in_header = headers
            .lines()
            .any(|line| line.to_lowercase().starts_with("authorization: basic ") && line.ends_with(&basic));
        let in_form = form.get("client_id").is_some_and(|id| id == CLIENT);
        match self.state().methods.clone() {
            Value::Null => in_header && !in_form,
            methods if methods == json!(["none"]) => in_form && !form.contains_key("client_secret"),
            _ => in_form && !in_header && form.get("client_secret").is_some_and(|secret| secret == SECRET),
        }
    }

    fn id_token(&self, nonce: &str) -> String {
        let state = self.state();
        let now = super::now();
        let mut draft = Draft {
            head: json!({"alg": state.signer.algorithm, "kid": state.signer.id}),
            claims: json!({
                "iss": self.issuer(), "aud": CLIENT, "nonce": nonce, "sub": "ann-1", "iat": now, "exp": now + 300,
                "email": "ann@example.com", "name": "Ann", "groups": state.groups,
            }),
            signing: Signing::Right,
        };
        (state.trick)(&mut draft);
        let Draft { head, claims, signing } = draft;
        match signing {
            Signing::Right => state.signer.sign(&head, &claims),
            Signing::Not => unsigned(&head, &claims) + ".",
            Signing::Confused => state.signer.confuse(&head, &claims),
            Signing::Stranger => Signer::new(state.signer.algorithm, "stranger").sign(&head, &claims),
        }
    }
}

/// The first line, the headers and the body of a request.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, String, String)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let (line, headers) = head.split_once("\r\n")?;
    let length =
        headers.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some((line.to_owned(), headers.to_owned(), String::from_utf8(body).ok()?))
}

/// The fields of a form or a query.
pub(crate) fn fields(text: &str) -> HashMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}
