//! Groups and who is in them.

use async_trait::async_trait;
use provost_core::{
    Attributes, Code, Context, Fault, FaultKind, Group, GroupId, GroupVerb, Groups, Member, MemberChange,
    Page, PageToken,
};
use provost_net::ldap::{Changing, Entry, Modification, Operation, Search};
use serde_json::Value;

use super::dn::{Dn, extended};
use super::filter::Filter;
use super::places::{everything, name};
use super::{CLASS_VIOLATION, ENTRY_EXISTS, NO_SUCH_ATTRIBUTE, UNWILLING, VALUE_EXISTS};
use super::{LdapConnector, entry, has_code};

/// How many members one change takes.
const BATCH: usize = 100;
/// How many members are read at once. Active Directory gives no more (`[MS-ADTS]`,
/// 3.1.1.3.1.3.3).
const RANGE: usize = 1500;
/// A global security group (`[MS-ADTS]`, 2.2.12), which is what consoles make.
const GROUP_TYPE: &str = "-2147483646";

#[async_trait]
impl Groups for LdapConnector {
    fn can(&self, _verb: GroupVerb) -> bool {
        true
    }

    fn batch(&self) -> usize {
        BATCH
    }

    async fn find(&self, cx: &Context, called: &str) -> Result<Vec<Group>, Fault> {
        let places = self.places(cx).await?;
        let filter = Filter::And(vec![Filter::equal(name("cn")?, called), self.is_group()?]);
        let found = self.search(cx, places.groups.to_string(), &filter, self.shown_of_group()).await?;
        Ok(found.iter().map(|entry| self.group(entry)).collect())
    }

    async fn get(&self, cx: &Context, id: &GroupId) -> Result<Option<Group>, Fault> {
        Ok(self.group_entry(cx, id).await?.map(|entry| self.group(&entry)))
    }

    async fn members(
        &self,
        cx: &Context,
        id: &GroupId,
        token: Option<&PageToken>,
    ) -> Result<Page<Member>, Fault> {
        let dn = self.group_dn(cx, id).await?;
        if self.shape.is_ad() {
            return self.range_of_members(cx, &dn, token).await;
        }
        let member = &self.shape.group.member;
        let entry = self.read(cx, dn.to_string(), &everything()?, vec![member.to_string()]).await?;
        let mut items = Vec::new();
        for dn in entry.unwrap_or_default().texts(member.as_str()) {
            items.extend(self.member(cx, dn).await?);
        }
        Ok(Page { items, next: None, total: None })
    }

    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Group, Fault> {
        let text = |name: &str| attributes.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let called = text("displayName").unwrap_or_default();
        let dn = self.places(cx).await?.groups.child(&name("cn")?, called);
        let value = |text: &str| vec![text.as_bytes().to_vec()];
        let mut entry = vec![
            ("objectClass".to_owned(), value(self.shape.group.class.as_str())),
            ("cn".to_owned(), value(called)),
        ];
        if self.shape.is_ad() {
            entry.push(("sAMAccountName".to_owned(), value(called)));
            entry.push(("groupType".to_owned(), value(GROUP_TYPE)));
        } else {
            entry.push((self.shape.group.member.to_string(), value(&self.placeholder())));
        }
        entry.extend(text("description").map(|text| ("description".to_owned(), value(text))));
        self.ask(cx, Operation::Add { dn: dn.to_string(), attributes: entry, show: Vec::new() }).await?;
        let made = self.read(cx, dn.to_string(), &everything()?, self.shown_of_group()).await?;
        made.map(|entry| self.group(&entry)).ok_or_else(|| {
            Fault::new(FaultKind::AnswerLost, format!("the group `{dn}` was made, but cannot be read"))
        })
    }

    async fn change(
        &self,
        cx: &Context,
        id: &GroupId,
        change: MemberChange,
        members: &[String],
    ) -> Result<(), Fault> {
        let group = self.writable_group(cx, id).await?;
        let mut names = Vec::new();
        for member in members {
            names.push(self.person(cx, member).await?.ok_or_else(|| {
                Fault::new(FaultKind::InvalidValue, format!("nobody has the id {member}"))
                    .with_hint("give an id, a DN, a log-in name or a mail address")
            })?);
        }
        self.change_members(cx, &group, change, &names).await
    }

    async fn delete(&self, cx: &Context, id: &GroupId) -> Result<(), Fault> {
        let dn = self.writable_group(cx, id).await?.to_string();
        self.ask(cx, Operation::Delete { dn }).await.map(drop)
    }
}

