//! Connections that must be proved, and those that cannot be.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::{KNOWN, system, with_instances};
use crate::provost::{CANARY, Printed, Provost};

const ANSWER: &str = r#"{"result": [{"user_id": "7", "user_name": "ann", "active": true}]}"#;

/// How a message about certificates begins.
const BAD_CERTIFICATE: &str = "SSL Certificate Verification Failed";

/// A server's proof and whom to trust for it, in PEM.
struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    trusted: String,
}

impl Identity {
    /// A certificate that vouches for itself.
    fn self_signed(host: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([host.to_owned()]).expect("a certificate");
        Self::of(made.cert.der().clone(), &made.signing_key, made.cert.pem())
    }

    /// A certificate that an authority of our own signed.
    fn signed(host: &str) -> Self {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(authority, key).expect("an authority");
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([host.to_owned()]).expect("a host");
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        Self::of(certificate.der().clone(), &key, issuer.pem())
    }

    fn of(certificate: CertificateDer<'static>, key: &KeyPair, trusted: String) -> Self {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Self { certificate, key, trusted }
    }

    /// Serves the one answer under this identity; says where.
    async fn serve(self) -> String {
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("protocol versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate], self.key)
            .expect("the key fits");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    ANSWER.len()
                );
                let _ = stream.write_all(format!("{head}{ANSWER}").as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        format!("https://{address}")
    }
}

/// Asks the address with these further settings.
async fn ask(url: &str, settings: &str, trusted: &str) -> Printed {
    let provost = with_instances(&[("app", url)]);
    let text = format!("{}{settings}", provost.read("provost.yaml"));
    let provost = Provost::configured(&text).file("trusted.pem", trusted);
    let printed = provost.run(&["iam-get-user", KNOWN, "-v", "-o", "json"]).await;
    assert!(!printed.holds(CANARY), "{printed:#?}");
    printed
}

#[tokio::test]
async fn an_unknown_certificate_is_refused() {
    for identity in [Identity::self_signed("127.0.0.1"), Identity::signed("127.0.0.1")] {
        let refused = ask(&identity.serve().await, "", "").await.ended(1);
        let record = &refused.json()["IAM.Vendor"];
        assert_eq!((&record["success"], &record["errorCode"]), (&Value::from(false), &Value::Null));
        assert!(refused.stdout.contains(BAD_CERTIFICATE), "{refused:#?}");
        assert!(
            refused.stderr.contains("`ca-file`") && refused.stderr.contains("`insecure: true`"),
            "{refused:#?}"
        );
        assert!(!refused.stderr.contains("trying again"), "{refused:#?}");
    }
}

#[tokio::test]
async fn a_certificate_is_taken_where_it_is_trusted_or_nobody_asks() {
    for identity in [Identity::self_signed("127.0.0.1"), Identity::signed("127.0.0.1")] {
        let trusted = identity.trusted.clone();
        let url = identity.serve().await;
        for settings in ["    insecure: true\n", "    ca-file: trusted.pem\n"] {
            let found = ask(&url, settings, &trusted).await;
            assert_eq!(found.exit, 0, "{settings}: {found:#?}");
            assert_eq!(found.json()["IAM.Vendor"]["id"], "7");
        }
    }
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let identity = Identity::signed("other.example.com");
    let trusted = identity.trusted.clone();
    let url = identity.serve().await;
    let refused = ask(&url, "    ca-file: trusted.pem\n", &trusted).await.ended(1);
    assert!(refused.stdout.contains(BAD_CERTIFICATE), "{refused:#?}");
}

#[tokio::test]
async fn a_file_without_certificates_is_no_authority() {
    let url = Identity::self_signed("127.0.0.1").serve().await;
    let printed = ask(&url, "    ca-file: trusted.pem\n", "nothing in here\n").await;
    assert_eq!(printed.exit, 2, "{printed:#?}");
    assert!(printed.stderr.contains("ca-file"), "{printed:#?}");
}

#[tokio::test]
async fn tls_against_a_plain_port_fails_in_words() {
    let system = system().await;
    let url = system.url().replace("http:", "https:");
    let printed = ask(&url, "", "").await.ended(1);
    let record = &printed.json()["IAM.Vendor"];
    assert_eq!((&record["success"], &record["errorCode"]), (&Value::from(false), &Value::Null));
    assert!(record["errorMessage"].as_str().is_some_and(|text| text.contains("Error Type:")), "{printed:#?}");
}
