//! PostgreSQL, with an empty cluster in each run, to which `app` may do anything without a
//! password. `xtask/beds/postgresql.conf` is how it is configured. Root cannot run it, so that
//! there it runs as the user whom the package has made.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rustix::process::Signal;
use tokio::process::Command;

use super::bed::System;
use super::folders::apps;
use super::group::Group;
use super::install::run;
use super::log::Log;
use super::run::{RunFolder, Running};
use super::server::{Question, free_address, try_again, up};
use super::{Started, Variable};

/// Where the programs are, which Debian puts in nobody's path.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";

pub(super) const SYSTEM: System = System {
    files: &["/usr/lib/postgresql/15/bin/initdb", "/usr/lib/postgresql/15/bin/psql", "/usr/bin/setpriv"],
    runs_as_root: false,
    // Else a cluster is made that is started with the system, for ever.
    meanwhile: &[(
        "/etc/postgresql-common/createcluster.d/provost-beds.conf",
        "create_main_cluster = false\n",
    )],
};

const USER: &str = "postgres";

/// A server that is up.
pub(super) struct Postgres {
    running: Running,
    url: String,
    /// A data folder that no server has used, to be copied by tests that need a server of
    /// their own.
    data: PathBuf,
}

impl Postgres {
    /// As the start of a bed is told, each variable made of its part of a name and its value.
    pub(super) fn reached(self, variable: impl Fn(&str, String) -> Variable) -> Started {
        let told = [
            ("URL", self.url),
            ("BIN", PROGRAMS.to_owned()),
            ("DATA", self.data.to_string_lossy().into_owned()),
        ];
        (Some(self.running), told.map(|(what, value)| variable(what, value)).to_vec())
    }
}

pub(super) async fn start(log: &Log) -> anyhow::Result<Postgres> {
    try_again(|| start_once(log)).await
}

async fn start_once(log: &Log) -> anyhow::Result<Postgres> {
    let folder = RunFolder::make("postgres")?;
    let clean = make_cluster(&folder, log).await?;
    let data = folder.path().join("data");
    run(program("cp", &folder).arg("--archive").arg(&clean).arg(&data), log).await?;
    let address = free_address()?;
    let mut command = program(&of_postgres("postgres"), &folder);
    command.arg("-D").arg(&data).arg("-p").arg(address.port().to_string());
    log.take(&mut command)?;
    // Its children are in no group of ours, and leave shared memory where they are killed.
    let group = Group::spawn(&mut command)?.stopped_by(Signal::INT);
    let server = up(group, address, &Question::postgres()).await?;
    let running = Running::new(server.group, Some(folder));
    Ok(Postgres { running, url: format!("postgres://app@{address}/postgres"), data: clean })
}

/// Makes a data folder.
async fn make_cluster(folder: &RunFolder, log: &Log) -> anyhow::Result<PathBuf> {
    if is_root() {
        run(Command::new("chown").arg(USER).arg(folder.path()), log).await?;
    }
    let data = folder.path().join("clean");
    let mut make = program(&of_postgres("initdb"), folder);
    make.arg("-D").arg(&data).args(["-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
    run(make.arg("--no-sync"), log).await?;
    configure(&data).context("could not configure the server")?;
    Ok(data)
}

fn configure(data: &Path) -> std::io::Result<()> {
    let settings = std::fs::read(apps().join("postgresql.conf"))?;
    File::options().append(true).open(data.join("postgresql.conf"))?.write_all(&settings)
}

/// A program run by the user whom the data belongs to.
fn program(name: &str, folder: &RunFolder) -> Command {
    let mut command = Command::new(if is_root() { "setpriv" } else { name });
    if is_root() {
        command.args(["--reuid", USER, "--regid", USER, "--init-groups", "--", name]);
    }
    // Ours may be closed to that user.
    command.current_dir(folder.path());
    command
}

fn of_postgres(name: &str) -> String {
    format!("{PROGRAMS}/{name}")
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
