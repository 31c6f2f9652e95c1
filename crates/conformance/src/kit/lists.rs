//! Lists of everybody, page by page.

use std::collections::HashSet;

use futures_util::FutureExt as _;
use provost_core::{Context, Listing, PageToken, Trace, Verb};

use super::bench::Bench;
use super::{Check, End, Need, ensure};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "fields",
        about: "The attributes of accounts are described.",
        needs: Need::Fields,
        run: |bench| fields(bench).boxed_local(),
    },
    Check {
        name: "list",
        about: "Everybody is in the list, and nobody twice.",
        needs: Need::List,
        run: |bench| list(bench).boxed_local(),
    },
    Check {
        name: "page-sizes",
        about: "Pages of one, of two and of the usual size hold the same people.",
        needs: Need::List,
        run: |bench| page_sizes(bench).boxed_local(),
    },
    Check {
        name: "page-token",
        about: "The token of a page can be used twice.",
        needs: Need::List,
        run: |bench| page_token(bench).boxed_local(),
    },
];

/// How far lists are read: a system may have any number of people.
const MOST: usize = 2000;
/// The same with pages of one or two.
const FEW: usize = 12;

async fn fields(bench: &Bench<'_>) -> End {
    let fields = provost_engine::mapping_fields(bench.kit.instance, &Trace::default()).await;
    let fields = fields.map_err(|fault| fault.message)?;
    let count = fields["User Profile"].as_object().map_or(0, serde_json::Map::len);
    ensure(count > 0, || "there are none".to_owned())?;
    Ok(format!("{count} attributes"))
}

async fn list(bench: &Bench<'_>) -> End {
    let mut made = HashSet::new();
    for person in ["list-1", "list-2", "list-3"] {
        if bench.lacks(Need::Verbs(&[Verb::Create])).is_none() {
            made.extend(bench.make(person).await?.1.id);
        }
    }
    let (ids, is_whole) = read(listing(bench)?, None, MOST).await?;
    let distinct: HashSet<&String> = ids.iter().collect();
    ensure(distinct.len() == ids.len(), || format!("{} ids come twice", ids.len() - distinct.len()))?;
    let missing: Vec<&String> = made.iter().filter(|id| !distinct.contains(id)).collect();
    ensure(!is_whole || missing.is_empty(), || format!("accounts that were made are missing: {missing:?}"))?;
    Ok(format!("{} accounts{}", ids.len(), if is_whole { "" } else { ", and there are more" }))
}

async fn page_sizes(bench: &Bench<'_>) -> End {
    let listing = listing(bench)?;
    let (usual, _) = read(listing, None, FEW).await?;
    for size in [1, 2] {
        let (ids, _) = read(listing, Some(size), FEW).await?;
        ensure(ids == usual, || format!("pages of {size} begin with {ids:?}, usual ones with {usual:?}"))?;
    }
    Ok(format!("the first {} in the same order", usual.len()))
}

async fn page_token(bench: &Bench<'_>) -> End {
    let listing = listing(bench)?;
    let cx = Context::default();
    let first = listing.page(&cx, None, Some(1)).await.map_err(|fault| fault.message)?;
    let Some(next) = first.next else { return Ok("there is only one page".to_owned()) };
    let once = listing.page(&cx, Some(&next), Some(1)).await.map_err(|fault| fault.message)?;
    let again = listing.page(&cx, Some(&next), Some(1)).await.map_err(|fault| fault.message)?;
    let ids = |page: &provost_core::Page<provost_core::Account>| -> Vec<String> {
        page.items.iter().map(|account| account.id.to_string()).collect()
    };
    ensure(ids(&once) == ids(&again), || format!("first {:?}, then {:?}", ids(&once), ids(&again)))?;
    Ok("both times the same page".to_owned())
}

fn listing<'a>(bench: &Bench<'a>) -> Result<&'a dyn Listing, String> {
    bench.kit.instance.connector.listing().ok_or_else(|| "there is no list".to_owned())
}

/// The ids on the pages, at most so many, and whether that was the whole list.
async fn read(
    listing: &dyn Listing,
    size: Option<usize>,
    most: usize,
) -> Result<(Vec<String>, bool), String> {
    let (mut ids, mut token) = (Vec::new(), None::<PageToken>);
    loop {
        let page = listing.page(&Context::default(), token.as_ref(), size).await;
        let page = page.map_err(|fault| fault.message)?;
        ids.extend(page.items.iter().map(|account| account.id.to_string()));
        token = page.next;
        if token.is_none() || ids.len() >= most {
            let is_whole = token.is_none() && ids.len() <= most;
            ids.truncate(most);
            return Ok((ids, is_whole));
        }
    }
}
