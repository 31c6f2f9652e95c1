//! Putting an account in use and taking it out of use.

use provost_core::{Account, Context, Fault, FaultKind, MemberChange};
use provost_net::ldap::{Changing, Entry, Modification, Operation};

use super::dn::Dn;
use super::filter::Filter;
use super::places::name;
use super::shape::ActiveBy;
use super::state::{self, LOCKED_FOR_GOOD};
use super::values::shown;
use super::write::dn_of;
use super::{LdapConnector, NO_SUCH_ATTRIBUTE, has_code};

impl LdapConnector {
    /// Does it, and returns the account as it is afterwards.
    pub(super) async fn switch(
        &self,
        cx: &Context,
        account: &Account,
        enabled: bool,
    ) -> Result<Account, Fault> {
        let account = &*self.now(cx, account).await?;
        let dn = dn_of(account)?;
        let left = self.mark_as_left(cx, account, &dn, !enabled).await;
        let switched = match &self.shape.active {
            ActiveBy::ControlBit => self.set_bit(cx, account, &dn, enabled).await?,
            ActiveBy::Ppolicy => {
                let value = (!enabled).then_some(LOCKED_FOR_GOOD);
                self.set(cx, &dn, "pwdAccountLockedTime", value).await?
            }
            ActiveBy::Attribute(attribute) => {
                self.set(cx, &dn, attribute.as_str(), (!enabled).then_some("TRUE")).await?
            }
            ActiveBy::Group(group) => {
                let change = if enabled { MemberChange::Remove } else { MemberChange::Add };
                self.change_members(cx, group, change, &[dn.to_string()]).await?;
                self.shown_now(cx, &dn).await
            }
            ActiveBy::Place(disabled) => self.change_place(cx, &dn, disabled, enabled).await?,
        };
        left.map_err(|fault| self.half_switched(fault, enabled))?;
        Ok(switched
            .unwrap_or_else(|| Account { active: Some(enabled), ..Account::known_by(account.id.clone()) }))
    }

    /// Whether the account of an entry is in use, where the entry does not say it itself.
    pub(super) async fn active(&self, cx: &Context, entry: &Entry) -> Result<Option<bool>, Fault> {
        let ActiveBy::Group(group) = &self.shape.active else { return Ok(None) };
        let compare = Operation::Compare {
            dn: group.to_string(),
            attribute: self.shape.group.member.to_string(),
            value: entry.dn.clone(),
        };
        match self.ask(cx, compare).await {
            Ok(reply) => Ok(Some(!reply.is_equal)),
            // A group without members has no such attribute.
            Err(fault) if has_code(&fault, NO_SUCH_ATTRIBUTE) => Ok(Some(true)),
            Err(fault) => Err(fault),
        }
    }

    /// Changes the one bit of what the account was found with, and no other.
    async fn set_bit(
        &self,
        cx: &Context,
        account: &Account,
        dn: &Dn,
        enabled: bool,
    ) -> Result<Option<Account>, Fault> {
        let bits =
            shown(&account.attributes, "userAccountControl").first().and_then(|bits| bits.parse().ok());
        let before: i64 = bits.ok_or_else(|| {
            Fault::new(FaultKind::PermissionDenied, format!("`{dn}` shows no userAccountControl"))
                .with_hint("the service account needs the right to read it")
        })?;
        let after = state::bits(before, enabled).to_string();
        self.set(cx, dn, "userAccountControl", Some(&after)).await
    }

    /// Gives an attribute this one value, or none; the account as it is then.
    async fn set(
        &self,
        cx: &Context,
        dn: &Dn,
        attribute: &str,
        value: Option<&str>,
    ) -> Result<Option<Account>, Fault> {
        let values = value.map(|value| value.as_bytes().to_vec()).into_iter().collect();
        let change = Modification { attribute: attribute.to_owned(), change: Changing::Replace, values };
        self.modify(cx, dn, vec![change]).await
    }

    /// Moves the entry below that of disabled accounts, or back to where people are.
    async fn change_place(
        &self,
        cx: &Context,
        dn: &Dn,
        disabled: &Dn,
        enabled: bool,
    ) -> Result<Option<Account>, Fault> {
        let places = self.places(cx).await?;
        let place = if enabled { places.people.as_ref().unwrap_or(&places.base) } else { disabled };
        let moved = self.rename(cx, dn, &dn.relative(), Some(place)).await?;
        Ok(self.shown_now(cx, &moved).await)
    }

    /// Puts the account into the group of those who left, or takes it out. The first thing done:
    /// what breaks off after it leaves an account that a second try still finds in use.
    async fn mark_as_left(&self, cx: &Context, account: &Account, dn: &Dn, left: bool) -> Result<(), Fault> {
        let Some(group) = &self.shape.leavers else { return Ok(()) };
        let group = self.leavers(cx, group).await?;
        let is_in = shown(&account.attributes, "memberOf")
            .iter()
            .any(|name| Dn::parse(name).is_ok_and(|name| name == group));
        if is_in == left {
            return Ok(());
        }
        let change = if left { MemberChange::Add } else { MemberChange::Remove };
        self.change_members(cx, &group, change, &[dn.to_string()]).await
    }

    /// The group of those who left.
    async fn leavers(&self, cx: &Context, group: &str) -> Result<Dn, Fault> {
        if group.contains('=') {
            let wrong = |error| Fault::new(FaultKind::Configuration, format!("`group-cn`: {error}"));
            return Dn::parse(group).map_err(wrong);
        }
        let places = self.places(cx).await?;
        let class = Filter::equal(name("objectClass")?, self.shape.group.class.as_str());
        let filter = Filter::And(vec![class, Filter::equal(name("cn")?, group)]);
        let found = self.search(cx, places.base.to_string(), &filter, vec!["1.1".to_owned()]).await?;
        let dn = if let [only] = &found[..] { Dn::parse(&only.dn).ok() } else { None };
        dn.ok_or_else(|| {
            let message = format!("`group-cn`: {} groups are called {group}", found.len());
            Fault::new(FaultKind::Configuration, message).with_hint("give the DN of the right one")
        })
    }

    /// A switch that worked, while the group of those who left could not be changed.
    fn half_switched(&self, fault: Fault, enabled: bool) -> Fault {
        let done = if enabled { "enabled" } else { "disabled" };
        let group = self.shape.leavers.as_deref().unwrap_or_default();
        let message = format!(
            "the account was {done}, but its membership of {group} was not changed: {}",
            fault.message
        );
        Fault { kind: FaultKind::HalfDone, message, ..fault }
            .with_hint("change the membership by hand, or mend what the message says")
    }
}
