//! Directories: Active Directory, and what else speaks `LDAPv3`.

mod accounts;
mod diagnostic;
mod dn;
mod entry;
mod fields;
mod filter;
mod groups;
mod guid;
mod listing;
mod people;
mod places;
mod protection;
mod schema;
mod shape;
mod state;
mod switch;
mod values;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use provost_core::{
    Accounts, Brand, Clock, Code, Connector, Context, Fault, Fields, Groups, Listing, Redactor,
};
use provost_net::Settings;
use provost_net::ldap::{Directory, Entry, Operation, Reply, Search};
use tokio::sync::OnceCell;

use self::places::Places;
use self::shape::Shape;
use crate::manifest::LdapSystem;
use crate::{ConnectError, Parameters};

/// How many entries a look-up may find. It is for one; more are shown to be too many.
const MOST_FOUND: i32 = 50;

/// A directory, configured.
pub(crate) struct LdapConnector {
    brand: Brand,
    shape: Shape,
    directory: Directory,
    /// What the directory says of itself, which is asked once.
    places: OnceCell<Places>,
}

impl LdapConnector {
    /// Makes a connector. Nothing is sent yet.
    ///
    /// # Errors
    /// Parameters that are missing or cannot work.
    pub(crate) fn connect(
        brand: Brand,
        system: LdapSystem,
        parameters: &Parameters,
        settings: &Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ConnectError> {
        let shape = Shape::read(system, parameters)?;
        let address = shape::address(parameters)?;
        let directory =
            Directory::connect(address, settings, parameters.redactor(), clock, diagnostic::fault)?;
        Ok(Self { brand, shape, directory, places: OnceCell::new() })
    }

    async fn ask(&self, cx: &Context, operation: Operation) -> Result<Reply, Fault> {
        self.directory.ask(&operation, &cx.trace).await
    }

    /// The entries below `base` that fit.
    async fn search(
        &self,
        cx: &Context,
        base: String,
        filter: &filter::Filter,
        attributes: Vec<String>,
    ) -> Result<Vec<Entry>, Fault> {
        let search = Search { limit: MOST_FOUND, ..Search::below(base, filter.to_string(), attributes) };
        Ok(self.ask(cx, Operation::Search(search)).await?.entries)
    }

    /// The entry of this name, if it is there and fits.
    async fn read(
        &self,
        cx: &Context,
        base: String,
        filter: &filter::Filter,
        attributes: Vec<String>,
    ) -> Result<Option<Entry>, Fault> {
        let search = Search::entry(base, filter.to_string(), attributes);
        match self.ask(cx, Operation::Search(search)).await {
            Ok(reply) => Ok(reply.entries.into_iter().next()),
            Err(fault) if has_code(&fault, NO_SUCH_OBJECT) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// Results that are no failure in one place or another (RFC 4511, appendix A.1).
const NO_SUCH_ATTRIBUTE: i64 = 16;
const VALUE_EXISTS: i64 = 20;
const NO_SUCH_OBJECT: i64 = 32;
const UNWILLING: i64 = 53;
const CLASS_VIOLATION: i64 = 65;
const ENTRY_EXISTS: i64 = 68;

fn has_code(fault: &Fault, code: i64) -> bool {
    fault.code == Some(Code::Number(code))
}

#[async_trait]
impl Connector for LdapConnector {
    fn brand(&self) -> &Brand {
        &self.brand
    }

    fn redactor(&self) -> &Redactor {
        self.directory.redactor()
    }

    async fn test(&self, cx: &Context) -> Result<(), Fault> {
        self.check_places(cx).await
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn listing(&self) -> Option<&dyn Listing> {
        self.shape.system.has("list").then_some(self as &dyn Listing)
    }

    fn groups(&self) -> Option<&dyn Groups> {
        self.shape.system.has("groups").then_some(self as &dyn Groups)
    }

    fn fields(&self) -> Option<&dyn Fields> {
        self.shape.system.has("fields").then_some(self as &dyn Fields)
    }
}
