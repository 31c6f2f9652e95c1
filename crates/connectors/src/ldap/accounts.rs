//! The accounts of people.

use std::borrow::Cow;

use async_trait::async_trait;
use provost_core::{Account, Accounts, Attributes, Context, Fault, FaultKind, LookUp, Verbs};
use provost_net::ldap::{Changing, Entry, Modification, Operation};

use super::dn::Dn;
use super::entry::account;
use super::filter::Filter;
use super::places::{everything, name};
use super::shape::ActiveBy;
use super::values::unicode_password;
use super::write::{Wanted, dn_of};
use super::{LdapConnector, state};

#[async_trait]
impl Accounts for LdapConnector {
    fn verbs(&self) -> Verbs {
        self.shape.system.verbs()
    }

    fn look_up(&self) -> &[String] {
        &self.shape.lookup
    }

    fn starts_enabled(&self) -> bool {
        !self.shape.is_ad()
    }

    async fn find(&self, cx: &Context, look_up: &LookUp) -> Result<Vec<Account>, Fault> {
        let is_person = &self.shape.is_person;
        let by_id = look_up.attribute == "id";
        let entries = if by_id {
            self.by_id(cx, &look_up.value, is_person).await?
        } else {
            let places = self.places(cx).await?;
            let having = self.having(&name(&look_up.attribute)?, &look_up.value);
            let filter = Filter::And(vec![having, is_person.clone()]);
            self.search(cx, places.base.to_string(), &filter, self.shape.shown()).await?
        };
        let mut found = Vec::new();
        for entry in entries {
            let mut account = self.account(cx, &entry).await?;
            if by_id {
                // It was found by its id, however that was written.
                account.keys.insert("id".to_owned(), vec![account.id.to_string(), look_up.value.clone()]);
            }
            found.push(account);
        }
        Ok(found)
    }

    fn has(&self, account: &Account, attributes: &Attributes) -> bool {
        self.shows(account, attributes)
    }

    fn shown(&self, account: &Account, attributes: &Attributes) -> Attributes {
        let shown = |name: &String| {
            let mut own = account.attributes.iter();
            own.find(|(own, _)| own.eq_ignore_ascii_case(name))
                .map(|(_, value)| (name.clone(), value.clone()))
        };
        attributes.keys().filter_map(shown).collect()
    }

    fn permit(&self, account: &Account) -> Result<(), Fault> {
        self.check_protection(account)
    }

    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Account, Fault> {
        let wanted = self.wanted(cx, attributes).await?;
        let dn = self.new_dn(cx, &wanted).await?;
        let places = self.places(cx).await?;
        let attributes = self.new_entry(&wanted, places.sets_passwords);
        let add = Operation::Add { dn: dn.to_string(), attributes, show: self.shape.shown() };
        let reply = self.ask(cx, add).await?;
        let made = self.after(cx, &dn, reply.entries).await;
        let made = made.ok_or_else(|| {
            Fault::new(FaultKind::AnswerLost, format!("`{dn}` was made, but cannot be read"))
        })?;
        if let Some(password) = wanted.password.filter(|_| !self.shape.is_ad() && places.sets_passwords) {
            let set = self.set_password(cx, &dn, &password).await;
            set.map_err(|fault| Fault {
                kind: FaultKind::HalfDone,
                message: format!("the account was made, but has no password: {}", fault.message),
                ..fault
            })?;
        }
        Ok(made)
    }

