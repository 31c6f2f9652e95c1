//! Finding somebody's entry by whatever they are called.

use provost_core::{Context, Fault, FaultKind, Stage};

use super::LdapConnector;
use super::dn::Dn;
use super::filter::{AttributeName, Filter};
use super::guid;
use super::places::name;
use provost_net::ldap::Entry;

impl LdapConnector {
    /// Accounts whose attribute has the value.
    pub(super) fn having(&self, attribute: &AttributeName, value: &str) -> Filter {
        let is_guid = self.shape.is_ad() && attribute.is("objectGUID");
        match guid::value(value).filter(|_| is_guid) {
            Some(guid) => Filter::Equal(attribute.clone(), guid),
            None => Filter::equal(attribute.clone(), value),
        }
    }

    /// The entry of the account with this id: an id or, where somebody gives one, a DN.
    pub(super) async fn by_id(&self, cx: &Context, id: &str, filter: &Filter) -> Result<Vec<Entry>, Fault> {
        let places = self.places(cx).await?;
        if let Some(dn) = Dn::parse(id).ok().filter(|dn| id.contains('=') && dn.is_within(&places.base)) {
            return Ok(self
                .read(cx, dn.to_string(), filter, self.shape.shown())
                .await?
                .into_iter()
                .collect());
        }
        // A text that is no GUID would be compared as bytes, and could be anybody's.
        if self.shape.is_ad() && guid::value(id).is_none() {
            return Ok(Vec::new());
        }
        let filter = Filter::And(vec![self.having(&self.shape.id, id), filter.clone()]);
        self.search(cx, places.base.to_string(), &filter, self.shape.shown()).await
    }

    /// The DN of the person of this name: a DN, an id, a log-in name or a mail address.
    ///
    /// # Errors
    /// Several people have it.
    pub(super) async fn person(&self, cx: &Context, called: &str) -> Result<Option<String>, Fault> {
        let places = self.places(cx).await?;
        // It may be one of another part of the forest: it is written, and nothing is done to it.
        if let Some(dn) = Dn::parse(called).ok().filter(|_| called.contains('=') && called.contains(',')) {
            return Ok(Some(dn.to_string()));
        }
        let mut ways = vec![self.having(&self.shape.username, called), Filter::equal(name("mail")?, called)];
        if self.shape.is_ad() {
            ways.push(Filter::equal(name("userPrincipalName")?, called));
            ways.extend(guid::value(called).map(|guid| Filter::Equal(self.shape.id.clone(), guid)));
        } else {
            ways.push(Filter::equal(self.shape.id.clone(), called));
        }
        let filter = Filter::And(vec![Filter::Or(ways), self.shape.is_person.clone()]);
        let found = self.search(cx, places.base.to_string(), &filter, vec!["1.1".to_owned()]).await?;
        match &found[..] {
            [] => Ok(None),
            [only] => Ok(Some(only.dn.clone())),
            several => {
                let names: Vec<&str> = several.iter().take(3).map(|entry| entry.dn.as_str()).collect();
                let message = format!("{} people are called {called}: {}", several.len(), names.join("; "));
                Err(Fault::new(FaultKind::SeveralMatches, message)
                    .with_hint("give the DN or the id of the right one"))
            }
        }
    }

    /// The DN of somebody's manager. One who is not there is left out: a joiner must not wait for
    /// the manager's account.
    pub(super) async fn manager(&self, cx: &Context, called: &str) -> Result<Option<String>, Fault> {
        let found = self.person(cx, called).await?;
        if found.is_none() {
            cx.trace
                .note(Stage::LookUp, format!("the manager {called} has no account here, and is left out"));
        }
        Ok(found)
    }
}
