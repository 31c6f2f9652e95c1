//! The master key of sealed secrets.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use provost_core::{ExposeSecret as _, Secret};
use provost_store::{Location, MasterKey, Vault};

use crate::args::StoreArgs;
use crate::config::{Reference, Resolver, write_private};
use crate::output::Hinted;
use crate::random::SystemRandom;

/// How long a command may take that prints the key.
const LIMIT: Duration = Duration::from_secs(30);
/// The file of the key where nothing else is said and the store is no file.
const FILE: &str = "provost.key";

/// The vault of a store: by the key that is named, or by the one in a file beside the store,
/// which is made where it is not there.
pub(crate) fn vault(arguments: &StoreArgs, location: &Location) -> anyhow::Result<Vault> {
    let secret = match &arguments.master_key {
        Some(text) => named(text)?,
        None => beside(&file_of(location))?,
    };
    Ok(Vault::new(parse(&secret)?, Vec::new()))
}

/// The key of a store where there is one; none is made.
pub(crate) fn present(arguments: &StoreArgs, location: &Location) -> anyhow::Result<Option<MasterKey>> {
    let file = file_of(location);
    match &arguments.master_key {
        Some(text) => parse(&named(text)?).map(Some),
        None if file.exists() => parse(&read(&file)?).map(Some),
        None => Ok(None),
    }
}

/// The key that a reference names.
pub(crate) fn named(text: &str) -> anyhow::Result<Secret> {
    let reference = Reference::parse(text)?;
    if matches!(reference, Reference::Plain(_)) {
        return Err(Hinted::new("a master key is named by where it is, not by what it is")
            .hint("env:NAME, file:PATH or command:LINE")
            .into());
    }
    Ok(Resolver { folder: Path::new("."), limit: LIMIT, sealed: &|_| None }.resolve(&reference)?)
}

pub(crate) fn parse(secret: &Secret) -> anyhow::Result<MasterKey> {
    MasterKey::parse(secret.expose_secret())
        .map_err(|error| Hinted::new(error.to_string()).hint("`openssl rand -hex 32` makes one").into())
}

/// The file beside a store that has its master key.
pub(crate) fn file_of(location: &Location) -> PathBuf {
    match location {
        Location::File(path) => path.with_extension("key"),
        Location::Postgres(_) => FILE.into(),
    }
}

fn beside(file: &Path) -> anyhow::Result<Secret> {
    if !file.exists() {
        let key = MasterKey::generate(&SystemRandom);
        write_private(file, key.expose_secret())?;
        return Ok(key);
    }
    read(file)
}

pub(crate) fn read(file: &Path) -> anyhow::Result<Secret> {
    let text = fs::read_to_string(file);
    Ok(text.with_context(|| format!("could not read the master key `{}`", file.display()))?.into())
}
