//! The engine that carries out manifests.

mod accounts;
mod answer;
mod auth;
mod commands;
mod events;
mod groups;
mod names;
mod pages;
mod request;
mod steps;

use std::sync::Arc;

use async_trait::async_trait;
use indexmap::IndexMap;
use provost_core::{
    Accounts, Brand, Clock, Commands, Connector, Context, Events, Fault, Fields, Groups, Listing, Redactor,
    Verbs,
};
use provost_mapper::{TemplateError, View};
use provost_net::{Client, Settings, Url};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use self::auth::Maker;
use self::names::names;
use self::steps::{At, Does};
use crate::manifest::{HttpSystem, VendorCommand};
use crate::{ConnectError, Parameters};

/// An HTTP system, configured.
pub(crate) struct HttpConnector {
    brand: Brand,
    manifest: HttpSystem,
    /// The commands that only this system has.
    own: IndexMap<String, VendorCommand>,
    client: Client,
    base: Url,
    /// What templates see as `params`.
    params: Value,
    verbs: Verbs,
    /// Headers of every request.
    headers: Vec<(String, String)>,
    clock: Arc<dyn Clock>,
    /// What templates see as `system`, once it was asked.
    system: OnceCell<Value>,
}

impl HttpConnector {
    /// Makes a connector. Nothing is sent yet.
    ///
    /// # Errors
    /// Parameters that are missing or cannot work.
    pub(crate) fn connect(
        brand: Brand,
        own: IndexMap<String, VendorCommand>,
        mut manifest: HttpSystem,
        parameters: &Parameters,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConnectError> {
        let params = parameters.scope();
        let view = View::new(json!({"params": params}));
        let base = address(&manifest.base.text(&view, str::to_owned)?, parameters)?;
        let auth = Maker { parameters, view: &view, base: &base }.credentials(&mut manifest)?;
        let settings = with_limits(settings, &manifest);
        let client = Client::connect(&base, &settings, auth, parameters.redactor(), clock.clone())?;
        let verbs = manifest.verbs();
        let headers = manifest.headers.iter();
        let headers = headers
            .map(|(name, value)| Ok((name.clone(), value.text(&view, str::to_owned)?)))
            .collect::<Result<_, TemplateError>>()?;
        Ok(Self {
            brand,
            own,
            verbs,
            manifest,
            client,
            base,
            params,
            headers,
            clock,
            system: OnceCell::new(),
        })
    }

    /// An operation that the manifest does not have.
    fn cannot(&self, what: impl std::fmt::Display) -> Fault {
        Fault::unsupported(&self.brand, format_args!("cannot {what}"))
    }

    /// The day, for systems that want to be told.
    fn today(&self) -> String {
        self.clock.now().strftime("%F").to_string()
    }
}

#[async_trait]
impl Connector for HttpConnector {
    fn brand(&self) -> &Brand {
        &self.brand
    }

    fn redactor(&self) -> &Redactor {
        self.client.redactor()
    }

    async fn test(&self, cx: &Context) -> Result<(), Fault> {
        self.carry_out(cx, &self.manifest.operations.test, names([]), Does::Write, At::default())
            .await
            .map(drop)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn listing(&self) -> Option<&dyn Listing> {
        self.manifest.operations.list.as_ref().map(|_| self as &dyn Listing)
    }

    fn groups(&self) -> Option<&dyn Groups> {
        self.manifest.groups.as_ref().map(|_| self as &dyn Groups)
    }

    fn fields(&self) -> Option<&dyn Fields> {
        self.manifest.operations.fields.as_ref().map(|_| self as &dyn Fields)
    }

    fn commands(&self) -> Option<&dyn Commands> {
        (!self.own.is_empty()).then_some(self as &dyn Commands)
    }

    fn events(&self) -> Option<&dyn Events> {
        self.manifest.events.as_ref().map(|_| self as &dyn Events)
    }
}

#[async_trait]
impl Fields for HttpConnector {
    async fn fields(&self, cx: &Context) -> Result<Vec<(String, String)>, Fault> {
        let Some(fields) = &self.manifest.operations.fields else {
            return Ok(Vec::new());
        };
        let mut done = self.carry_out(cx, fields, names([]), Does::Read, At::default()).await?;
        let Some(described) = &done.way.described else { return Ok(Vec::new()) };
        let text = |value: Option<Value>| match value {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let parts =
            |item: &Value| (text(described.name.resolve(item)), text(described.description.resolve(item)));
        Ok(done.items()?.iter().map(parts).filter(|(name, _)| !name.is_empty()).collect())
    }
}

fn address(text: &str, parameters: &Parameters) -> Result<Url, ConnectError> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        // It may be made of secrets.
        _ => Err(ConnectError::Address(parameters.redactor().text(text))),
    }
}

/// The instance's own limits, else those of the manifest.
fn with_limits(settings: &Settings, manifest: &HttpSystem) -> Settings {
    let mut settings = settings.clone();
    settings.limits.concurrent = settings.limits.concurrent.or(manifest.limits.concurrent);
    if settings.limits.rates.is_empty() {
        settings.limits.rates.clone_from(&manifest.limits.rates);
    }
    settings.limits.paths.clone_from(&manifest.limits.paths);
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterValue;

    #[test]
    fn an_address_that_is_none_shows_no_secret() {
        let secret = ParameterValue::Secret("canary-secret".into());
        let parameters = Parameters([("token".to_owned(), secret)].into_iter().collect());
        let error = address("ftp://h/canary-secret", &parameters).err().map(|error| error.to_string());
        let expected = "`ftp://h/[secret]` is no address; it must begin with `https://` or `http://`";
        assert_eq!(error.as_deref(), Some(expected));
    }
}
