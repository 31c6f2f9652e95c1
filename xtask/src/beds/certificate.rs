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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_for_its_server_only() {
        let folder = RunFolder::make("of-a-test-of-certificates").expect("a folder");
        let made = make(&["localhost", "127.0.0.1"], &folder).expect("a certificate");
        let mode = fs::metadata(&made.key).expect("it was written").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let text = fs::read_to_string(&made.certificate).expect("it was written");
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----"), "{text}");
    }
}
