//! Groups: what their operations may name.

use provost_core::yaml::Located;

use super::operation::Wants;
use super::written;
use super::{Compiler, Result};
use crate::manifest::{Groups, MemberShape, Operation};

/// What the templates of each operation may name.
const NAME_NAMES: &[&str] = &["params", "system", "name"];
const ID_NAMES: &[&str] = &["params", "system", "id"];
const NEW_NAMES: &[&str] = &["params", "system", "attributes"];
const CHANGE_NAMES: &[&str] = &["params", "system", "id", "members", "operations"];
const GROUP_NAMES: &[&str] = &["group"];
const MEMBER_NAMES: &[&str] = &["member"];

impl Compiler<'_> {
    pub(super) fn groups(&self, written: &Located<written::Groups>) -> Result<Groups> {
        let groups = &written.value;
        let need = |what: &str| self.complain(written, format!("the key `{what}` is missing"));
        let read = |own: &Option<Located<written::Ways>>, names, wants| -> Result<Option<Operation>> {
            own.as_ref().map(|own| self.operation(own, names, wants)).transpose()
        };
        let place = |text: &Option<written::Text>, key| {
            self.place(text.as_ref().ok_or_else(|| need(key))?, GROUP_NAMES)
        };
        Ok(Groups {
            id: place(&groups.id, "id")?,
            name: place(&groups.name, "name")?,
            member: groups.member.as_ref().map(|member| self.member(member)).transpose()?,
            batch: groups.batch.unwrap_or(1).max(1),
            find: read(&groups.find, NAME_NAMES, Wants::Found)?.ok_or_else(|| need("find"))?,
            get: read(&groups.get, ID_NAMES, Wants::Item)?.ok_or_else(|| need("get"))?,
            members: read(&groups.members, ID_NAMES, Wants::Items)?,
            create: read(&groups.create, NEW_NAMES, Wants::Item)?,
            add: read(&groups.add, CHANGE_NAMES, Wants::Item)?,
            remove: read(&groups.remove, CHANGE_NAMES, Wants::Item)?,
            delete: read(&groups.delete, ID_NAMES, Wants::Item)?,
        })
    }

    fn member(&self, member: &written::Member) -> Result<MemberShape> {
        let optional = |text: &Option<written::Text>| {
            text.as_ref().map(|text| self.place(text, MEMBER_NAMES)).transpose()
        };
        Ok(MemberShape {
            id: self.place(&member.id, MEMBER_NAMES)?,
            name: optional(&member.name)?,
            when: optional(&member.when)?,
        })
    }
}
