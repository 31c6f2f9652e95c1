//! The users and groups, and who is in what.

use jiff::Timestamp;
use provost_scim::{GROUP, ResourceType, USER, accept};
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use crate::number::hexadecimal;
use crate::table::{Place, Row, Table};

/// What resources are found by.
pub(super) const BY_ID: usize = 0;
/// `userName` of users, `displayName` of groups, in lower case.
pub(super) const BY_NAME: usize = 1;
/// `externalId`.
pub(super) const BY_EXTERNAL_ID: usize = 2;
/// Mail addresses of users in lower case, members of groups.
pub(super) const BY_VALUE: usize = 3;
const INDEXES: usize = 4;

/// The two kinds of resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
}

impl Kind {
    /// What the standard says of it.
    pub(super) fn resource(self) -> &'static ResourceType {
        match self {
            Self::User => &USER,
            Self::Group => &GROUP,
        }
    }

    /// The attribute that a resource is known by.
    fn name(self) -> &'static str {
        match self {
            Self::User => "userName",
            Self::Group => "displayName",
        }
    }

    /// The attribute of many values that a resource is found by.
    fn values(self) -> &'static str {
        match self {
            Self::User => "emails",
            Self::Group => "members",
        }
    }
}

/// A resource as it is kept: its attributes without those that the server sets.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) attributes: Map<String, Value>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) version: u64,
}

impl Kept {
    fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }

    /// The `value` of each value of an attribute.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.attributes.get(name).and_then(Value::as_array);
        values.into_iter().flatten().filter_map(|value| value["value"].as_str())
    }

    /// The entity tag (RFC 7644, section 3.14).
    pub(super) fn tag(&self) -> String {
        format!("W/\"{}\"", self.version)
    }
}

impl Row for Kept {
    fn keys(&self) -> Vec<(usize, String)> {
        let name = self.text(self.kind.name()).map(|name| (BY_NAME, name.to_lowercase()));
        let external = self.text("externalId").map(|id| (BY_EXTERNAL_ID, id.to_owned()));
        let values = self.values(self.kind.values()).map(|value| (BY_VALUE, value.to_lowercase()));
        std::iter::once((BY_ID, self.id.clone())).chain(name).chain(external).chain(values).collect()
    }
}

/// All resources.
pub(super) struct Directory {
    users: Table<Kept>,
    groups: Table<Kept>,
    /// How many resources were ever made: what ids are made of.
    made: u64,
}

impl Directory {
    /// A directory with so many users.
    pub(super) fn with_people(count: usize, now: Timestamp) -> Self {
        let mut directory = Self { users: Table::new(INDEXES), groups: Table::new(INDEXES), made: 0 };
        for number in 1..=count {
            let kept = accept(&USER, &person(number)).expect("numbered people are as the schema says");
            directory.create(Kind::User, kept, now).expect("numbered people differ");
        }
        directory
    }

    /// The resources of a kind.
    pub(super) fn table(&self, kind: Kind) -> &Table<Kept> {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    fn table_mut(&mut self, kind: Kind) -> &mut Table<Kept> {
        match kind {
            Kind::User => &mut self.users,
            Kind::Group => &mut self.groups,
        }
    }

    /// The resource of this id.
    pub(super) fn find(&self, kind: Kind, id: &str) -> Result<&Kept, Refusal> {
        let table = self.table(kind);
        let place = table.place(BY_ID, id).and_then(|place| table.get(place));
        place.ok_or_else(|| Refusal::no_such(kind.resource().name, id))
    }

    /// The groups that a user is in.
    pub(super) fn groups_of(&self, id: &str) -> impl Iterator<Item = &Kept> {
        self.groups.found(BY_VALUE, id).map(|(_, group)| group)
    }

    /// Makes a resource.
    ///
    /// # Errors
    /// A log-in name that is taken, a member that is not there.
    pub(super) fn create(
        &mut self,
        kind: Kind,
        attributes: Map<String, Value>,
        now: Timestamp,
    ) -> Result<&Kept, Refusal> {
        self.made += 1;
        let id = hexadecimal(self.made, 16);
        let place = self.table(kind).next_place();
        self.check(kind, place, &attributes)?;
        let kept = Kept { kind, id, attributes, created: now, modified: now, version: 1 };
        let table = self.table_mut(kind);
        table.add(kept);
        Ok(table.get(place).expect("it was just put there"))
    }

    /// Puts other attributes on a resource; the same ones change nothing.
    ///
    /// # Errors
    /// As with [`Directory::create`], or no such resource.
    pub(super) fn write(
        &mut self,
        kind: Kind,
        id: &str,
        attributes: Map<String, Value>,
        now: Timestamp,
    ) -> Result<&Kept, Refusal> {
        let mut kept = self.find(kind, id)?.clone();
        let place = self.table(kind).place(BY_ID, id).expect("it was just found");
        if kept.attributes != attributes {
            self.check(kind, place, &attributes)?;
            kept.attributes = attributes;
            kept.modified = now;
            kept.version += 1;
            self.table_mut(kind).put(place, kept);
        }
        Ok(self.table(kind).get(place).expect("it was just found"))
    }

    /// Takes a resource away, and out of the groups that it is in.
    ///
    /// # Errors
    /// No such resource.
    pub(super) fn delete(&mut self, kind: Kind, id: &str, now: Timestamp) -> Result<(), Refusal> {
        self.find(kind, id)?;
        if let Some(place) = self.table(kind).place(BY_ID, id) {
            self.table_mut(kind).remove(place);
        }
        for place in self.groups.places(BY_VALUE, id).to_vec() {
            let Some(mut group) = self.groups.get(place).cloned() else { continue };
            if let Some(Value::Array(members)) = group.attributes.get_mut("members") {
                members.retain(|member| member["value"] != id);
                if members.is_empty() {
                    group.attributes.shift_remove("members");
                }
            }
            group.modified = now;
            group.version += 1;
            self.groups.put(place, group);
        }
        Ok(())
    }

    fn check(&self, kind: Kind, place: Place, attributes: &Map<String, Value>) -> Result<(), Refusal> {
        let name = attributes.get(kind.name()).and_then(Value::as_str).unwrap_or_default();
        if kind == Kind::User {
            let owner = self.users.place(BY_NAME, &name.to_lowercase());
            return match owner.filter(|owner| *owner != place) {
                Some(_) => Err(Refusal::conflict(format!("another user has the userName `{name}`"))),
                None => Ok(()),
            };
        }
        let members = attributes.get("members").and_then(Value::as_array).into_iter().flatten();
        let mut ids = members.map(|member| member["value"].as_str().unwrap_or_default());
        let is_there = |id: &&str| [Kind::User, Kind::Group].iter().any(|kind| self.find(*kind, id).is_ok());
        match ids.find(|id| !is_there(id)) {
            Some(id) => {
                Err(Refusal::invalid("invalidValue", format!("there is no member with the id `{id}`")))
            }
            None => Ok(()),
        }
    }
}

/// The attributes of a numbered person.
fn person(number: usize) -> Map<String, Value> {
    let digits = format!("{number:04}");
    let email = format!("user{digits}@example.com");
    let person = json!({
        "userName": email,
        "name": {"givenName": "User", "familyName": digits},
        "displayName": format!("User {digits}"),
        "active": true,
        "emails": [{"value": email, "type": "work", "primary": true}],
        "externalId": digits,
    });
    match person {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
