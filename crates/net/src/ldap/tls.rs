//! How a directory's certificate is checked.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use crate::SettingsError;

/// TLS that trusts the machine's certificate authorities and those in `authorities`, in PEM.
///
/// # Errors
/// A file that holds no certificates; a machine without any.
pub(super) fn config(authorities: Option<&[u8]>) -> Result<Arc<ClientConfig>, SettingsError> {
    let provider = Arc::new(default_provider());
    let roots = match authorities {
        None => Vec::new(),
        Some(pem) => certificates(pem).ok_or(SettingsError::Authorities)?,
    };
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider));
    let verifier = verifier.map_err(|error| SettingsError::Certificates(error.to_string()))?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| SettingsError::Certificates(error.to_string()))?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(Arc::new(builder.with_no_client_auth()))
}

fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!found.is_empty()).then_some(found)
}
