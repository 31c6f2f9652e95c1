//! From a manifest's ways to sign in, and an instance's parameters, to credentials.

use provost_core::Secret;
use provost_mapper::{Template, TemplateError, View};
use provost_net::{
    Assertion, Auth, Body, Form, Method, OauthClient, Proof, Request, Session, SigningKey, TokenSource, Url,
};
use serde_json::Value;
use std::time::Duration;

use super::address;
use super::answer::{Reply, in_reply, text};
use super::names::{Names, Seen};
use super::request::below;
use crate::manifest::{self, HttpSystem};
use crate::{ConnectError, ParameterValue, Parameters};

/// What credentials are made of.
pub(super) struct Maker<'a> {
    pub(super) parameters: &'a Parameters,
    pub(super) view: &'a View<'a>,
    pub(super) base: &'a Url,
}

impl Maker<'_> {
    /// The credentials of the first way whose parameters are set.
    ///
    /// # Errors
    /// No way is complete, or what is set cannot be credentials.
    pub(super) fn credentials(&self, manifest: &mut HttpSystem) -> Result<Auth, ConnectError> {
        if manifest.auth.is_empty() {
            return Ok(Auth::None);
        }
        let ways = std::mem::take(&mut manifest.auth);
        let needed: Vec<String> = ways.iter().map(needed).collect();
        for way in ways {
            match self.made(way) {
                Err(ConnectError::Missing(_) | ConnectError::Template(TemplateError::Missing(_))) => {}
                made => return made,
            }
        }
        Err(ConnectError::NoCredentials(needed.join(", or ")))
    }

    fn made(&self, way: manifest::Auth) -> Result<Auth, ConnectError> {
        Ok(match way {
            manifest::Auth::Basic(name) => match self.parameters.get(&name) {
                Some(ParameterValue::Basic { username, password }) => Auth::basic(username, password),
                _ => return Err(ConnectError::Missing(name)),
            },
            manifest::Auth::Bearer(name) => match self.parameters.get(&name) {
                Some(ParameterValue::Secret(token)) => Auth::bearer(token),
                _ => return Err(ConnectError::Missing(name)),
            },
            manifest::Auth::Header(name, value) => Auth::Header(header(&name)?, self.secret(&value)?),
            manifest::Auth::Oauth(oauth) => {
                Auth::Token(Box::new(TokenSource::Oauth(Box::new(self.form(&oauth)?))))
            }
            manifest::Auth::Session(session) => {
                Auth::Token(Box::new(TokenSource::Session(Box::new(self.session(*session)?))))
            }
        })
    }

    fn form(&self, oauth: &manifest::Oauth) -> Result<Form, ConnectError> {
        let mut fields = vec![("grant_type".to_owned(), Secret::from(oauth.grant.as_str()))];
        if let Some(scope) = &oauth.scope {
            fields.push(("scope".to_owned(), self.secret(scope)?));
        }
        for (name, value) in &oauth.fields {
            fields.push((name.clone(), self.secret(value)?));
        }
        Ok(Form {
            url: address(&self.text(&oauth.token_url)?, self.parameters)?,
            client: oauth.client.as_ref().map(|client| self.client(client)).transpose()?,
            fields,
            assertion: oauth.assertion.as_ref().map(|assertion| self.assertion(assertion)).transpose()?,
        })
    }

    fn client(&self, client: &manifest::Client) -> Result<OauthClient, ConnectError> {
        let proof = match (&client.secret, &client.private_key) {
            (Some(secret), _) if client.in_body => Proof::Body(self.secret(secret)?),
            (Some(secret), _) => Proof::Basic(self.secret(secret)?),
            (None, Some(key)) => Proof::Key(self.key(key, client.key_id.as_ref())?),
            (None, None) => return Err(ConnectError::Missing("private-key".to_owned())),
        };
        Ok(OauthClient { id: self.text(&client.id)?, proof })
    }

    fn assertion(&self, assertion: &manifest::Assertion) -> Result<Assertion, ConnectError> {
        let key = self.key(&assertion.private_key, assertion.key_id.as_ref())?;
        let mut claims = Vec::new();
        for (name, value) in &assertion.claims {
            claims.push((name.clone(), value.value(self.view)?));
        }
        claims.retain(|(_, value)| value.as_str() != Some(""));
        Ok(Assertion { key, claims })
    }

    fn key(&self, pem: &Template, id: Option<&Template>) -> Result<SigningKey, ConnectError> {
        let id = id.map(|id| self.text(id)).transpose()?.filter(|id| !id.is_empty());
        Ok(SigningKey::from_pem(&self.secret(pem)?, id)?)
    }

    fn session(&self, session: manifest::Session) -> Result<Session, ConnectError> {
        let target = self.text(&session.post)?;
        let url = Url::parse(&target).unwrap_or_else(|_| below(self.base, &target));
        let mut headers = Vec::new();
        for (name, value) in &session.headers {
            headers.push((name.clone(), self.text(value)?));
        }
        let body = Some(Body::Json(session.body.value(self.view)?));
        let place = session.token;
        Ok(Session {
            request: Request { method: Method::POST, url, headers, body },
            read: Box::new(move |answer| {
                let reply = Reply { body: answer.json().ok()?, headers: answer.headers.clone() };
                let seen = Seen { params: &Value::Null, names: &Names::new(), reply: None };
                text(&in_reply(&place, &reply, seen)).map(Secret::from)
            }),
            header: header(&session.header)?,
            prefix: session.prefix,
            lifetime: Duration::from_secs(session.minutes * 60),
        })
    }

    fn text(&self, template: &Template) -> Result<String, ConnectError> {
        Ok(template.text(self.view, str::to_owned)?)
    }

    fn secret(&self, template: &Template) -> Result<Secret, ConnectError> {
        self.text(template).map(Secret::from)
    }
}

fn header(name: &str) -> Result<provost_net::HeaderName, ConnectError> {
    name.parse().map_err(|_| ConnectError::Header(name.to_owned()))
}

/// The parameters that a way needs, for people.
fn needed(way: &manifest::Auth) -> String {
    let templates: Vec<&Template> = match way {
        manifest::Auth::Basic(name) | manifest::Auth::Bearer(name) => return format!("`{name}`"),
        manifest::Auth::Header(_, value) => vec![value],
        manifest::Auth::Oauth(oauth) => {
            let client = oauth.client.iter();
            let client = client
                .flat_map(|client| [Some(&client.id), client.secret.as_ref(), client.private_key.as_ref()]);
            let assertion = oauth.assertion.iter().map(|assertion| Some(&assertion.private_key));
            let fields = oauth.fields.iter().map(|(_, value)| Some(value));
            client.chain(assertion).chain(fields).flatten().collect()
        }
        manifest::Auth::Session(session) => {
            return parameters_in(&format!("{:?}", session.body)).join(" and ");
        }
    };
    let mut names: Vec<String> =
        templates.iter().flat_map(|template| parameters_in(template.source())).collect();
    names.dedup();
    names.join(" and ")
}

/// The parameters that a template's text names.
fn parameters_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in text.split("params.").skip(1) {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = format!("`{}`", rest[..end].replace('_', "-"));
        if !names.contains(&name) && !rest[end..].trim_start().starts_with("| default") {
            names.push(name);
        }
    }
    names
}
