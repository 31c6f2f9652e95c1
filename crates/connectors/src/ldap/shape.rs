//! What an instance's settings make of a directory: where people are, what they are made of,
//! and how it is said that one of them is in use.

use provost_core::{ExposeSecret as _, Secret};
use provost_net::Url;
use provost_net::ldap::Address;
use serde_json::Value;

use super::dn::Dn;
use super::filter::{AttributeName, Filter};
use crate::manifest::{Dialect, LdapSystem};
use crate::{ConnectError, ParameterValue, Parameters};

/// A directory as an instance's settings describe it.
pub(super) struct Shape {
    pub(super) system: LdapSystem,
    /// The attributes that find an account, in order.
    pub(super) lookup: Vec<String>,
    /// What identifies an entry whatever its name becomes.
    pub(super) id: AttributeName,
    /// What people sign in with.
    pub(super) username: AttributeName,
    /// What names an entry in its place.
    pub(super) rdn: AttributeName,
    /// The classes of a new account, the most special last.
    pub(super) classes: Vec<String>,
    /// What an entry must be to be an account.
    pub(super) is_person: Filter,
    pub(super) active: ActiveBy,
    pub(super) group: GroupShape,
    /// The group of those who left: its name or its DN.
    pub(super) leavers: Option<String>,
    pub(super) protection: Protection,
    /// Where people and groups are looked for; the directory's own naming context if not said.
    pub(super) base: Option<Dn>,
    /// Where new people go.
    pub(super) people: Option<Dn>,
    /// Where groups are, and new ones go.
    pub(super) groups: Option<Dn>,
    /// How many entries a page of a list has.
    pub(super) page: i32,
}

/// How it is said that an account is out of use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ActiveBy {
    /// By one bit of `userAccountControl`.
    ControlBit,
    /// By a lock of the password policy that no time ends.
    Ppolicy,
    /// By an attribute that is `TRUE`.
    Attribute(AttributeName),
    /// By being in a group.
    Group(Dn),
    /// By being below an entry.
    Place(Dn),
}

/// What groups are.
pub(super) struct GroupShape {
    pub(super) class: AttributeName,
    pub(super) member: AttributeName,
}

/// The accounts that nothing is written to.
pub(super) struct Protection {
    /// Their names: of any look-up attribute, an id or a DN.
    pub(super) names: Vec<String>,
    /// Whether those are among them that the directory holds for administrators
    /// (`adminCount=1`).
    pub(super) admins: bool,
}

/// The classes of a person in Active Directory; also what the original makes.
const AD_CLASSES: [&str; 4] = ["top", "person", "organizationalPerson", "user"];
/// What is asked for besides all that users can see: what the server itself keeps of an account.
const SHOWN: [&str; 6] =
    ["*", "memberOf", "pwdAccountLockedTime", "pwdChangedTime", "createTimestamp", "modifyTimestamp"];
const SHOWN_BY_AD: [&str; 3] =
    ["*", "msDS-User-Account-Control-Computed", "msDS-UserPasswordExpiryTimeComputed"];
/// The most that a server of Active Directory gives on a page unless told otherwise.
const PAGE: i32 = 500;

impl Shape {
    /// # Errors
    /// A setting that cannot work.
    pub(super) fn read(system: LdapSystem, parameters: &Parameters) -> Result<Self, ConnectError> {
        let settings = Settings(parameters);
        let is_ad = system.dialect == Dialect::ActiveDirectory;
        let name = |setting, usual| settings.attribute(setting, usual);
        let classes = match settings.list("object-classes") {
            _ if is_ad => AD_CLASSES.map(str::to_owned).to_vec(),
            classes if classes.is_empty() => vec!["inetOrgPerson".to_owned()],
            classes => classes,
        };
        let lookup = settings.list("look-up");
        let lookup = if lookup.is_empty() { system.lookup.clone() } else { lookup };
        for attribute in &lookup {
            AttributeName::parse(attribute).map_err(|error| wrong("look-up", &error))?;
        }
        Ok(Self {
            lookup,
            id: name("id-attribute", if is_ad { "objectGUID" } else { "entryUUID" })?,
            username: name("rdn", "uid")
                .and_then(|rdn| if is_ad { known("sAMAccountName") } else { Ok(rdn) })?,
            rdn: if is_ad { known("cn")? } else { name("rdn", "uid")? },
            is_person: person(system.dialect, &classes)?,
            classes,
            active: settings.active(is_ad)?,
            group: GroupShape {
                class: name("group-class", if is_ad { "group" } else { "groupOfNames" })?,
                member: name("member-attribute", "member")?,
            },
            leavers: settings.text("group-cn").map(str::to_owned),
            protection: Protection {
                names: settings.list("protected"),
                admins: is_ad && settings.boolean("protect-admins", true),
            },
            base: settings.dn("base")?,
            people: settings.dn("people")?,
            groups: settings.dn("groups")?,
            page: settings.number("page-size").unwrap_or(PAGE),
            system,
        })
    }

