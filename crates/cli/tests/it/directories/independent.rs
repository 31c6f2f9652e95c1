//! The content of a directory, read and written by OpenLDAP's own programs.

use std::collections::BTreeMap;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::bed::Directory;

/// An entry's attributes in lower case, each with its values.
pub(super) type Shown = BTreeMap<String, Vec<String>>;

/// Puts LDIF into the directory, which may say to change, rename or delete something.
pub(super) async fn change(directory: &Directory, ldif: &str) {
    let (status, output) = run(directory, "ldapmodify", &["-a"], ldif).await;
    assert!(status, "{}: {output}\n{ldif}", directory.name);
}

/// The entry of this name, if it is there.
pub(super) async fn entry(directory: &Directory, dn: &str) -> Option<Shown> {
    let words = ["-LLL", "-o", "ldif-wrap=no", "-s", "base", "-b", dn, "(objectClass=*)", "*", "+"];
    let (status, output) = run(directory, "ldapsearch", &words, "").await;
    status.then(|| read(&output))
}

/// Whether somebody can sign in.
pub(super) async fn lets_in(directory: &Directory, dn: &str, password: &str) -> bool {
    let somebody =
        Directory { admin: dn.to_owned(), admin_password: password.to_owned(), ..directory.clone() };
    run(&somebody, "ldapsearch", &["-s", "base", "-b", "", "1.1"], "").await.0
}

async fn run(directory: &Directory, program: &str, words: &[&str], input: &str) -> (bool, String) {
    let mut command = Command::new(program);
    command.args(["-x", "-H", &directory.ldaps, "-D", &directory.admin, "-w", &directory.admin_password]);
    command.args(words).env("LDAPTLS_CACERT", &directory.ca).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    // Both at once: it tells of each entry as it reads.
    let feed = async move { stdin.write_all(input.as_bytes()).await };
    let (_, output) = tokio::join!(feed, child.wait_with_output());
    let output = output.expect("the program ends");
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (output.status.success(), if output.status.success() { text[0].clone() } else { text.concat() })
}

/// Reads LDIF (RFC 2849) of one entry without folded lines.
fn read(ldif: &str) -> Shown {
    let mut shown = Shown::new();
    for line in ldif.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = match value.strip_prefix(':') {
            Some(encoded) => {
                let bytes = STANDARD.decode(encoded.trim()).expect("base64");
                String::from_utf8(bytes).unwrap_or_else(|_| encoded.trim().to_owned())
            }
            None => value.trim_start().to_owned(),
        };
        shown.entry(name.to_lowercase()).or_default().push(value);
    }
    shown
}
