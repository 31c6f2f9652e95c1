//! The accounts of people, by the manifest's operations.

use async_trait::async_trait;
use provost_core::{
    Account, Accounts, Attributes, Context, Fault, FaultKind, Listing, LookUp, Page, PageToken, Verb, Verbs,
    same_members,
};
use serde_json::{Value, json};

use super::names::names;
use super::steps::{At, Does, Done};
use super::{HttpConnector, answer};
use crate::manifest::{Operation, Way};

#[async_trait]
impl Accounts for HttpConnector {
    fn verbs(&self) -> Verbs {
        self.verbs
    }

    fn look_up(&self) -> &[String] {
        &self.manifest.lookup.names
    }

    async fn find(&self, cx: &Context, look_up: &LookUp) -> Result<Vec<Account>, Fault> {
        let seen = names([
            ("attribute", look_up.attribute.as_str().into()),
            ("value", look_up.value.as_str().into()),
            ("verb", cx.verb.map(Verb::as_str).into()),
        ]);
        let operation = &self.manifest.operations.find;
        let mut found = Vec::new();
        let mut take = |way: &Way, items| {
            // Of a list of everybody only those are kept who carry the value.
            let is_kept = |account: &Account| way.page.is_none() || account.carries(look_up);
            found.extend(self.read(items)?.into_iter().filter(is_kept));
            Ok(())
        };
        self.go_through(cx, operation, seen, &mut take).await?;
        Ok(found)
    }

    fn has(&self, account: &Account, attributes: &Attributes) -> bool {
        let place = self.manifest.account.attributes.as_ref();
        let shown = place.and_then(|place| answer::at(place, &Value::Object(account.attributes.clone())));
        shown.is_some_and(|shown| answer::includes(&shown, &Value::Object(attributes.clone())))
    }

    fn shown(&self, account: &Account, attributes: &Attributes) -> Attributes {
        let place = self.manifest.account.attributes.as_ref();
        match place.and_then(|place| answer::at(place, &Value::Object(account.attributes.clone()))) {
            Some(Value::Object(shown)) => same_members(&shown, attributes),
            _ => same_members(&account.attributes, attributes),
        }
    }

    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Account, Fault> {
        let operation = self.manifest.operations.create.as_ref();
        let operation = operation.ok_or_else(|| self.cannot(format_args!("{} an account", Verb::Create)))?;
        let seen = names([("attributes", Value::Object(attributes.clone()))]);
        let mut done = self.carry_out(cx, operation, seen, Does::Write, At::default()).await?;
        let item = match done.item() {
            Value::Null => {
                let message = "the system made an account, but does not show it";
                return Err(Fault::new(FaultKind::AnswerLost, message));
            }
            item => item,
        };
        let account = answer::account(&self.manifest, item, None)?;
        let mut seen = done.names;
        seen.insert("id".to_owned(), account.id.as_str().into());
        seen.insert("account".to_owned(), Value::Object(account.attributes.clone()));
        let finished = self.finish(cx, done.way, &seen).await;
        finished.map_err(|fault| answer::half_done(fault, &account))?;
        Ok(account)
    }

    async fn update(
        &self,
        cx: &Context,
        account: &Account,
        attributes: &Attributes,
    ) -> Result<Account, Fault> {
        self.change(cx, (Verb::Update, self.manifest.operations.update.as_ref()), account, attributes).await
    }

    async fn set_enabled(&self, cx: &Context, account: &Account, enabled: bool) -> Result<Account, Fault> {
        let operations = &self.manifest.operations;
        let operation = if enabled {
            (Verb::Enable, operations.enable.as_ref())
        } else {
            (Verb::Disable, operations.disable.as_ref())
        };
        self.change(cx, operation, account, &Attributes::new()).await
    }
}

#[async_trait]
impl Listing for HttpConnector {
    async fn page(
        &self,
        cx: &Context,
        token: Option<&PageToken>,
        size: Option<usize>,
    ) -> Result<Page<Account>, Fault> {
        let Some(list) = &self.manifest.operations.list else {
            return Err(Fault::unsupported(&self.brand, "lists no accounts"));
        };
        let token = token.map(|token| token.0.as_str());
        let mut done = self.carry_out(cx, list, names([]), Does::Read, At { token, size }).await?;
        self.page_of(&mut done, token)
    }
}

impl HttpConnector {
    /// Carries out an operation on an account that is there. Systems that answer with
    /// nothing leave it to the caller to complete the account.
    async fn change(
        &self,
        cx: &Context,
        (verb, operation): (Verb, Option<&Operation>),
        account: &Account,
        attributes: &Attributes,
    ) -> Result<Account, Fault> {
        let operation = operation.ok_or_else(|| self.cannot(format_args!("{verb} an account")))?;
        let seen = names([
            ("id", json!(account.id)),
            ("account", Value::Object(account.attributes.clone())),
            ("active", account.active.into()),
            ("attributes", Value::Object(attributes.clone())),
            ("operations", provost_scim::replacing(attributes).into()),
            ("date", self.today().into()),
        ]);
        let mut done = self.carry_out(cx, operation, seen, Does::Write, At::default()).await?;
        self.finish(cx, done.way, &done.names).await?;
        match done.item() {
            Value::Null => Ok(Account::known_by(account.id.clone())),
            item => answer::account(&self.manifest, item, Some(&account.id)),
        }
    }

    fn read(&self, items: Vec<Value>) -> Result<Vec<Account>, Fault> {
        items.into_iter().map(|item| answer::account(&self.manifest, item, None)).collect()
    }

    /// The accounts on a page, and where the next one is.
    fn page_of(&self, done: &mut Done, token: Option<&str>) -> Result<Page<Account>, Fault> {
        let page = done.page(token)?;
        Ok(Page { items: self.read(page.items)?, next: page.next, total: page.total })
    }
}
