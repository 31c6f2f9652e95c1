//! Starting a server on a free port of loopback, and knowing when it is up.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use super::folders::apps;
use super::group::Group;
use super::log::Log;

/// The token of every server: they are reached from this machine only, and for as long as
/// the tests run.
pub(super) const TOKEN: &str = "bed-token";

/// How long a server may take to be up.
const LIMIT: Duration = Duration::from_secs(90);
/// The time between two questions whether it is.
const PAUSE: Duration = Duration::from_millis(100);
/// How often it is tried, each time with another port: somebody may take a port between our
/// finding it free and the server's taking it.
const TRIES: usize = 3;

/// A server that is up.
pub(super) struct Server {
    pub(super) group: Group,
    pub(super) address: SocketAddr,
}

/// What a server is asked to know that it is up: the bytes, and how an answer begins.
pub(super) struct Question {
    request: Vec<u8>,
    answer: &'static [u8],
}

/// A search of the root DSE for no attributes, which needs no bind (RFC 4511, 4.5.1).
const LDAP_SEARCH: &[u8] = b"\x30\x2a\x02\x01\x01\x63\x25\x04\x00\x0a\x01\x00\x0a\x01\x00\
    \x02\x01\x00\x02\x01\x00\x01\x01\x00\x87\x0bobjectClass\x30\x05\x04\x031.1";

/// A user's wish for a database, in version 3.0 of the protocol.
const POSTGRES_STARTUP: &[u8] = b"\x00\x00\x00\x24\x00\x03\x00\x00user\0app\0database\0postgres\0\0";

impl Question {
    /// Any answer will do, be it a refusal.
    fn http(address: SocketAddr, path: &str) -> Self {
        let request = format!("GET {path}/Users HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        Self { request: request.into_bytes(), answer: b"HTTP/" }
    }

    pub(super) fn ldap() -> Self {
        // Every message of LDAP is a sequence.
        Self { request: LDAP_SEARCH.to_vec(), answer: b"\x30" }
    }

    pub(super) fn postgres() -> Self {
        // The user is let in, which is refused while the server still starts.
        Self { request: POSTGRES_STARTUP.to_vec(), answer: b"R\0\0\0\x08\0\0\0\0" }
    }
}

/// Starts the server of a command with holes. `path` is one that it answers, in any way.
pub(super) async fn start(
    command: &[&str],
    home: &Path,
    description: &Path,
    path: &str,
    log: &Log,
) -> anyhow::Result<Server> {
    try_again(|| async move {
        let address = free_address()?;
        let words = command.iter().map(|word| filled(word, home, description, address));
        let group = spawn(&words.collect::<Vec<_>>(), home, address, log)?;
        up(group, address, &Question::http(address, path)).await
    })
    .await
}

/// Several attempts, each with another address.
pub(super) async fn try_again<T, Attempt>(attempt: impl Fn() -> Attempt) -> anyhow::Result<T>
where
    Attempt: Future<Output = anyhow::Result<T>>,
{
    let mut tries = 1;
    loop {
        match attempt().await {
            Err(_) if tries < TRIES => tries += 1,
            other => return other,
        }
    }
}

fn filled(word: &str, home: &Path, description: &Path, address: SocketAddr) -> String {
    word.replace("{home}", &home.to_string_lossy())
        .replace("{apps}", &apps().to_string_lossy())
        .replace("{description}", &description.to_string_lossy())
        .replace("{port}", &address.port().to_string())
        .replace("{token}", TOKEN)
}

pub(super) fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?)
}

fn spawn(words: &[String], home: &Path, address: SocketAddr, log: &Log) -> anyhow::Result<Group> {
    let (program, arguments) = words.split_first().context("a bed has no command")?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(home);
    command.env("PORT", address.port().to_string()).env("TOKEN", TOKEN);
    log.take(&mut command)?;
    Group::spawn(&mut command)
}

/// Waits until the server answers.
pub(super) async fn up(mut group: Group, address: SocketAddr, question: &Question) -> anyhow::Result<Server> {
    let until = tokio::time::Instant::now() + LIMIT;
    loop {
        let answers = answers(address, question).await;
        // Asked after the answer, which may have been that of another server on the port.
        if let Some(status) = group.ended() {
            bail!("it ended ({status})");
        }
        if answers {
            return Ok(Server { group, address });
        }
        if tokio::time::Instant::now() > until {
            bail!("it did not answer within {} s", LIMIT.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn answers(address: SocketAddr, question: &Question) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(&question.request).await?;
        let mut start = vec![0; question.answer.len()];
        stream.read_exact(&mut start).await?;
        Ok::<_, std::io::Error>(start == question.answer)
    };
    matches!(tokio::time::timeout(Duration::from_secs(5), ask).await, Ok(Ok(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn start_here(command: &[&str]) -> anyhow::Result<Server> {
        let folder = std::env::temp_dir();
        let log = Log::begin("of-a-test").expect("a log");
        start(command, &folder, &folder, "", &log).await
    }

    #[tokio::test]
    async fn a_program_that_ends_is_no_server() {
        let error = start_here(&["sh", "-c", "exit 3"]).await.err().expect("it ended");
        assert!(error.to_string().contains("exit status: 3"), "{error}");
    }

    /// Whether a server that says this is taken for one that answers a question of LDAP.
    async fn is_ldap(answer: &'static [u8]) -> bool {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("it has one");
        let serve = async {
            let (mut stream, _) = listener.accept().await.expect("somebody asks");
            let mut request = vec![0; LDAP_SEARCH.len()];
            stream.read_exact(&mut request).await.expect("a question");
            stream.write_all(answer).await.expect("it listens");
        };
        let question = Question::ldap();
        tokio::join!(serve, answers(address, &question)).1
    }

    #[tokio::test]
    async fn an_answer_is_one_of_the_protocol_that_was_asked_for() {
        assert!(is_ldap(b"\x30\x0c\x02\x01\x01").await);
        assert!(!is_ldap(b"HTTP/1.1 400 Bad Request").await);
        assert!(!is_ldap(b"").await);
    }

    /// Each length counts what is behind it.
    #[test]
    fn the_questions_are_well_formed() {
        assert_eq!(usize::from(POSTGRES_STARTUP[3]), POSTGRES_STARTUP.len());
        assert_eq!(usize::from(LDAP_SEARCH[1]), LDAP_SEARCH.len() - 2);
        assert_eq!(usize::from(LDAP_SEARCH[6]), LDAP_SEARCH.len() - 7);
    }
}
