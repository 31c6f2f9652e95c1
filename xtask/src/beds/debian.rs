//! Debian's packages. They are the system's, not ours: they are installed only where they
//! are missing, and no service of theirs is started.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use super::log::Log;
use super::table::System;

/// What keeps the installations of two checkouts apart: one may still need the policy that
/// the other is about to remove.
const LOCK: &str = "/run/provost-beds.lock";
/// Where Debian asks whether a service may be started.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs the packages, if a file of theirs is missing and we may.
pub(super) async fn install(
    system: System,
    packages: &'static [&'static str],
    log: &Log,
) -> anyhow::Result<()> {
    if let Some(why) = refusal(system, packages, rustix::process::geteuid().is_root()) {
        bail!(why);
    }
    if missing(system).is_none() {
        return Ok(());
    }
    let log = log.clone();
    // An interrupt waits for the end of what blocks: half an installation would have to be
    // repaired by hand.
    tokio::task::spawn_blocking(move || install_missing(system, packages, &log)).await?
}

/// Why somebody cannot have the bed, and what to do.
fn refusal(system: System, packages: &[&str], is_root: bool) -> Option<String> {
    if is_root {
        return None;
    }
    let missing = missing(system).map(|missing| {
        let packages = packages.join(" ");
        format!("`{missing}` is missing; as root: apt-get install -y --no-install-recommends {packages}")
    });
    let root = "it runs as root only, since its ports are below 1024";
    if system.runs_as_root { Some(root.to_owned()) } else { missing }
}

fn missing(system: System) -> Option<&'static str> {
    system.files.iter().copied().find(|file| !Path::new(file).exists())
}

fn install_missing(system: System, packages: &[&str], log: &Log) -> anyhow::Result<()> {
    let _lock = lock().with_context(|| format!("could not lock `{LOCK}`"))?;
    if missing(system).is_none() {
        return Ok(());
    }
    let _policy = Policy::no_services(Path::new(POLICY)).context("could not forbid to start services")?;
    apt_get(&["update", "-q"], log)?;
    let install = ["install", "-y", "-q", "--no-install-recommends"];
    apt_get(&[&install, packages].concat(), log)?;
    match missing(system) {
        Some(missing) => bail!("`{missing}` is in none of {}", packages.join(", ")),
        None => Ok(()),
    }
}

fn lock() -> io::Result<File> {
    let file = File::options().write(true).create(true).truncate(false).open(LOCK)?;
    file.lock()?;
    Ok(file)
}

fn apt_get(arguments: &[&str], log: &Log) -> anyhow::Result<()> {
    let mut command = Command::new("apt-get");
    command.args(["-o", "DPkg::Lock::Timeout=300"]).args(arguments);
    command.env("DEBIAN_FRONTEND", "noninteractive").process_group(0);
    log.take_output_of(&mut command)?;
    let status = command.status().context("could not start `apt-get`")?;
    if !status.success() {
        bail!("`apt-get {}` failed ({status})", arguments.join(" "));
    }
    Ok(())
}

/// The policy that no service is started, if there was none; it goes when this is dropped.
struct Policy(Option<PathBuf>);

impl Policy {
    fn no_services(path: &Path) -> io::Result<Self> {
        match File::options().write(true).create_new(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Self(None)),
            Err(error) => Err(error),
            Ok(mut file) => {
                let policy = Self(Some(path.to_owned()));
                file.write_all(b"#!/bin/sh\nexit 101\n")?;
                file.set_permissions(Permissions::from_mode(0o755))?;
                Ok(policy)
            }
        }
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // It fails where somebody else removed it.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy_of(test: &str) -> PathBuf {
        std::env::temp_dir().join(format!("provost-policy-{test}-{}", std::process::id()))
    }

    #[test]
    fn no_service_is_started_until_the_policy_is_dropped() {
        let path = policy_of("made");
        let policy = Policy::no_services(&path).expect("it can be written");
        // Not run by its name, which fails for a moment where a test beside this one forks.
        let status = Command::new("sh").arg(&path).status().expect("a shell");
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        drop(policy);
        assert_eq!((status.code(), mode & 0o777), (Some(101), 0o755));
        assert!(!path.exists());
    }

    #[test]
    fn a_policy_that_is_there_stays_as_it_is() {
        let path = policy_of("there");
        fs::write(&path, "somebody's").expect("it can be written");
        drop(Policy::no_services(&path).expect("nothing is to be done"));
        let text = fs::read_to_string(&path);
        let _ = fs::remove_file(&path);
        assert_eq!(text.expect("it is there still"), "somebody's");
    }

    #[test]
    fn who_is_not_root_is_told_what_is_missing_and_how_to_get_it() {
        let system = System { files: &["/dev/null", "/dev/null/not", "/not"], runs_as_root: false };
        let told = refusal(system, &["one", "two"], false).expect("a file is missing");
        assert!(told.starts_with("`/dev/null/not` is missing") && told.ends_with(" one two"), "{told}");
        assert_eq!(refusal(system, &["one"], true), None);
        let complete = System { files: &["/dev/null"], ..system };
        assert_eq!(refusal(complete, &["one"], false), None);
        let low_ports = refusal(System { runs_as_root: true, ..complete }, &["one"], false);
        assert!(low_ports.expect("it must be root").contains("below 1024"));
    }
}
