//! Test beds: servers and clients that others wrote, against which our commands are run.
//!
//! [`table`] is what there is. A bed is installed once, in `target/beds/` or by Debian; its
//! server is started on loopback, where nobody else listens, and stopped when the tests are
//! over. The tests are told by variables of the environment: `PROVOST_BED_NAME_URL` and
//! `_TOKEN` of a server, those of [`directory`] of an LDAP server and of [`postgres`],
//! `PROVOST_BED_NAME_PYTHON` of a client's library, `PROVOST_BED_PROGRAM` of a program that they
//! run themselves, and `PROVOST_BEDS_COMPLETE` where none is left out, so that a test that
//! misses its bed then fails.

mod bed;
mod certificate;
mod debian;
mod directory;
mod folders;
mod group;
mod install;
mod log;
mod postgres;
mod run;
mod samba;
mod server;
mod slapd;
mod table;
mod temporary;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use bed::{Bed, Serves};
use group::Group;
use log::Log;
use run::Running;
use server::TOKEN;
use table::BEDS;

type Variable = (String, String);
/// What ends with us, and how it is reached.
type Started = (Option<Running>, Vec<Variable>);

/// The beds that could be started, and what is missing of the others.
#[derive(Default)]
struct Beds {
    running: Vec<Running>,
    variables: Vec<Variable>,
    left_out: Vec<String>,
    /// Whether the vendors' API descriptions are there, which are no part of the project.
    described: bool,
}

/// `cargo xtask test`: every test, with the beds.
pub(crate) fn test() -> anyhow::Result<()> {
    run_until_signalled(run_tests())?.map_or_else(|signal| bail!(signal), Ok)
}

/// `cargo xtask beds`: the beds, for as long as somebody works with them.
pub(crate) fn serve() -> anyhow::Result<()> {
    run_until_signalled(run_beds()).map(drop)
}

/// A part of `cargo xtask test-extra`: servers at both kinds of stores are killed so many times.
pub(crate) fn kill(times: u32) -> anyhow::Result<()> {
    run_until_signalled(run_kills(times))?.map_or_else(|signal| bail!(signal), Ok)
}

async fn run_kills(times: u32) -> anyhow::Result<()> {
    let mut beds = Beds::start_those(|bed| matches!(bed.serves, Serves::Postgres)).await?;
    if let Some(missing) = beds.left_out.first() {
        bail!("servers at PostgreSQL cannot be killed: {missing}");
    }
    beds.variables.push(("PROVOST_KILLS".to_owned(), times.to_string()));
    cargo(&["test", "-p", "provost-cli", "--test", "it", "serve::killed"], &beds.variables).await
}

async fn run_tests() -> anyhow::Result<()> {
    let build = cargo(&["test", "--workspace", "--all-targets", "--no-run"], &[]);
    let (beds, built) = tokio::join!(Beds::start(), build);
    let beds = beds?;
    built?;
    beds.report_left_out();
    beds.check_complete()?;
    let tested = cargo(&["test", "--workspace", "--all-targets"], &beds.variables).await;
    // Once more, where it is read.
    beds.report_left_out();
    tested?;
    cargo(&["test", "--workspace", "--doc"], &[]).await
}

async fn run_beds() -> anyhow::Result<()> {
    let beds = Beds::start().await?;
    beds.report_left_out();
    for (name, value) in &beds.variables {
        writeln!(io::stdout(), "export {name}='{value}'").context("could not print the variables")?;
    }
    say("the beds run until Ctrl-C");
    std::future::pending().await
}

/// Runs it to its end, or until the signal that is returned. What it started ends with it.
fn run_until_signalled(
    work: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<Result<(), &'static str>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        tokio::select! {
            done = work => done.map(Ok),
            _ = interrupt.recv() => Ok(Err("interrupted")),
            _ = terminate.recv() => Ok(Err("terminated")),
            _ = hangup.recv() => Ok(Err("the terminal is gone")),
        }
    })
}

/// Tells whoever is watching, if anybody is.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "xtask: {text}");
}

async fn cargo(arguments: &[&str], variables: &[Variable]) -> anyhow::Result<()> {
    let mut command = Command::new("cargo");
    command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
    let status = Group::spawn(&mut command)?.wait().await?;
    if !status.success() {
        bail!("`cargo {}` failed ({status})", arguments.join(" "));
    }
    Ok(())
}

