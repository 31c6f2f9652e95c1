//! From a manifest and an instance's settings to a connector.

use std::sync::Arc;

use provost_core::{Clock, Connector};
use provost_mapper::TemplateError;
use provost_net::{KeyError, Settings, SettingsError};

use crate::http::HttpConnector;
use crate::ldap::LdapConnector;
use crate::manifest::System;
use crate::{Manifest, Parameters};

/// Parameters that make no connector.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is none.
    #[error("`{0}` is no address; it must begin with `https://` or `http://`")]
    Address(String),
    /// A parameter that the manifest needs is not set.
    #[error("the parameter `{0}` is not set")]
    Missing(String),
    /// A setting that cannot be what it is.
    #[error("`{0}` must be something else: {1}")]
    Setting(&'static str, String),
    /// None of the ways to sign in has all that it needs.
    #[error("it has no credentials: set {0}")]
    NoCredentials(String),
    /// A private key that is none.
    #[error(transparent)]
    Key(#[from] KeyError),
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

impl Manifest {
    /// Makes the connector of an instance. Nothing is sent yet.
    ///
    /// # Errors
    /// Parameters that are missing or cannot work.
    pub fn connect(
        self,
        parameters: &Parameters,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Box<dyn Connector>, ConnectError> {
        let Self { brand, commands, system, .. } = self;
        Ok(match system {
            System::Http(http) => {
                Box::new(HttpConnector::connect(brand, commands, *http, parameters, settings, clock)?)
            }
            System::Ldap(ldap) => Box::new(LdapConnector::connect(brand, ldap, parameters, settings, clock)?),
        })
    }
}
