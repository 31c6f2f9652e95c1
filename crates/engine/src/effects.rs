//! Answers to what a mapper asks: which name is free, what another account has, a secret.
//!
//! They are found out when a write was decided, never for a look-up.

use provost_core::{
    Account, AccountId, Accounts, Code, Context, Fault, FaultKind, LookUp, Profile, Stage, Verb,
};
use provost_mapper::{Answers, Path, ROUNDS, Request};
use serde_json::Value;

use crate::Instance;
use crate::mapping::{self, MappedProfile};
use crate::matching::{self, Match};

/// Somebody who can be asked.
pub(crate) struct Oracle<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) accounts: &'a dyn Accounts,
    pub(crate) cx: &'a Context,
    /// The account that is written to; a name that it has itself is free for it.
    pub(crate) own: Option<&'a AccountId>,
}

impl Oracle<'_> {
    /// Maps a profile with everything answered.
    ///
    /// # Errors
    /// What keeps an answer from being found: no free name, nobody who is referred to.
    pub(crate) async fn settle(&self, profile: &Profile, verb: Verb) -> Result<MappedProfile, Fault> {
        let mut answers = Answers::default();
        let mut secrets = Vec::new();
        for _ in 0..ROUNDS {
            let look_up = self.accounts.look_up();
            let mapped = mapping::outgoing(self.instance, self.cx, profile, verb, look_up, &answers)?;
            if mapped.requests.is_empty() {
                return Ok(MappedProfile { secrets, ..mapped });
            }
            for request in mapped.requests {
                let answer = self.answer(&request).await?;
                if let (Request::Secret { .. }, Some(Value::String(secret))) = (&request, &answer) {
                    secrets.push(secret.clone());
                }
                answers.add(request, answer);
            }
        }
        Err(Fault::new(FaultKind::Mapping, "there is no end to what the mapper asks"))
    }

    async fn answer(&self, request: &Request) -> Result<Option<Value>, Fault> {
        match request {
            Request::Unique { by, candidates } => {
                self.free(by, candidates).await.map(|free| Some(Value::from(free)))
            }
            Request::Reference { find, take, must_exist } => {
                let found = self.referred(find).await?;
                if found.is_none() && *must_exist {
                    return Err(nobody(self.instance, find));
                }
                Ok(found.and_then(|account| taken(&account, take)))
            }
            Request::Secret { kind, .. } => {
                let mut fill = |bytes: &mut [u8]| self.instance.random.fill(bytes);
                Ok(Some(Value::from(kind.text(&mut fill))))
            }
        }
    }

    /// The first of the values that no other account has.
    async fn free(&self, by: &str, candidates: &[String]) -> Result<String, Fault> {
        for candidate in candidates {
            let look_up = self.look_up(by, candidate)?;
            let found = self.accounts.find(self.cx, &look_up).await?;
            let is_free = match matching::pick(found, &look_up, &self.instance.name) {
                Ok(Match::Nobody) => true,
                Ok(Match::One(account)) => Some(&account.id) == self.own,
                Ok(Match::Others(count)) => {
                    return Err(matching::refuse_others(count, &look_up, &self.instance.name));
                }
                Err(fault) if fault.kind == FaultKind::SeveralMatches => false,
                Err(fault) => return Err(fault),
            };
            let state = if is_free { "free" } else { "taken" };
            self.cx.trace.note(Stage::LookUp, format!("{by} = {candidate} is {state}"));
            if is_free {
                return Ok(candidate.clone());
            }
        }
        Err(all_taken(self.instance, by, candidates))
    }

    /// The account of somebody whom the profile names.
    async fn referred(&self, find: &[(String, String)]) -> Result<Option<Account>, Fault> {
        for (attribute, value) in find {
            let look_up = self.look_up(attribute, value)?;
            let found = self.accounts.find(self.cx, &look_up).await?;
            let found = matching::pick(found, &look_up, &self.instance.name)?;
            if let Match::One(account) = found {
                self.cx
                    .trace
                    .note(Stage::LookUp, format!("{attribute} = {value} refers to account {}", account.id));
                return Ok(Some(account));
            }
        }
        Ok(None)
    }

    /// A look-up by an attribute of a mapper's, if the system can be asked by it.
    fn look_up(&self, attribute: &str, value: &str) -> Result<LookUp, Fault> {
        let known = self.accounts.look_up();
        if known.iter().any(|known| known == attribute) {
            return Ok(LookUp { attribute: attribute.to_owned(), value: value.to_owned() });
        }
        let message = format!("{} cannot be asked for accounts by `{attribute}`", self.instance.name);
        Err(Fault::new(FaultKind::Mapping, message)
            .with_hint(format!("its look-up attributes are {}; name one in the mapper", known.join(", "))))
    }
}

/// A part of an account, as mappers name it.
fn taken(account: &Account, take: &str) -> Option<Value> {
    let text = match take {
        "id" => Some(account.id.to_string()),
        "username" => account.username.clone(),
        "email" => account.email.clone(),
        _ => None,
    };
    let attributes = || Value::Object(account.attributes.clone());
    text.map(Value::from).or_else(|| Path::parse(take).ok()?.resolve(&attributes()))
}

fn nobody(instance: &Instance, find: &[(String, String)]) -> Fault {
    let ways: Vec<String> = find.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let message = format!("{} has no account with {}", instance.name, ways.join(" or "));
    Fault::new(FaultKind::Mapping, message)
        .with_code(Code::Number(404))
        .with_hint("create that account first, or let the mapper's `ref` say `missing: skip`")
}

fn all_taken(instance: &Instance, by: &str, candidates: &[String]) -> Fault {
    let (first, last) = (candidates.first(), candidates.last());
    let name = |value: Option<&String>| value.map(String::as_str).unwrap_or_default().to_owned();
    let message = format!("every {by} from {} to {} is taken on {}", name(first), name(last), instance.name);
    Fault::new(FaultKind::Mapping, message)
        .with_code(Code::Number(409))
        .with_hint("give the mapper's `unique` a larger `max`")
}

#[cfg(test)]
mod tests;
