//! The flow table, row by row: every verb, every state, every switch.

use std::collections::BTreeMap;

use provost_core::{Account, Attributes, ChangeKind, Decision, Verb};

use super::{Ask, Known, Seen, Step, decide};
use crate::Switches;

/// What a look-up finds: nobody, or an account in this state.
type Found = Option<Option<bool>>;
const NOBODY: Found = None;
const ACTIVE: Found = Some(Some(true));
const INACTIVE: Found = Some(Some(false));
const UNSAID: Found = Some(None);

fn seen(id: &str, found: Found) -> Seen {
    let account = found.map(|active| Account {
        id: id.into(),
        username: None,
        email: None,
        active,
        unfinished: false,
        keys: BTreeMap::new(),
        attributes: Attributes::new(),
    });
    Seen { attributes: Attributes::new(), account }
}

/// Decides with answers ready: an update sees `old`, every other verb sees `new`. The
/// result is the look-ups that were made, then the decision.
fn walk(verb: Verb, allow_enable: bool, switches: Switches, old: Found, new: Found) -> String {
    let mut known = Known::default();
    let mut way = Vec::new();
    loop {
        match decide(&Ask { verb, allow_enable, switches }, &known) {
            Step::LookUp(verb) => {
                assert!(known.get(verb).is_none(), "{verb} is looked up twice");
                way.push(format!("look {verb}"));
                known.add(verb, if verb == Verb::Update { seen("old", old) } else { seen("new", new) });
            }
            Step::Decided(decision) => {
                way.push(words(&decision));
                return way.join("; ");
            }
        }
    }
}

fn words(decision: &Decision) -> String {
    match decision {
        Decision::Show(account) => format!("show {}", account.id),
        Decision::Absent => "absent".to_owned(),
        Decision::Skip { action, reason, account } => {
            let account = account.as_ref().map(|account| format!(" {}", account.id)).unwrap_or_default();
            format!("skip {action}{account}: {}", reason.as_str())
        }
        Decision::Write { action, changes } => {
            let list: Vec<String> =
                changes.iter().map(|change| change_words(change.kind, change.account.as_ref())).collect();
            format!("{action}: {}", list.join(", "))
        }
    }
}

fn change_words(kind: ChangeKind, account: Option<&provost_core::AccountId>) -> String {
    account.map_or(kind.as_str().to_owned(), |id| format!("{} {id}", kind.as_str()))
}

/// A profile without old data: both look-ups see the same.
fn plain(verb: Verb, allow_enable: bool, switches: Switches, found: Found) -> String {
    walk(verb, allow_enable, switches, found, found)
}

fn without(change: impl Fn(&mut Switches)) -> Switches {
    let mut switches = Switches::default();
    change(&mut switches);
    switches
}

#[test]
fn every_verb_in_every_state() {
    let cases = [
        (Verb::Get, NOBODY, "look get; absent"),
        (Verb::Get, ACTIVE, "look get; show new"),
        (Verb::Get, INACTIVE, "look get; show new"),
        (Verb::Get, UNSAID, "look get; show new"),
        (Verb::Create, NOBODY, "look create; create: create"),
        (Verb::Create, ACTIVE, "look create; look update; update: update old"),
        (Verb::Create, INACTIVE, "look create; look update; update: enable old, update old"),
        (Verb::Update, NOBODY, "look update; look create; create: create"),
        (Verb::Update, ACTIVE, "look update; update: update old"),
        (Verb::Update, INACTIVE, "look update; update: enable old, update old"),
        (Verb::Update, UNSAID, "look update; update: update old"),
        (Verb::Disable, NOBODY, "look disable; skip disable: User does not exist"),
        (Verb::Disable, ACTIVE, "look disable; disable: disable new"),
        (Verb::Disable, INACTIVE, "look disable; skip disable new: User is already disabled."),
        (Verb::Disable, UNSAID, "look disable; disable: disable new"),
        (Verb::Enable, NOBODY, "look enable; skip enable: User does not exist"),
        (Verb::Enable, ACTIVE, "look enable; skip enable new: User is already enabled."),
        (Verb::Enable, INACTIVE, "look enable; enable: enable new"),
        (Verb::Enable, UNSAID, "look enable; enable: enable new"),
    ];
    for (verb, found, expected) in cases {
        assert_eq!(plain(verb, true, Switches::default(), found), expected, "{verb} {found:?}");
    }
}

#[test]
fn an_update_enables_only_when_caller_and_switch_allow() {
    let off = without(|switches| switches.enable = false);
    let stays = "look update; update: update old";
    assert_eq!(plain(Verb::Update, false, Switches::default(), INACTIVE), stays);
    assert_eq!(plain(Verb::Update, true, off, INACTIVE), stays);
}

#[test]
fn a_switch_that_is_off_asks_nothing() {
    let skip = |verb: Verb| format!("skip {verb}: Command is disabled.");
    let cases = [
        (Verb::Create, without(|switches| switches.create = false)),
        (Verb::Update, without(|switches| switches.update = false)),
        (Verb::Enable, without(|switches| switches.enable = false)),
        (Verb::Disable, without(|switches| switches.disable = false)),
    ];
    for (verb, switches) in cases {
        assert_eq!(plain(verb, true, switches, ACTIVE), skip(verb));
    }
}

#[test]
fn a_hand_over_meets_the_other_sides_switch() {
    let no_create = without(|switches| switches.create = false);
    let no_update = without(|switches| switches.update = false);
    let never_create = without(|switches| switches.create_if_not_exists = false);
    assert_eq!(
        plain(Verb::Update, true, no_create, NOBODY),
        "look update; skip create: Command is disabled."
    );
    assert_eq!(
        plain(Verb::Create, true, no_update, ACTIVE),
        "look create; skip update: Command is disabled."
    );
    assert_eq!(
        plain(Verb::Update, true, never_create, NOBODY),
        "look update; skip update: User does not exist"
    );
}

#[test]
fn old_and_new_data_that_disagree_end_after_one_hand_over() {
    let never_create = without(|switches| switches.create_if_not_exists = false);
    let all = Switches::default();
    let cases = [
        (Verb::Update, all, NOBODY, ACTIVE, "look update; look create; update: update new"),
        (Verb::Update, all, NOBODY, INACTIVE, "look update; look create; update: enable new, update new"),
        (Verb::Update, all, ACTIVE, NOBODY, "look update; update: update old"),
        (Verb::Create, all, NOBODY, ACTIVE, "look create; look update; update: update new"),
        (Verb::Create, never_create, NOBODY, ACTIVE, "look create; look update; update: update new"),
        (Verb::Create, all, ACTIVE, NOBODY, "look create; create: create"),
    ];
    for (verb, switches, old, new, expected) in cases {
        assert_eq!(walk(verb, true, switches, old, new), expected, "{verb}");
    }
}
