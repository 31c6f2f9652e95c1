//! OpenLDAP, with an empty database in each run. `xtask/beds/slapd.conf` is how it is
//! configured, `xtask/beds/slapd.ldif` what is in it.

use std::path::Path;

use tokio::process::Command;

use super::certificate::{self, Certificate};
use super::directory::{Directory, Login};
use super::group::Group;
use super::install::run;
use super::log::Log;
use super::run::{RunFolder, Running};
use super::server::{Question, free_address, try_again, up};

const PROGRAM: &str = "/usr/sbin/slapd";
const BASE: &str = "dc=example,dc=test";
const USER: Login = Login { name: "cn=svc,dc=example,dc=test", password: "svc-of-the-bed" };
const ADMIN: Login = Login { name: "cn=admin,dc=example,dc=test", password: "admin-of-the-bed" };

pub(super) async fn start(log: &Log) -> anyhow::Result<Directory> {
    try_again(|| start_once(log)).await
}

async fn start_once(log: &Log) -> anyhow::Result<Directory> {
    let folder = RunFolder::make("slapd")?;
    let certificate = certificate::make(&["localhost", "127.0.0.1"], &folder)?;
    let configuration = configure(&folder, &certificate, log).await?;
    let (plain, tls) = (free_address()?, free_address()?);
    let (url, ldaps_url) = (format!("ldap://{plain}"), format!("ldaps://{tls}"));
    let mut command = Command::new(PROGRAM);
    // It stays in the foreground, and logs the operations.
    command.arg("-f").arg(configuration).args(["-d", "stats", "-h", &format!("{url} {ldaps_url}")]);
    log.take(&mut command)?;
    let server = up(Group::spawn(&mut command)?, plain, &Question::ldap()).await?;
    let running = Running::new(server.group, Some(folder));
    Ok(Directory {
        running,
        url,
        ldaps_url,
        ca: certificate.certificate,
        base: BASE,
        user: USER,
        admin: ADMIN,
    })
}

/// Writes what it reads, and fills the database.
async fn configure(
    folder: &RunFolder,
    certificate: &Certificate,
    log: &Log,
) -> anyhow::Result<std::path::PathBuf> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let (file, key) = (text(&certificate.certificate), text(&certificate.key));
    let holes = [("{certificate}", &*file), ("{key}", &*key), ("{admin-password}", ADMIN.password)];
    let configuration = folder.fill("slapd.conf", &holes)?;
    let entries = folder.fill("slapd.ldif", &[("{password}", USER.password)])?;
    let mut add = Command::new(PROGRAM);
    add.args(["-T", "add", "-n", "1", "-f"]).arg(&configuration).arg("-l").arg(entries);
    run(&mut add, log).await?;
    Ok(configuration)
}
