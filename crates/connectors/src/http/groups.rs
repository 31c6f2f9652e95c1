//! Groups and their members, by the manifest's operations.

use async_trait::async_trait;
use provost_core::{
    Attributes, Context, Fault, FaultKind, Group, GroupId, GroupVerb, Groups, Member, MemberChange, Page,
    PageToken,
};
use serde_json::{Value, json};

use super::names::names;
use super::steps::{At, Does};
use super::{HttpConnector, answer};
use crate::manifest::{self, MemberShape, Operation, Way};

#[async_trait]
impl Groups for HttpConnector {
    fn can(&self, verb: GroupVerb) -> bool {
        self.manifest.groups.as_ref().is_some_and(|groups| groups.can(verb))
    }

    fn batch(&self) -> usize {
        self.manifest.groups.as_ref().map_or(1, |groups| groups.batch)
    }

    async fn find(&self, cx: &Context, name: &str) -> Result<Vec<Group>, Fault> {
        let groups = self.shape()?;
        let seen = names([("name", name.into())]);
        let mut found = Vec::new();
        let mut take = |_: &Way, items: Vec<Value>| {
            for item in items {
                found.push(group(groups, item, None)?);
            }
            Ok(())
        };
        self.go_through(cx, &groups.find, seen, &mut take).await?;
        Ok(found)
    }

    async fn get(&self, cx: &Context, id: &GroupId) -> Result<Option<Group>, Fault> {
        let groups = self.shape()?;
        match self.carry_out(cx, &groups.get, of(id), Does::Read, At::default()).await?.item() {
            Value::Null => Ok(None),
            item => group(groups, item, Some(id)).map(Some),
        }
    }

    async fn members(
        &self,
        cx: &Context,
        id: &GroupId,
        token: Option<&PageToken>,
    ) -> Result<Page<Member>, Fault> {
        let groups = self.shape()?;
        let (Some(operation), Some(shape)) = (&groups.members, &groups.member) else {
            return Ok(Page { items: Vec::new(), next: None, total: None });
        };
        let token = token.map(|token| token.0.as_str());
        let mut done = self.carry_out(cx, operation, of(id), Does::Read, At::token(token)).await?;
        let page = done.page(token)?;
        let items = page.items.iter().filter_map(|item| member(shape, item)).collect();
        Ok(Page { items, next: page.next, total: page.total })
    }

    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Group, Fault> {
        let groups = self.shape()?;
        let operation = groups.create.as_ref().ok_or_else(|| self.cannot("create groups"))?;
        let seen = names([("attributes", Value::Object(attributes.clone()))]);
        match self.carry_out(cx, operation, seen, Does::Write, At::default()).await?.item() {
            Value::Null => {
                Err(Fault::new(FaultKind::AnswerLost, "the system made a group, but does not show it"))
            }
            item => group(groups, item, None),
        }
    }

    async fn change(
        &self,
        cx: &Context,
        id: &GroupId,
        change: MemberChange,
        members: &[String],
    ) -> Result<(), Fault> {
        let groups = self.shape()?;
        let (operation, operations) = match change {
            MemberChange::Add => (&groups.add, provost_scim::adding_members(members)),
            MemberChange::Remove => (&groups.remove, provost_scim::removing_members(members)),
        };
        let operation: &Operation =
            operation.as_ref().ok_or_else(|| self.cannot("change who is in a group"))?;
        let seen = names([("id", json!(id)), ("members", json!(members)), ("operations", operations.into())]);
        self.carry_out(cx, operation, seen, Does::Write, At::default()).await.map(drop)
    }

    async fn delete(&self, cx: &Context, id: &GroupId) -> Result<(), Fault> {
        let operation = self.shape()?.delete.as_ref().ok_or_else(|| self.cannot("delete groups"))?;
        self.carry_out(cx, operation, of(id), Does::Write, At::default()).await.map(drop)
    }
}

impl HttpConnector {
    fn shape(&self) -> Result<&manifest::Groups, Fault> {
        self.manifest.groups.as_ref().ok_or_else(|| self.cannot("show groups"))
    }
}

fn of(id: &GroupId) -> super::names::Names {
    names([("id", json!(id))])
}

fn group(shape: &manifest::Groups, item: Value, known: Option<&GroupId>) -> Result<Group, Fault> {
    let part = |place| answer::text(&answer::in_object(place, "group", &item)?);
    let id = part(&shape.id).map(GroupId::from).or_else(|| known.cloned());
    let id = id.ok_or_else(|| {
        answer::bad_answer(200, format!("the answer is no group: it has no `{}`", shape.id.source()))
    })?;
    let name = part(&shape.name);
    let attributes = match item {
        Value::Object(members) => members,
        _ => Attributes::new(),
    };
    Ok(Group { id, name, attributes })
}

/// A member, if it counts.
fn member(shape: &MemberShape, item: &Value) -> Option<Member> {
    let at = |place| answer::in_object(place, "member", item);
    let counts =
        shape.when.as_ref().is_none_or(|when| at(when).is_some_and(|value| answer::is_truthy(&value)));
    let id = answer::text(&at(&shape.id)?).filter(|_| counts)?;
    let name = shape.name.as_ref().and_then(|place| answer::text(&at(place)?));
    Some(Member { id, name })
}
