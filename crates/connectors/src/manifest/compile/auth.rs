//! Ways to sign in, and limits.

use indexmap::IndexMap;
use provost_core::yaml::{Located, OneOrMany};
use provost_core::{dashed, did_you_mean};
use provost_net::{Limits, PathLimit, Rate};

use super::written;
use super::{BASE_NAMES, Compiler, Result};
use crate::manifest::{Assertion, Auth, Client, Oauth, Parameter, ParameterType, Session};
use crate::rate;

/// What the place of a session's token may name.
const TOKEN_NAMES: &[&str] = &["body", "headers"];
/// The grant where none is named (RFC 6749, section 4.4).
const CLIENT_CREDENTIALS: &str = "client_credentials";
/// The grant of an assertion (RFC 7523, section 2.1).
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

impl Compiler<'_> {
    pub(super) fn auth(
        &self,
        auth: Option<Located<OneOrMany<written::Auth>>>,
        parameters: &IndexMap<String, Parameter>,
    ) -> Result<Vec<Auth>> {
        let Some(at) = auth else { return Ok(Vec::new()) };
        let check = |name: &str, wanted: ParameterType| match parameters.get(&dashed(name)) {
            Some(parameter) if parameter.r#type == wanted => Ok(dashed(name)),
            Some(_) => {
                Err(self.complain(&at, format!("the parameter `{name}` is of the wrong type for this")))
            }
            None => {
                let hint = did_you_mean(name, parameters.keys().map(String::as_str));
                let complaint = self.complain(&at, format!("there is no parameter `{name}`"));
                Err(Box::new(complaint.with_optional_hint(hint)))
            }
        };
        let way = |way: &written::Auth| {
            Ok(match way {
                written::Auth::Basic(name) => Auth::Basic(check(name, ParameterType::Basic)?),
                written::Auth::Bearer(name) => Auth::Bearer(check(name, ParameterType::Secret)?),
                written::Auth::Header { name, value } => {
                    Auth::Header(name.clone(), self.template(value, BASE_NAMES)?)
                }
                written::Auth::Oauth(oauth) => Auth::Oauth(Box::new(self.oauth(&at, oauth)?)),
                written::Auth::Session(session) => Auth::Session(Box::new(self.session(session)?)),
            })
        };
        at.value.0.iter().map(way).collect()
    }

    fn oauth<T>(&self, at: &Located<T>, oauth: &written::Oauth) -> Result<Oauth> {
        let default = if oauth.assertion.is_some() { JWT_BEARER } else { CLIENT_CREDENTIALS };
        Ok(Oauth {
            token_url: self.template(&oauth.token_url, BASE_NAMES)?,
            grant: oauth.grant.clone().unwrap_or_else(|| default.to_owned()),
            client: oauth.client.as_ref().map(|client| self.client(at, client)).transpose()?,
            scope: self.optional_template(oauth.scope.as_ref(), BASE_NAMES)?,
            fields: self.templates(&oauth.fields, BASE_NAMES)?,
            assertion: oauth.assertion.as_ref().map(|assertion| self.assertion(assertion)).transpose()?,
        })
    }

    fn client<T>(&self, at: &Located<T>, client: &written::Client) -> Result<Client> {
        if client.secret.is_some() == client.private_key.is_some() {
            return Err(self.complain(at, "a client has either `secret` or `private-key`"));
        }
        Ok(Client {
            id: self.template(&client.id, BASE_NAMES)?,
            secret: self.optional_template(client.secret.as_ref(), BASE_NAMES)?,
            in_body: client.in_body,
            private_key: self.optional_template(client.private_key.as_ref(), BASE_NAMES)?,
            key_id: self.optional_template(client.key_id.as_ref(), BASE_NAMES)?,
        })
    }

    fn assertion(&self, assertion: &written::Assertion) -> Result<Assertion> {
        Ok(Assertion {
            private_key: self.template(&assertion.private_key, BASE_NAMES)?,
            key_id: self.optional_template(assertion.key_id.as_ref(), BASE_NAMES)?,
            claims: self.templates(&assertion.claims, BASE_NAMES)?,
        })
    }

    fn session(&self, session: &written::Session) -> Result<Session> {
        Ok(Session {
            post: self.template(&session.post, BASE_NAMES)?,
            headers: self.templates(&session.headers, BASE_NAMES)?,
            body: self.value(&session.body, BASE_NAMES)?,
            token: self.place(&session.token, TOKEN_NAMES)?,
            header: session.header.clone(),
            prefix: session.prefix.clone(),
            minutes: session.minutes,
        })
    }

    pub(super) fn limits(&self, limits: Option<Located<written::Limits>>) -> Result<Limits> {
        let Some(at) = limits else { return Ok(Limits::default()) };
        if at.value.concurrent == Some(0) {
            return Err(self.complain(&at, "`concurrent` must be at least 1"));
        }
        let limits = at.value;
        let path = |limit: written::PathLimit| {
            let rates = self.rates([(limit.rate, false), (limit.writes, true)])?;
            Ok(PathLimit { path: limit.path, rates })
        };
        Ok(Limits {
            concurrent: limits.concurrent,
            rates: self.rates([(limits.rate, false), (limits.writes, true)])?,
            paths: limits.paths.into_iter().map(path).collect::<Result<_>>()?,
        })
    }

    /// Rates, and whether each counts only requests that write.
    fn rates(&self, written: [(Option<Located<String>>, bool); 2]) -> Result<Vec<Rate>> {
        let read = |(text, writes_only): (Option<Located<String>>, bool)| {
            let text = text?;
            let wrong =
                || self.complain(&text, "this must be a rate, such as `600/min` or `600/min burst 20`");
            Some(rate(&text.value, writes_only).ok_or_else(wrong))
        };
        written.into_iter().filter_map(read).collect()
    }
}