    pub(super) fn is_ad(&self) -> bool {
        self.system.dialect == Dialect::ActiveDirectory
    }

    /// The attributes that are asked for of an account.
    pub(super) fn shown(&self) -> Vec<String> {
        let own: &[&str] = if self.is_ad() { &SHOWN_BY_AD } else { &SHOWN };
        let mut shown: Vec<String> = own.iter().copied().map(str::to_owned).collect();
        shown.push(self.id.to_string());
        if let ActiveBy::Attribute(attribute) = &self.active {
            shown.push(attribute.to_string());
        }
        shown
    }
}

/// Where the directory is and how it is entered.
///
/// # Errors
/// A setting that is missing or cannot work.
pub(super) fn address(parameters: &Parameters) -> Result<Address, ConnectError> {
    let settings = Settings(parameters);
    let servers = settings.list("url").iter().map(|text| server(text)).collect::<Result<Vec<_>, _>>()?;
    if servers.is_empty() {
        return Err(ConnectError::Missing("url".to_owned()));
    }
    let (name, password) = match parameters.get("credentials") {
        Some(ParameterValue::Basic { username, password }) => (username.clone(), password.clone()),
        _ => return Err(ConnectError::Missing("credentials".to_owned())),
    };
    // A name with an empty password is no log-in but an anonymous one (RFC 4513, section 5.1.2),
    // and seems to succeed.
    if name.trim().is_empty() || is_blank(&password) {
        return Err(ConnectError::Setting(
            "credentials",
            "a user name and a password, none of them empty".into(),
        ));
    }
    Ok(Address {
        servers,
        start_tls: settings.boolean("start-tls", true),
        follow_referrals: settings.boolean("follow-referrals", false),
        name,
        password,
    })
}

fn is_blank(password: &Secret) -> bool {
    password.expose_secret().is_empty()
}

fn server(text: &str) -> Result<Url, ConnectError> {
    match Url::parse(text) {
        Ok(url)
            if matches!(url.scheme(), "ldap" | "ldaps")
                && url.host_str().is_some_and(|host| !host.is_empty()) =>
        {
            Ok(url)
        }
        _ => Err(ConnectError::Setting("url", "addresses that begin with `ldap://` or `ldaps://`".into())),
    }
}

fn person(dialect: Dialect, classes: &[String]) -> Result<Filter, ConnectError> {
    let class = known("objectClass")?;
    Ok(match dialect {
        Dialect::ActiveDirectory => {
            Filter::And(vec![Filter::equal(known("objectCategory")?, "person"), Filter::equal(class, "user")])
        }
        Dialect::Standard => Filter::equal(class, classes.last().map(String::as_str).unwrap_or_default()),
    })
}

/// A name that is surely one.
pub(super) fn known(name: &str) -> Result<AttributeName, ConnectError> {
    AttributeName::parse(name).map_err(|error| wrong("an attribute", &error))
}

fn wrong(setting: &'static str, problem: &dyn std::fmt::Display) -> ConnectError {
    ConnectError::Setting(setting, problem.to_string())
}

struct Settings<'a>(&'a Parameters);

impl Settings<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        match self.0.get(name) {
            Some(ParameterValue::Plain(value)) => Some(value),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    fn list(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => vec![text.clone()],
            _ => Vec::new(),
        }
    }

    fn boolean(&self, name: &str, usual: bool) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or(usual)
    }

    fn number(&self, name: &str) -> Option<i32> {
        self.value(name)
            .and_then(Value::as_i64)
            .and_then(|number| i32::try_from(number).ok())
            .filter(|size| *size > 0)
    }

    fn attribute(&self, name: &'static str, usual: &str) -> Result<AttributeName, ConnectError> {
        AttributeName::parse(self.text(name).unwrap_or(usual)).map_err(|error| wrong(name, &error))
    }

    fn dn(&self, name: &'static str) -> Result<Option<Dn>, ConnectError> {
        self.text(name).map(Dn::parse).transpose().map_err(|error| wrong(name, &error))
    }

    fn active(&self, is_ad: bool) -> Result<ActiveBy, ConnectError> {
        let needed = |name| self.dn(name)?.ok_or_else(|| ConnectError::Missing(name.to_owned()));
        Ok(match self.text("active-by") {
            _ if is_ad => ActiveBy::ControlBit,
            None | Some("ppolicy") => ActiveBy::Ppolicy,
            Some("group") => ActiveBy::Group(needed("disabled-group")?),
            Some("ou") => ActiveBy::Place(needed("disabled-ou")?),
            Some(attribute) => ActiveBy::Attribute(
                AttributeName::parse(attribute).map_err(|error| wrong("active-by", &error))?,
            ),
        })
    }
}
