//! One connection to one server, signed in, carrying out one operation at a time.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use ldap3::controls::{MakeCritical as _, PagedResults, PostRead, PostReadResp, RawControl};
use ldap3::exop::PasswordModify;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Mod, SearchEntry, SearchOptions};
use ldap3::{SearchResult, StdStream};
use provost_core::ExposeSecret as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use url::Url;

use super::operation::{Changing, Entry, Modification, Operation, Reply, Scope, Search};
use super::refusal::{PASSWORD_POLICY, Refusal};
use super::{Login, Setup};

/// Names in answers are shown with ids (`[MS-ADTS]`, 3.1.1.3.4.1.5).
const EXTENDED_DN: &str = "1.2.840.113556.1.4.529";
/// Its value asks for ids as they are written for people: SEQUENCE { INTEGER 1 }.
const AS_STRINGS: [u8; 5] = [0x30, 3, 2, 1, 1];

/// How an operation ended that was not carried out.
#[derive(Debug)]
pub(super) enum Failed {
    /// The server said why.
    Refused(Refusal),
    /// No connection came about.
    Connect(LdapError),
    /// The connection broke, or the answer did not come in time.
    Broken(LdapError),
    /// The answer could not be read.
    Senseless,
}

pub(super) struct Connection {
    /// The server at its other end.
    pub(super) server: Url,
    ldap: Ldap,
    /// When it was last of use.
    used: Instant,
    limit: Duration,
}

impl Connection {
    /// Connects and signs in.
    pub(super) async fn open(url: &Url, login: &Login, setup: &Setup) -> Result<Self, Failed> {
        let connecting = timeout(setup.connect_limit, connect(url, setup));
        let connecting = AssertUnwindSafe(connecting).catch_unwind().await;
        let connected = connecting.map_err(|_| Failed::Senseless)?;
        let (driver, ldap) =
            connected.map_err(|elapsed| Failed::Connect(elapsed.into()))?.map_err(Failed::Connect)?;
        // It ends when the last handle is dropped, or when the connection breaks, which the
        // operation under way then tells.
        tokio::spawn(async move { driver.drive().await.map_err(drop) });
        let mut connection = Self { server: url.clone(), ldap, used: Instant::now(), limit: setup.limit };
        connection.sign_in(login).await?;
        Ok(connection)
    }

    async fn sign_in(&mut self, login: &Login) -> Result<(), Failed> {
        let mut ldap = self.ldap.clone();
        let bind = async move {
            ldap.with_controls(vec![policy_control()])
                .simple_bind(&login.name, login.password.expose_secret())
                .await
        };
        let result = self.within_limit(bind).await?;
        succeeded(result).map(drop)
    }

    /// Whether it can be used for something that must not fail because of it.
    pub(super) fn is_fresh(&mut self, longest: Duration) -> bool {
        !self.ldap.is_closed() && self.used.elapsed() < longest
    }

    /// Carries out an operation. After anything but a refusal the connection is of no more use.
    pub(super) async fn carry_out(&mut self, operation: &Operation, can: Can) -> Result<Reply, Failed> {
        self.used = Instant::now();
        let mut ldap = self.ldap.clone();
        let result = match operation {
            Operation::Search(search) => return self.search(search, None).await,
            Operation::Add { dn, attributes, show } => {
                let attributes =
                    attributes.iter().map(|(name, values)| (name.clone().into_bytes(), set(values)));
                ask_to_show(&mut ldap, show, can);
                self.within_limit(ldap.add(dn, attributes.collect())).await
            }
            Operation::Modify { dn, changes, show } => {
                ask_to_show(&mut ldap, show, can);
                self.within_limit(ldap.modify(dn, changes.iter().map(modification).collect())).await
            }
            Operation::Rename { dn, rdn, place } => {
                self.within_limit(ldap.modifydn(dn, rdn, true, place.as_deref())).await
            }
            Operation::Delete { dn } => self.within_limit(ldap.delete(dn)).await,
            Operation::Compare { dn, attribute, value } => {
                let compared = ldap.compare(dn, attribute, value.as_bytes());
                self.within_limit(compared).await.map(|compared| compared.0)
            }
            Operation::SetPassword { dn, password } => {
                let request = PasswordModify { user_id: Some(dn), old_pass: None, new_pass: Some(password) };
                ldap.with_controls(vec![policy_control()]);
                self.within_limit(ldap.extended(request)).await.map(|done| done.1)
            }
        }?;
        changed(operation.dn(), &succeeded(result)?)
    }

