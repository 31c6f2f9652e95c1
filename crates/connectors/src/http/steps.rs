//! Carrying out an operation: which way, what comes before it, the request, the reply.

use provost_core::{Context, Fault, FaultKind, Page, PageToken, Retry};
use provost_mapper::{Template, TemplateError, View};
use provost_net::{Method, Request};
use serde_json::Value;

use super::HttpConnector;
use super::answer::{self, Judge, Reply};
use super::names::{Names, Seen};
use super::pages::{self, Turned};
use crate::manifest::{FaultRule, Operation, Way};

/// What kind of thing an operation does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// It only reads; what it asks for may be absent.
    Read,
    /// It writes.
    Write,
}

/// Which page of a list is asked for.
#[derive(Clone, Copy, Default)]
pub(super) struct At<'a> {
    /// Its place; the first where there is none.
    pub(super) token: Option<&'a str>,
    /// How many items there are to be on it, where that is not the manifest's to say.
    pub(super) size: Option<usize>,
}

impl<'a> At<'a> {
    pub(super) fn token(token: Option<&'a str>) -> Self {
        Self { token, size: None }
    }
}

/// An operation that was carried out.
pub(super) struct Done<'m> {
    pub(super) way: &'m Way,
    pub(super) names: Names,
    params: &'m Value,
    reply: Reply,
}

impl Done<'_> {
    /// The object in the reply; null where there is none.
    pub(super) fn item(&mut self) -> Value {
        let reply = std::mem::take(&mut self.reply);
        answer::item(self.way.result.as_ref(), reply, seen(self.params, &self.names))
    }

    /// The objects in the reply: its list or, where the way gives one object, that.
    pub(super) fn items(&mut self) -> Result<Vec<Value>, Fault> {
        if self.way.is_one {
            return Ok(Some(self.item()).filter(|item| !item.is_null()).into_iter().collect());
        }
        answer::items(self.way.result.as_ref(), &mut self.reply, seen(self.params, &self.names))
    }

    /// The items on the page at this place, and where the next one is.
    pub(super) fn page(&mut self, token: Option<&str>) -> Result<Page<Value>, Fault> {
        let items = self.items()?;
        let Some(page) = &self.way.page else { return Ok(Page { items, next: None, total: None }) };
        let seen = seen(self.params, &self.names);
        let turned = Turned { reply: &self.reply, items: &items, seen, token };
        let (next, total) = (pages::next(page, &turned)?, pages::total(page, &turned));
        Ok(Page { items, next, total })
    }
}

/// Takes the items of a page.
type Take<'a> = dyn FnMut(&Way, Vec<Value>) -> Result<(), Fault> + Send + 'a;

/// What templates see before there is a reply.
fn seen<'a>(params: &'a Value, names: &'a Names) -> Seen<'a> {
    Seen { params, names, reply: None }
}

impl HttpConnector {
    /// What the templates of this instance see.
    pub(super) fn view<'a>(&'a self, names: &'a Names) -> View<'a> {
        seen(&self.params, names).view()
    }

