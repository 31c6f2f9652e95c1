//! The accounts that nothing is written to, whoever asks.

use provost_core::{Account, Fault, FaultKind};

use super::LdapConnector;
use super::dn::Dn;
use super::values::shown;

impl LdapConnector {
    /// Refuses a write to an account that is protected.
    pub(super) fn check_protection(&self, account: &Account) -> Result<(), Fault> {
        let Some(why) = self.is_protected(account) else { return Ok(()) };
        let name = account.username.as_deref().unwrap_or(account.id.as_str());
        let message = format!("{name} is protected: {why}");
        Err(Fault::new(FaultKind::PermissionDenied, message)
            .with_hint("change such an account by hand; `protected` and `protect-admins` say which they are"))
    }

    fn is_protected(&self, account: &Account) -> Option<&'static str> {
        let protection = &self.shape.protection;
        let is_named = |name: &String| is_called(account, name);
        if protection.names.iter().any(is_named) {
            return Some("it is in the list `protected`");
        }
        // Windows takes `DOMAIN\name` too.
        let service = self.directory.name();
        let without_domain = service.rsplit('\\').next().unwrap_or(service);
        if is_called(account, service) || is_called(account, without_domain) {
            return Some("it is the service account itself");
        }
        let is_admin = || shown(&account.attributes, "adminCount").iter().any(|count| count == "1");
        (protection.admins && is_admin())
            .then_some("the directory holds it for an administrator's (adminCount=1)")
    }
}

/// Whether an account has this name: a value that it is found by, its id, or its DN.
fn is_called(account: &Account, name: &str) -> bool {
    let same = |value: &String| value.eq_ignore_ascii_case(name);
    let dn = || Dn::parse(name).ok().filter(|_| name.contains('='));
    let is_dn = |value: &String| dn().is_some_and(|dn| Dn::parse(value).is_ok_and(|other| other == dn));
    account.keys.values().flatten().any(same) || shown(&account.attributes, "dn").iter().any(is_dn)
}
