//! The group commands (contract 1.5): one group of one system, SCIM-shaped in and out.

mod shown;

use std::collections::HashSet;

use provost_core::{
    Attributes, Code, CommandResult, Context, Fault, FaultKind, Group, GroupId, GroupVerb, Groups, Member,
    MemberChange, Retry, Stage, Trace, TraceStep,
};
use serde_json::Value;

use crate::Instance;
use shown::Shown;

/// The text of a group that is not there, the original's.
const MISSING: &str = "Group Not Found";
/// No system has so many pages of members; one that gives more does not end.
const MOST_PAGES: usize = 100_000;

/// One of the group commands with its arguments.
#[derive(Debug, Clone)]
pub struct GroupCommand {
    /// What to do.
    pub verb: GroupVerb,
    /// The group as SCIM has it (RFC 7643, section 4.2): `id`, `displayName` and, for a
    /// create, what else the system takes.
    pub scim: Attributes,
    /// Whether a get shows who is in it.
    pub include_members: bool,
    /// The ids of accounts that an update puts into the group.
    pub add: Vec<String>,
    /// The ids of accounts that an update takes out of it.
    pub remove: Vec<String>,
}

/// How a group command ended at one instance.
#[derive(Debug, Clone)]
pub struct GroupOutcome {
    /// What is shown: one object or, where several groups have the name, a list of them.
    pub result: CommandResult,
    /// Whether it succeeded.
    pub success: bool,
    /// What to do about a failure.
    pub hints: Vec<String>,
    /// The steps that led here.
    pub trace: Vec<TraceStep>,
}

impl GroupCommand {
    fn text(&self, member: &str) -> Option<&str> {
        self.scim.get(member).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn id(&self) -> Option<GroupId> {
        match self.scim.get("id") {
            Some(Value::Number(number)) => Some(number.to_string().into()),
            _ => self.text("id").map(GroupId::from),
        }
    }

    fn name(&self) -> Option<&str> {
        self.text("displayName")
    }

    /// What keeps the command from being run at all, in the original's words.
    pub fn flaw(&self) -> Option<&'static str> {
        match self.verb {
            GroupVerb::Create if self.name().is_none() => {
                Some("You must supply 'displayName' of the group in the scim data")
            }
            GroupVerb::Create => None,
            _ if self.id().is_none() && self.name().is_none() => {
                Some("You must supply either 'id' or 'displayName' in the scim data")
            }
            _ => None,
        }
    }
}

/// Runs a group command at an instance.
pub async fn run_group(instance: &Instance, command: &GroupCommand) -> GroupOutcome {
    let trace = Trace::default();
    let cx = Context { verb: None, trace: trace.clone() };
    let shown = Shown { instance, command };
    let ended = match instance.connector.groups() {
        Some(groups) if groups.can(command.verb) => Run { groups, command, cx, instance }.carry_out().await,
        _ => {
            let what = format_args!("cannot {} groups", command.verb.as_str());
            Err(Fault::unsupported(instance.connector.brand(), what))
        }
    };
    shown.outcome(ended, &trace)
}

/// What came of a command that did not fail.
pub(crate) enum Ended {
    /// The group, with its members where they were asked for.
    Group(Group, Option<Vec<Member>>),
    /// Several groups have the name.
    Several(Vec<Group>),
}

struct Run<'a> {
    groups: &'a dyn Groups,
    command: &'a GroupCommand,
    cx: Context,
    instance: &'a Instance,
}