    /// Carries out an operation; of one with pages, this page is asked for.
    pub(super) async fn carry_out<'m>(
        &'m self,
        cx: &Context,
        operation: &'m Operation,
        names: Names,
        does: Does,
        at: At<'_>,
    ) -> Result<Done<'m>, Fault> {
        let (way, mut names) = self.choose(cx, operation, names).await?;
        let reply = self.perform(cx, way, &mut names, does, at).await?;
        Ok(Done { way, names, params: &self.params, reply })
    }

    /// Goes through all pages of a list, or the one answer that there is.
    pub(super) async fn go_through(
        &self,
        cx: &Context,
        operation: &Operation,
        names: Names,
        take: &mut Take<'_>,
    ) -> Result<(), Fault> {
        let mut token = None::<PageToken>;
        loop {
            let at = token.as_ref().map(|token| token.0.as_str());
            let mut done = self.carry_out(cx, operation, names.clone(), Does::Read, At::token(at)).await?;
            let page = done.page(at)?;
            take(done.way, page.items)?;
            token = page.next;
            if token.is_none() {
                return Ok(());
            }
        }
    }

    /// Sends what comes before a request, and the request.
    async fn perform(
        &self,
        cx: &Context,
        way: &Way,
        names: &mut Names,
        does: Does,
        at: At<'_>,
    ) -> Result<Reply, Fault> {
        self.prepare(cx, way, names).await?;
        self.ask(cx, way, names, does, at).await
    }

    /// Sends a request for which everything is known, unless it need not be sent.
    async fn ask(
        &self,
        cx: &Context,
        way: &Way,
        names: &Names,
        does: Does,
        at: At<'_>,
    ) -> Result<Reply, Fault> {
        let Some(call) = &way.call else { return Ok(Reply::default()) };
        if way.unless.is_some() && self.holds(way.unless.as_ref(), names)? {
            return Ok(Reply::default());
        }
        let mut request = self.request(call, names).map_err(|error| self.unfilled(&error))?;
        if let Some(page) = &way.page {
            pages::turn(page, &self.base, &mut request, at)?;
        }
        self.send(cx, &request, does, &way.faults).await
    }

    /// The first way whose condition holds, with what it needs to be known.
    pub(super) async fn choose<'m>(
        &self,
        cx: &Context,
        operation: &'m Operation,
        mut names: Names,
    ) -> Result<(&'m Way, Names), Fault> {
        for way in &operation.ways {
            if way.reads.contains("system") && !names.contains_key("system") {
                names.insert("system".to_owned(), self.system(cx).await?);
            }
            if self.holds(way.when.as_ref(), &names)? {
                return Ok((way, names));
            }
        }
        Err(Fault::new(FaultKind::Unsupported, format!("{} has no way to do this", self.brand))
            .with_hint("its manifest has no operation whose `when` holds for this instance"))
    }

    pub(super) fn holds(&self, when: Option<&Template>, names: &Names) -> Result<bool, Fault> {
        let Some(when) = when else { return Ok(true) };
        when.value(&self.view(names))
            .map(|value| answer::is_truthy(&value))
            .map_err(|error| self.unfilled(&error))
    }

    /// Sends what comes before the request; the answers get their names.
    async fn prepare(&self, cx: &Context, way: &Way, names: &mut Names) -> Result<(), Fault> {
        for (name, step) in &way.first {
            let is_sent = self.holds(step.when.as_ref(), names)?;
            let item = if is_sent { self.step(cx, step, names, Does::Read).await? } else { Value::Null };
            names.insert(name.clone(), item);
        }
        Ok(())
    }

    /// Sends what comes after a request.
    pub(super) async fn finish(&self, cx: &Context, way: &Way, names: &Names) -> Result<(), Fault> {
        for step in &way.then {
            if self.holds(step.when.as_ref(), names)? {
                self.step(cx, step, names, Does::Write).await?;
            }
        }
        Ok(())
    }

    /// Sends one step and answers with the object in its reply.
    async fn step(&self, cx: &Context, step: &Way, names: &Names, does: Does) -> Result<Value, Fault> {
        let mut own;
        let (reply, names) = if step.first.is_empty() {
            (self.ask(cx, step, names, does, At::default()).await?, names)
        } else {
            own = names.clone();
            (Box::pin(self.perform(cx, step, &mut own, does, At::default())).await?, &own)
        };
        Ok(answer::item(step.result.as_ref(), reply, seen(&self.params, names)))
    }

    async fn send(
        &self,
        cx: &Context,
        request: &Request,
        does: Does,
        own: &[FaultRule],
    ) -> Result<Reply, Fault> {
        let asked = Judge {
            manifest: &self.manifest,
            own,
            redactor: self.client.redactor(),
            verb: cx.verb,
            may_lack: does == Does::Read,
        };
        // Setting the same values twice is the same as once: only a POST may make a second thing.
        let repeatable = does == Does::Read || request.method != Method::POST;
        self.client.send(request, repeatable, &cx.trace, &|answer| asked.judge(answer)).await
    }

    /// What the system says of itself, asked once. A system that refuses to say has said
    /// nothing: the manifest's template has what is true then.
    async fn system(&self, cx: &Context) -> Result<Value, Fault> {
        let Some(way) = &self.manifest.system else { return Ok(Value::Null) };
        let ask = async || {
            let mut names = Names::new();
            let is_asked = self.holds(way.when.as_ref(), &names)?;
            let mut reply = if is_asked { self.said(cx, way, &mut names).await? } else { Reply::default() };
            if !reply.body.is_object() {
                reply.body = Value::Object(Names::new());
            }
            Ok(answer::item(way.result.as_ref(), reply, seen(&self.params, &names)))
        };
        self.system.get_or_try_init(ask).await.cloned()
    }

    /// A reply, empty where the system answers with a refusal.
    async fn said(&self, cx: &Context, way: &Way, names: &mut Names) -> Result<Reply, Fault> {
        match self.perform(cx, way, names, Does::Read, At::default()).await {
            Err(fault) if fault.code.is_some() && fault.kind.retry() != Retry::Always => Ok(Reply::default()),
            answered => answered,
        }
    }

    pub(super) fn unfilled(&self, error: &TemplateError) -> Fault {
        Fault::new(FaultKind::Configuration, self.client.redactor().text(&error.to_string()))
            .with_hint("the integration's manifest asks for something that is not there")
    }
}
