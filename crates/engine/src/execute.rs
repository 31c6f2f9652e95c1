//! The only place that writes to a system.

use std::fmt::Write as _;

use provost_core::{
    Account, Accounts, Attributes, Change, ChangeKind, Context, Fault, FaultKind, LookUp, Stage,
};
use serde_json::Value;

use crate::Instance;
use crate::book::{Book, Plan, Shown, is_uncertain};
use crate::flow::ACTIVE;
use crate::matching::{self, Match};

/// What writes to one account.
pub(crate) struct Writer<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) accounts: &'a dyn Accounts,
    /// The account as it was found.
    pub(crate) found: Option<&'a Account>,
    pub(crate) look_up: &'a LookUp,
    pub(crate) book: &'a Book<'a>,
}

/// Carries out the changes in order and answers with the account as it is afterwards:
/// the last answer, completed with what was known before. The first change that fails
/// ends it.
pub(crate) async fn execute(writer: &Writer<'_>, changes: &[Change]) -> Result<Account, Fault> {
    let mut account = writer.found.cloned();
    // What is there, with the state that the changes so far gave it.
    let mut target = writer.found.cloned();
    for (done, change) in changes.iter().enumerate() {
        writer.book.cx.trace.explain(Stage::Write, || describe(change));
        let answer = writer.change(change, target.as_ref()).await;
        let answer = answer.map_err(|fault| after(fault, change, &changes[..done]))?;
        let changed = complete(answer, change.kind, account);
        if let Some(target) = &mut target {
            target.active = changed.active;
        }
        account = Some(changed);
    }
    account.ok_or_else(|| Fault::new(FaultKind::Bug, "a decision to write held no change"))
}

impl Writer<'_> {
    /// Makes a change between its two events.
    async fn change(&self, change: &Change, target: Option<&Account>) -> Result<Account, Fault> {
        let plan = Plan {
            what: change.kind.as_str().to_owned(),
            account: change.account.clone(),
            before: target.map(|account| self.shown(account, change)).unwrap_or_default(),
            after: change.after.clone(),
            why: change.reason,
        };
        let shown = |account: &Account| Shown {
            account: Some(account.id.clone()),
            after: self.shown(account, change),
        };
        self.book.change(plan, self.write(change, target), shown).await
    }

    async fn write(&self, change: &Change, account: Option<&Account>) -> Result<Account, Fault> {
        let (accounts, cx) = (self.accounts, &self.book.cx);
        let target = account.filter(|account| Some(&account.id) == change.account.as_ref());
        match (target, change.kind) {
            (None, ChangeKind::Create) => self.create(cx, &change.after).await,
            (Some(account), ChangeKind::Update) => accounts.update(cx, account, &change.after).await,
            (Some(account), ChangeKind::Enable) => accounts.set_enabled(cx, account, true).await,
            (Some(account), ChangeKind::Disable) => accounts.set_enabled(cx, account, false).await,
            (_, kind) => {
                let message = format!("the change `{}` has no target", kind.as_str());
                Err(Fault::new(FaultKind::Bug, message))
            }
        }
    }

    /// What an account shows of that which a change writes: its attributes, or the state.
    fn shown(&self, account: &Account, change: &Change) -> Attributes {
        match change.kind {
            ChangeKind::Create | ChangeKind::Update => self.accounts.shown(account, &change.after),
            ChangeKind::Enable | ChangeKind::Disable => {
                let state = account.active.map(|active| (ACTIVE.to_owned(), Value::from(active)));
                state.into_iter().collect()
            }
        }
    }

    /// Creates an account. When the answer is lost, the account may be there all the same:
    /// it is looked up instead of being made a second time.
    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Account, Fault> {
        let fault = match self.accounts.create(cx, attributes).await {
            Ok(account) => return Ok(account),
            Err(fault) if is_uncertain(fault.kind) => fault,
            Err(fault) => return Err(fault),
        };
        cx.trace.note(Stage::Write, "the create may have happened; looking for the account");
        let found = self.accounts.find(cx, self.look_up).await;
        let found = found.and_then(|found| matching::pick(found, self.look_up, &self.instance.name));
        match found {
            Ok(Match::One(account)) => {
                cx.trace.note(Stage::Write, format!("it did: the account is {}", account.id));
                Ok(account)
            }
            Ok(Match::Nobody) => {
                Err(fault.with_hint("the account is not there now; look again before creating it anew"))
            }
            Ok(Match::Others(_)) | Err(_) => {
                Err(fault
                    .with_hint("whether the account was made is not known; look before creating it anew"))
            }
        }
    }
}

/// A fault with what its reader must know: what was written before it, and whether the
/// failed write may have happened all the same.
fn after(mut fault: Fault, change: &Change, done: &[Change]) -> Fault {
    if let (Some(last), Some(id)) = (done.last(), &change.account) {
        let _ = write!(fault.message, " (the {} of account {id} was done before this)", last.kind.as_str());
    }
    match change.kind {
        ChangeKind::Create => fault,
        kind if is_uncertain(fault.kind) => fault
            .with_hint(format!("the {} may have been carried out; look before repeating it", kind.as_str())),
        _ => fault,
    }
}

/// An answer with its gaps filled: by what the change means, then by what was known.
fn complete(answer: Account, kind: ChangeKind, before: Option<Account>) -> Account {
    let active = match kind {
        ChangeKind::Enable => Some(true),
        ChangeKind::Disable => Some(false),
        ChangeKind::Create => answer.active,
        ChangeKind::Update => answer.active.or(before.as_ref().and_then(|before| before.active)),
    };
    let Some(before) = before else { return Account { active, ..answer } };
    Account {
        active,
        username: answer.username.or(before.username),
        email: answer.email.or(before.email),
        ..answer
    }
}

/// A change in words, for the trace.
pub(crate) fn describe(change: &Change) -> String {
    let target =
        change.account.as_ref().map_or_else(|| "a new account".to_owned(), |id| format!("account {id}"));
    let names: Vec<&str> = change.after.keys().map(String::as_str).collect();
    format!("{} {target} ({}), because {}", change.kind.as_str(), names.join(", "), change.reason)
}
