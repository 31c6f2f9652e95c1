//! TLS of the server's own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::args::ServeArgs;
use crate::output::Hinted;

/// What agrees on keys, where the arguments name a certificate.
pub(super) fn acceptor(arguments: &ServeArgs) -> anyhow::Result<Option<TlsAcceptor>> {
    let (Some(certificate), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) else { return Ok(None) };
    let certificates = CertificateDer::pem_slice_iter(&read(certificate)?)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|certificates| !certificates.is_empty())
        .ok_or_else(|| Hinted::new(format!("`{}` holds no certificate as PEM", certificate.display())))?;
    let private = PrivateKeyDer::from_pem_slice(&read(key)?)
        .map_err(|_| Hinted::new(format!("`{}` holds no private key as PEM", key.display())))?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .context("the certificate and its key do not fit")?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("could not read `{}`", file.display()))
}
