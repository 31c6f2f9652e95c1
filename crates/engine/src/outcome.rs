//! From a decision, an answer or a fault to the uniform record.

use provost_core::{
    Account, Attributes, Change, Entry, Fault, FaultKind, Private, PrivateValues, Profile, Reason, Stage,
    Trace, TraceStep, Treatment, VendorRecord, Verb,
};
use serde_json::Value;

use crate::Instance;
use crate::mapping::MappedProfile;
use crate::veil::Veil;

/// How a command ended at one instance.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The uniform answer.
    pub record: VendorRecord,
    /// `IAM.UserProfile`: the profile asked with or, after a get, the one that was found.
    pub profile: Attributes,
    /// Whether the entry is one that stops a playbook.
    pub is_error_entry: bool,
    /// The kind of the fault that it ended with; `None` for a success and for what was skipped.
    pub fault: Option<FaultKind>,
    /// What to do about a failure.
    pub hints: Vec<String>,
    /// The steps that led here.
    pub trace: Vec<TraceStep>,
}

impl Outcome {
    /// The entry around the record.
    pub fn entry(&self) -> Entry {
        Entry::of_record(&self.record, &self.profile, self.is_error_entry)
    }

    /// The same for what is kept: without the values of private attributes, wherever they are.
    #[must_use]
    pub fn masked(&self, private: &Private) -> Self {
        let mut outcome = self.clone();
        if private.is_empty() {
            return outcome;
        }
        let mut values = private.values();
        values.learn_members(&outcome.profile);
        values.learn(&outcome.record.details);
        for (name, text) in own(&mut outcome.record) {
            if let Some(text) = text.as_deref().filter(|_| private.hides(name)) {
                values.add(&text.into());
            }
        }
        let mut profile = Value::Object(std::mem::take(&mut outcome.profile));
        values.value(&mut profile);
        if let Value::Object(members) = profile {
            outcome.profile = members;
        }
        mask_record(&mut outcome.record, private, &values);
        for step in &mut outcome.trace {
            step.text = values.text(&step.text);
            step.request_id = step.request_id.take().map(|id| values.text(&id));
        }
        outcome.hints.iter_mut().for_each(|hint| *hint = values.text(hint));
        outcome
    }
}

