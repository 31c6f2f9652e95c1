//! Operations, every template compiled.

use std::collections::HashSet;

use provost_core::GroupVerb;
use provost_mapper::{Path, Template, ValueTemplate};
use provost_net::Method;

use super::{FaultRule, Place};

#[derive(Debug)]
pub(crate) struct Operations {
    pub(crate) test: Operation,
    pub(crate) find: Operation,
    pub(crate) list: Option<Operation>,
    pub(crate) create: Option<Operation>,
    pub(crate) update: Option<Operation>,
    pub(crate) enable: Option<Operation>,
    pub(crate) disable: Option<Operation>,
    pub(crate) fields: Option<Operation>,
    /// Whether accounts can be shown.
    pub(crate) shows: bool,
}

/// The groups of a system.
#[derive(Debug)]
pub(crate) struct Groups {
    pub(crate) id: Place,
    pub(crate) name: Place,
    pub(crate) member: Option<MemberShape>,
    /// How many members one change takes.
    pub(crate) batch: usize,
    pub(crate) find: Operation,
    pub(crate) get: Operation,
    pub(crate) members: Option<Operation>,
    pub(crate) create: Option<Operation>,
    pub(crate) add: Option<Operation>,
    pub(crate) remove: Option<Operation>,
    pub(crate) delete: Option<Operation>,
}

impl Groups {
    /// Whether the manifest has what the verb needs.
    pub(crate) fn can(&self, verb: GroupVerb) -> bool {
        match verb {
            GroupVerb::Get => true,
            GroupVerb::Create => self.create.is_some(),
            GroupVerb::Update => self.add.is_some() || self.remove.is_some(),
            GroupVerb::Delete => self.delete.is_some(),
        }
    }
}

/// Where a member's parts are; templates see it as `member`.
#[derive(Debug)]
pub(crate) struct MemberShape {
    pub(crate) id: Place,
    pub(crate) name: Option<Place>,
    /// Whether it counts.
    pub(crate) when: Option<Place>,
}

/// Something that a system can do: in the first way whose condition holds.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) ways: Vec<Way>,
}

/// One way to do it: a request, with what comes before and after it, and where its answer is.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) when: Option<Template>,
    /// What is sent before; the answers have these names.
    pub(crate) first: Vec<(String, Way)>,
    /// When the request need not be sent.
    pub(crate) unless: Option<Template>,
    /// None where the result is known without asking.
    pub(crate) call: Option<Call>,
    /// The list or the object in the answer; `None` for the whole answer.
    pub(crate) result: Option<Place>,
    /// Whether the result is one object where a list could be.
    pub(crate) is_one: bool,
    pub(crate) page: Option<Paging>,
    /// What errors mean here, before the manifest's own table.
    pub(crate) faults: Vec<FaultRule>,
    /// What is sent after it.
    pub(crate) then: Vec<Way>,
    /// `fields`: what describes a field.
    pub(crate) described: Option<Described>,
    /// The names that its templates read.
    pub(crate) reads: HashSet<String>,
}

impl Way {
    /// Whether one of its requests may change something: all that do not only ask may.
    pub(crate) fn writes(&self) -> bool {
        let own = self.call.iter().any(|call| !matches!(call.method, Method::GET | Method::HEAD));
        own || self.first.iter().map(|(_, step)| step).chain(&self.then).any(Self::writes)
    }

    /// Every name that its templates read.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = self.when.as_ref().map(Template::names).unwrap_or_default();
        if let Some(call) = &self.call {
            names.extend(call.path.names());
            let query = call.query.iter().flat_map(|(name, value)| [name, value]);
            let headers = call.headers.iter().map(|(_, value)| value);
            names.extend(query.chain(headers).flat_map(Template::names));
            names.extend(call.body.as_ref().map(ValueTemplate::names).unwrap_or_default());
        }
        names.extend(self.unless.as_ref().map(Template::names).unwrap_or_default());
        if let Some(Place::Template(template)) = &self.result {
            names.extend(template.names());
        }
        if let Some(Place::Template(last)) = self.page.as_ref().and_then(|page| page.last.as_ref()) {
            names.extend(last.names());
        }
        names.extend(self.first.iter().map(|(_, step)| step).chain(&self.then).flat_map(Self::names));
        names
    }
}

/// A request's templates.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: Template,
    pub(crate) query: Vec<(Template, Template)>,
    pub(crate) headers: Vec<(String, Template)>,
    pub(crate) body: Option<ValueTemplate>,
}

/// Where a field's parts are in each item.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) name: Path,
    pub(crate) description: Path,
}

/// How a list goes on.
#[derive(Debug)]
pub(crate) struct Paging {
    pub(crate) kind: PageKind,
    /// The name in the query of how many items are asked for, and how many.
    pub(crate) size: Option<(String, u64)>,
    /// Holds on the last page.
    pub(crate) last: Option<Place>,
    /// Where the answer says how many there are in all.
    pub(crate) total: Option<Place>,
}

/// The ways to say where a page is. Texts are names in the query.
#[derive(Debug)]
pub(crate) enum PageKind {
    /// How many items are passed over.
    Offset(String),
    /// The number of the first item, from 1.
    Index(String),
    /// The number of the page, and that of the first.
    Number(String, u64),
    /// What the page before said.
    Cursor(String, Place),
    /// The key of the last item.
    After(String, Place),
    /// A `Link` header with this relation.
    Link(String),
    /// A whole address in the answer.
    Url(Place),
}
