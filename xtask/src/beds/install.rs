//! Installing a package once: a second run finds it, and waits for a first that is at it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tokio::process::Command;

use super::bed::{Kind, Package};
use super::debian;
use super::folders::{apps, beds};
use super::group::Group;
use super::log::Log;

/// The file in a package's folder that says what was installed.
const MARK: &str = ".installed";

impl Kind {
    /// The programs whose versions decide what is installed, with the words to ask them.
    fn tools(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Python => &[("python3", "--version")],
            Self::Node => &[("node", "--version"), ("npm", "--version")],
            Self::Debian(_) => &[("dpkg-query", "--show")],
        }
    }
}

/// Installs what is not there and returns its folder.
pub(super) async fn install(package: Package, log: &Log) -> anyhow::Result<PathBuf> {
    if let Kind::Debian(system) = package.kind {
        debian::install(system, package.packages, log).await?;
    }
    let versions = versions(package).await?;
    let home = beds().join(package.name);
    let mark = mark(package, &versions, &home)?;
    let _lock = lock(package.name).await?;
    if fs::read_to_string(home.join(MARK)).is_ok_and(|installed| installed == mark) {
        return Ok(home);
    }
    // What half an installation left is not built upon.
    if home.exists() {
        fs::remove_dir_all(&home).with_context(|| format!("could not remove `{}`", home.display()))?;
    }
    fs::create_dir_all(&home).with_context(|| format!("could not make `{}`", home.display()))?;
    match package.kind {
        Kind::Python => install_python(package, &home, log).await?,
        Kind::Node => install_node(package, &home, log).await?,
        Kind::Debian(_) => {}
    }
    if let Some(app) = package.app {
        fs::copy(apps().join(app), home.join(app)).with_context(|| format!("could not copy `{app}`"))?;
    }
    prepare(package, &home, log).await?;
    fs::write(home.join(MARK), mark).context("could not note what was installed")?;
    Ok(home)
}

/// All that an installation depends on. Where it is belongs to it, since Python's programs
/// hold the path of their folder: what was copied with the project is installed anew.
fn mark(package: Package, versions: &[String], home: &Path) -> anyhow::Result<String> {
    let app = package.app.map(|app| fs::read_to_string(apps().join(app))).transpose();
    let app = app.context("could not read the bed's program")?.unwrap_or_default();
    let words = [versions, &owned(package.packages), &owned(package.prepare)];
    Ok(format!("{}\n{}\n{app}", home.display(), words.map(|words| words.join(" ")).join("\n")))
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The versions of the tools; those of Debian's packages, which are not pinned.
async fn versions(package: Package) -> anyhow::Result<Vec<String>> {
    let mut versions = Vec::new();
    for (tool, question) in package.kind.tools() {
        let mut command = Command::new(tool);
        command.arg(question);
        if matches!(package.kind, Kind::Debian(_)) {
            command.args(package.packages);
        }
        let Ok(output) = command.output().await else {
            bail!("`{tool}` is not installed");
        };
        versions.push(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Ok(versions)
}

/// Held until the file is dropped. The system takes it from a process that ends.
async fn lock(name: &str) -> anyhow::Result<File> {
    let path = beds().join(format!("{name}.lock"));
    let take = move || {
        let file = File::create(&path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    };
    tokio::task::spawn_blocking(take).await?.with_context(|| format!("could not lock `{name}`"))
}

async fn install_python(package: Package, home: &Path, log: &Log) -> anyhow::Result<()> {
    run(Command::new("python3").args(["-m", "venv"]).arg(home), log).await?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(home.join("bin/python")).args(pip).args(package.packages), log).await
}

async fn install_node(package: Package, home: &Path, log: &Log) -> anyhow::Result<()> {
    let about = r#"{"private": true, "type": "module"}"#;
    fs::write(home.join("package.json"), about).context("could not write `package.json`")?;
    let npm = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm").args(npm).args(package.packages).current_dir(home), log).await
}

async fn prepare(package: Package, home: &Path, log: &Log) -> anyhow::Result<()> {
    let words = package.prepare.iter().map(|word| word.replace("{home}", &home.to_string_lossy()));
    let words: Vec<String> = words.collect();
    let Some((program, arguments)) = words.split_first() else { return Ok(()) };
    run(Command::new(program).args(arguments), log).await
}

pub(super) async fn run(command: &mut Command, log: &Log) -> anyhow::Result<()> {
    log.take(command)?;
    let status = Group::spawn(command)?.wait().await?;
    if !status.success() {
        let program = command.as_std().get_program().to_string_lossy();
        bail!("`{program}` failed ({status})");
    }
    Ok(())
}
