//! Operations: their ways, their requests and what may stand in each.

use std::collections::HashSet;

use provost_core::yaml::Located;
use provost_mapper::Path;
use provost_net::Method;

use super::written::{self, Text};
use super::{Compiler, Result};
use crate::manifest::{Call, Described, Operation, PageKind, Paging, Place, Way};

/// How many items a page has where the manifest does not say.
const PAGE: u64 = 100;

/// What an operation's answer holds.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wants {
    Nothing,
    Item,
    /// The object that was made.
    NewItem,
    /// The object that was changed.
    Changed,
    Items,
    /// One object or a list of them.
    Found,
    Fields,
}

impl Compiler<'_> {
    pub(super) fn operation(
        &self,
        written: &Located<written::Ways>,
        names: &[&str],
        wants: Wants,
    ) -> Result<Operation> {
        let ways = match &written.value {
            written::Ways::One(way) => vec![self.way(written, way, names, wants)?],
            written::Ways::Several(ways) => {
                ways.iter().map(|way| self.way(way, &way.value, names, wants)).collect::<Result<_>>()?
            }
        };
        if ways.is_empty() {
            return Err(self.complain(written, "this needs at least one operation"));
        }
        Ok(Operation { ways })
    }

    /// One way. `at` is where it stands.
    pub(super) fn way<T>(
        &self,
        at: &Located<T>,
        way: &written::Operation,
        names: &[&str],
        wants: Wants,
    ) -> Result<Way> {
        self.refuse_strangers(at, way, wants)?;
        let when = self.optional_template(way.when.as_ref(), names)?;
        let mut names = names.to_vec();
        let mut first = Vec::new();
        for (name, step) in &way.first {
            if names.contains(&name.as_str()) {
                return Err(self.complain(step, format!("`{name}` is the name of something else here")));
            }
            first.push((name.clone(), self.way(step, &step.value, &names, Wants::Item)?));
            names.push(name);
        }
        let unless = self.optional_template(way.unless.as_ref(), &names)?;
        let call = self.call(at, way, &names)?;
        let result = self.result(way, &names)?;
        let mut after = names.clone();
        after.extend(["id", "account"]);
        let then = way.then.iter().map(|step| self.way(step, &step.value, &after, Wants::Nothing));
        let mut compiled = Way {
            when,
            first,
            unless,
            call,
            result,
            is_one: way.item.is_some(),
            page: way.page.as_ref().map(|page| self.paging(page, &names)).transpose()?,
            faults: way.faults.iter().map(|rule| self.fault_rule(rule)).collect::<Result<_>>()?,
            then: then.collect::<Result<_>>()?,
            described: self.described(at, way, wants)?,
            reads: HashSet::new(),
        };
        compiled.reads = compiled.names().into_iter().collect();
        Ok(compiled)
    }

    fn call<T>(&self, at: &Located<T>, way: &written::Operation, names: &[&str]) -> Result<Option<Call>> {
        let Some((method, path)) = self.method(at, way)? else { return Ok(None) };
        let query = way.query.iter().map(|(name, value)| {
            let name = Located::new(name.clone(), value.referenced, value.defined);
            Ok((self.template(&name, names)?, self.template(value, names)?))
        });
        let headers = way.headers.iter();
        Ok(Some(Call {
            method,
            path: self.template(path, names)?,
            query: query.collect::<Result<_>>()?,
            headers: headers
                .map(|(name, value)| Ok((name.clone(), self.template(value, names)?)))
                .collect::<Result<_>>()?,
            body: way.body.as_ref().map(|body| self.value(body, names)).transpose()?,
        }))
    }

    /// Where the answer's list or object is.
    fn result(&self, way: &written::Operation, names: &[&str]) -> Result<Option<Place>> {
        let names: Vec<&str> = names.iter().copied().chain(["body", "headers"]).collect();
        let place = way.items.as_ref().or(way.item.as_ref());
        place.map(|text| self.place(text, &names)).transpose()
    }

    /// Keys that exist, but not for this kind of operation.
    fn refuse_strangers<T>(&self, at: &Located<T>, way: &written::Operation, wants: Wants) -> Result<()> {
        let is_list = matches!(wants, Wants::Items | Wants::Found | Wants::Fields);
        let is_one = matches!(wants, Wants::Item | Wants::NewItem | Wants::Changed | Wants::Found);
        let present = [
            ("items", way.items.is_some(), is_list),
            ("item", way.item.is_some(), is_one),
            ("page", way.page.is_some(), is_list && way.item.is_none()),
            ("then", !way.then.is_empty(), matches!(wants, Wants::NewItem | Wants::Changed)),
            ("name", way.name.is_some(), wants == Wants::Fields),
            ("description", way.description.is_some(), wants == Wants::Fields),
        ];
        match present.iter().find(|(_, is_present, is_wanted)| *is_present && !is_wanted) {
            Some((key, ..)) => Err(self.complain(at, format!("`{key}` has no meaning in this operation"))),
            None => Ok(()),
        }
    }

    /// The method and path; none where the result is a template that needs no request.
    fn method<'a, T>(
        &self,
        at: &Located<T>,
        way: &'a written::Operation,
    ) -> Result<Option<(Method, &'a Text)>> {
        let all = [
            (Method::GET, &way.get),
            (Method::POST, &way.post),
            (Method::PUT, &way.put),
            (Method::PATCH, &way.patch),
            (Method::DELETE, &way.delete),
        ];
        let mut present = all.into_iter().filter_map(|(method, path)| Some((method, path.as_ref()?)));
        let is_known = || {
            let result = way.items.as_ref().or(way.item.as_ref());
            result.is_some_and(|text| text.value.contains("{{"))
        };
        match (present.next(), present.next()) {
            (Some(one), None) => Ok(Some(one)),
            (None, None) if is_known() => Ok(None),
            _ => Err(self.complain(at, "an operation has one of `get`, `post`, `put`, `patch`, `delete`")),
        }
    }

    fn described<T>(
        &self,
        at: &Located<T>,
        way: &written::Operation,
        wants: Wants,
    ) -> Result<Option<Described>> {
        if wants != Wants::Fields {
            return Ok(None);
        }
        let place = |text: &Option<Text>, word: &str| -> Result<Path> {
            match text {
                Some(text) => self.path(text),
                None => Err(self.complain(at, format!("`fields` needs `{word}`: where it is in each item"))),
            }
        };
        Ok(Some(Described {
            name: place(&way.name, "name")?,
            description: place(&way.description, "description")?,
        }))
    }

    fn paging(&self, at: &Located<written::Paging>, names: &[&str]) -> Result<Paging> {
        let page = &at.value;
        let names: Vec<&str> = names.iter().copied().chain(["body", "headers"]).collect();
        let from = |word: &str, names: &[&str]| match &page.from {
            Some(text) => self.place(text, names),
            None => Err(self.complain(at, format!("`{word}` needs `from`: where it is"))),
        };
        let mut kinds = Vec::new();
        kinds.extend(page.offset.clone().map(PageKind::Offset));
        kinds.extend(page.index.clone().map(PageKind::Index));
        kinds.extend(page.number.clone().map(|name| PageKind::Number(name, page.start.unwrap_or(1))));
        kinds.extend(page.link.clone().map(PageKind::Link));
        if let Some(name) = &page.cursor {
            kinds.push(PageKind::Cursor(name.clone(), from("cursor", &names)?));
        }
        if let Some(name) = &page.after {
            kinds.push(PageKind::After(name.clone(), from("after", &["item"])?));
        }
        if let Some(url) = &page.url {
            kinds.push(PageKind::Url(self.place(url, &names)?));
        }
        let (Some(kind), None) = (kinds.pop(), kinds.pop()) else {
            let message = "a page has one of `offset`, `index`, `number`, `cursor`, `after`, `link`, `url`";
            return Err(self.complain(at, message));
        };
        let counted: Vec<&str> = names.iter().copied().chain(["count"]).collect();
        Ok(Paging {
            kind,
            last: page.last.as_ref().map(|text| self.place(text, &counted)).transpose()?,
            size: page.size.clone().map(|name| (name, page.of.unwrap_or(PAGE))),
            total: page.total.as_ref().map(|text| self.place(text, &names)).transpose()?,
        })
    }
}