    async fn update(
        &self,
        cx: &Context,
        account: &Account,
        attributes: &Attributes,
    ) -> Result<Account, Fault> {
        let account = &*self.now(cx, account).await?;
        let wanted = self.wanted(cx, attributes).await?;
        let dn = dn_of(account)?;
        let mut now = None;
        let mut changes = wanted.changes(&self.shape, &dn, account);
        if let Some(password) = wanted.password.as_deref().filter(|_| self.shape.is_ad()) {
            let values = vec![unicode_password(password)];
            changes.push(Modification {
                attribute: "unicodePwd".to_owned(),
                change: Changing::Replace,
                values,
            });
        }
        let is_changed = !changes.is_empty();
        if is_changed {
            now = self.modify(cx, &dn, changes).await?;
        }
        let halfway = |mut fault: Fault| {
            if is_changed {
                fault.message.push_str(" (the attributes were written before this)");
            }
            fault
        };
        if let Some(password) = wanted.password.as_deref().filter(|_| !self.shape.is_ad()) {
            self.set_password(cx, &dn, password).await.map_err(halfway)?;
        }
        // The last, since elsewhere there may be no right to change what is left.
        if let Some((name, place)) = wanted.rename(&self.shape, &dn) {
            let renamed = self.rename(cx, &dn, &name, place.as_ref()).await.map_err(halfway)?;
            now = self.shown_now(cx, &renamed).await;
        }
        Ok(now.unwrap_or_else(|| account.clone()))
    }

    async fn set_enabled(&self, cx: &Context, account: &Account, enabled: bool) -> Result<Account, Fault> {
        self.switch(cx, account, enabled).await
    }
}

impl LdapConnector {
    /// The account that an entry shows.
    pub(super) async fn account(&self, cx: &Context, entry: &Entry) -> Result<Account, Fault> {
        Ok(account(&self.shape, entry, self.active(cx, entry).await?))
    }

