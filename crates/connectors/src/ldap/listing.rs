//! Everybody, page by page (RFC 2696).

use async_trait::async_trait;
use provost_core::{Account, Context, Fault, Listing, Page, PageToken};
use provost_net::ldap::Search;

use super::LdapConnector;

#[async_trait]
impl Listing for LdapConnector {
    async fn page(
        &self,
        cx: &Context,
        token: Option<&PageToken>,
        size: Option<usize>,
    ) -> Result<Page<Account>, Fault> {
        let places = self.places(cx).await?;
        let (base, is_person) = (places.base.to_string(), self.shape.is_person.to_string());
        let search = Search::below(base, is_person, self.shape.shown());
        let size = size.and_then(|size| i32::try_from(size).ok()).unwrap_or(self.shape.page);
        let token = token.map(|token| token.0.as_str());
        let (entries, next) = self.directory.page(&search, size, token, &cx.trace).await?;
        let mut items = Vec::with_capacity(entries.len());
        for entry in &entries {
            items.push(self.account(cx, entry).await?);
        }
        Ok(Page { items, next: next.map(PageToken), total: None })
    }
}
