//! What the templates of an operation see.

use std::collections::BTreeMap;

use provost_mapper::{Named, Scope, View};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::answer::{Reply, named};

/// The names of one operation, besides those that every operation sees.
pub(super) type Names = Map<String, Value>;

/// Names of these values.
pub(super) fn names<const N: usize>(pairs: [(&str, Value); N]) -> Names {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// All that is seen, borrowed: neither parameters nor a page of a list are copied for it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) params: &'a Value,
    pub(super) names: &'a Names,
    /// What was answered; it is seen as `body` and `headers`.
    pub(super) reply: Option<&'a Reply>,
}

impl<'a> Seen<'a> {
    pub(super) fn view(self) -> View<'a> {
        View::new(self)
    }
}

impl Named for Seen<'_> {
    fn named(&self, name: &str) -> Option<&Value> {
        match (name, self.reply) {
            ("params", _) => Some(self.params),
            ("body", Some(reply)) => Some(&reply.body),
            // They are made when somebody asks for them.
            ("headers", Some(_)) => None,
            _ => self.names.get(name),
        }
    }

    fn scope(&self) -> Scope {
        Scope::new(self)
    }
}

/// One value, under this name.
pub(super) struct One<'a>(pub(super) &'a str, pub(super) &'a Value);

impl Named for One<'_> {
    fn named(&self, name: &str) -> Option<&Value> {
        (name == self.0).then_some(self.1)
    }

    fn scope(&self) -> Scope {
        let Self(name, value) = self;
        Scope::new(&BTreeMap::from([(name, value)]))
    }
}

impl Serialize for Seen<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("params", self.params)?;
        for (name, value) in self.names {
            map.serialize_entry(name, value)?;
        }
        if let Some(reply) = self.reply {
            map.serialize_entry("body", &reply.body)?;
            map.serialize_entry("headers", &named(&reply.headers))?;
        }
        map.end()
    }
}
