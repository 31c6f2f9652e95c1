//! Names and ids. A type of its own for each keeps them from being swapped.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $type(String);

        impl $type {
            /// The text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name!(
    /// A configured integration, such as `okta-prod`.
    InstanceName
);
name!(
    /// A kind of system, such as `okta-iam`: the name of its folder.
    IntegrationName
);
name!(
    /// The display name of an integration in results, such as `Okta IAM`.
    Brand
);
name!(
    /// The id that a system gave to an account.
    AccountId
);
name!(
    /// The id that a system gave to a group.
    GroupId
);
name!(
    /// The id of a run: a UUID whose order is that of time (RFC 9562, version 7).
    RunId
);

/// The cli name of a profile field: letters and digits only, in lower case.
///
/// Mappers, consoles and people write `Employee ID`, `employee_id` or `employeeId`; all
/// mean the field `employeeid`.
///
/// ```
/// assert_eq!(provost_core::cli_name("Employee ID"), "employeeid");
/// ```
pub fn cli_name(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The same without a copy of what is spelled so already.
pub fn spelled_as_cli_name(label: &str) -> Cow<'_, str> {
    if label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        Cow::Borrowed(label)
    } else {
        Cow::Owned(cli_name(label))
    }
}

/// The one spelling of an option's name: dashes, lower case. `mapper_in` is `mapper-in`.
pub fn dashed(name: &str) -> String {
    name.replace('_', "-").to_lowercase()
}
