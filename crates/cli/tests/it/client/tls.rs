//! Servers that prove who they are by an authority of their own.

use rcgen::generate_simple_self_signed;

use super::PERSON;
use crate::provost::Provost;
use crate::serve::server::Server;

#[tokio::test]
async fn an_authority_of_ones_own_is_named_by_option_or_variable() {
    let made = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let server = Provost::new()
        .file("server.pem", &made.cert.pem())
        .file("server.key", &made.signing_key.serialize_pem());
    let words = ["--lab", "--tls-cert=server.pem", "--tls-key=server.key"];
    let running = Server::start(&server, &words).await;
    let port = running.address.rsplit(':').next().expect("a port");
    let address = format!("--server=https://localhost:{port}");
    let authority = server.folder().join("server.pem").display().to_string();

    let client = Provost::new().variable("PROVOST_API_KEY", running.key());
    let ask = ["iam-get-user", PERSON, "--using=hello", &address];
    let refused = client.run(&ask).await.ended(2);
    assert!(refused.stderr.contains("--ca-file or PROVOST_CA_FILE"), "{refused:#?}");
    client.run(&[&ask[..], &["--ca-file", &authority]].concat()).await.ended(0);
    let client = client.variable("PROVOST_CA_FILE", &authority);
    client.run(&ask).await.ended(0);
    let missing = client.run(&[&ask[..], &["--ca-file=missing.pem"]].concat()).await.ended(2);
    assert!(missing.stderr.contains("could not read `--ca-file` `missing.pem`"), "{missing:#?}");
}
