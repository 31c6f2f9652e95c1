//! A certificate for a server of one run, which vouches for itself.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;

use super::run::RunFolder;

/// Where the two are, as PEM.
pub(super) struct Certificate {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

/// Makes one for these names and addresses.
pub(super) fn make(names: &[&str], folder: &RunFolder) -> anyhow::Result<Certificate> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names).context("could not make a certificate")?;
    let certificate = folder.write("certificate.pem", &made.cert.pem())?;
    let key = folder.write("key.pem", &made.signing_key.serialize_pem())?;
    // Samba refuses a key that others may read.
    let private = Permissions::from_mode(0o600);
    fs::set_permissions(&key, private).context("could not protect a key")?;
    Ok(Certificate { certificate, key })
}
