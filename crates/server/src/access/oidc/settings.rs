//! What is said about the provider.

use super::{CALLBACK, GroupRole, place};

/// What a server has to know of its provider.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The issuer, spelled as the provider spells it in its tokens.
    pub issuer: String,
    /// The id under which the provider knows this server.
    pub client_id: String,
    /// The address by which browsers reach this server, without a path.
    pub url: String,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that holds groups or roles.
    pub claim: String,
    /// Which group has which role. The first line that fits decides.
    pub roles: Vec<GroupRole>,
    /// What the button says.
    pub label: String,
}

/// Settings that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The issuer is reached without TLS.
    #[error("`issuer` must be an address with https, or one of this machine")]
    Issuer,
    /// The client has no id.
    #[error("`client-id` is empty")]
    ClientId,
    /// The address of the server is none.
    #[error("`url` must be the address of this server in browsers, without a path: https://provost.example")]
    Url,
    /// Nobody could log in.
    #[error("`roles` is empty: nobody could log in")]
    Roles,
    /// A line of the table stands for nobody.
    #[error("a line of `roles` has an empty `group`")]
    Group,
}

impl Settings {
    /// # Errors
    /// Settings that cannot work.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let rules = [
            (place::is_trustworthy(&self.issuer), SettingsError::Issuer),
            (!self.client_id.is_empty(), SettingsError::ClientId),
            (place::is_root(&self.url), SettingsError::Url),
            (!self.roles.is_empty(), SettingsError::Roles),
            (self.roles.iter().all(|line| !line.group.is_empty()), SettingsError::Group),
        ];
        rules.into_iter().find(|(is_kept, _)| !is_kept).map_or(Ok(()), |(_, error)| Err(error))
    }

    /// What is asked for.
    pub(super) fn scope(&self) -> String {
        let others = self.scopes.iter().map(String::as_str).filter(|scope| *scope != "openid");
        std::iter::once("openid").chain(others).collect::<Vec<_>>().join(" ")
    }

    /// Where the provider sends people back.
    pub(super) fn redirect(&self) -> String {
        format!("{}{CALLBACK}", self.url)
    }

    /// Whether browsers reach this server by TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.url.starts_with("https:")
    }
}