impl Run<'_> {
    async fn carry_out(&self) -> Result<Ended, Fault> {
        match self.command.verb {
            GroupVerb::Get => self.get().await,
            GroupVerb::Create => self.create().await,
            GroupVerb::Update => self.update().await,
            GroupVerb::Delete => self.delete().await,
        }
    }

    async fn get(&self) -> Result<Ended, Fault> {
        let id = match self.command.id() {
            Some(id) => id,
            None => match self.named().await?.as_slice() {
                [] => return Err(missing()),
                [only] => only.id.clone(),
                several => return Ok(Ended::Several(several.to_vec())),
            },
        };
        let group = self.groups.get(&self.cx, &id).await?.ok_or_else(missing)?;
        let with_members = self.command.include_members;
        let members = if with_members { Some(self.members(&group.id).await?) } else { None };
        Ok(Ended::Group(group, members))
    }

    /// The groups that really have the name: some systems answer a search for a name with
    /// every group that begins so, others with all.
    async fn named(&self) -> Result<Vec<Group>, Fault> {
        let wanted = self.command.name().unwrap_or_default();
        let found = self.groups.find(&self.cx, wanted).await?;
        let count = found.len();
        let is_meant = |group: &Group| {
            group.name.as_deref().is_some_and(|name| name.to_lowercase() == wanted.to_lowercase())
        };
        let named: Vec<Group> = found.into_iter().filter(is_meant).collect();
        let note = format!("displayName = {wanted} finds {} of {count} groups that answered", named.len());
        self.cx.trace.note(Stage::LookUp, note);
        Ok(named)
    }

    /// The one group that is meant.
    async fn target(&self) -> Result<GroupId, Fault> {
        if let Some(id) = self.command.id() {
            return Ok(id);
        }
        match self.named().await?.as_slice() {
            [] => Err(missing()),
            [only] => Ok(only.id.clone()),
            several => Err(ambiguous(several, &self.instance.name)),
        }
    }

    async fn members(&self, id: &GroupId) -> Result<Vec<Member>, Fault> {
        let (mut members, mut seen, mut token) = (Vec::new(), HashSet::new(), None);
        for _ in 0..MOST_PAGES {
            let page = self.groups.members(&self.cx, id, token.as_ref()).await?;
            // A page that comes twice must not make two of one person.
            members.extend(page.items.into_iter().filter(|member| seen.insert(member.id.clone())));
            token = page.next;
            if token.is_none() {
                return Ok(members);
            }
        }
        Err(Fault::new(FaultKind::BadAnswer, format!("the members of group {id} come on pages without end")))
    }

    /// Two groups of one name are never made: a second one would look like the first.
    async fn create(&self) -> Result<Ended, Fault> {
        if let Some(group) = self.named().await?.first() {
            return Err(taken(group));
        }
        let mut attributes = self.command.scim.clone();
        attributes.shift_remove("id");
        self.cx.trace.note(Stage::Write, "create a group");
        let fault = match self.groups.create(&self.cx, &attributes).await {
            Ok(group) => return Ok(Ended::Group(group, None)),
            Err(fault) if fault.kind.retry() == Retry::IfRepeatable => fault,
            Err(fault) => return Err(fault),
        };
        self.cx.trace.note(Stage::Write, "the create may have happened; looking for the group");
        match self.named().await.unwrap_or_default().as_slice() {
            [group] => Ok(Ended::Group(group.clone(), None)),
            _ => Err(fault.with_hint("whether the group was made is not known; look before repeating it")),
        }
    }

    async fn update(&self) -> Result<Ended, Fault> {
        let id = self.target().await?;
        let changes = [(MemberChange::Add, &self.command.add), (MemberChange::Remove, &self.command.remove)];
        let mut done = 0;
        for (change, members) in changes {
            for part in members.chunks(self.groups.batch()) {
                let word = if change == MemberChange::Add { "add" } else { "remove" };
                self.cx.trace.note(Stage::Write, format!("{word} {} members of group {id}", part.len()));
                let changed = self.groups.change(&self.cx, &id, change, part).await;
                changed.map_err(|fault| after(fault, done))?;
                done += part.len();
            }
        }
        Ok(Ended::Group(self.as_asked(id), None))
    }

    async fn delete(&self) -> Result<Ended, Fault> {
        let id = self.target().await?;
        self.cx.trace.note(Stage::Write, format!("delete group {id}"));
        self.groups.delete(&self.cx, &id).await?;
        Ok(Ended::Group(self.as_asked(id), None))
    }

    /// A group of which the system says nothing more.
    fn as_asked(&self, id: GroupId) -> Group {
        Group { id, name: self.command.name().map(str::to_owned), attributes: Attributes::new() }
    }
}

fn missing() -> Fault {
    Fault::new(FaultKind::NotFound, MISSING).with_code(Code::Number(404))
}

fn taken(group: &Group) -> Fault {
    let message = format!("there is a group of this name: {}", group.id);
    Fault::new(FaultKind::AlreadyExists, message).with_code(Code::Number(409))
}

fn ambiguous(groups: &[Group], instance: &provost_core::InstanceName) -> Fault {
    let ids: Vec<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let message = format!("{} groups in {instance} have this name: {}", groups.len(), ids.join(", "));
    Fault::new(FaultKind::SeveralMatches, message)
        .with_code(Code::Number(409))
        .with_hint("give the `id` of the right one")
}

/// A fault with what was changed before it.
fn after(mut fault: Fault, done: usize) -> Fault {
    if fault.kind == FaultKind::NotFound {
        fault.message = format!("{MISSING}: {}", fault.message);
    }
    if done > 0 {
        fault.message = format!("{} ({done} members were changed before this)", fault.message);
    }
    fault
}
