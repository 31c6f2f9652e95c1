//! The wall between the engine and the systems: what a connector can be asked.
//!
//! A connector only speaks its system's protocol. Which operation follows which, retries
//! of a whole command, matching and records are the engine's.

use async_trait::async_trait;

use crate::{
    Account, Attributes, Brand, Event, Fault, Fetching, Group, GroupId, GroupVerb, LookUp, Member,
    MemberChange, Page, PageToken, Redactor, Trace, VendorAnswer, VendorCall, Verb, Verbs, Window,
    same_members,
};

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

    /// All accounts, page by page.
    fn listing(&self) -> Option<&dyn Listing> {
        None
    }

    /// The groups that accounts can be in.
    fn groups(&self) -> Option<&dyn Groups> {
        None
    }

    /// The description of the accounts' attributes.
    fn fields(&self) -> Option<&dyn Fields> {
        None
    }

    /// The commands of the system's own.
    fn commands(&self) -> Option<&dyn Commands> {
        None
    }

    /// What happens in the system.
    fn events(&self) -> Option<&dyn Events> {
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

    /// Whether a new account is in use at once, and not only when it is enabled.
    fn starts_enabled(&self) -> bool {
        true
    }

    /// Every account that the system gives for the look-up. The caller checks that they
    /// carry the value: some systems answer with everybody.
    async fn find(&self, cx: &Context, look_up: &LookUp) -> Result<Vec<Account>, Fault>;

    /// Whether the account, which is given as it was found, shows that it has all these values
    /// already, so that to write them would change nothing.
    fn has(&self, _account: &Account, _attributes: &Attributes) -> bool {
        false
    }

    /// What the account, which is given as the system described it, shows of these attributes, by
    /// the names by which they are written.
    fn shown(&self, account: &Account, attributes: &Attributes) -> Attributes {
        same_members(&account.attributes, attributes)
    }

    /// Whether anything may be written to the account, which is given as it was found.
    ///
    /// # Errors
    /// Why not.
    fn permit(&self, _account: &Account) -> Result<(), Fault> {
        Ok(())
    }

    /// Makes an account.
    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Account, Fault>;

    /// Writes attributes to an account, which is given as it was found.
    async fn update(
        &self,
        cx: &Context,
        account: &Account,
        attributes: &Attributes,
    ) -> Result<Account, Fault>;

    /// Puts an account, which is given as it was found, in use or takes it out of use.
    async fn set_enabled(&self, cx: &Context, account: &Account, enabled: bool) -> Result<Account, Fault>;
}

/// All accounts of a system.
#[async_trait]
pub trait Listing: Send + Sync {
    /// A page of accounts; the first where no token is given. `size` is how many there are to
    /// be on it, for systems that can be told; else the connector asks for what suits them.
    async fn page(
        &self,
        cx: &Context,
        token: Option<&PageToken>,
        size: Option<usize>,
    ) -> Result<Page<Account>, Fault>;
}

/// The groups of a system.
#[async_trait]
pub trait Groups: Send + Sync {
    /// What can be done with them.
    fn can(&self, verb: GroupVerb) -> bool;

    /// How many members one change takes.
    fn batch(&self) -> usize;

    /// The groups that the system gives for the name. The caller checks that they have it.
    async fn find(&self, cx: &Context, name: &str) -> Result<Vec<Group>, Fault>;

    /// The group with this id, if there is one.
    async fn get(&self, cx: &Context, id: &GroupId) -> Result<Option<Group>, Fault>;

    /// A page of the members that count.
    async fn members(
        &self,
        cx: &Context,
        id: &GroupId,
        token: Option<&PageToken>,
    ) -> Result<Page<Member>, Fault>;

    /// Makes a group of SCIM attributes (RFC 7643, section 4.2).
    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Group, Fault>;

    /// Changes who is in the group; at most [`Groups::batch`] accounts at once.
    async fn change(
        &self,
        cx: &Context,
        id: &GroupId,
        change: MemberChange,
        members: &[String],
    ) -> Result<(), Fault>;

    /// Deletes the group.
    async fn delete(&self, cx: &Context, id: &GroupId) -> Result<(), Fault>;
}

/// The attributes that a system's accounts have.
#[async_trait]
pub trait Fields: Send + Sync {
    /// Each attribute's name with its description.
    async fn fields(&self, cx: &Context) -> Result<Vec<(String, String)>, Fault>;
}

/// The commands that only this kind of system has.
#[async_trait]
pub trait Commands: Send + Sync {
    /// Whether there is a command of this name.
    fn has(&self, name: &str) -> bool;

    /// Whether the command may change something in the system.
    fn writes(&self, _name: &str) -> bool {
        true
    }

    /// Carries it out.
    async fn run(&self, cx: &Context, call: &VendorCall<'_>) -> Result<VendorAnswer, Fault>;
}

/// What happens in a system.
#[async_trait]
pub trait Events: Send + Sync {
    /// What the instance's settings say about it.
    fn fetching(&self) -> Result<Fetching, Fault>;

    /// A page of events; the first where no token is given.
    async fn page(
        &self,
        cx: &Context,
        window: &Window<'_>,
        token: Option<&PageToken>,
    ) -> Result<Page<Event>, Fault>;
}
