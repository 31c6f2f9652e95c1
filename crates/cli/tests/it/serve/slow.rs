//! Many connections that begin a request and stall: others are answered all the same.
//!
//! Both ends of every connection are on this machine, each in a process with its own limit.
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::server::{Server, tell};
use crate::provost::Provost;

/// How many are wanted, and how many files the tests have open beside them.
const WANTED: usize = 10_000;
const OTHERS: usize = 500;
/// How many are being opened at once.
const SIDE_BY_SIDE: usize = 100;
/// How long an answer may take meanwhile, on a busy machine.
const SOON: Duration = Duration::from_secs(5);
/// How long the head of a request may take, and a little more.
const HEAD: Duration = Duration::from_secs(13);

/// How many connections this process may open.
fn most() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
    let files = getrlimit(Resource::Nofile).current.and_then(|files| usize::try_from(files).ok());
    files.unwrap_or(usize::MAX).saturating_sub(OTHERS).min(WANTED)
}

/// Opens connections that send one byte, some side by side.
async fn stall(address: &str, count: usize) -> Vec<TcpStream> {
    let mut tasks = JoinSet::new();
    for place in 0..SIDE_BY_SIDE {
        let (address, share) = (address.to_owned(), (place..count).step_by(SIDE_BY_SIDE).count());
        tasks.spawn(async move {
            let mut open = Vec::with_capacity(share);
            for _ in 0..share {
                open.push(slow_one(&address).await);
            }
            open
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}

async fn slow_one(address: &str) -> TcpStream {
    let connected = tokio::time::timeout(SOON, TcpStream::connect(address)).await;
    let mut stream = connected.expect("the server takes connections").expect("it listens");
    // One that was told to go already is no less slow.
    let _ = stream.write_all(b"G").await;
    stream
}

/// The slowest of some answers.
async fn slowest(server: &Server, count: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..count {
        let begun = Instant::now();
        server.ask("GET /api/v1/me", "").await.ended(200);
        slowest = slowest.max(begun.elapsed());
    }
    slowest
}

/// How many files a process has open, and how much memory it has, in kB.
fn open_files(server: &Server) -> usize {
    let pid = server.child.id().expect("it runs");
    std::fs::read_dir(format!("/proc/{pid}/fd")).expect("it runs").count()
}

fn memory(server: &Server) -> usize {
    let pid = server.child.id().expect("it runs");
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// Waits until the slow ones are gone.
async fn recovered(server: &Server, before: usize) {
    let begun = Instant::now();
    while open_files(server) > before + 50 {
        assert!(begun.elapsed() < 2 * HEAD, "{} files stay open", open_files(server));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn ten_thousand() {
    let provost = Provost::configured("instances: {}\n");
    let server = Server::start(&provost, &[]).await;
    server.ask("GET /api/v1/me", "").await.ended(200);
    let (files, count, kilobytes) = (open_files(&server), most(), memory(&server));
    let begun = Instant::now();
    let slow = stall(&server.address, count).await;
    let opened = begun.elapsed();
    let (slowest, held) = (slowest(&server, 50).await, open_files(&server) - files);
    let meanwhile = memory(&server);
    tell(&format!(
        "{count} slow connections in {opened:?}, {held} held at once; the slowest answer meanwhile took {slowest:?}; \
         memory {kilobytes} kB before, {meanwhile} kB meanwhile"
    ));
    assert!(slowest < SOON, "{slowest:?}");
    recovered(&server, files).await;
    drop(slow);
    let (fresh, after) = (self::slowest(&server, 20).await, memory(&server));
    tell(&format!("afterwards: the slowest answer {fresh:?}, memory {after} kB"));
    // 40 kB for each connection, and what a server needs anyhow.
    assert!(meanwhile.max(after) < kilobytes + 40 * count + 50_000, "{kilobytes}, {meanwhile}, {after}");
}

#[tokio::test]
async fn more_than_there_are_places() {
    let provost = Provost::configured("instances: {}\n");
    let server = Server::start_after(&provost, "ulimit -n 600", &[]).await;
    server.ask("GET /api/v1/me", "").await.ended(200);
    let files = open_files(&server);
    let mut slow = Vec::new();
    for _ in 0..4 {
        slow.extend(stall(&server.address, most().min(500)).await);
        let slowest = slowest(&server, 10).await;
        assert!(slowest < SOON, "{slowest:?}");
        assert!(open_files(&server) <= 600, "{}", open_files(&server));
    }
    tell(&format!("{} slow connections at 300 places", slow.len()));
    recovered(&server, files).await;
    drop(slow);
    server.ask("GET /readyz", "").await.ended(200);
}
