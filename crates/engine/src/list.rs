//! Everybody in a system, page by page, as records of accounts that were found.

use provost_core::{Account, Context, Fault, FaultKind, PageToken, Profile, Trace};
use serde_json::json;

use crate::outcome::{Outcome, Recorder};
use crate::{Instance, mapping};

/// Lists the accounts of an instance's system, at most so many, and hands over each as soon
/// as its page is there. No page is kept.
///
/// # Errors
/// What kept the list from being whole. Accounts that were handed over before are real.
pub async fn list(
    instance: &Instance,
    trace: &Trace,
    most: Option<usize>,
    take: &mut impl FnMut(Outcome),
) -> Result<usize, Fault> {
    let listing = instance
        .connector
        .listing()
        .ok_or_else(|| Fault::unsupported(instance.connector.brand(), "lists no accounts"))?;
    let cx = Context { verb: None, trace: trace.clone() };
    let (mut count, mut token) = (0, None::<PageToken>);
    loop {
        let page = listing.page(&cx, token.as_ref(), None).await?;
        for account in page.items {
            if most == Some(count) {
                return Ok(count);
            }
            take(found(instance, &account)?);
            count += 1;
        }
        match page.next {
            Some(next) if most.is_none_or(|most| count < most) => token = Some(next),
            _ => return Ok(count),
        }
    }
}

/// The record of a get that found the account.
fn found(instance: &Instance, account: &Account) -> Result<Outcome, Fault> {
    let shown = mapping::incoming(instance, &Context::default(), account)?;
    let asked = Profile::from_value(json!({"id": account.id}))
        .map_err(|error| Fault::new(FaultKind::Bug, error.to_string()))?;
    Ok(Recorder::new(instance, &asked, Trace::default()).shown(account, shown))
}
