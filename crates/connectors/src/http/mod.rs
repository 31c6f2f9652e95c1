//! The engine that carries out manifests.

mod answer;
mod request;

use std::sync::Arc;

use async_trait::async_trait;
use provost_core::{
    Account, AccountId, Accounts, Attributes, Brand, Clock, Connector, Context, Fault, FaultKind, Fields,
    LookUp, Redactor, Verb, Verbs,
};
use provost_mapper::{Scope, TemplateError};
use provost_net::{Answer, Client, Settings, SettingsError, Url};
use serde_json::{Value, json};

use crate::manifest::{Auth, Manifest, Operation};
use crate::{ParameterValue, Parameters};

/// An HTTP system, configured.
pub struct HttpConnector {
    manifest: Manifest,
    client: Client,
    base: Url,
    /// What templates see as `params`.
    params: Value,
    verbs: Verbs,
}

/// Parameters that make no connector.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is none.
    #[error("`{0}` is no address; it must begin with `https://` or `http://`")]
    Address(String),
    /// A parameter that the manifest needs is not set.
    #[error("the parameter `{0}` is not set")]
    Missing(String),
    /// A template of the manifest cannot be filled.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The header that carries the credentials has an impossible name.
    #[error("`{0}` is no name of a header")]
    Header(String),
    /// The connection's settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

impl HttpConnector {
    /// Makes a connector. Nothing is sent yet.
    ///
    /// # Errors
    /// Parameters that are missing or cannot work.
    pub fn connect(
        manifest: Manifest,
        parameters: &Parameters,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConnectError> {
        let params = parameters.scope();
        let scope = Scope::new(&json!({"params": params}));
        let base = address(&manifest.base.text(&scope, str::to_owned)?)?;
        let auth = credentials(&manifest.auth, parameters, &scope)?;
        let client = Client::connect(&base, settings, &auth, parameters.redactor(), clock)?;
        Ok(Self { verbs: manifest.verbs(), manifest, client, base, params })
    }

    /// Carries out an operation and answers with the JSON body.
    async fn call(&self, cx: &Context, operation: &Operation, names: Value) -> Result<Value, Fault> {
        let request = self.request(operation, names).map_err(|error| {
            Fault::new(FaultKind::Configuration, self.client.redactor().text(&error.to_string()))
                .with_hint("the integration's manifest asks for something that is not there")
        })?;
        let judge = |answer: &Answer| answer::judge(&self.manifest, self.client.redactor(), answer, cx.verb);
        // Setting the same values twice is the same as once: only a POST may make a second thing.
        let repeatable = request.method != provost_net::Method::POST;
        self.client.send(&request, repeatable, &cx.trace, &judge).await
    }

    /// Carries out an operation on an account that is there. Systems that answer with
    /// nothing leave it to the caller to complete the account.
    async fn change(
        &self,
        cx: &Context,
        (verb, operation): (Verb, Option<&Operation>),
        id: &AccountId,
        attributes: &Attributes,
    ) -> Result<Account, Fault> {
        let operation = operation.ok_or_else(|| answer::unsupported(&self.manifest, verb))?;
        let operations = provost_scim::replacing(attributes);
        let names = json!({"id": id, "attributes": attributes, "operations": operations});
        let body = self.call(cx, operation, names).await?;
        match answer::item(operation, body) {
            Value::Null => Ok(Account::known_by(id.clone())),
            item => answer::account(&self.manifest, item, Some(id)),
        }
    }
}

impl HttpConnector {
    /// Does what has to be done after an account was made.
    async fn finish(
        &self,
        cx: &Context,
        create: &Operation,
        account: Account,
        attributes: &Attributes,
    ) -> Result<Account, Fault> {
        for step in &create.then {
            let names = json!({"id": account.id, "attributes": attributes});
            self.call(cx, step, names).await.map_err(|fault| answer::half_done(fault, &account))?;
        }
        Ok(account)
    }
}

#[async_trait]
impl Connector for HttpConnector {
    fn brand(&self) -> &Brand {
        &self.manifest.brand
    }