impl LdapConnector {
    /// Changes who is in a group. That somebody is in it already, or is not, is no failure.
    pub(super) async fn change_members(
        &self,
        cx: &Context,
        group: &Dn,
        change: MemberChange,
        members: &[String],
    ) -> Result<(), Fault> {
        match self.ask(cx, self.membership(group, change, members)).await {
            Err(fault) if is_so_already(change, &fault) => {}
            Err(fault) if change == MemberChange::Remove && has_code(&fault, CLASS_VIOLATION) => {
                // The last one goes, and this kind of group cannot be without any.
                let placeholder = [self.placeholder()];
                self.ask(cx, self.membership(group, MemberChange::Add, &placeholder)).await?;
                return Box::pin(self.change_members(cx, group, change, members)).await;
            }
            done => return done.map(drop),
        }
        if members.len() > 1 {
            // Which of them it is, the server does not say.
            for member in members {
                match self.ask(cx, self.membership(group, change, std::slice::from_ref(member))).await {
                    Err(fault) if !is_so_already(change, &fault) => return Err(fault),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn membership(&self, group: &Dn, change: MemberChange, members: &[String]) -> Operation {
        let change = Modification {
            attribute: self.shape.group.member.to_string(),
            change: if change == MemberChange::Add { Changing::Add } else { Changing::Delete },
            values: members.iter().map(|member| member.clone().into_bytes()).collect(),
        };
        Operation::Modify { dn: group.to_string(), changes: vec![change], show: Vec::new() }
    }

    /// Who stands in a group that must have a member while it has none: ourselves.
    fn placeholder(&self) -> String {
        let name = self.directory.name();
        if name.contains('=') { name.to_owned() } else { String::new() }
    }

    fn is_group(&self) -> Result<Filter, Fault> {
        Ok(Filter::equal(name("objectClass")?, self.shape.group.class.as_str()))
    }

    /// What is shown of a group. Its members have a command of their own.
    fn shown_of_group(&self) -> Vec<String> {
        let id = self.shape.id.as_str();
        let shown = [
            id,
            "cn",
            "description",
            "displayName",
            "mail",
            "managedBy",
            "groupType",
            "sAMAccountName",
            "adminCount",
            "objectClass",
        ];
        shown.map(str::to_owned).to_vec()
    }

    fn group(&self, entry: &Entry) -> Group {
        let account = entry::account(&self.shape, entry, None);
        Group {
            id: account.id.as_str().into(),
            name: entry.text("cn").map(str::to_owned),
            attributes: account.attributes,
        }
    }

    async fn group_entry(&self, cx: &Context, id: &GroupId) -> Result<Option<Entry>, Fault> {
        let found = self.by_id(cx, id.as_str(), &self.is_group()?).await?;
        Ok(found.into_iter().next())
    }

    async fn group_dn(&self, cx: &Context, id: &GroupId) -> Result<Dn, Fault> {
        let entry = self.group_entry(cx, id).await?;
        entry.and_then(|entry| Dn::parse(&entry.dn).ok()).ok_or_else(|| missing(id))
    }

    /// The same of a group that may be written to: not one of administrators'.
    async fn writable_group(&self, cx: &Context, id: &GroupId) -> Result<Dn, Fault> {
        let entry = self.group_entry(cx, id).await?.ok_or_else(|| missing(id))?;
        self.check_protection(&entry::account(&self.shape, &entry, None))?;
        Dn::parse(&entry.dn).map_err(|_| missing(id))
    }

    /// Some of the members, each with the id of its entry.
    async fn range_of_members(
        &self,
        cx: &Context,
        group: &Dn,
        token: Option<&PageToken>,
    ) -> Result<Page<Member>, Fault> {
        let first = token.and_then(|token| token.0.parse().ok()).unwrap_or(0);
        let member = &self.shape.group.member;
        let range = vec![member.range(first, Some(first + RANGE - 1))];
        let search = Search {
            extended_names: true,
            ..Search::entry(group.to_string(), everything()?.to_string(), range)
        };
        let entry =
            self.ask(cx, Operation::Search(search)).await?.entries.into_iter().next().unwrap_or_default();
        let ranged =
            |name: &&String| name.to_ascii_lowercase().starts_with(&member.as_str().to_ascii_lowercase());
        let Some(shown) = entry.attributes.keys().find(ranged) else {
            return Ok(Page { items: Vec::new(), next: None, total: None });
        };
        let items: Vec<Member> = entry.texts(shown).filter_map(member_of).collect();
        // `member;range=0-1499`, and `member;range=1500-*` for the last of them.
        let is_last = !shown.contains(';') || shown.ends_with('*') || items.is_empty();
        let next = (!is_last).then(|| PageToken((first + items.len()).to_string()));
        Ok(Page { items, next, total: None })
    }

    /// The member of this name, if it is an account of somebody's.
    async fn member(&self, cx: &Context, dn: &str) -> Result<Option<Member>, Fault> {
        if dn.is_empty() || Dn::parse(dn).ok() == Dn::parse(self.directory.name()).ok() {
            return Ok(None);
        }
        let wanted = vec![self.shape.id.to_string(), self.shape.username.to_string()];
        let entry = self.read(cx, dn.to_owned(), &everything()?, wanted).await?;
        let entry = entry.unwrap_or_else(|| Entry { dn: dn.to_owned(), ..Entry::default() });
        let name = entry.text(self.shape.username.as_str()).map(str::to_owned);
        Ok(Some(Member { id: entry::id(&self.shape, &entry).to_string(), name }))
    }
}

fn missing(id: &GroupId) -> Fault {
    Fault::new(FaultKind::NotFound, format!("there is no group {id}")).with_code(Code::Number(404))
}

/// A member of a name with its id.
fn member_of(text: &str) -> Option<Member> {
    let (guid, dn) = extended(text);
    let name = Dn::parse(dn).ok()?.rdn().map(|rdn| rdn.value().to_owned());
    Some(Member { id: guid.map_or_else(|| dn.to_owned(), str::to_lowercase), name })
}

/// Whether a change was refused because it is so already.
fn is_so_already(change: MemberChange, fault: &Fault) -> bool {
    match change {
        MemberChange::Add => has_code(fault, VALUE_EXISTS) || has_code(fault, ENTRY_EXISTS),
        MemberChange::Remove => {
            has_code(fault, NO_SUCH_ATTRIBUTE)
                || (has_code(fault, UNWILLING) && fault.kind == FaultKind::NotFound)
        }
    }
}
