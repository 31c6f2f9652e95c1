//! What the beds of programs and of a database are for can be done with them. Those that speak
//! SCIM or LDAP, or are clients of it, are tried by the tests of `provost-cli`.

use std::io::{self, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::process::Command;

/// Its script makes what a reader sees.
const PAGE: &str = "<!doctype html><title>Bed</title><p id=shown></p>\
    <script>document.getElementById('shown').textContent = 6 * 7</script>";

/// Nothing is asked of the vendor, or kept.
const QUIET: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--dump-dom",
];

/// What a variable says, if its bed is there. If not, it is said.
fn told(name: &str) -> Option<String> {
    let value = std::env::var(format!("PROVOST_BED_{name}")).ok();
    if value.is_none() {
        assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "nobody tells PROVOST_BED_{name}");
        writeln!(io::stderr(), "LEFT OUT: there is no bed for {name}; `cargo xtask test` has it")
            .expect("the error stream is open");
    }
    value
}

/// What a program prints. It is ended if it does not end.
async fn printed(program: impl AsRef<Path>, arguments: &[&str]) -> String {
    let mut command = Command::new(program.as_ref());
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_mins(1), command.output()).await;
    let output = output.expect("it ends in time").expect("it can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {}\n{errors}", output.status);
    String::from_utf8(output.stdout).expect("text")
}

/// Answers every request with the page.
async fn serve_page(listener: TcpListener) {
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n{PAGE}");
    loop {
        let (mut stream, _) = listener.accept().await.expect("a browser");
        let _ = stream.read(&mut [0; 4096]).await;
        // A browser opens connections that it does not use.
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

/// A folder for what a browser keeps, removed when it is dropped.
struct Profile(PathBuf);

impl Profile {
    fn empty() -> Self {
        let name = format!("profile-{}", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn postgres_answers_and_makes_databases() {
    let (Some(url), Some(programs)) = (told("POSTGRES_URL"), told("POSTGRES_BIN")) else { return };
    let psql = Path::new(&programs).join("psql");
    assert_eq!(printed(&psql, &[&url, "-qAtc", "select 1"]).await, "1\n");
    let name = format!("of_a_test_{}", std::process::id());
    printed(&psql, &[&url, "-qc", &format!("create database {name}")]).await;
    let own = url.replace("/postgres", &format!("/{name}"));
    let settings = "select current_database(), current_setting('fsync'), current_setting('max_connections')";
    assert_eq!(printed(&psql, &[&own, "-qAtc", settings]).await, format!("{name}|off|200\n"));
    printed(&psql, &[&url, "-qc", &format!("drop database {name}")]).await;
}

#[tokio::test]
async fn the_browser_shows_what_a_script_makes_of_a_page() {
    let Some(chromium) = told("CHROMIUM") else { return };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("it has one"));
    let profile = Profile::empty();
    let kept = format!("--user-data-dir={}", profile.0.display());
    let arguments = [&QUIET[..], &[&kept, &url]].concat();
    let shown = tokio::select! {
        shown = printed(chromium, &arguments) => shown,
        () = serve_page(listener) => unreachable!("it serves for ever"),
    };
    assert!(shown.contains(r#"<p id="shown">42</p>"#), "{shown}");
}

/// It drives no browser of another major version.
#[tokio::test]
async fn the_driver_is_of_its_browser() {
    let (Some(chromium), Some(driver)) = (told("CHROMIUM"), told("CHROMEDRIVER")) else { return };
    let of_browser = printed(chromium, &["--version"]).await;
    let of_driver = printed(driver, &["--version"]).await;
    assert_eq!(of_browser.split(' ').nth(1), of_driver.split(' ').nth(1), "{of_browser}{of_driver}");
}

#[tokio::test]
async fn schemathesis_says_its_version() {
    let Some(schemathesis) = told("SCHEMATHESIS") else { return };
    let version = printed(schemathesis, &["--version"]).await;
    assert!(version.starts_with("schemathesis, version "), "{version}");
}
