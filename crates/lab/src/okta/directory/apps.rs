//! What happens to applications and who may use them.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Directory;
use crate::okta::app::{App, Assignment};
use crate::okta::event::Target;
use crate::table::Place;

impl Directory {
    /// Makes an application.
    pub(in crate::okta) fn create_app(&mut self, label: &str, now: Timestamp) -> Place {
        let id = self.next_id("0oa");
        let name = label.to_lowercase().replace(' ', "_");
        self.apps.add(App { id, name, label: label.to_owned(), created: now })
    }

    /// Lets somebody use an application, or gives another profile there.
    pub(in crate::okta) fn assign(
        &mut self,
        app: Place,
        user: Place,
        profile: Map<String, Value>,
        now: Timestamp,
    ) {
        if let Some(assignment) = self.assignments.get_mut(&(app, user)) {
            assignment.profile.extend(profile);
            assignment.updated = now;
            return;
        }
        self.assignments.insert((app, user), Assignment::new(profile, now));
        self.assigned.insert((user, app));
        let words = ("application.user_membership.add", "Add user to application membership");
        self.assignment_changed(app, user, words, now);
    }

    /// Takes an application from somebody; tells whether there was anything to take.
    pub(in crate::okta) fn unassign(&mut self, app: Place, user: Place, now: Timestamp) -> bool {
        let was_assigned = self.assignments.remove(&(app, user)).is_some();
        if was_assigned {
            self.assigned.remove(&(user, app));
            let words = ("application.user_membership.remove", "Remove user's application membership");
            self.assignment_changed(app, user, words, now);
        }
        was_assigned
    }

    fn assignment_changed(
        &mut self,
        app: Place,
        user: Place,
        words: (&'static str, &'static str),
        now: Timestamp,
    ) {
        let user = self.users.get(user).map(Target::from);
        let app = self.apps.get(app).map(Target::from);
        let targets = user.into_iter().chain(app).collect();
        self.note(words, targets, now);
    }
}