    /// Where a new account goes.
    async fn new_dn(&self, cx: &Context, wanted: &Wanted) -> Result<Dn, Fault> {
        let shape = &self.shape;
        let lacks = |what: &str, hint: &str| {
            Err(Fault::new(FaultKind::InvalidValue, format!("a new account needs {what}")).with_hint(hint))
        };
        let value = |attribute: &str| {
            let found = wanted.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute));
            found.and_then(|(_, values)| values.first())
        };
        if shape.is_ad() && value("sAMAccountName").is_none() {
            return lacks(
                "a `sAMAccountName`",
                "let the outgoing mapper give one, for example from the mail address",
            );
        }
        let named = wanted.name.as_ref().or_else(|| shape.is_ad().then(|| value("sAMAccountName")).flatten());
        let Some(named) = named else {
            return lacks(&format!("a `{}`", shape.rdn), "let the outgoing mapper give one");
        };
        let places = self.places(cx).await?;
        let Some(place) = wanted.place.as_ref().or(places.people.as_ref()) else {
            let hint = "let the outgoing mapper give `ou`, a DN or the name of an OU, or set `people` for \
                        those without one";
            return lacks("an `ou`", hint);
        };
        Ok(place.child(&shape.rdn, named))
    }

    /// The attributes of a new entry. In Active Directory it is out of use until it is enabled.
    fn new_entry(&self, wanted: &Wanted, sets_passwords: bool) -> Vec<(String, Vec<Vec<u8>>)> {
        let shape = &self.shape;
        let bytes = |values: &[String]| values.iter().map(|value| value.clone().into_bytes()).collect();
        let mut classes = shape.classes.clone();
        for class in &wanted.classes {
            if !classes.iter().any(|known| known.eq_ignore_ascii_case(class)) {
                classes.push(class.clone());
            }
        }
        let mut entry = vec![("objectClass".to_owned(), bytes(&classes))];
        let given = wanted.attributes.iter().filter(|(_, values)| !values.is_empty());
        entry.extend(given.map(|(name, values)| (name.clone(), bytes(values))));
        if let Some(named) = wanted.name.as_ref().filter(|_| !has(&entry, shape.rdn.as_str())) {
            entry.push((shape.rdn.to_string(), bytes(std::slice::from_ref(named))));
        }
        let password = wanted.password.as_deref();
        if shape.is_ad() {
            let given = entry.iter().position(|(name, _)| name.eq_ignore_ascii_case("userAccountControl"));
            let given = given.map(|at| entry.remove(at).1);
            let given = given.and_then(|values| std::str::from_utf8(values.first()?).ok()?.parse().ok());
            let bits = state::bits(given.unwrap_or(state::NORMAL), false).to_string();
            entry.push(("userAccountControl".to_owned(), vec![bits.into_bytes()]));
            entry
                .extend(password.map(|password| ("unicodePwd".to_owned(), vec![unicode_password(password)])));
        } else if !sets_passwords {
            entry.extend(
                password.map(|password| ("userPassword".to_owned(), vec![password.as_bytes().to_vec()])),
            );
        }
        entry
    }

    pub(super) async fn modify(
        &self,
        cx: &Context,
        dn: &Dn,
        changes: Vec<Modification>,
    ) -> Result<Option<Account>, Fault> {
        let modify = Operation::Modify { dn: dn.to_string(), changes, show: self.shape.shown() };
        let reply = self.ask(cx, modify).await?;
        Ok(self.after(cx, dn, reply.entries).await)
    }

    /// Gives an entry a name and a place; its new DN.
    pub(super) async fn rename(
        &self,
        cx: &Context,
        dn: &Dn,
        name: &Dn,
        place: Option<&Dn>,
    ) -> Result<Dn, Fault> {
        let operation =
            Operation::Rename { dn: dn.to_string(), rdn: name.to_string(), place: place.map(Dn::to_string) };
        self.ask(cx, operation).await?;
        Ok(name.within(&place.cloned().or_else(|| dn.parent()).unwrap_or_default()))
    }

    async fn set_password(&self, cx: &Context, dn: &Dn, password: &str) -> Result<(), Fault> {
        let (dn, password) = (dn.to_string(), password.to_owned());
        let operation = if self.places(cx).await?.sets_passwords {
            Operation::SetPassword { dn, password }
        } else {
            let (attribute, values) = ("userPassword".to_owned(), vec![password.into_bytes()]);
            let change = Modification { attribute, change: Changing::Replace, values };
            Operation::Modify { dn, changes: vec![change], show: Vec::new() }
        };
        self.ask(cx, operation).await.map(drop)
    }

    /// The account as it is. Enabling may have moved it since it was found, and of some nothing is
    /// known but the id.
    pub(super) async fn now<'a>(
        &self,
        cx: &Context,
        account: &'a Account,
    ) -> Result<Cow<'a, Account>, Fault> {
        let may_have_moved = matches!(self.shape.active, ActiveBy::Place(_));
        if !may_have_moved && account.attributes.contains_key("dn") {
            return Ok(Cow::Borrowed(account));
        }
        let found = self.by_id(cx, account.id.as_str(), &self.shape.is_person).await?;
        match &found[..] {
            [only] => self.account(cx, only).await.map(Cow::Owned),
            _ => Err(Fault::new(FaultKind::NotFound, format!("the account {} is gone", account.id))
                .with_hint("look for it again")),
        }
    }

    /// The account after a change: as the answer showed it or, of a server that cannot show it
    /// there, as it is read now. A change that was made is not a failure because of this.
    async fn after(&self, cx: &Context, dn: &Dn, shown: Vec<Entry>) -> Option<Account> {
        match shown.into_iter().next() {
            Some(entry) => self.account(cx, &entry).await.ok(),
            None => self.shown_now(cx, dn).await,
        }
    }

    pub(super) async fn shown_now(&self, cx: &Context, dn: &Dn) -> Option<Account> {
        let entry = self.read(cx, dn.to_string(), &everything().ok()?, self.shape.shown()).await.ok()??;
        self.account(cx, &entry).await.ok()
    }
}

fn has(entry: &[(String, Vec<Vec<u8>>)], attribute: &str) -> bool {
    entry.iter().any(|(name, _)| name.eq_ignore_ascii_case(attribute))
}
