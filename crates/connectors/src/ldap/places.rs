//! Where things are in a directory.

use provost_core::{Context, Fault, FaultKind};

use super::LdapConnector;
use super::dn::Dn;
use super::filter::{AttributeName, Filter};
use super::shape::ActiveBy;
use provost_net::ldap::Entry;

/// The operation that sets a password (RFC 3062).
const PASSWORD_MODIFY: &str = "1.3.6.1.4.1.4203.1.11.1";

/// What a directory says of itself, and what the settings make of it.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// Where people and groups are looked for.
    pub(super) base: Dn,
    /// Where new people go who are not said to go elsewhere.
    pub(super) people: Option<Dn>,
    /// Where groups are.
    pub(super) groups: Dn,
    /// Where the schema is described.
    pub(super) schema: Option<String>,
    /// Whether there is an operation that sets passwords.
    pub(super) sets_passwords: bool,
}

impl Places {
    /// The entry that an `ou` of a profile means: a DN, the part of one below where people are, or
    /// the name of an OU there.
    pub(super) fn place(&self, ou: &str) -> Result<Dn, Fault> {
        let wrong = |problem: &dyn std::fmt::Display| {
            Fault::new(FaultKind::InvalidValue, format!("the OU `{ou}` is none: {problem}"))
                .with_hint("give it as a DN, or as the name of an OU")
        };
        let start = self.people.as_ref().unwrap_or(&self.base);
        if !ou.contains('=') {
            return Ok(start.child(&name("OU")?, ou));
        }
        let dn = Dn::parse(ou).map_err(|error| wrong(&error))?;
        Ok(if dn.is_within(&self.base) { dn } else { dn.within(start) })
    }
}

impl LdapConnector {
    /// Where things are. The directory is asked once.
    pub(super) async fn places(&self, cx: &Context) -> Result<&Places, Fault> {
        self.places.get_or_try_init(|| self.ask_places(cx)).await
    }

    async fn ask_places(&self, cx: &Context) -> Result<Places, Fault> {
        let names = ["defaultNamingContext", "namingContexts", "subschemaSubentry", "supportedExtension"];
        let attributes = names.map(str::to_owned).to_vec();
        let root = self.read(cx, String::new(), &everything()?, attributes).await?.unwrap_or_default();
        let shape = &self.shape;
        let base = match &shape.base {
            Some(base) => base.clone(),
            None => naming_context(&root)?,
        };
        let disabled = if let ActiveBy::Place(place) = &shape.active { Some(place) } else { None };
        for (setting, dn) in [("people", shape.people.as_ref()), ("disabled-ou", disabled)] {
            if let Some(dn) = dn.filter(|dn| !dn.is_within(&base)) {
                return Err(outside(setting, dn, &base));
            }
        }
        let people = shape.people.clone().or_else(|| (!shape.is_ad()).then(|| base.clone()));
        Ok(Places {
            people,
            groups: shape.groups.clone().unwrap_or_else(|| base.clone()),
            schema: root.text("subschemaSubentry").map(str::to_owned),
            sets_passwords: root.texts("supportedExtension").any(|oid| oid == PASSWORD_MODIFY),
            base,
        })
    }

    /// Whether the places that the settings name are there.
    pub(super) async fn check_places(&self, cx: &Context) -> Result<(), Fault> {
        let places = self.places(cx).await?;
        let named = [
            ("base", Some(&places.base)),
            ("people", places.people.as_ref()),
            ("groups", Some(&places.groups)),
        ];
        for (setting, dn) in named {
            let Some(dn) = dn else { continue };
            if self.read(cx, dn.to_string(), &everything()?, vec!["1.1".to_owned()]).await?.is_none() {
                let message =
                    format!("`{setting}`: there is no entry `{dn}`, or the service account may not see it");
                return Err(Fault::new(FaultKind::Configuration, message)
                    .with_hint("check the setting, and the rights of the service account"));
            }
        }
        Ok(())
    }
}

/// Nobody there would be found, and those who come back would be made a second time.
fn outside(setting: &str, dn: &Dn, base: &Dn) -> Fault {
    let message = format!("`{setting}` `{dn}` is not below `base` `{base}`");
    Fault::new(FaultKind::Configuration, message).with_hint("set a `base` that all people are below")
}

/// The part of the directory that people are in.
fn naming_context(root: &Entry) -> Result<Dn, Fault> {
    let said: Vec<&str> = root.texts("namingContexts").collect();
    let only = if let [only] = said[..] { Some(only) } else { None };
    let context = root.text("defaultNamingContext").or(only).filter(|dn| !dn.is_empty());
    context.and_then(|dn| Dn::parse(dn).ok()).ok_or_else(|| {
        let listed = if said.is_empty() { "it shows none".to_owned() } else { said.join("; ") };
        Fault::new(
            FaultKind::Configuration,
            format!("which part of the directory is meant? There is {listed}"),
        )
        .with_hint("set `base`, for example `base: dc=example,dc=com`")
    })
}

/// Every entry.
pub(super) fn everything() -> Result<Filter, Fault> {
    Ok(Filter::Present(name("objectClass")?))
}

/// A name that is surely an attribute's, or one that settings gave.
pub(super) fn name(text: &str) -> Result<AttributeName, Fault> {
    AttributeName::parse(text).map_err(|error| Fault::new(FaultKind::InvalidValue, error.to_string()))
}
