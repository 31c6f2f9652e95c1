//! What happens to people.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Directory;
use crate::okta::event::Target;
use crate::okta::lifecycle::Step;
use crate::okta::refusal::{Refusal, kinds};
use crate::okta::user::{self, Status, User};
use crate::okta::{credentials, profile};
use crate::table::Place;

/// What a request to make a user asks for.
pub(in crate::okta) struct NewUser<'a> {
    pub(in crate::okta) body: &'a Value,
    pub(in crate::okta) activates: bool,
}

impl Directory {
    /// Makes a user.
    ///
    /// # Errors
    /// A profile that is not as the schema says, a login that is taken, no such group.
    pub(in crate::okta) fn create_user(&mut self, new: &NewUser, now: Timestamp) -> Result<Place, Refusal> {
        let Value::Object(sent) = &new.body["profile"] else {
            return Err(Refusal::invalid(
                "profile",
                vec!["profile: The field cannot be left blank".to_owned()],
            ));
        };
        let mut user = User {
            id: String::new(),
            status: Status::Staged,
            created: now,
            updated: now,
            activated: None,
            status_changed: None,
            password_changed: None,
            profile: Map::new(),
            password: None,
            failures: 0,
        };
        profile::write(&mut user.profile, sent)?;
        credentials::set(&mut user, &new.body["credentials"], now)?;
        self.check_login(&user, None)?;
        let groups = self.group_places(&new.body["groupIds"])?;
        user.id = self.next_id("00u");
        let target = vec![Target::from(&user)];
        let place = self.users.add(user);
        self.note(("user.lifecycle.create", "Create Okta user"), target, now);
        if new.activates {
            self.step(place, Step::Activate, now)?;
        }
        for group in groups {
            self.add_member(group, place, now);
        }
        Ok(place)
    }

    fn group_places(&self, ids: &Value) -> Result<Vec<Place>, Refusal> {
        let ids = ids.as_array().into_iter().flatten().filter_map(Value::as_str);
        ids.map(|id| self.group_place(id)).collect()
    }

    fn check_login(&self, user: &User, own: Option<Place>) -> Result<(), Refusal> {
        let owner = self.users.place(user::BY_LOGIN, &user.text("login").to_lowercase());
        if owner.is_none() || owner == own {
            return Ok(());
        }
        let cause = "login: An object with this field already exists in the current organization";
        Err(Refusal::invalid("login", vec![cause.to_owned()]))
    }

    /// Writes to a user: parts of the profile, or the whole of it.
    ///
    /// # Errors
    /// As with [`Directory::create_user`], or a user who is deactivated.
    pub(in crate::okta) fn update_user(
        &mut self,
        place: Place,
        body: &Value,
        is_whole: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let Some(mut user) = self.users.get(place).cloned() else { return Ok(()) };
        if user.status == Status::Deprovisioned {
            return Err(Refusal::of(kinds::STATUS));
        }
        if is_whole {
            user.profile.clear();
        }
        let sent = match &body["profile"] {
            Value::Object(sent) => sent.clone(),
            _ => Map::new(),
        };
        profile::write(&mut user.profile, &sent)?;
        credentials::set(&mut user, &body["credentials"], now)?;
        self.check_login(&user, Some(place))?;
        user.updated = now;
        let target = vec![Target::from(&user)];
        self.users.put(place, user);
        self.note(("user.account.update_profile", "Update user profile for Okta"), target, now);
        Ok(())
    }

    /// Takes a step in the life of an account. Who is deactivated loses all applications.
    ///
    /// # Errors
    /// A status from which there is no such step.
    pub(in crate::okta) fn step(&mut self, place: Place, step: Step, now: Timestamp) -> Result<(), Refusal> {
        let Some(mut user) = self.users.get(place).cloned() else { return Ok(()) };
        step.take(&mut user, now)?;
        let target = vec![Target::from(&user)];
        self.users.put(place, user);
        self.note(step.event(), target, now);
        if step == Step::Deactivate {
            let apps: Vec<Place> = self.apps_of(place).map(|(app, _)| app).collect();
            for app in apps {
                self.unassign(app, place, now);
            }
        }
        Ok(())
    }

    /// Changes a password.
    ///
    /// # Errors
    /// A wrong old password, or a new one that is too short.
    pub(in crate::okta) fn change_password(
        &mut self,
        place: Place,
        body: &Value,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let Some(mut user) = self.users.get(place).cloned() else { return Ok(()) };
        let checked = credentials::check(&mut user, &body["oldPassword"], now);
        let changed = checked
            .and_then(|()| credentials::set(&mut user, &json!({"password": body["newPassword"]}), now));
        // A wrong password is counted, too.
        self.users.put(place, user);
        changed
    }

    /// Deletes a user: the first time deactivates, the second time deletes.
    pub(in crate::okta) fn delete_user(&mut self, place: Place, now: Timestamp) -> Result<(), Refusal> {
        let is_gone = self.users.get(place).is_some_and(|user| user.status == Status::Deprovisioned);
        if !is_gone {
            return self.step(place, Step::Deactivate, now);
        }
        for group in self.group_places_of(place) {
            self.members.remove(&(group, place));
            self.memberships.remove(&(place, group));
        }
        if let Some(user) = self.users.remove(place) {
            self.note(
                ("user.lifecycle.delete.initiated", "Delete Okta user"),
                vec![Target::from(&user)],
                now,
            );
        }
        Ok(())
    }

    fn group_places_of(&self, user: Place) -> Vec<Place> {
        self.memberships.range((user, 0)..=(user, Place::MAX)).map(|(_, group)| *group).collect()
    }
}
