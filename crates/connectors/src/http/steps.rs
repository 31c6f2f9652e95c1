//! Carrying out an operation: which way, what comes before it, the request, the reply.

use provost_core::{Context, Fault, FaultKind, Page};
use provost_mapper::{Template, TemplateError};
use provost_net::{Method, Request};
use serde_json::Value;

use super::HttpConnector;
use super::answer::{self, Judge, Reply};
use super::names::{Names, Seen};
use super::pages::{self, Turned};
use crate::manifest::{Call, FaultRule, Operation, Way};

/// What kind of thing an operation does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// It only reads; what it asks for may be absent.
    Read,
    /// It writes.
    Write,
}

/// An operation that was carried out.
pub(super) struct Done<'m> {
    pub(super) way: &'m Way,
    pub(super) names: Names,
    pub(super) reply: Reply,
}

impl Done<'_> {
    /// The object in the reply; null where there is none.
    pub(super) fn item(self) -> Value {
        answer::item(self.way.result.as_ref(), self.reply, &self.names)
    }

    /// The objects in the reply: its list or, where the way gives one object, that.
    pub(super) fn items(&mut self) -> Result<Vec<Value>, Fault> {
        if self.way.is_one {
            let reply = std::mem::take(&mut self.reply);
            let item = answer::item(self.way.result.as_ref(), reply, &self.names);
            return Ok(Some(item).filter(|item| !item.is_null()).into_iter().collect());
        }
        answer::items(self.way.result.as_ref(), &mut self.reply, &self.names)
    }

    /// The items on the page at this place, and where the next one is.
    pub(super) fn page(&mut self, token: Option<&str>) -> Result<Page<Value>, Fault> {
        let items = self.items()?;
        let Some(page) = &self.way.page else { return Ok(Page { items, next: None, total: None }) };
        let turned = Turned { reply: &self.reply, items: &items, names: &self.names, token };
        let (next, total) = (pages::next(page, &turned)?, pages::total(page, &turned));
        Ok(Page { items, next, total })
    }
}

impl HttpConnector {
    /// Carries out an operation. With a place, this page of its list is asked for.
    pub(super) async fn carry_out<'m>(
        &self,
        cx: &Context,
        operation: &'m Operation,
        names: Names,
        does: Does,
        place: Option<&str>,
    ) -> Result<Done<'m>, Fault> {
        let (way, mut names) = self.choose(cx, operation, names).await?;
        self.prepare(cx, way, &mut names).await?;
        let is_done = way.unless.is_some() && self.holds(way.unless.as_ref(), &names)?;
        let reply = match &way.call {
            Some(call) if !is_done => {
                let mut request = self.request(call, &names).map_err(|error| self.unfilled(&error))?;
                if let Some(page) = &way.page {
                    pages::turn(page, &self.base, &mut request, place)?;
                }
                self.send(cx, &request, does, &way.faults).await?
            }
            _ => Reply::default(),
        };
        Ok(Done { way, names, reply })
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
        Err(Fault::new(FaultKind::Unsupported, format!("{} has no way to do this", self.manifest.brand))
            .with_hint("its manifest has no operation whose `when` holds for this instance"))
    }

    pub(super) fn holds(&self, when: Option<&Template>, names: &Names) -> Result<bool, Fault> {
        let Some(when) = when else { return Ok(true) };
        let scope = Seen { params: &self.params, names }.scope();
        when.value(&scope).map(|value| answer::is_truthy(&value)).map_err(|error| self.unfilled(&error))
    }

    /// Sends what comes before the request; the answers get their names.
    async fn prepare(&self, cx: &Context, way: &Way, names: &mut Names) -> Result<(), Fault> {
        for (name, step) in &way.first {
            let is_sent = self.holds(step.when.as_ref(), names)?;
            let item =
                if is_sent { Box::pin(self.step(cx, step, names, Does::Read)).await? } else { Value::Null };
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
    pub(super) async fn step(
        &self,
        cx: &Context,
        step: &Way,
        names: &Names,
        does: Does,
    ) -> Result<Value, Fault> {
        let mut names = names.clone();
        Box::pin(self.prepare(cx, step, &mut names)).await?;
        let reply = match &step.call {
            Some(call) => {
                let request = self.request(call, &names).map_err(|error| self.unfilled(&error))?;
                self.send(cx, &request, does, &step.faults).await?
            }
            None => Reply::default(),
        };
        Ok(answer::item(step.result.as_ref(), reply, &names))
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
            let names = Names::new();
            let is_asked = way.call.is_some() && self.holds(way.when.as_ref(), &names)?;
            let reply = match &way.call {
                Some(call) if is_asked => self.said(cx, call).await?,
                _ => Reply::default(),
            };
            let body = if reply.body.is_object() { reply.body } else { Value::Object(Names::new()) };
            let mut seen = names;
            seen.insert("params".to_owned(), self.params.clone());
            Ok(answer::item(way.result.as_ref(), Reply { body, ..reply }, &seen))
        };
        self.system.get_or_try_init(ask).await.cloned()
    }

    /// A reply, empty where the system answers with a refusal.
    async fn said(&self, cx: &Context, call: &Call) -> Result<Reply, Fault> {
        let request = self.request(call, &Names::new()).map_err(|error| self.unfilled(&error))?;
        match self.send(cx, &request, Does::Read, &[]).await {
            Err(fault) if fault.code.is_some() && fault.kind != FaultKind::RateLimited => {
                Ok(Reply::default())
            }
            answered => answered,
        }
    }

    pub(super) fn unfilled(&self, error: &TemplateError) -> Fault {
        Fault::new(FaultKind::Configuration, self.client.redactor().text(&error.to_string()))
            .with_hint("the integration's manifest asks for something that is not there")
    }
}
