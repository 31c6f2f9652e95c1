//! What is to be written to an account, sorted: its attributes, and what is no attribute there.

use provost_core::{Account, Attributes, Context, Fault, FaultKind};
use provost_net::ldap::Modification;
use serde_json::Value;

use super::LdapConnector;
use super::dn::Dn;
use super::places::Places;
use super::shape::Shape;
use super::state;
use super::values::{difference, shown, values};

/// The names that a password goes by.
const PASSWORDS: [&str; 3] = ["password", "userPassword", "unicodePwd"];
/// What an account shows that is no attribute of it.
const SHOWN_ONLY: [&str; 3] = ["id", "dn", "accountState"];

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The attributes with their values; none to have none.
    pub(super) attributes: Vec<(String, Vec<String>)>,
    /// What names the entry in its place.
    pub(super) name: Option<String>,
    /// The entry that it is below.
    pub(super) place: Option<Dn>,
    pub(super) password: Option<String>,
    /// The classes of a new entry, besides those that every account has.
    pub(super) classes: Vec<String>,
    /// The manager as the profile calls them, to be found.
    pub(super) manager: Option<String>,
}

impl Wanted {
    /// Sorts attributes. `places` where it is known where things are.
    pub(super) fn sort(shape: &Shape, places: &Places, attributes: &Attributes) -> Result<Self, Fault> {
        let mut wanted = Self::default();
        for (name, value) in attributes {
            wanted.take(shape, places, name, value)?;
        }
        Ok(wanted)
    }

    fn take(&mut self, shape: &Shape, places: &Places, name: &str, value: &Value) -> Result<(), Fault> {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let values = values(name, value)?;
        let first = || values.first().cloned();
        if SHOWN_ONLY.into_iter().any(is) {
        } else if PASSWORDS.into_iter().any(is) {
            self.password = first();
        } else if is("objectClass") {
            self.classes = values;
        } else if is("manageremail") || (is("manager") && first().is_some()) {
            self.manager = first().or(self.manager.take());
        } else if shape.is_ad() && is("ou") {
            self.place = first().map(|ou| places.place(&ou)).transpose()?;
        } else {
            if shape.rdn.is(name) {
                self.name = first();
            }
            self.attributes.push((name.to_owned(), values));
        }
        Ok(())
    }

    /// What of the attributes the account does not show as wanted. Its name is not among them:
    /// entries are renamed.
    pub(super) fn changes(&self, shape: &Shape, dn: &Dn, account: &Account) -> Vec<Modification> {
        let is_named = named(shape, dn).is_some();
        let written = self.attributes.iter().filter(|(name, _)| !is_named || !shape.rdn.is(name));
        let changes = written.flat_map(|(name, after)| {
            let before = shown(&account.attributes, name);
            if shape.is_ad() && name.eq_ignore_ascii_case("userAccountControl") {
                return difference(name, &before, &kept_bit(account, after));
            }
            difference(name, &before, after)
        });
        changes.collect()
    }

    /// The name and the place that the entry is to have, where they differ from what it has.
    pub(super) fn rename(&self, shape: &Shape, dn: &Dn) -> Option<(Dn, Option<Dn>)> {
        let place = dn.parent().unwrap_or_default();
        let moved = self.place.clone().filter(|wanted| *wanted != place);
        // Another case of the same name is a new name, though it is the same entry.
        let wanted =
            self.name.as_deref().filter(|wanted| named(shape, dn).is_some_and(|name| name != *wanted));
        let name = wanted.map_or_else(|| dn.relative(), |name| Dn::default().child(&shape.rdn, name));
        (wanted.is_some() || moved.is_some()).then_some((name, moved))
    }
}

/// The name of an entry in its place, where it is named as new ones are. Others keep the kind of
/// name that somebody gave them.
fn named<'a>(shape: &Shape, dn: &'a Dn) -> Option<&'a str> {
    dn.rdn()?.only(&shape.rdn)
}

/// Control bits as wanted, but for the one that only enabling and disabling change. A change
/// before this one may have changed that since the account was found.
fn kept_bit(account: &Account, after: &[String]) -> Vec<String> {
    let wanted = after.first().and_then(|value| value.parse::<i64>().ok());
    let Some(wanted) = wanted else { return after.to_vec() };
    vec![state::bits(wanted, account.active != Some(false)).to_string()]
}

impl LdapConnector {
    /// What is to be written, everybody found who is named in it.
    pub(super) async fn wanted(&self, cx: &Context, attributes: &Attributes) -> Result<Wanted, Fault> {
        let places = self.places(cx).await?;
        let mut wanted = Wanted::sort(&self.shape, places, attributes)?;
        if let Some(called) = wanted.manager.take()
            && let Some(dn) = self.manager(cx, &called).await?
        {
            wanted.attributes.push(("manager".to_owned(), vec![dn]));
        }
        Ok(wanted)
    }

    /// Whether nothing of this would change the account. What has to be asked for is taken for a
    /// change.
    pub(super) fn shows(&self, account: &Account, attributes: &Attributes) -> bool {
        let dn = dn_of(account);
        let (Ok(dn), Some(places)) = (dn, self.places.get()) else { return false };
        Wanted::sort(&self.shape, places, attributes).is_ok_and(|wanted| {
            wanted.password.is_none()
                && wanted.manager.is_none()
                && wanted.rename(&self.shape, &dn).is_none()
                && wanted.changes(&self.shape, &dn, account).is_empty()
        })
    }
}

/// Where the account's entry is.
pub(super) fn dn_of(account: &Account) -> Result<Dn, Fault> {
    let text = account.attributes.get("dn").and_then(Value::as_str).unwrap_or(account.id.as_str());
    Dn::parse(text).map_err(|error| {
        Fault::new(FaultKind::Bug, format!("the account {} shows no DN: {error}", account.id))
    })
}
