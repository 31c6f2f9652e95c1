//! The flow table: what a command does with what was found. No I/O, no clock.

use provost_core::{Account, Attributes, Change, ChangeKind, Decision, Reason, Verb};
use serde_json::Value;

use crate::Switches;

/// What a change of the state writes.
pub(crate) const ACTIVE: &str = "active";

/// What is asked, and what is allowed.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// The command.
    pub verb: Verb,
    /// Whether the caller lets an update re-enable the account.
    pub allow_enable: bool,
    /// The instance's switches.
    pub switches: Switches,
}

/// What is known so far: for each verb that was reached, what its look-up saw. A create
/// looks by the new data, an update by the old data first, so they may see different
/// accounts.
#[derive(Debug, Default)]
pub struct Known(Vec<(Verb, Seen)>);

/// The result of one verb's mapping and look-up.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The profile as this verb's mapping makes it.
    pub attributes: Attributes,
    /// The account, if there is one.
    pub account: Option<Account>,
}

/// The next thing to do.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Look the account up as this verb does, and decide again.
    LookUp(Verb),
    /// Done.
    Decided(Decision),
}

impl Known {
    /// Adds what a look-up saw.
    pub fn add(&mut self, verb: Verb, seen: Seen) {
        self.0.push((verb, seen));
    }

    /// What the verb's look-up saw, if it was made.
    pub fn get(&self, verb: Verb) -> Option<&Seen> {
        self.0.iter().find(|(known, _)| *known == verb).map(|(_, seen)| seen)
    }
}

/// An account's state as the table knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Active,
    Inactive,
    /// There, but its making was never finished.
    Unfinished,
    /// There, but the system does not say whether it is in use.
    Unsaid,
}

/// A row's outcome.
enum Rule {
    Show,
    Absent,
    Skip(Reason),
    HandOver(Verb),
    Write(&'static [ChangeKind], &'static str),
}

/// Decides, or says which look-up is needed for that.
///
/// Create and update hand over to each other at most once: an update that arrives from a
/// create falls back on the account that the create found, so neither can be without one
/// for a second time.
pub fn decide(ask: &Ask, known: &Known) -> Step {
    let mut verb = ask.verb;
    let mut handed_over = false;
    loop {
        if !ask.switches.allow(verb) {
            return Step::Decided(Decision::Skip {
                action: verb,
                reason: Reason::CommandDisabled,
                account: None,
            });
        }
        let Some(seen) = known.get(verb) else { return Step::LookUp(verb) };
        let fallback = || known.get(Verb::Create).filter(|_| handed_over && verb == Verb::Update);
        let account = seen.account.as_ref().or_else(|| fallback()?.account.as_ref());
        match rule(*ask, verb, state(account)) {
            Rule::HandOver(next) => {
                verb = next;
                handed_over = true;
            }
            rule => return Step::Decided(decision(&rule, verb, seen, account)),
        }
    }
}

/// The table of contract 2.6.
fn rule(ask: Ask, verb: Verb, state: State) -> Rule {
    use ChangeKind::{Create, Disable, Enable, Update};
    let may_enable = ask.allow_enable && ask.switches.enable;
    match (verb, state) {
        (Verb::Get, State::Missing) => Rule::Absent,
        (Verb::Get, _) => Rule::Show,

        (Verb::Create, State::Missing) => Rule::Write(&[Create], "there is no account"),
        (Verb::Create, _) => Rule::HandOver(Verb::Update),

        (Verb::Update, State::Missing) if ask.switches.create_if_not_exists => Rule::HandOver(Verb::Create),
        (Verb::Update, State::Missing) => Rule::Skip(Reason::UserMissing),
        // Enabling is what finishes it. An update alone leaves it: it may be meant to wait.
        (Verb::Update, State::Unfinished) if may_enable && ask.verb == Verb::Create => {
            Rule::Write(&[Enable, Update], "an earlier create was not finished")
        }
        (Verb::Update, State::Inactive) if may_enable => {
            Rule::Write(&[Enable, Update], "the account is disabled and may be enabled")
        }
        (Verb::Update, State::Inactive) => Rule::Write(&[Update], "the account is disabled and stays so"),
        (Verb::Update, _) => Rule::Write(&[Update], "the account is there"),

        (Verb::Disable | Verb::Enable, State::Missing) => Rule::Skip(Reason::UserMissing),
        (Verb::Disable, State::Inactive) => Rule::Skip(Reason::AlreadyDisabled),
        (Verb::Disable, _) => Rule::Write(&[Disable], "the account is in use"),
        (Verb::Enable, State::Active) => Rule::Skip(Reason::AlreadyEnabled),
        (Verb::Enable, _) => Rule::Write(&[Enable], "the account is disabled"),
    }
}

fn state(account: Option<&Account>) -> State {
    if account.is_some_and(|account| account.unfinished) {
        return State::Unfinished;
    }
    match account.map(|account| account.active) {
        None => State::Missing,
        Some(Some(true)) => State::Active,
        Some(Some(false)) => State::Inactive,
        Some(None) => State::Unsaid,
    }
}

fn decision(rule: &Rule, action: Verb, seen: &Seen, account: Option<&Account>) -> Decision {
    match (rule, account) {
        (Rule::Skip(reason), account) => {
            Decision::Skip { action, reason: *reason, account: account.cloned() }
        }
        (Rule::Show, Some(account)) => Decision::Show(account.clone()),
        (Rule::Write(kinds, reason), account) => Decision::Write {
            action,
            changes: kinds.iter().map(|kind| change(*kind, reason, seen, account)).collect(),
        },
        (Rule::Show | Rule::Absent | Rule::HandOver(_), _) => Decision::Absent,
    }
}

fn change(kind: ChangeKind, reason: &'static str, seen: &Seen, account: Option<&Account>) -> Change {
    let state = |active: bool| Attributes::from_iter([(ACTIVE.to_owned(), Value::from(active))]);
    Change {
        kind,
        account: account.map(|account| account.id.clone()),
        before: account.map(|account| account.attributes.clone()).unwrap_or_default(),
        after: match kind {
            ChangeKind::Create | ChangeKind::Update => seen.attributes.clone(),
            ChangeKind::Enable => state(true),
            ChangeKind::Disable => state(false),
        },
        reason,
    }
}

#[cfg(test)]
mod tests;
