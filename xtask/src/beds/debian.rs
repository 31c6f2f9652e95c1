//! Debian's packages. They are the system's, not ours: they are installed only where they
//! are missing, and no service of theirs is started.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::bed::System;
use super::log::Log;
use super::temporary::Temporary;

/// What keeps the installations of two checkouts apart: one may still need the policy that
/// the other is about to remove.
const LOCK: &str = "/run/provost-beds.lock";
/// What Debian asks whether a service may be started, and its answer, which is no.
const POLICY: (&str, &str) = ("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n");

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
    let _meanwhile = meanwhile(system)?;
    apt_get(&["update", "-q"], log)?;
    let install = ["install", "-y", "-q", "--no-install-recommends"];
    apt_get(&[&install, packages].concat(), log)?;
    match missing(system) {
        Some(missing) => bail!("`{missing}` is in none of {}", packages.join(", ")),
        None => Ok(()),
    }
}

/// What the scripts of packages read. It goes when this is dropped.
fn meanwhile(system: System) -> anyhow::Result<Vec<Temporary>> {
    let files = system.meanwhile.iter().chain([&POLICY]);
    let put = |(path, text): &(&str, &str)| {
        Temporary::put(Path::new(path), text).with_context(|| format!("could not write `{path}`"))
    };
    files.map(put).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_root_is_told_what_is_missing_and_how_to_get_it() {
        let system =
            System { files: &["/dev/null", "/dev/null/not", "/not"], runs_as_root: false, meanwhile: &[] };
        let told = refusal(system, &["one", "two"], false).expect("a file is missing");
        assert!(told.starts_with("`/dev/null/not` is missing") && told.ends_with(" one two"), "{told}");
        assert_eq!(refusal(system, &["one"], true), None);
        let complete = System { files: &["/dev/null"], ..system };
        assert_eq!(refusal(complete, &["one"], false), None);
        let low_ports = refusal(System { runs_as_root: true, ..complete }, &["one"], false);
        assert!(low_ports.expect("it must be root").contains("below 1024"));
    }
}
