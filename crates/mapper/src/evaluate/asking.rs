//! What a mapping has to ask for: names that nobody has, accounts of others, secrets.

use serde_json::{Value, json};

use super::{Evaluation, Result, message};
use crate::effects::{self, Reference, Request, Unique};
use crate::{Kind, Scope, operators};

impl Evaluation<'_> {
    /// The answer, if it is known; else it is asked for.
    pub(super) fn ask(&mut self, request: Request) -> Option<Value> {
        if let Some(answer) = self.answers.of(&request) {
            return answer.clone();
        }
        self.waits = true;
        self.note(Kind::Asks, || request.to_string(), || None);
        if !self.requests.contains(&request) {
            self.requests.push(request);
        }
        None
    }

    pub(super) fn unique(&mut self, target: &str, value: &Value, unique: &Unique) -> Result<Option<Value>> {
        let value =
            value.as_str().filter(|text| !text.is_empty()).ok_or("a `unique` value must be a text")?;
        let mut candidates = vec![effects::suffixed(value, "", unique.length)];
        for n in unique.from..=unique.max {
            let suffix = unique.suffix.evaluate(&Scope::new(&json!({"n": n})));
            let suffix = suffix.map_err(|error| error.to_string())?.unwrap_or_default();
            let suffix = operators::text(&suffix).map_err(message)?;
            candidates.push(effects::suffixed(value, &suffix, unique.length));
        }
        let by = unique.by.as_deref().unwrap_or(target).to_owned();
        Ok(self.ask(Request::Unique { by, candidates }))
    }

    pub(super) fn reference(&mut self, reference: &Reference) -> Result<Option<Value>> {
        let mut find = Vec::new();
        for (attribute, source) in &reference.find {
            let value = self.source(source)?.filter(|value| !provost_core::is_empty(value));
            if let Some(value) = value {
                find.push((attribute.clone(), operators::text(&value).map_err(message)?));
            }
        }
        if find.is_empty() {
            return Ok(None);
        }
        let Reference { take, must_exist, .. } = reference;
        Ok(self.ask(Request::Reference { find, take: take.clone(), must_exist: *must_exist }))
    }
}
