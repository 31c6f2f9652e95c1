//! Stores in files: no room, no leave to write, somebody else's lock.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use provost_store::Location;

use super::{Fault, WORDS, make, refused, survive, system};
use crate::serve::server::{Server, tell};

/// A small file system, which goes with this.
struct Small {
    folder: tempfile::TempDir,
}

impl Small {
    /// Where there is leave to make one.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        let is_made = mount.status().is_ok_and(|status| status.success());
        if !is_made {
            tell("left out: a full disk, which needs the right to mount one");
        }
        is_made.then_some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn remount(&self, how: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(self.path()).status();
        assert!(done.expect("mount runs").success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// A disk that somebody else fills.
struct Full {
    ballast: PathBuf,
}

impl Fault for Full {
    fn begin(&mut self) {
        let mut file = std::fs::File::create(&self.ballast).expect("a file");
        for size in [1 << 16, 1 << 10, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn end(&mut self) {
        std::fs::remove_file(&self.ballast).expect("it is there");
    }

    fn refusals(&self) -> &'static [u16] {
        &[507, 503]
    }

    fn is_readable(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_full_disk() {
    let Some(small) = Small::mount() else { return };
    let (okta, provost) = system().await;
    let store = small.path().join("provost.db");
    let place = store.to_str().expect("a path");
    let server = Server::start(&provost, &[&["--store", place], &WORDS[..]].concat()).await;
    let mut fault = Full { ballast: small.path().join("ballast") };
    survive(server, &okta.url(), Location::File(store), &mut fault).await;
}

/// A server whose files may not grow: the system refuses to write, as a broken disk does.
struct Limited {
    pid: u32,
}

impl Limited {
    fn limit(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:unlimited");
        let set = Command::new("prlimit").args(["--pid", &self.pid.to_string(), &limit]).status();
        assert!(set.expect("prlimit runs").success());
    }
}

impl Fault for Limited {
    fn begin(&mut self) {
        self.limit("4096");
    }

    fn end(&mut self) {
        self.limit("unlimited");
    }

    fn refusals(&self) -> &'static [u16] {
        &[503, 507]
    }

    fn is_readable(&self) -> bool {
        true
    }
}

fn is_there(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_there {
        tell(&format!("left out: what needs `{program}`"));
    }
    is_there
}

#[tokio::test]
async fn a_disk_that_refuses() {
    if !is_there("prlimit") {
        return;
    }
    let (okta, provost) = system().await;
    let server = Server::start_after(&provost, "trap '' XFSZ", &WORDS).await;
    let mut fault = Limited { pid: server.child.id().expect("it runs") };
    survive(server, &okta.url(), Location::File(provost.folder().join("provost.db")), &mut fault).await;
}

#[tokio::test]
async fn a_file_that_may_only_be_read() {
    let Some(small) = Small::mount() else { return };
    let (_okta, provost) = system().await;
    let store = small.path().join("provost.db");
    let place = store.to_str().expect("a path");
    let mut server = Server::start(&provost, &["--store", place]).await;
    crate::provost::send("TERM", &server.child).await;
    assert!(server.child.wait().await.expect("it ends").success());
    small.remount("ro");
    let printed = provost.run(&["serve", "--listen", "127.0.0.1:0", "--store", place]).await.ended(2);
    assert!(printed.stderr.contains("could not open the store"), "{printed:#?}");
    small.remount("rw");
}

/// Another process that writes and does not end.
struct Writer {
    child: Child,
    stdin: ChildStdin,
}

impl Writer {
    fn begin(store: &Path) -> Self {
        let mut child =
            Command::new("sqlite3").arg(store).stdin(Stdio::piped()).spawn().expect("sqlite3 runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(b".timeout 10000\nBEGIN IMMEDIATE;\n").expect("it reads");
        Self { child, stdin }
    }

    fn end(mut self) {
        self.stdin.write_all(b"ROLLBACK;\n.quit\n").expect("it reads");
        drop(self.stdin);
        self.child.wait().expect("it ends");
    }
}

#[tokio::test]
async fn a_file_that_somebody_else_has_locked() {
    if !is_there("sqlite3") {
        return;
    }
    let (okta, provost) = system().await;
    let server = Server::start(&provost, &WORDS).await;
    let key = server.key().to_owned();
    make(&server, &key, 0).await.ended(200);
    let writer = Writer::begin(&provost.folder().join("provost.db"));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begun = Instant::now();
    let refusal = make(&server, &key, 1).await;
    refused(&refusal, &[503]);
    assert!(begun.elapsed() < Duration::from_secs(20), "it took {:?}", begun.elapsed());
    server.ask_as(&key, "GET /api/v1/runs", &[], "").await.ended(200);
    writer.end();
    let begun = Instant::now();
    while make(&server, &key, 1).await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the store stays locked");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let counted = crate::serve::killed::events(okta.url().trim_start_matches("http://")).await;
    for number in 0..2 {
        let made = counted.get(&("user.lifecycle.create".to_owned(), super::single(number)));
        assert_eq!(made, Some(&1), "{counted:#?}");
    }
}