    /// A search, or a page of one.
    pub(super) async fn search(&mut self, search: &Search, page: Option<Page<'_>>) -> Result<Reply, Failed> {
        self.used = Instant::now();
        let mut ldap = self.ldap.clone();
        let seconds = i32::try_from(self.limit.as_secs().max(1)).unwrap_or(i32::MAX);
        ldap.with_search_options(SearchOptions::new().timelimit(seconds).sizelimit(search.limit));
        let mut controls = Vec::new();
        if search.extended_names {
            let ctype = EXTENDED_DN.to_owned();
            controls.push(RawControl { ctype, crit: false, val: Some(AS_STRINGS.to_vec()) });
        }
        if let Some(page) = page {
            let control = PagedResults { size: page.size, cookie: page.cookie.to_vec() };
            controls.push(control.critical().into());
        }
        ldap.with_controls(controls);
        let scope = match search.scope {
            Scope::Base => ldap3::Scope::Base,
            Scope::Subtree => ldap3::Scope::Subtree,
        };
        let found = ldap.search(&search.base, scope, &search.filter, search.attributes.as_slice());
        let SearchResult(entries, result) = self.within_limit(found).await?;
        let result = succeeded(result)?;
        let read = move || {
            let entries = entries.into_iter().map(|entry| entry_of(SearchEntry::construct(entry))).collect();
            let cookie = cookie(&result).unwrap_or_default();
            Reply { entries, cookie, references: result.refs, is_equal: false }
        };
        std::panic::catch_unwind(AssertUnwindSafe(read)).map_err(|_| Failed::Senseless)
    }

    /// What comes of it in time. The library panics at answers that are none.
    async fn within_limit<T>(&self, asked: impl Future<Output = Result<T, LdapError>>) -> Result<T, Failed> {
        match AssertUnwindSafe(timeout(self.limit, asked)).catch_unwind().await {
            Err(_) => Err(Failed::Senseless),
            Ok(Err(elapsed)) => Err(Failed::Broken(elapsed.into())),
            Ok(Ok(result)) => result.map_err(Failed::Broken),
        }
    }
}

/// What the server can do besides the standard's core.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Can {
    /// Show an entry in the answer to its change (RFC 4527).
    pub(super) show_after: bool,
}

/// Which page of a search.
pub(super) struct Page<'a> {
    pub(super) size: i32,
    /// Where it begins; empty for the first.
    pub(super) cookie: &'a [u8],
}

async fn connect(url: &Url, setup: &Setup) -> Result<(LdapConnAsync, Ldap), LdapError> {
    let is_tls = url.scheme() == "ldaps";
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port().unwrap_or(if is_tls { 636 } else { 389 });
    let stream = TcpStream::connect((host, port)).await?;
    // Small requests and answers in turns are what this is about.
    stream.set_nodelay(true)?;
    let settings = LdapConnSettings::new()
        .set_std_stream(StdStream::Tcp(stream.into_std()?))
        .set_starttls(setup.start_tls && !is_tls)
        .set_no_tls_verify(setup.insecure);
    let settings = match &setup.tls {
        Some(config) => settings.set_config(Arc::clone(config)),
        None => settings,
    };
    LdapConnAsync::from_url_with_settings(settings, url).await
}

fn policy_control() -> RawControl {
    RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: None }
}

fn ask_to_show(ldap: &mut Ldap, show: &[String], can: Can) {
    let mut controls = vec![policy_control()];
    if can.show_after && !show.is_empty() {
        controls.push(PostRead::new(show.to_vec()));
    }
    ldap.with_controls(controls);
}

fn set(values: &[Vec<u8>]) -> HashSet<Vec<u8>> {
    values.iter().cloned().collect()
}

fn modification(change: &Modification) -> Mod<Vec<u8>> {
    let (attribute, values) = (change.attribute.clone().into_bytes(), set(&change.values));
    match change.change {
        Changing::Add => Mod::Add(attribute, values),
        Changing::Delete => Mod::Delete(attribute, values),
        Changing::Replace => Mod::Replace(attribute, values),
    }
}

/// The result, unless it is a refusal. A comparison's two answers are none (RFC 4511, A.1).
fn succeeded(result: LdapResult) -> Result<LdapResult, Failed> {
    match result.rc {
        0 | 5 | 6 => Ok(result),
        _ => Err(Failed::Refused(Refusal::of(result))),
    }
}

/// The reply to a change, with the entry as it is now where the server shows it.
fn changed(dn: &str, result: &LdapResult) -> Result<Reply, Failed> {
    let read = || {
        let shown = result.ctrls.iter().find(|control| {
            matches!(control.0, Some(ldap3::controls::ControlType::PostReadResp)) && control.1.val.is_some()
        });
        let shown = shown.map(|control| control.1.parse::<PostReadResp>());
        shown.map(|shown| {
            entry_of(SearchEntry { dn: dn.to_owned(), attrs: shown.attrs, bin_attrs: shown.bin_attrs })
        })
    };
    let entry = std::panic::catch_unwind(AssertUnwindSafe(read)).map_err(|_| Failed::Senseless)?;
    Ok(Reply { entries: entry.into_iter().collect(), is_equal: result.rc == 6, ..Reply::default() })
}

fn cookie(result: &LdapResult) -> Option<Vec<u8>> {
    let is_page = |control: &&ldap3::controls::Control| {
        matches!(control.0, Some(ldap3::controls::ControlType::PagedResults)) && control.1.val.is_some()
    };
    let control = result.ctrls.iter().find(is_page)?;
    Some(control.1.parse::<PagedResults>().cookie)
}

fn entry_of(entry: SearchEntry) -> Entry {
    let texts = entry.attrs.into_iter().map(|(name, values)| {
        let values = values.into_iter().map(String::into_bytes).collect();
        (name, values)
    });
    let attributes =
        texts.chain(entry.bin_attrs).filter(|(_, values): &(_, Vec<Vec<u8>>)| !values.is_empty());
    Entry { dn: entry.dn, attributes: attributes.collect() }
}
