//! The audit log as one run sees it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use provost_core::{
    Actor, AuditEvent, AuditKind, AuditResult, Ending, Fault, FaultKind, Intent, Ledger, RunId,
};
use provost_store::{Lease, StoreError, Write};

use crate::App;

/// Writes the changes of a run into the log.
pub(crate) struct RunLedger {
    pub(crate) app: Arc<App>,
    pub(crate) run: RunId,
    pub(crate) line: Option<u64>,
    pub(crate) actor: Actor,
    /// The reason that the caller gave.
    pub(crate) why: Option<String>,
    /// By which the task is held that the run belongs to: without it nothing may be changed.
    pub(crate) lease: Option<Lease>,
    /// The intents whose end is not written yet.
    pub(crate) open: Mutex<HashMap<u64, AuditEvent>>,
}

impl RunLedger {
    async fn write(&self, event: AuditEvent, is_intent: bool) -> Result<u64, StoreError> {
        let mut writes = vec![Write::Event(Box::new(event))];
        if is_intent {
            writes.extend(self.lease.clone().map(|lease| Write::TaskHeld(Box::new(lease))));
        }
        let numbers = self.app.store.commit(writes).await?;
        numbers.first().copied().ok_or_else(|| StoreError::Other("an event was given no number".to_owned()))
    }

    fn event(&self, kind: AuditKind, what: String) -> AuditEvent {
        AuditEvent { run: Some(self.run.clone()), line: self.line, ..self.app.event(kind, &self.actor, what) }
    }
}

#[async_trait]
impl Ledger for RunLedger {
    async fn intend(&self, intent: Intent) -> Result<u64, Fault> {
        let why = match &self.why {
            Some(why) => format!("{}; {why}", intent.why),
            None => intent.why,
        };
        let event = AuditEvent {
            instance: Some(intent.instance),
            subject: intent.subject,
            account: intent.account,
            why: Some(why),
            before: intent.before,
            after: intent.after,
            result: AuditResult::Open,
            ..self.event(AuditKind::Intent, intent.what)
        };
        let number = self.write(event.clone(), true).await.map_err(|error| fault(&error))?;
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(number, event);
        Ok(number)
    }

    async fn end(&self, intent: u64, ending: Ending) -> Result<(), Fault> {
        let intended = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&intent);
        let Some(intended) = intended else {
            return Err(Fault::new(FaultKind::Bug, format!("event {intent} is no open intent of this run")));
        };
        let event = AuditEvent {
            instance: intended.instance,
            subject: intended.subject,
            account: ending.account,
            after: ending.after,
            refers: Some(intent),
            result: ending.result,
            message: ending.message,
            request_ids: ending.request_ids,
            ..self.event(AuditKind::Ending, intended.what)
        };
        let written = self.write(event.clone(), false).await;
        if written.as_ref().is_err_and(StoreError::is_passing) {
            self.app.backlog.add(vec![Write::Event(Box::new(event))]);
        }
        written.map(|_| ()).map_err(|error| fault(&error))
    }
}

fn fault(error: &StoreError) -> Fault {
    let fault = Fault::new(FaultKind::Unavailable, format!("the audit log could not be written: {error}"));
    match error.hint() {
        Some(hint) => fault.with_hint(hint),
        None => fault,
    }
}
