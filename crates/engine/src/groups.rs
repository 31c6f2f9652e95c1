//! The group commands (contract 1.5): one group of one system, SCIM-shaped in and out.

mod change;
mod shown;

use std::collections::HashSet;

use provost_core::{
    Attributes, Code, CommandResult, Context, Fault, FaultKind, Group, GroupId, GroupVerb, Groups, Member,
    Stage, TraceStep,
};
use serde_json::Value;

use crate::book::Book;
use crate::veil::{Shade, Veil};
use crate::{Conditions, Instance, Mode};
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
    /// The kind of the fault that it ended with; `None` for a success.
    pub fault: Option<FaultKind>,
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

/// Ids of members as the original takes them: a JSON array, or texts with commas between.
pub fn member_ids(text: &str) -> Vec<String> {
    if let Ok(Value::Array(items)) = serde_json::from_str(text) {
        let id = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
        return items.iter().map(id).collect();
    }
    text.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// Runs a group command at an instance.
pub async fn run_group(instance: &Instance, command: &GroupCommand, conditions: &Conditions) -> GroupOutcome {
    let cx = Context { verb: None, trace: conditions.trace.clone() };
    let veil = || Veil::new(instance, &command.scim, &[]);
    let subject = command.name().map(str::to_owned).or_else(|| command.id().map(|id| id.to_string()));
    let mut shade = Shade::new(veil(), &instance.private);
    shade.learn(&command.scim);
    let book = Book::open(instance, conditions, &cx, shade, subject.as_deref());
    let ended = match able(instance, command, conditions.mode) {
        Ok(groups) => Run { groups, command, cx, instance, book: &book }.carry_out().await,
        Err(fault) => Err(fault),
    };
    let mut outcome = Shown { instance, command, veil: veil() }.outcome(ended, &conditions.trace);
    outcome.hints.extend(book.hint());
    outcome
}

/// The groups of a system that can do what is asked for.
fn able<'a>(instance: &'a Instance, command: &GroupCommand, mode: Mode) -> Result<&'a dyn Groups, Fault> {
    let (verb, brand) = (command.verb, instance.connector.brand());
    let groups = instance.connector.groups().filter(|groups| groups.can(verb));
    let groups =
        groups.ok_or_else(|| Fault::unsupported(brand, format_args!("cannot {} groups", verb.as_str())))?;
    if mode == Mode::DryRun && verb != GroupVerb::Get {
        return Err(Fault::unsupported(brand, format_args!("has no dry run of `{}`", verb.command())));
    }
    Ok(groups)
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
    book: &'a Book<'a>,
}

impl Run<'_> {
    async fn carry_out(&self) -> Result<Ended, Fault> {
        match self.command.verb {
            GroupVerb::Get => self.get().await,
            GroupVerb::Create => self.make().await,
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

    /// A group of which the system says nothing more.
    fn as_asked(&self, id: GroupId) -> Group {
        Group { id, name: self.command.name().map(str::to_owned), attributes: Attributes::new() }
    }
}

fn missing() -> Fault {
    Fault::new(FaultKind::NotFound, MISSING).with_code(Code::Number(404))
}

fn ambiguous(groups: &[Group], instance: &provost_core::InstanceName) -> Fault {
    let ids: Vec<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let message = format!("{} groups in {instance} have this name: {}", groups.len(), ids.join(", "));
    Fault::new(FaultKind::SeveralMatches, message)
        .with_code(Code::Number(409))
        .with_hint("give the `id` of the right one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_json_or_have_commas() {
        for text in [r#"["1", "2 a"]"#, "1,2 a", " 1 , 2 a ,"] {
            assert_eq!(member_ids(text), ["1", "2 a"], "{text}");
        }
        assert_eq!(member_ids("[7]"), ["7"]);
        assert!(member_ids("").is_empty());
    }
}
