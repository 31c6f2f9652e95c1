//! The only place that writes to a system.

use std::fmt::Write as _;

use provost_core::{
    Account, Accounts, Attributes, Change, ChangeKind, Context, Fault, FaultKind, LookUp, Retry, Stage,
};

use crate::Instance;
use crate::matching::{self, Match};

/// Carries out the changes in order and answers with the account as it is afterwards:
/// the last answer, completed with what was known before. The first change that fails
/// ends it.
pub(crate) async fn execute(
    instance: &Instance,
    accounts: &dyn Accounts,
    cx: &Context,
    changes: &[Change],
    found: Option<&Account>,
    look_up: &LookUp,
) -> Result<Account, Fault> {
    let mut account = found.cloned();
    // What is there, with the state that the changes so far gave it.
    let mut target = found.cloned();
    for (done, change) in changes.iter().enumerate() {
        cx.trace.explain(Stage::Write, || describe(change));
        let answer = write(instance, accounts, cx, change, target.as_ref(), look_up).await;
        let answer = answer.map_err(|fault| after(fault, change, &changes[..done]))?;
        let changed = complete(answer, change.kind, account);
        if let Some(target) = &mut target {
            target.active = changed.active;
        }
        account = Some(changed);
    }
    account.ok_or_else(|| Fault::new(FaultKind::Bug, "a decision to write held no change"))
}

async fn write(
    instance: &Instance,
    accounts: &dyn Accounts,
    cx: &Context,
    change: &Change,
    account: Option<&Account>,
    look_up: &LookUp,
) -> Result<Account, Fault> {
    let target = account.filter(|account| Some(&account.id) == change.account.as_ref());
    match (target, change.kind) {
        (None, ChangeKind::Create) => create(instance, accounts, cx, &change.after, look_up).await,
        (Some(account), ChangeKind::Update) => accounts.update(cx, account, &change.after).await,
        (Some(account), ChangeKind::Enable) => accounts.set_enabled(cx, account, true).await,
        (Some(account), ChangeKind::Disable) => accounts.set_enabled(cx, account, false).await,
        (_, kind) => Err(Fault::new(FaultKind::Bug, format!("the change `{}` has no target", kind.as_str()))),
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

/// Whether a write that ended so may have happened.
fn is_uncertain(kind: FaultKind) -> bool {
    kind.retry() == Retry::IfRepeatable || kind == FaultKind::BadAnswer
}

/// Creates an account. When the answer is lost, the account may be there all the same:
/// it is looked up instead of being made a second time.
async fn create(
    instance: &Instance,
    accounts: &dyn Accounts,
    cx: &Context,
    attributes: &Attributes,
    look_up: &LookUp,
) -> Result<Account, Fault> {
    let fault = match accounts.create(cx, attributes).await {
        Ok(account) => return Ok(account),
        Err(fault) if is_uncertain(fault.kind) => fault,
        Err(fault) => return Err(fault),
    };
    cx.trace.note(Stage::Write, "the create may have happened; looking for the account");
    let found =
        accounts.find(cx, look_up).await.and_then(|found| matching::pick(found, look_up, &instance.name));
    match found {
        Ok(Match::One(account)) => {
            cx.trace.note(Stage::Write, format!("it did: the account is {}", account.id));
            Ok(account)
        }
        Ok(Match::Nobody) => {
            Err(fault.with_hint("the account is not there now; look again before creating it anew"))
        }
        Ok(Match::Others(_)) | Err(_) => {
            Err(fault.with_hint("whether the account was made is not known; look before creating it anew"))
        }
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
