//! What happens to groups and their members.

use jiff::Timestamp;
use serde_json::Value;

use super::Directory;
use crate::okta::event::Target;
use crate::okta::group::{self, Group};
use crate::okta::refusal::Refusal;
use crate::table::Place;

impl Directory {
    /// Makes a group, or gives another profile to one.
    ///
    /// # Errors
    /// A name that is missing or taken.
    pub(in crate::okta) fn write_group(
        &mut self,
        own: Option<Place>,
        body: &Value,
        now: Timestamp,
    ) -> Result<Place, Refusal> {
        let (name, description) = Group::read(body)?;
        let owner = self.groups.place(group::BY_NAME, &name.to_lowercase());
        if owner.is_some() && owner != own {
            let cause = "name: An object with this field already exists in the current organization";
            return Err(Refusal::invalid("name", vec![cause.to_owned()]));
        }
        let Some((place, mut group)) = own.and_then(|place| Some((place, self.groups.get(place)?.clone())))
        else {
            let id = self.next_id("00g");
            let group = Group { id, name, description, created: now, updated: now, membership_updated: now };
            let target = vec![Target::from(&group)];
            let place = self.groups.add(group);
            self.note(("group.lifecycle.create", "Create Okta group"), target, now);
            return Ok(place);
        };
        (group.name, group.description, group.updated) = (name, description, now);
        let target = vec![Target::from(&group)];
        self.groups.put(place, group);
        self.note(("group.profile.update", "Update Okta group"), target, now);
        Ok(place)
    }

    /// Deletes a group; its members stay.
    pub(in crate::okta) fn delete_group(&mut self, place: Place, now: Timestamp) {
        self.members.retain(|(group, _)| *group != place);
        self.memberships.retain(|(_, group)| *group != place);
        if let Some(group) = self.groups.remove(place) {
            self.note(("group.lifecycle.delete", "Delete Okta group"), vec![Target::from(&group)], now);
        }
    }

    /// Puts somebody into a group; once more does nothing.
    pub(in crate::okta) fn add_member(&mut self, group: Place, user: Place, now: Timestamp) {
        if self.members.insert((group, user)) {
            self.memberships.insert((user, group));
            self.membership_changed(
                group,
                user,
                ("group.user_membership.add", "Add user to group membership"),
                now,
            );
        }
    }

    /// Takes somebody out of a group; once more does nothing.
    pub(in crate::okta) fn remove_member(&mut self, group: Place, user: Place, now: Timestamp) {
        if self.members.remove(&(group, user)) {
            self.memberships.remove(&(user, group));
            let words = ("group.user_membership.remove", "Remove user from group membership");
            self.membership_changed(group, user, words, now);
        }
    }

    fn membership_changed(
        &mut self,
        group: Place,
        user: Place,
        words: (&'static str, &'static str),
        now: Timestamp,
    ) {
        let Some(mut kept) = self.groups.get(group).cloned() else { return };
        kept.membership_updated = now;
        let user = self.users.get(user).map(Target::from);
        let targets = user.into_iter().chain([Target::from(&kept)]).collect();
        self.groups.put(group, kept);
        self.note(words, targets, now);
    }
}
