//! The group commands that change something, each between its two events.

use provost_core::{AccountId, Attributes, Code, Fault, FaultKind, Group, GroupId, MemberChange, Stage};
use serde_json::{Value, json};

use super::{Ended, MISSING, Run};
use crate::book::{Plan, Shown, is_uncertain};

/// The member of events that holds a group's name.
const NAME: &str = "displayName";

impl Run<'_> {
    /// Two groups of one name are never made: a second one would look like the first.
    pub(super) async fn make(&self) -> Result<Ended, Fault> {
        if let Some(group) = self.named().await?.first() {
            return Err(taken(group));
        }
        let mut attributes = self.command.scim.clone();
        attributes.shift_remove("id");
        let plan = Plan {
            what: "create-group".to_owned(),
            account: None,
            before: Attributes::new(),
            after: attributes.clone(),
            why: "there is no group of this name",
        };
        let shown =
            |group: &Group| Shown { account: Some(account(&group.id)), after: named(group.name.as_deref()) };
        let group = self.book.change(plan, self.create(&attributes), shown).await?;
        Ok(Ended::Group(group, None))
    }

    async fn create(&self, attributes: &Attributes) -> Result<Group, Fault> {
        let cx = &self.book.cx;
        cx.trace.note(Stage::Write, "create a group");
        let fault = match self.groups.create(cx, attributes).await {
            Ok(group) => return Ok(group),
            Err(fault) if is_uncertain(fault.kind) => fault,
            Err(fault) => return Err(fault),
        };
        cx.trace.note(Stage::Write, "the create may have happened; looking for the group");
        match self.named().await.unwrap_or_default().as_slice() {
            [group] => Ok(group.clone()),
            _ => Err(fault.with_hint("whether the group was made is not known; look before repeating it")),
        }
    }

    pub(super) async fn update(&self) -> Result<Ended, Fault> {
        let id = self.target().await?;
        if self.command.add.is_empty() && self.command.remove.is_empty() {
            return Ok(Ended::Group(self.as_asked(id), None));
        }
        let members = [("added", &self.command.add), ("removed", &self.command.remove)];
        let members = members.into_iter().filter(|(_, ids)| !ids.is_empty());
        let mut after = named(self.command.name());
        after.extend(members.map(|(word, ids)| (word.to_owned(), json!(ids))));
        let plan = self.plan("update-group", &id, after, "other members were asked for");
        self.book.change(plan, self.change_members(&id), |()| unshown(&id)).await?;
        Ok(Ended::Group(self.as_asked(id), None))
    }

    async fn change_members(&self, id: &GroupId) -> Result<(), Fault> {
        let cx = &self.book.cx;
        let changes = [(MemberChange::Add, &self.command.add), (MemberChange::Remove, &self.command.remove)];
        let mut done = 0;
        for (change, members) in changes {
            for part in members.chunks(self.groups.batch()) {
                let word = if change == MemberChange::Add { "add" } else { "remove" };
                cx.trace.note(Stage::Write, format!("{word} {} members of group {id}", part.len()));
                let changed = self.groups.change(cx, id, change, part).await;
                changed.map_err(|fault| after(fault, done))?;
                done += part.len();
            }
        }
        Ok(())
    }

    pub(super) async fn delete(&self) -> Result<Ended, Fault> {
        let id = self.target().await?;
        let plan = self.plan("delete-group", &id, Attributes::new(), "it was asked for");
        let delete = async {
            self.book.cx.trace.note(Stage::Write, format!("delete group {id}"));
            self.groups.delete(&self.book.cx, &id).await
        };
        self.book.change(plan, delete, |()| unshown(&id)).await?;
        Ok(Ended::Group(self.as_asked(id), None))
    }

    fn plan(&self, what: &str, id: &GroupId, after: Attributes, why: &'static str) -> Plan {
        let before = named(self.command.name());
        Plan { what: what.to_owned(), account: Some(account(id)), before, after, why }
    }
}

/// The group in an event, which has one place for accounts and groups.
fn account(id: &GroupId) -> AccountId {
    id.as_str().into()
}

fn named(name: Option<&str>) -> Attributes {
    name.map(|name| (NAME.to_owned(), Value::from(name))).into_iter().collect()
}

/// A group of which the system shows nothing.
fn unshown(id: &GroupId) -> Shown {
    Shown { account: Some(account(id)), after: Attributes::new() }
}

fn taken(group: &Group) -> Fault {
    let message = format!("there is a group of this name: {}", group.id);
    Fault::new(FaultKind::AlreadyExists, message).with_code(Code::Number(409))
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