/// The members of a record that are texts of an account, by name.
fn own(record: &mut VendorRecord) -> [(&'static str, &mut Option<String>); 3] {
    [("id", &mut record.id), ("username", &mut record.username), ("email", &mut record.email)]
}

fn mask_record(record: &mut VendorRecord, private: &Private, values: &PrivateValues) {
    values.value(&mut record.details);
    for text in [&mut record.error_message, &mut record.reason] {
        *text = values.text(text);
    }
    for (name, text) in own(record) {
        let mask =
            |text: String| if private.hides(name) { Private::MASK.to_owned() } else { values.text(&text) };
        *text = text.take().map(mask);
    }
}

/// Makes the outcomes of one command at one instance.
pub(crate) struct Recorder<'a> {
    instance: &'a Instance,
    profile: &'a Profile,
    trace: Trace,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(instance: &'a Instance, profile: &'a Profile, trace: Trace) -> Self {
        Self { instance, profile, trace }
    }

    /// A get that found the account. Its address is the system's own, never the one
    /// asked for.
    pub(crate) fn shown(&self, account: &Account, profile: Attributes) -> Outcome {
        let mapped = profile.get("email").and_then(Value::as_str).map(str::to_owned);
        let mut record = self.of_account(Verb::Get, account);
        record.active = account.active;
        record.email = account.email.clone().or(mapped);
        self.outcome(record, profile, &[])
    }

    /// A get that found nobody.
    pub(crate) fn absent(&self, mapped: &MappedProfile) -> Outcome {
        let record = VendorRecord {
            success: false,
            error_code: Some(provost_core::Code::Number(404)),
            error_message: Reason::UserMissing.as_str().to_owned(),
            details: mapped.details(),
            ..self.blank(Verb::Get)
        };
        let fault = Some(FaultKind::NotFound);
        Outcome { fault, ..self.outcome(record, self.profile.fields(), &[]) }
    }

    /// Nothing was written, for a reason.
    pub(crate) fn skipped(
        &self,
        action: Verb,
        reason: &str,
        account: Option<&Account>,
        mapped: Option<&MappedProfile>,
    ) -> Outcome {
        let details = match account {
            Some(account) => Value::Object(account.attributes.clone()),
            None => mapped.map(MappedProfile::details).unwrap_or_default(),
        };
        let record = VendorRecord { skipped: true, reason: reason.to_owned(), details, ..self.blank(action) };
        self.outcome(record, self.profile.fields(), &[])
    }

    /// An update of what is there already: the account as it is.
    pub(crate) fn unchanged(&self, action: Verb, account: &Account, mapped: &MappedProfile) -> Outcome {
        let record = VendorRecord {
            active: account.active,
            skipped: true,
            reason: Reason::NothingToUpdate.as_str().to_owned(),
            ..self.of_account(action, account)
        };
        self.outcome(record, self.profile.fields(), &mapped.secrets)
    }

    /// A dry run: the account as it is, and what would be written to it.
    pub(crate) fn planned(
        &self,
        action: Verb,
        changes: &[Change],
        found: Option<&Account>,
        mapped: &MappedProfile,
    ) -> Outcome {
        let known = found.map_or_else(|| self.blank(action), |account| self.of_account(action, account));
        let written = changes.iter().flat_map(|change| change.after.clone()).collect();
        let kinds: Vec<&str> = changes.iter().map(|change| change.kind.as_str()).collect();
        let record = VendorRecord {
            active: found.and_then(|account| account.active),
            details: Value::Object(written),
            skipped: true,
            reason: format!("Dry run: would {} the account.", kinds.join(", then ")),
            ..known
        };
        self.outcome(record, self.profile.fields(), &mapped.secrets)
    }

    /// Something was written; `account` is the system's last answer, completed with what
    /// was known before. A system that does not show it leaves what was written to show.
    pub(crate) fn written(&self, action: Verb, account: &Account, mapped: &MappedProfile) -> Outcome {
        let mut record = self.of_account(action, account);
        record.active = account.active;
        if account.attributes.is_empty() {
            record.details = mapped.details();
        }
        self.outcome(record, self.profile.fields(), &mapped.secrets)
    }

    /// Something went wrong, or what went wrong is as good as done.
    pub(crate) fn failed(&self, action: Verb, fault: Fault, mapped: Option<&MappedProfile>) -> Outcome {
        if let Treatment::Skip(reason) = &fault.treatment {
            self.trace.note(Stage::Decide, format!("the system's answer means: {reason}"));
            return self.skipped(action, reason, None, mapped);
        }
        let record = VendorRecord {
            success: false,
            error_code: fault.code,
            error_message: fault.message,
            details: mapped.map(MappedProfile::details).unwrap_or_default(),
            ..self.blank(action)
        };
        Outcome {
            is_error_entry: fault.treatment == Treatment::FailWithErrorEntry,
            fault: Some(fault.kind),
            hints: fault.hints,
            ..self.outcome(record, self.profile.fields(), mapped.map_or(&[], |mapped| &mapped.secrets))
        }
    }

    fn blank(&self, action: Verb) -> VendorRecord {
        let brand = self.instance.connector.brand().clone();
        VendorRecord {
            email: self.profile.email().map(str::to_owned),
            ..VendorRecord::new(brand, self.instance.name.clone(), action)
        }
    }

    fn of_account(&self, action: Verb, account: &Account) -> VendorRecord {
        let blank = self.blank(action);
        VendorRecord {
            id: Some(account.id.to_string()),
            username: account.username.clone(),
            email: account.email.clone().or(blank.email.clone()),
            details: Value::Object(account.attributes.clone()),
            ..blank
        }
    }

    /// The record around it, without secrets: the instance's, the profile's, and those
    /// that were made for this account.
    fn outcome(&self, mut record: VendorRecord, profile: Attributes, made: &[String]) -> Outcome {
        let veil = Veil::new(self.instance, self.profile.as_given(), made);
        record.error_message = veil.text(&record.error_message);
        veil.value(&mut record.details);
        for text in [&mut record.id, &mut record.username, &mut record.email].into_iter().flatten() {
            *text = veil.text(text);
        }
        Outcome {
            record,
            profile: veil.members(profile),
            is_error_entry: false,
            fault: None,
            hints: Vec::new(),
            trace: veil.steps(&self.trace),
        }
    }
}
