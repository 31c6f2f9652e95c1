//! How a group command's end is shown.

use provost_core::{CommandResult, Fault, FaultKind, Group, GroupVerb, Member, Trace};
use serde_json::{Map, Value, json};

use super::{Ended, GroupCommand, GroupOutcome, MISSING};
use crate::Instance;
use crate::veil::Veil;

/// What people see first.
const COLUMNS: [&str; 7] =
    ["instanceName", "success", "id", "displayName", "members", "errorCode", "errorMessage"];

/// Makes outcomes of one command at one instance.
pub(super) struct Shown<'a> {
    pub(super) instance: &'a Instance,
    pub(super) command: &'a GroupCommand,
    pub(super) veil: Veil,
}

impl Shown<'_> {
    pub(super) fn outcome(&self, ended: Result<Ended, Fault>, trace: &Trace) -> GroupOutcome {
        let fault = ended.as_ref().err().map(|fault| fault.kind);
        let (mut outputs, success, hints) = match ended {
            Ok(Ended::Group(group, members)) => (self.group(&group, members.as_deref()), true, Vec::new()),
            Ok(Ended::Several(groups)) => {
                (groups.iter().map(|group| self.listed(group)).collect(), true, Vec::new())
            }
            Err(fault) => (self.fault(&fault), false, fault.hints),
        };
        self.veil.value(&mut outputs);
        let trace = self.veil.steps(trace);
        GroupOutcome { result: self.result(outputs), success, fault, hints, trace }
    }

    fn result(&self, outputs: Value) -> CommandResult {
        let word = match self.command.verb {
            GroupVerb::Get => "Get",
            GroupVerb::Create => "Create",
            GroupVerb::Update => "Update",
            GroupVerb::Delete => "Delete",
        };
        let brand = self.instance.connector.brand().as_str();
        CommandResult {
            prefix: format!("{word}Group"),
            keys: vec!["id".to_owned()],
            outputs,
            title: format!("{} {word} Group:", brand.strip_suffix(" IAM").unwrap_or(brand)),
            columns: COLUMNS.map(str::to_owned).to_vec(),
            shown: None,
        }
    }

    /// The members that every object has.
    fn head(&self, success: bool) -> Map<String, Value> {
        let instance = self.instance;
        Map::from_iter([
            ("brand".to_owned(), json!(instance.connector.brand())),
            ("instanceName".to_owned(), json!(instance.name)),
            ("success".to_owned(), json!(success)),
        ])
    }

    fn group(&self, group: &Group, members: Option<&[Member]>) -> Value {
        let mut object = self.head(true);
        object.insert("id".to_owned(), json!(group.id));
        if !group.attributes.is_empty() {
            object.insert("details".to_owned(), Value::Object(group.attributes.clone()));
        }
        object.extend(group.name.iter().map(|name| ("displayName".to_owned(), json!(name))));
        if let Some(members) = members {
            object.insert("members".to_owned(), members.iter().map(member).collect());
        }
        Value::Object(object)
    }

    /// One of several groups of a name, without what would need a request of its own.
    fn listed(&self, group: &Group) -> Value {
        let mut object = self.head(true);
        object.insert("id".to_owned(), json!(group.id));
        object.extend(group.name.iter().map(|name| ("displayName".to_owned(), json!(name))));
        Value::Object(object)
    }

    /// A failure, with the group as it was asked for.
    fn fault(&self, fault: &Fault) -> Value {
        let mut object = self.head(false);
        for asked in ["id", "displayName"] {
            object.extend(self.command.scim.get(asked).map(|value| (asked.to_owned(), value.clone())));
        }
        let message = match fault.kind {
            FaultKind::NotFound if fault.message.is_empty() => MISSING,
            _ => &fault.message,
        };
        object.insert("errorCode".to_owned(), json!(fault.code));
        object.insert("errorMessage".to_owned(), json!(message));
        Value::Object(object)
    }
}

fn member(member: &Member) -> Value {
    match &member.name {
        Some(name) => json!({"value": member.id, "display": name}),
        None => json!({"value": member.id}),
    }
}