impl Beds {
    /// Starts all of them side by side.
    async fn start() -> anyhow::Result<Self> {
        Self::start_those(|_| true).await
    }

    /// Starts some of them side by side.
    async fn start_those(wanted: fn(&Bed) -> bool) -> anyhow::Result<Self> {
        let described = folders::descriptions().is_some();
        let possible = |bed: &&Bed| described || !matches!(bed.serves, Serves::Judge { .. });
        let possible = BEDS.iter().filter(|bed| wanted(bed)).filter(possible);
        let mut starting: JoinSet<_> = possible.map(|bed| async { (bed.name, start(bed).await) }).collect();
        let mut beds = Self { described, ..Self::default() };
        while let Some(started) = starting.join_next().await {
            match started? {
                (_, Ok((running, variables))) => {
                    beds.running.extend(running);
                    beds.variables.extend(variables);
                }
                (name, Err(why)) => beds.left_out.push(format!("{name}: {why:#}")),
            }
        }
        if beds.left_out.is_empty() && described {
            beds.variables.push(("PROVOST_BEDS_COMPLETE".to_owned(), "true".to_owned()));
        }
        beds.variables.sort();
        beds.left_out.sort();
        Ok(beds)
    }

    /// Says what the tests cannot show.
    fn report_left_out(&self) {
        for bed in &self.left_out {
            say(&format!("LEFT OUT, no test runs with this bed: {bed}"));
        }
        if !self.described {
            say("LEFT OUT, no request is held against the vendors' API descriptions: they are not in \
                 `../shared/specs`, and PROVOST_SPECS names no other folder");
        }
    }

    /// What is missing on somebody's machine must not be missing where it decides.
    fn check_complete(&self) -> anyhow::Result<()> {
        let in_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
        if in_ci && !self.left_out.is_empty() {
            bail!("with CI=true no bed may be left out");
        }
        Ok(())
    }
}

/// Installs a bed and starts its server, if it has one.
async fn start(bed: &Bed) -> anyhow::Result<Started> {
    let log = Log::begin(bed.name)?;
    let started = async {
        let home = install::install(bed.package, &log).await?;
        serve_from(bed, &home, &log).await
    };
    started.await.map_err(|error| anyhow!("{error:#}{}", log.tail()))
}

/// Starts what is installed in a folder, and says in variables how it is reached.
async fn serve_from(bed: &Bed, home: &Path, log: &Log) -> anyhow::Result<Started> {
    let told = |what: &str, value| variable(bed, what, value);
    let (command, path, description) = match bed.serves {
        Serves::Client => {
            let python = home.join("bin/python").to_string_lossy().into_owned();
            return Ok((None, vec![variable(bed, "PYTHON", python)]));
        }
        Serves::Programs(programs) => return Ok((None, programs_of(home, programs))),
        Serves::Slapd => return Ok(slapd::start(log).await?.reached(told)),
        Serves::SambaAd => return Ok(samba::start(home, log).await?.reached(told)),
        Serves::Postgres => return Ok(postgres::start(log).await?.reached(told)),
        Serves::Server { command, path } => (command, path, PathBuf::new()),
        Serves::Judge { command, description } => (command, "", described(description)?),
    };
    let server = server::start(command, home, &description, path, log).await?;
    let url = format!("http://{}{path}", server.address);
    let variables = vec![variable(bed, "URL", url), variable(bed, "TOKEN", TOKEN.to_owned())];
    Ok((Some(Running::new(server.group, None)), variables))
}

/// A variable for each program, which has its name, since a bed may have several.
fn programs_of(home: &Path, programs: &[&str]) -> Vec<Variable> {
    let told = |program: &&str| {
        let path = program.replace("{home}", &home.to_string_lossy());
        (variable_name(path.rsplit('/').next().unwrap_or_default()), path.clone())
    };
    programs.iter().map(told).collect()
}

fn described(name: &str) -> anyhow::Result<PathBuf> {
    let file = folders::descriptions().map(|folder| folder.join(name)).filter(|file| file.is_file());
    file.with_context(|| format!("the API description `{name}` is not there"))
}

fn variable(bed: &Bed, what: &str, value: String) -> Variable {
    (format!("{}_{what}", variable_name(bed.name)), value)
}

fn variable_name(of: &str) -> String {
    format!("PROVOST_BED_{}", of.replace('-', "_").to_uppercase())
}
