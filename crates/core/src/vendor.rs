//! Commands that only one kind of system has.

use crate::{Attributes, CommandResult};

/// A call of such a command.
#[derive(Debug, Clone, Copy)]
pub struct VendorCall<'a> {
    /// The command's name, such as `okta-get-logs`.
    pub name: &'a str,
    /// What was given, by the names that the integration uses.
    pub arguments: &'a Attributes,
    /// What the instance keeps from one command to the next.
    pub stored: &'a Attributes,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorAnswer {
    /// What is shown.
    pub result: CommandResult,
    /// What the instance keeps from now on; `None` for no change.
    pub store: Option<Attributes>,
    /// What people should know besides.
    pub hints: Vec<String>,
}