    fn redactor(&self) -> &Redactor {
        self.client.redactor()
    }

    async fn test(&self, cx: &Context) -> Result<(), Fault> {
        self.call(cx, &self.manifest.operations.test, json!({})).await.map(drop)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn fields(&self) -> Option<&dyn Fields> {
        self.manifest.operations.fields.as_ref().map(|_| self as &dyn Fields)
    }
}

#[async_trait]
impl Accounts for HttpConnector {
    fn verbs(&self) -> Verbs {
        self.verbs
    }

    fn look_up(&self) -> &[String] {
        &self.manifest.lookup
    }

    async fn find(&self, cx: &Context, look_up: &LookUp) -> Result<Vec<Account>, Fault> {
        let operation = &self.manifest.operations.find;
        let names = json!({"attribute": look_up.attribute, "value": look_up.value});
        let body = self.call(cx, operation, names).await?;
        let items = answer::items(operation, body)?.into_iter();
        items.map(|item| answer::account(&self.manifest, item, None)).collect()
    }

    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Account, Fault> {
        let operation = self.manifest.operations.create.as_ref();
        let operation = operation.ok_or_else(|| answer::unsupported(&self.manifest, Verb::Create))?;
        let body = self.call(cx, operation, json!({"attributes": attributes})).await?;
        match answer::item(operation, body) {
            Value::Null => {
                Err(Fault::new(FaultKind::AnswerLost, "the system made an account, but does not show it"))
            }
            item => {
                self.finish(cx, operation, answer::account(&self.manifest, item, None)?, attributes).await
            }
        }
    }

    async fn update(&self, cx: &Context, id: &AccountId, attributes: &Attributes) -> Result<Account, Fault> {
        self.change(cx, (Verb::Update, self.manifest.operations.update.as_ref()), id, attributes).await
    }

    async fn set_enabled(&self, cx: &Context, id: &AccountId, enabled: bool) -> Result<Account, Fault> {
        let operations = &self.manifest.operations;
        let operation = if enabled {
            (Verb::Enable, operations.enable.as_ref())
        } else {
            (Verb::Disable, operations.disable.as_ref())
        };
        self.change(cx, operation, id, &Attributes::new()).await
    }
}

#[async_trait]
impl Fields for HttpConnector {
    async fn fields(&self, cx: &Context) -> Result<Vec<(String, String)>, Fault> {
        let Some(fields) = &self.manifest.operations.fields else {
            return Ok(Vec::new());
        };
        let body = self.call(cx, &fields.operation, json!({})).await?;
        let text = |value: Option<Value>| match value {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let items = answer::items(&fields.operation, body)?;
        let described = items
            .iter()
            .map(|item| (text(fields.name.resolve(item)), text(fields.description.resolve(item))));
        Ok(described.filter(|(name, _)| !name.is_empty()).collect())
    }
}

fn address(text: &str) -> Result<Url, ConnectError> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err(ConnectError::Address(text.to_owned())),
    }
}

fn credentials(
    auth: &Auth,
    parameters: &Parameters,
    scope: &Scope,
) -> Result<provost_net::Auth, ConnectError> {
    let missing = |name: &str| ConnectError::Missing(name.to_owned());
    Ok(match auth {
        Auth::None => provost_net::Auth::None,
        Auth::Basic(name) => match parameters.get(name) {
            Some(ParameterValue::Basic { username, password }) => {
                provost_net::Auth::basic(username, password)
            }
            _ => return Err(missing(name)),
        },
        Auth::Bearer(name) => match parameters.get(name) {
            Some(ParameterValue::Secret(token)) => provost_net::Auth::bearer(token),
            _ => return Err(missing(name)),
        },
        Auth::Header(name, value) => {
            let header = name.parse().map_err(|_| ConnectError::Header(name.clone()))?;
            provost_net::Auth::Header(header, value.text(scope, str::to_owned)?.into())
        }
    })
}
