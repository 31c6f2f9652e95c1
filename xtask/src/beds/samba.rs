//! Samba as a domain controller of Active Directory. Its domain is made once, by
//! `xtask/beds/domain_of_samba.py`; each run works on a copy. Its ports cannot be chosen, so
//! that each server has a loopback address of its own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::process::Command;

use super::certificate;
use super::directory::{Directory, Login};
use super::group::Group;
use super::install::run;
use super::log::Log;
use super::run::{RunFolder, Running};
use super::server::{Question, try_again, up};

/// The passwords have what the domain asks of one.
pub(super) const ADMIN_PASSWORD: &str = "Admin-0f-the-bed";
pub(super) const PASSWORD: &str = "Svc-0f-the-bed";

const BASE: &str = "DC=corp,DC=example,DC=test";
const USER: Login = Login { name: "svc-provost@corp.example.test", password: PASSWORD };
const ADMIN: Login = Login { name: "Administrator@corp.example.test", password: ADMIN_PASSWORD };

/// The last parts of the addresses that are tried, from 127.0.0.88 on.
const ADDRESSES: std::ops::Range<u8> = 88..128;
/// LDAP, LDAPS, and both of the global catalogue.
const PORTS: [u16; 4] = [389, 636, 3268, 3269];

pub(super) async fn start(home: &Path, log: &Log) -> anyhow::Result<Directory> {
    try_again(|| start_once(home, log)).await
}

async fn start_once(home: &Path, log: &Log) -> anyhow::Result<Directory> {
    let address = free_loopback()?;
    let folder = RunFolder::make("samba-ad")?;
    let copy = ["--recursive", "--sparse=always"];
    run(Command::new("cp").args(copy).arg(home.join("domain/private")).arg(folder.path()), log).await?;
    let names = ["dc1.corp.example.test", "localhost", &address.to_string()];
    let ca = certificate::make(&names, &folder)?.certificate;
    let configuration = folder.fill("smb.conf", &[("{address}", &address.to_string())])?;
    let group = spawn(configuration, log)?;
    let server = up(group, SocketAddr::from((address, PORTS[0])), &Question::ldap()).await?;
    let running = Running::new(server.group, Some(folder));
    let (url, ldaps_url) = (format!("ldap://{address}"), format!("ldaps://{address}"));
    Ok(Directory { running, url, ldaps_url, ca, base: BASE, user: USER, admin: ADMIN })
}

fn spawn(configuration: PathBuf, log: &Log) -> anyhow::Result<Group> {
    let mut command = Command::new("/usr/sbin/samba");
    command.args(["--interactive", "--debug-stdout", "--configfile"]).arg(configuration);
    log.take(&mut command)?;
    Group::spawn(&mut command)
}

/// An address on which nobody has the ports.
fn free_loopback() -> anyhow::Result<Ipv4Addr> {
    let mut addresses = ADDRESSES.map(|last| Ipv4Addr::new(127, 0, 0, last));
    let is_free = |address: &Ipv4Addr| PORTS.iter().all(|port| TcpListener::bind((*address, *port)).is_ok());
    addresses.find(is_free).context("the ports of LDAP are taken on every address from 127.0.0.88 on")
}
