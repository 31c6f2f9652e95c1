//! A command's changes in the audit ledger: each between its intent and its ending.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use provost_core::{
    AccountId, Attributes, AuditResult, Context, Ending, Fault, FaultKind, Intent, Ledger, Retry, Trace,
    Treatment,
};
use serde_json::Value;

use crate::veil::Shade;
use crate::{Conditions, Instance};

/// A change that is about to be made.
pub(crate) struct Plan {
    pub(crate) what: String,
    /// The account or group; `None` for one that does not exist yet.
    pub(crate) account: Option<AccountId>,
    pub(crate) before: Attributes,
    pub(crate) after: Attributes,
    pub(crate) why: &'static str,
}

/// What the system says of what was changed.
pub(crate) struct Shown {
    pub(crate) account: Option<AccountId>,
    pub(crate) after: Attributes,
}

/// Writes down the changes of one command at one instance.
pub(crate) struct Book<'a> {
    instance: &'a Instance,
    ledger: Option<&'a dyn Ledger>,
    shade: Shade,
    subject: Option<String>,
    /// What the changes are made with.
    pub(crate) cx: Context,
    /// Whether a change was begun.
    is_begun: AtomicBool,
    /// Why the end of a change is missing in the log.
    missing: OnceLock<String>,
}

impl<'a> Book<'a> {
    /// Changes are made with this context. Where its trace keeps nothing they have one of their
    /// own, which is read for the ids of the requests.
    pub(crate) fn open(
        instance: &'a Instance,
        conditions: &'a Conditions,
        cx: &Context,
        shade: Shade,
        subject: Option<&str>,
    ) -> Self {
        let ledger = conditions.ledger.as_deref();
        let is_deaf = ledger.is_some() && cx.trace.is_silent();
        let trace = if is_deaf { Trace::default() } else { cx.trace.clone() };
        let subject = subject.map(str::to_owned);
        let cx = Context { trace, ..cx.clone() };
        let (is_begun, missing) = (AtomicBool::new(false), OnceLock::new());
        Self { instance, ledger, shade, subject, cx, is_begun, missing }
    }

    /// Makes a change, if it could be written down that it is about to be made, and writes down
    /// how it ended.
    ///
    /// # Errors
    /// The change's fault, or why it was not begun.
    pub(crate) async fn change<T>(
        &self,
        plan: Plan,
        change: impl Future<Output = Result<T, Fault>>,
        shown: impl FnOnce(&T) -> Shown,
    ) -> Result<T, Fault> {
        let Some(ledger) = self.ledger else { return change.await };
        let account = plan.account.clone();
        let mut shade = self.shade.clone();
        shade.learn(&plan.before);
        shade.learn(&plan.after);
        let intended = ledger.intend(self.intent(plan, &shade)).await;
        let number = intended.map_err(|fault| unwritten(fault, self.is_begun.load(Ordering::Relaxed)))?;
        self.is_begun.store(true, Ordering::Relaxed);
        let begun = self.cx.trace.count();
        let ended = change.await;
        let (shown, fault) = match &ended {
            Ok(made) => (shown(made), None),
            Err(fault) => (Shown { account, after: Attributes::new() }, Some(fault)),
        };
        shade.learn(&shown.after);
        let ending = ending(shown, fault, &self.cx.trace.request_ids(begun), &shade);
        if let Err(fault) = ledger.end(number, ending).await {
            let _ = self.missing.set(shade.text(&fault.message));
        }
        ended
    }

    /// What people should know of the log.
    pub(crate) fn hint(&self) -> Option<String> {
        let missing = self.missing.get()?;
        Some(format!("the audit log does not have the end of this change: {missing}"))
    }

    fn intent(&self, plan: Plan, shade: &Shade) -> Intent {
        Intent {
            instance: self.instance.name.clone(),
            subject: self.subject.as_deref().map(|subject| shade.text(subject)),
            what: plan.what,
            account: plan.account.map(|id| shaded(&id, shade)),
            before: object(plan.before, shade),
            after: object(plan.after, shade),
            why: plan.why.to_owned(),
        }
    }
}

fn ending(shown: Shown, fault: Option<&Fault>, request_ids: &[String], shade: &Shade) -> Ending {
    let message = fault.map(|fault| match &fault.treatment {
        Treatment::Skip(reason) => reason,
        _ => &fault.message,
    });
    Ending {
        account: shown.account.map(|id| shaded(&id, shade)),
        after: object(shown.after, shade),
        result: fault.map_or(AuditResult::Success, result),
        message: message.map(|message| shade.text(message)).unwrap_or_default(),
        request_ids: request_ids.iter().map(|id| shade.text(id)).collect(),
    }
}

fn shaded(id: &AccountId, shade: &Shade) -> AccountId {
    shade.text(id.as_str()).into()
}

/// An object, if anything is in it.
fn object(members: Attributes, shade: &Shade) -> Option<Value> {
    (!members.is_empty()).then(|| Value::Object(shade.members(members)))
}

/// What a fault says of the change that it ended.
fn result(fault: &Fault) -> AuditResult {
    match fault.treatment {
        Treatment::Skip(_) => AuditResult::Skipped,
        _ if is_uncertain(fault.kind) => AuditResult::Unknown,
        _ => AuditResult::Failure,
    }
}

/// Whether a write that ended so may have happened.
pub(crate) fn is_uncertain(kind: FaultKind) -> bool {
    kind.retry() == Retry::IfRepeatable || kind == FaultKind::BadAnswer
}

/// The ledger's fault as that of a change which was not begun: it may be tried again whatever
/// became of the event.
fn unwritten(fault: Fault, is_begun: bool) -> Fault {
    let nothing = if is_begun { "nothing more" } else { "nothing" };
    let kind = if is_uncertain(fault.kind) { FaultKind::NotSent } else { fault.kind };
    let message = format!("{nothing} was written, because the audit log could not be: {}", fault.message);
    Fault { kind, message, code: None, treatment: Treatment::Fail, ..fault }
}

#[cfg(test)]
mod tests;
