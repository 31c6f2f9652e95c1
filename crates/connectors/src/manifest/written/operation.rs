//! Operations as they are written: requests, what comes before and after them, pages.

use std::fmt;

use indexmap::IndexMap;
use provost_core::yaml::Located;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{FaultRule, Text};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Operations {
    #[serde(default)]
    pub(in crate::manifest) test: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) find: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) list: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) create: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) update: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) enable: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) disable: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) fields: Option<Located<Ways>>,
    /// Whether accounts can be shown. A look-up may serve writes alone.
    #[serde(default)]
    pub(in crate::manifest) get: Option<bool>,
}

/// The groups of a system.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Groups {
    #[serde(default)]
    pub(in crate::manifest) id: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) name: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) member: Option<Member>,
    /// How many members one change takes.
    #[serde(default)]
    pub(in crate::manifest) batch: Option<usize>,
    #[serde(default)]
    pub(in crate::manifest) find: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) get: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) members: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) create: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) add: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) remove: Option<Located<Ways>>,
    #[serde(default)]
    pub(in crate::manifest) delete: Option<Located<Ways>>,
}

/// Where a member's parts are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Member {
    pub(in crate::manifest) id: Text,
    #[serde(default)]
    pub(in crate::manifest) name: Option<Text>,
    /// Whether it counts; everybody does where it is not said.
    #[serde(default)]
    pub(in crate::manifest) when: Option<Text>,
}

/// One operation, or a list of which the first counts whose `when` holds.
pub(in crate::manifest) enum Ways {
    One(Box<Operation>),
    Several(Vec<Located<Operation>>),
}

impl<'de> Deserialize<'de> for Ways {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WaysVisitor)
    }
}

struct WaysVisitor;

impl<'de> Visitor<'de> for WaysVisitor {
    type Value = Ways;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an operation or a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Ways, A::Error> {
        Operation::deserialize(MapAccessDeserializer::new(members)).map(Box::new).map(Ways::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Ways, A::Error> {
        let mut ways = Vec::new();
        while let Some(way) = items.next_element()? {
            ways.push(way);
        }
        Ok(Ways::Several(ways))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Operation {
    /// When this one of several is carried out.
    #[serde(default)]
    pub(in crate::manifest) when: Option<Text>,
    /// What is sent before it; the answers have these names.
    #[serde(default)]
    pub(in crate::manifest) first: IndexMap<String, Located<Operation>>,
    /// When nothing is left to be done, as the answers before it show.
    #[serde(default)]
    pub(in crate::manifest) unless: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) get: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) post: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) put: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) patch: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) delete: Option<Text>,
    #[serde(default)]
    pub(in crate::manifest) query: IndexMap<String, Text>,
    #[serde(default)]
    pub(in crate::manifest) headers: IndexMap<String, Text>,
    #[serde(default)]
    pub(in crate::manifest) body: Option<Located<Value>>,
    /// Where the answer's list is.
    #[serde(default)]
    pub(in crate::manifest) items: Option<Text>,
    /// Where the answer's object is; the whole answer where it is not said.
    #[serde(default)]
    pub(in crate::manifest) item: Option<Text>,
    /// How the list goes on.
    #[serde(default)]
    pub(in crate::manifest) page: Option<Located<Paging>>,
    /// What errors mean here; these rows go before those of the manifest.
    #[serde(default)]
    pub(in crate::manifest) faults: Vec<FaultRule>,
    /// Operations that write accounts: what is sent after it, to finish the account.
    #[serde(default)]
    pub(in crate::manifest) then: Vec<Located<Operation>>,
    /// `fields`: where a field's name is.
    #[serde(default)]
    pub(in crate::manifest) name: Option<Text>,
    /// `fields`: where its description is.
    #[serde(default)]
    pub(in crate::manifest) description: Option<Text>,
}

/// How a list goes on. One of `offset`, `index`, `number`, `cursor`, `after`, `link` and
/// `url` says which kind it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::manifest) struct Paging {
    /// The name in the query of how many items are passed over.
    #[serde(default)]
    pub(in crate::manifest) offset: Option<String>,
    /// The name of the first item's number, from 1 (RFC 7644, section 3.4.2.4).
    #[serde(default)]
    pub(in crate::manifest) index: Option<String>,
    /// The name of the page's number.
    #[serde(default)]
    pub(in crate::manifest) number: Option<String>,
    /// The name of what the page before said about where this one is.
    #[serde(default)]
    pub(in crate::manifest) cursor: Option<String>,
    /// The name of the last item's key.
    #[serde(default)]
    pub(in crate::manifest) after: Option<String>,
    /// The relation of a `Link` header (RFC 8288).
    #[serde(default)]
    pub(in crate::manifest) link: Option<String>,
    /// Where the next page's whole address is in the answer.
    #[serde(default)]
    pub(in crate::manifest) url: Option<Text>,
    /// `cursor`: where the next page's is in the answer. `after`: where the key is in an item.
    #[serde(default)]
    pub(in crate::manifest) from: Option<Text>,
    /// `number`: the first page's; 1 where it is not said.
    #[serde(default)]
    pub(in crate::manifest) start: Option<u64>,
    /// The name in the query of how many items a page has.
    #[serde(default)]
    pub(in crate::manifest) size: Option<String>,
    /// How many items are asked for.
    #[serde(default)]
    pub(in crate::manifest) of: Option<u64>,
    /// Holds on the last page, whatever else is said there.
    #[serde(default)]
    pub(in crate::manifest) last: Option<Text>,
    /// Where the answer says how many items there are on all pages.
    #[serde(default)]
    pub(in crate::manifest) total: Option<Text>,
}
