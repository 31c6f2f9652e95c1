//! The file that `--oidc` names: which identity provider vouches for people, and for what.

mod provider;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use provost_core::yaml::{self, Located};
use provost_core::{Diagnostic, Secret};
use provost_server::oidc::{GroupRole, LogIn, Settings};
use provost_server::{Role, Scopes};
use serde::Deserialize;
use url::Url;

use crate::config::{Reference, Resolver};

use self::provider::{Client, Network};

/// How long one question to the provider may take where nothing is said.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a command may take that prints the client's secret.
const LIMIT: Duration = Duration::from_secs(30);
/// What is asked for where nothing is said.
const SCOPES: [&str; 3] = ["openid", "profile", "email"];
const CLAIM: &str = "groups";

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Written {
    issuer: Located<String>,
    client_id: String,
    #[serde(default)]
    client_secret: Option<Located<String>>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    scopes: Option<Vec<String>>,
    #[serde(default)]
    claim: Option<String>,
    #[serde(default)]
    label: Option<String>,
    roles: Vec<Line>,
    #[serde(default)]
    ca_file: Option<PathBuf>,
    #[serde(default)]
    timeout: Option<Located<f64>>,
}

/// A line of the table of groups.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Line {
    group: String,
    role: Role,
    #[serde(default)]
    instances: Option<Vec<String>>,
    #[serde(default)]
    commands: Option<Vec<String>>,
}

/// Reads the file. `address` is where browsers reach the server if the file does not say it;
/// nothing where that cannot be known.
///
/// # Errors
/// What is wrong with the file, or with what it refers to. The provider is not asked.
pub(super) fn log_in(file: &Path, address: Option<&str>) -> anyhow::Result<LogIn> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read `{}`", file.display()))?;
    let written: Written = yaml::parse(file, &text)?;
    let about = |message: String| Diagnostic::about(file, message);
    let network = network(file, &text, &written)?;
    let client = Client { id: written.client_id.clone(), secret: secret(file, &text, &written)? };
    let issuer = Url::parse(&written.issuer.value)
        .map_err(|_| yaml::complain(file, &text, &written.issuer, "`issuer` is no address"))?;
    let provider = provider::connect(&issuer, client, network)?;
    let no_url = "`url` is missing: the address of this server in browsers, such as https://provost.example";
    let url = written.url.clone().or_else(|| address.map(str::to_owned));
    let url = url.ok_or_else(|| about(no_url.to_owned()))?;
    let label = format!("Sign in with {}", issuer.host_str().unwrap_or("OpenID Connect"));
    let log_in = LogIn::new(settings(written, url, label), Arc::new(provider));
    Ok(log_in.map_err(|error| about(error.to_string()))?)
}

fn settings(written: Written, url: String, label: String) -> Settings {
    Settings {
        client_id: written.client_id,
        url,
        scopes: written.scopes.unwrap_or_else(|| SCOPES.map(str::to_owned).into()),
        claim: written.claim.unwrap_or_else(|| CLAIM.to_owned()),
        roles: written.roles.into_iter().map(Line::into_role).collect(),
        label: written.label.unwrap_or(label),
        issuer: written.issuer.value,
    }
}

impl Line {
    fn into_role(self) -> GroupRole {
        let scopes = Scopes { instances: self.instances, commands: self.commands };
        GroupRole { group: self.group, role: self.role, scopes }
    }
}

/// The secret of the client; none for a public one. It is named, and never written there.
fn secret(file: &Path, text: &str, written: &Written) -> anyhow::Result<Option<Secret>> {
    let Some(place) = &written.client_secret else { return Ok(None) };
    let complain = |message: String| {
        let mut complaint = yaml::complain(file, text, place, message);
        complaint.excerpt.clear();
        complaint
    };
    let reference = Reference::parse(&place.value).map_err(|error| complain(error.to_string()))?;
    if matches!(reference, Reference::Plain(_)) {
        let complaint = complain("`client-secret` says where the secret is, not what it is".to_owned());
        return Err(complaint.with_hint("env:NAME, file:PATH or command:LINE").into());
    }
    let resolver = Resolver { folder: folder(file), limit: LIMIT, sealed: &|_| None };
    Ok(Some(resolver.resolve(&reference)?))
}

fn network(file: &Path, text: &str, written: &Written) -> anyhow::Result<Network> {
    let read = |path: &PathBuf| {
        let path = folder(file).join(path);
        fs::read(&path).with_context(|| format!("could not read `ca-file` `{}`", path.display()))
    };
    let timeout = match &written.timeout {
        None => TIMEOUT,
        Some(given) => seconds(given.value)
            .ok_or_else(|| yaml::complain(file, text, given, "this must be a number of seconds above 0"))?,
    };
    Ok(Network { authorities: written.ca_file.as_ref().map(read).transpose()?, timeout })
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number).ok().filter(|duration| !duration.is_zero())
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
