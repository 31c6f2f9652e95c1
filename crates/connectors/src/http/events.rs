//! What happens in a system, as the manifest describes it.

use async_trait::async_trait;
use provost_core::{Context, Event, Events, Fault, FaultKind, Fetching, Page, PageToken, Window};
use provost_mapper::Template;
use serde_json::Value;

use super::HttpConnector;
use super::answer::{in_object, text};
use super::names::names;
use super::steps::{At, Does};
use crate::manifest;

#[async_trait]
impl Events for HttpConnector {
    fn fetching(&self) -> Result<Fetching, Fault> {
        let events = self.event_shape()?;
        let most = self.setting(&events.at_most)?;
        let overlap = events.overlap.as_ref().map(|overlap| self.setting(overlap)).transpose()?;
        Ok(Fetching {
            time_format: events.time_format.clone(),
            first: text(&self.setting(&events.first)?).unwrap_or_default(),
            overlap: overlap.as_ref().and_then(text),
            most: most.as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(1),
        })
    }

    async fn page(
        &self,
        cx: &Context,
        window: &Window<'_>,
        token: Option<&PageToken>,
    ) -> Result<Page<Event>, Fault> {
        let shape = self.event_shape()?;
        self.refuse(shape, window)?;
        let seen = names([
            ("stored", Value::Object(window.stored.clone())),
            ("since", window.since.into()),
            ("until", window.until.into()),
        ]);
        let token = token.map(|token| token.0.as_str());
        let mut done = self.carry_out(cx, &shape.operation, seen, Does::Read, At::token(token)).await?;
        let page = done.page(token)?;
        let items = page.items.into_iter().map(|item| event(shape, item)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next, total: page.total })
    }
}

impl HttpConnector {
    fn event_shape(&self) -> Result<&manifest::Events, Fault> {
        let unsupported = || Fault::unsupported(&self.brand, "does not tell of events");
        self.manifest.events.as_ref().ok_or_else(unsupported)
    }

    /// A setting of the instance.
    fn setting(&self, template: &Template) -> Result<Value, Fault> {
        template.value(&self.view(&names([]))).map_err(|error| self.unfilled(&error))
    }

    /// Settings that would make a question of no sense.
    fn refuse(&self, shape: &manifest::Events, window: &Window) -> Result<(), Fault> {
        let seen = names([("stored", Value::Object(window.stored.clone()))]);
        for refusal in &shape.refuse {
            if self.holds(Some(&refusal.when), &seen)? {
                let fault = Fault::new(FaultKind::Configuration, refusal.message.clone());
                return Err(refusal.hints.iter().fold(fault, Fault::with_hint));
            }
        }
        Ok(())
    }
}

fn event(shape: &manifest::Events, item: Value) -> Result<Event, Fault> {
    let part = |place: &Option<manifest::Place>| text(&in_object(place.as_ref()?, "event", &item)?);
    let (id, time, person) = (part(&shape.id), part(&shape.time), part(&shape.person));
    match item {
        Value::Object(attributes) => {
            Ok(Event { id, time: time.and_then(|time| time.parse().ok()), person, attributes })
        }
        _ => Err(Fault::new(FaultKind::BadAnswer, "the answer holds something that is no event")),
    }
}
