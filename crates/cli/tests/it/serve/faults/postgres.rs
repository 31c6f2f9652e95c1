//! A PostgreSQL server that goes away in the middle, and comes back.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use provost_store::Location;

use super::{Fault, WORDS, survive, system};
use crate::serve::server::{Server, tell};

/// A database server of the test's own.
struct Own {
    bin: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Own {
    fn start(bin: PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let own = Self { bin, folder, port };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(own.folder.path()));
        }
        let data = own.data();
        run(own.command("initdb").args(["-U", "app", "-A", "trust", "--no-sync", "-D"]).arg(&data));
        own.control("start");
        own
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A program of it, as a user under which it runs.
    fn command(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        let mut command = Command::new(if is_root() { "setpriv".into() } else { program.clone() });
        if is_root() {
            command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"]).arg(program);
        }
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    fn control(&self, what: &str) {
        let folder = self.folder.path().display();
        let options =
            format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}", self.port);
        let mut command = self.command("pg_ctl");
        command.arg("-D").arg(self.data()).args(["-l", "log", "-w", "-m", "immediate"]);
        if what == "start" {
            command = self.command("pg_ctl");
            command.arg("-D").arg(self.data()).args(["-l", "log", "-w", "-o", &options]);
        }
        run(command.arg(what));
    }

    fn address(&self) -> String {
        format!("postgres://app@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        let _ =
            stop.arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]).stderr(Stdio::null()).status();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.starts_with(b"0\n")
}

fn run(command: &mut Command) {
    assert!(command.status().expect("it runs").success(), "{command:?}");
}

impl Fault for Own {
    fn begin(&mut self) {
        self.control("stop");
    }

    fn end(&mut self) {
        self.control("start");
    }

    fn refusals(&self) -> &'static [u16] {
        &[503]
    }

    fn is_readable(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn a_database_that_is_gone_for_a_while() {
    let Some(bin) = std::env::var_os("PROVOST_BED_POSTGRES_BIN") else {
        assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "there is no PostgreSQL");
        tell("left out: PostgreSQL, which `cargo xtask test` starts");
        return;
    };
    let mut own = Own::start(bin.into());
    let (okta, provost) = system().await;
    let address = own.address();
    let server = Server::start(&provost, &[&["--store", &address], &WORDS[..]].concat()).await;
    survive(server, &okta.url(), Location::Postgres(address), &mut own).await;
}
