//! The wall between the engine and the systems: what a connector can be asked.
//!
//! A connector only speaks its system's protocol. Which operation follows which, retries
//! of a whole command, matching and records are the engine's.

use async_trait::async_trait;

use crate::{Account, AccountId, Attributes, Brand, Fault, LookUp, Redactor, Trace, Verb, Verbs};

/// What every call of a connector is given.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The command that the call belongs to; `None` outside user commands.
    pub verb: Option<Verb>,
    /// Where the steps are noted.
    pub trace: Trace,
}

/// A system, configured. A capability is an accessor that answers `Some`.
#[async_trait]
pub trait Connector: Send + Sync {
    /// The display name in results.
    fn brand(&self) -> &Brand;

    /// What has to be masked before anybody reads it.
    fn redactor(&self) -> &Redactor;

    /// Asks the system whether it is there and knows us.
    async fn test(&self, cx: &Context) -> Result<(), Fault>;

    /// The accounts of people.
    fn accounts(&self) -> Option<&dyn Accounts> {
        None
    }

    /// The description of the accounts' attributes.
    fn fields(&self) -> Option<&dyn Fields> {
        None
    }
}

/// The accounts of people in a system.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The commands that can be run.
    fn verbs(&self) -> Verbs;

    /// The attributes that find an account, in the order in which they are tried.
    fn look_up(&self) -> &[String];

    /// Every account that the system gives for the look-up. The caller checks that they
    /// carry the value: some systems answer with everybody.
    async fn find(&self, cx: &Context, look_up: &LookUp) -> Result<Vec<Account>, Fault>;

    /// Makes an account.
    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Account, Fault>;

    /// Writes attributes to an account.
    async fn update(&self, cx: &Context, id: &AccountId, attributes: &Attributes) -> Result<Account, Fault>;

    /// Puts an account in use or takes it out of use.
    async fn set_enabled(&self, cx: &Context, id: &AccountId, enabled: bool) -> Result<Account, Fault>;
}

/// The attributes that a system's accounts have.
#[async_trait]
pub trait Fields: Send + Sync {
    /// Each attribute's name with its description.
    async fn fields(&self, cx: &Context) -> Result<Vec<(String, String)>, Fault>;
}
