//! A test case as people write it: a command, the exchanges that it must cause and the
//! entry that it must print. `check` compares; whoever runs the command is elsewhere.

mod check;

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use provost_core::yaml::{self, Located};
use provost_core::{Attributes, Diagnostic};

use crate::script::Exchange;

/// One test case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Case {
    /// A short name, unique in its file.
    pub id: String,
    /// What the case shows, as a sentence.
    pub about: String,
    /// The command, such as `iam-get-user`.
    pub command: String,
    /// Its arguments, named as on the command line. `user-profile` may also be a text.
    #[serde(default)]
    pub arguments: Attributes,
    /// Settings of the instance that differ from the defaults.
    #[serde(default)]
    pub instance: Attributes,
    /// What is asked of the vendor, in order, and what it answers.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
    /// How it must end.
    pub expect: Expect,
}

/// How a command must end. What is left out is not looked at, except the exit status.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Expect {
    /// The exit status; 0 when left out.
    pub exit: i32,
    /// Members that the vendor record must have, each equal.
    pub record: Option<Attributes>,
    /// Members that `IAM.UserProfile` must have, each equal.
    pub profile: Option<Attributes>,
    /// What must be below each context path of a command result: of an object these members,
    /// of a list all of it.
    pub outputs: Option<Attributes>,
    /// The whole answer of a command that has no record.
    pub answer: Option<Value>,
    /// The columns of the table, all of them and in this order.
    pub columns: Option<Vec<String>>,
    /// The type of the entry.
    pub entry_type: Option<u8>,
    /// What the error text must contain.
    pub message: Option<String>,
}

/// Reads a file with a list of cases.
///
/// # Errors
/// The first thing in it that is no YAML or no case, or an id that is there twice.
pub fn parse_cases(file: &Path, text: &str) -> Result<Vec<Case>, Box<Diagnostic>> {
    let cases: Vec<Located<Case>> = yaml::parse(file, text)?;
    let mut seen = HashSet::new();
    for case in &cases {
        if !seen.insert(&case.value.id) {
            let message = format!("the id `{}` is there twice", case.value.id);
            return Err(Box::new(yaml::complain(file, text, case, message)));
        }
    }
    Ok(cases.into_iter().map(|case| case.value).collect())
}

#[cfg(test)]
mod tests;
