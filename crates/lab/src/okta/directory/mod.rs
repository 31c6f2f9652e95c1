//! Everything that the organisation has, and the only place where it changes. Each change
//! leaves an event in the log. Here is how things are found; what happens to people, groups
//! and applications is a file each.

mod apps;
mod groups;
mod people;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::app::{self, App, Assignment};
use super::event::{Event, Target};
use super::group::{self, Group};
use super::refusal::Refusal;
use super::user::{self, Status, User};

pub(super) use self::people::NewUser;
use crate::number::alphanumeric;
use crate::table::{Place, Table};

/// How many events the log keeps.
const EVENTS: usize = 100_000;
/// The id of the administrator, whose the API token is.
pub(super) const ADMINISTRATOR: &str = "00u000000000000ADM1N";
/// The applications that there are from the start.
const APPS: [&str; 3] = ["Payroll", "Travel", "Wiki"];

/// The organisation.
pub(super) struct Directory {
    pub(super) users: Table<User>,
    pub(super) groups: Table<Group>,
    pub(super) apps: Table<App>,
    /// Group and user.
    members: BTreeSet<(Place, Place)>,
    /// User and group.
    memberships: BTreeSet<(Place, Place)>,
    /// By application and user.
    assignments: BTreeMap<(Place, Place), Assignment>,
    /// User and application.
    assigned: BTreeSet<(Place, Place)>,
    log: VecDeque<Event>,
    events: u64,
    /// How many things were ever made: what ids are made of.
    made: u64,
    /// When the organisation began.
    pub(super) since: Timestamp,
}

impl Directory {
    /// An organisation with its administrator and so many people.
    pub(super) fn with_people(count: usize, now: Timestamp) -> Self {
        let mut directory = Self {
            users: Table::new(user::INDEXES),
            groups: Table::new(group::INDEXES),
            apps: Table::new(app::INDEXES),
            members: BTreeSet::new(),
            memberships: BTreeSet::new(),
            assignments: BTreeMap::new(),
            assigned: BTreeSet::new(),
            log: VecDeque::new(),
            events: 0,
            made: 0,
            since: now,
        };
        directory.users.add(administrator(now));
        for number in 1..=count {
            let made = NewUser { body: &person(number), activates: true };
            directory.create_user(&made, now).expect("numbered people differ");
        }
        for label in APPS {
            directory.create_app(label, now);
        }
        directory.log.clear();
        directory
    }

    /// The place of the user of this id or login. A login may go without its `@` and what
    /// follows, if only one begins so.
    pub(super) fn user_place(&self, key: &str) -> Result<Place, Refusal> {
        let key = if key == "me" { ADMINISTRATOR } else { key };
        let folded = key.to_lowercase();
        let place = self.users.place(user::BY_ID, key);
        let place = place.or_else(|| self.users.place(user::BY_LOGIN, &folded));
        let place = place.or_else(|| match self.users.places(user::BY_SHORT_NAME, &folded) {
            [only] => Some(*only),
            _ => None,
        });
        place.ok_or_else(|| Refusal::not_found("User", key))
    }

    /// The user of this id or login.
    pub(super) fn user(&self, key: &str) -> Result<&User, Refusal> {
        let place = self.user_place(key)?;
        self.users.get(place).ok_or_else(|| Refusal::not_found("User", key))
    }

    /// The place of the group of this id.
    pub(super) fn group_place(&self, id: &str) -> Result<Place, Refusal> {
        self.groups.place(group::BY_ID, id).ok_or_else(|| Refusal::not_found("UserGroup", id))
    }

    /// The group of this id.
    pub(super) fn group(&self, id: &str) -> Result<&Group, Refusal> {
        let place = self.group_place(id)?;
        self.groups.get(place).ok_or_else(|| Refusal::not_found("UserGroup", id))
    }

    /// The place of the application of this id.
    pub(super) fn app_place(&self, id: &str) -> Result<Place, Refusal> {
        self.apps.place(app::BY_ID, id).ok_or_else(|| Refusal::not_found("AppInstance", id))
    }

    /// The application of this id.
    pub(super) fn app(&self, id: &str) -> Result<&App, Refusal> {
        let place = self.app_place(id)?;
        self.apps.get(place).ok_or_else(|| Refusal::not_found("AppInstance", id))
    }

    /// The members of a group after a place.
    pub(super) fn members(&self, group: Place, after: Place) -> impl Iterator<Item = (Place, &User)> {
        let members = self.members.range((group, after + 1)..=(group, Place::MAX));
        members.filter_map(|(_, user)| Some((*user, self.users.get(*user)?)))
    }

    /// The groups that a user is in.
    pub(super) fn groups_of(&self, user: Place) -> impl Iterator<Item = &Group> {
        let groups = self.memberships.range((user, 0)..=(user, Place::MAX));
        groups.filter_map(|(_, group)| self.groups.get(*group))
    }

    /// The people of an application after a place.
    pub(super) fn assignments(
        &self,
        app: Place,
        after: Place,
    ) -> impl Iterator<Item = (Place, (&User, &Assignment))> {
        let found = self.assignments.range((app, after + 1)..=(app, Place::MAX));
        found.filter_map(|((_, user), assignment)| Some((*user, (self.users.get(*user)?, assignment))))
    }

    /// The applications of a user.
    pub(super) fn apps_of(&self, user: Place) -> impl Iterator<Item = (Place, &App)> {
        let apps = self.assigned.range((user, 0)..=(user, Place::MAX));
        apps.filter_map(|(_, app)| Some((*app, self.apps.get(*app)?)))
    }

    /// Somebody's place in an application.
    pub(super) fn assignment(&self, app: Place, user: Place) -> Option<&Assignment> {
        self.assignments.get(&(app, user))
    }

    /// The events after one of a number.
    pub(super) fn events_after(&self, number: u64) -> impl DoubleEndedIterator<Item = &Event> {
        let first = self.log.front().map_or(0, |event| event.number);
        let skipped = usize::try_from((number + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        self.log.range(skipped.min(self.log.len())..)
    }

    fn next_id(&mut self, prefix: &str) -> String {
        self.made += 1;
        alphanumeric(prefix, self.made)
    }

    fn note(&mut self, (kind, words): (&'static str, &'static str), targets: Vec<Target>, now: Timestamp) {
        self.events += 1;
        if self.log.len() >= EVENTS {
            self.log.pop_front();
        }
        self.log.push_back(Event { number: self.events, published: now, kind, words, targets });
    }
}

fn administrator(now: Timestamp) -> User {
    let profile = json!({
        "login": "admin@example.com",
        "email": "admin@example.com",
        "firstName": "Lab",
        "lastName": "Administrator",
    });
    User {
        id: ADMINISTRATOR.to_owned(),
        status: Status::Active,
        created: now,
        updated: now,
        activated: Some(now),
        status_changed: Some(now),
        password_changed: None,
        profile: profile.as_object().cloned().unwrap_or_default(),
        password: None,
        failures: 0,
    }
}

/// A numbered person, as a request to make one says it.
fn person(number: usize) -> Value {
    let digits = format!("{number:04}");
    let email = format!("user{digits}@example.com");
    json!({"profile": {
        "login": email,
        "email": email,
        "firstName": "User",
        "lastName": digits,
        "displayName": format!("User {digits}"),
        "employeeNumber": digits,
    }})
}
