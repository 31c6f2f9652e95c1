//! Which class and activity of OCSF an event is. The first row that fits counts.

use provost_core::{AuditEvent, AuditKind};

/// A class of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    AccountChange,
    EntityManagement,
    ApiActivity,
    ApplicationLifecycle,
}

/// What the schema says of a class.
pub(super) struct About {
    pub(super) uid: u64,
    pub(super) name: &'static str,
    pub(super) category: (u64, &'static str),
    /// The activities that we know of it.
    activities: &'static [(u64, &'static str)],
}

const IAM: (u64, &str) = (3, "Identity & Access Management");
const APPLICATION: (u64, &str) = (6, "Application Activity");
const MADE_READ_CHANGED_REMOVED: &[(u64, &str)] =
    &[(CREATE, "Create"), (READ, "Read"), (UPDATE, "Update"), (DELETE, "Delete")];

/// Ids of activities that entities and interfaces have in common.
const CREATE: u64 = 1;
const READ: u64 = 2;
const UPDATE: u64 = 3;
const DELETE: u64 = 4;
/// The id of whatever the schema has no name for; then our own word is the name.
const OTHER: u64 = 99;

impl Class {
    pub(super) fn about(self) -> About {
        let (uid, name, category, activities): (_, _, _, &[_]) = match self {
            Self::AccountChange => (
                3001,
                "Account Change",
                IAM,
                &[(1, "Create"), (2, "Enable"), (3, "Password Change"), (5, "Disable"), (6, "Delete")],
            ),
            Self::EntityManagement => (3004, "Entity Management", IAM, MADE_READ_CHANGED_REMOVED),
            Self::ApplicationLifecycle => {
                (6002, "Application Lifecycle", APPLICATION, &[(3, "Start"), (4, "Stop")])
            }
            Self::ApiActivity => (6003, "API Activity", APPLICATION, MADE_READ_CHANGED_REMOVED),
        };
        About { uid, name, category, activities }
    }
}

/// How the activity is found.
#[derive(Clone, Copy)]
enum Activity {
    Is(u64),
    /// What has no state before was made, what has none afterwards was removed.
    ByStates,
}

use Activity::{ByStates, Is};
use AuditKind::{Access, Command, Configuration, Ending, Intent, Resolution, Server};
use Class::{AccountChange, ApiActivity, ApplicationLifecycle, EntityManagement};

const CHANGES: &[AuditKind] = &[Intent, Ending, Resolution];

/// The kinds, what was done (nothing: whatever it was), and what that is.
const ROWS: &[(&[AuditKind], &str, Class, Activity)] = &[
    (CHANGES, "create", AccountChange, Is(1)),
    (CHANGES, "enable", AccountChange, Is(2)),
    (CHANGES, "password", AccountChange, Is(3)),
    (CHANGES, "disable", AccountChange, Is(5)),
    (CHANGES, "delete", AccountChange, Is(6)),
    (CHANGES, "update", AccountChange, Is(OTHER)),
    (CHANGES, "create-group", EntityManagement, Is(CREATE)),
    (CHANGES, "update-group", EntityManagement, Is(UPDATE)),
    (CHANGES, "delete-group", EntityManagement, Is(DELETE)),
    (&[Command], "iam-get-user", ApiActivity, Is(READ)),
    (&[Command], "iam-create-user", ApiActivity, Is(CREATE)),
    (&[Command], "iam-update-user", ApiActivity, Is(UPDATE)),
    (&[Command], "iam-enable-user", ApiActivity, Is(UPDATE)),
    (&[Command], "iam-disable-user", ApiActivity, Is(UPDATE)),
    (&[Command], "iam-list-users", ApiActivity, Is(READ)),
    (&[Command], "iam-get-group", ApiActivity, Is(READ)),
    (&[Command], "iam-create-group", ApiActivity, Is(CREATE)),
    (&[Command], "iam-update-group", ApiActivity, Is(UPDATE)),
    (&[Command], "iam-delete-group", ApiActivity, Is(DELETE)),
    (&[Configuration], "", EntityManagement, ByStates),
    (&[Access], "", ApiActivity, ByStates),
    (&[Server], "server started", ApplicationLifecycle, Is(3)),
    (&[Server], "server stopped", ApplicationLifecycle, Is(4)),
    (&[Server], "", ApplicationLifecycle, Is(OTHER)),
    // Batches, and commands and changes of a vendor's own.
    (AuditKind::ALL, "", ApiActivity, Is(OTHER)),
];

/// The class of an event, and the id and the name of its activity.
pub(super) fn classified(event: &AuditEvent) -> (Class, u64, &str) {
    let fits = |kinds: &[AuditKind], what: &str| {
        kinds.contains(&event.kind) && (what.is_empty() || what == event.what)
    };
    let row = ROWS.iter().find(|(kinds, what, ..)| fits(kinds, what));
    let (class, activity) =
        row.map_or((ApiActivity, Is(OTHER)), |(_, _, class, activity)| (*class, *activity));
    let id = match activity {
        Is(id) => id,
        ByStates => by_states(event),
    };
    let named = class.about().activities.iter().find(|(known, _)| *known == id);
    (class, id, named.map_or(event.what.as_str(), |(_, name)| *name))
}

fn by_states(event: &AuditEvent) -> u64 {
    match (&event.before, &event.after) {
        (None, Some(_)) => CREATE,
        (Some(_), Some(_)) => UPDATE,
        (Some(_), None) => DELETE,
        (None, None) => OTHER,
    }
}
