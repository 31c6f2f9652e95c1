//! Subcommands that manifests add.

use clap::{Arg, ArgMatches, Args as _, Command};
use indexmap::IndexMap;
use provost_connectors::{Argument, ArgumentType};
use provost_core::dashed;

use super::Selection;

/// A command that some kinds of systems have.
pub(crate) struct VendorArgs {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) arguments: IndexMap<String, Argument>,
}

impl VendorArgs {
    /// The command as a part of the table of arguments.
    pub(super) fn command(&self) -> Command {
        let command = Command::new(self.name.clone());
        let arguments = self.arguments.iter().map(|(name, argument)| arg(name, argument));
        // The selection brings a text of its own, which is not about this command.
        Selection::augment_args(command.args(arguments)).about(self.about.clone()).long_about(None)
    }

    /// What was given, by the names that the integration uses.
    pub(crate) fn given<'a>(
        &'a self,
        matches: &'a ArgMatches,
    ) -> impl Iterator<Item = (&'a str, &'a str, ArgumentType)> {
        self.arguments.iter().filter_map(|(name, argument)| {
            Some((name.as_str(), matches.get_one::<String>(name)?.as_str(), argument.r#type))
        })
    }
}

/// An option, which may also be spelled as the original does it.
fn arg(name: &str, argument: &Argument) -> Arg {
    let long = long(name);
    let spellings = [name.to_owned(), dashed(name)];
    let others: Vec<String> = spellings.into_iter().filter(|spelling| *spelling != long).collect();
    let placeholder = match argument.r#type {
        ArgumentType::Text => "TEXT",
        ArgumentType::Number => "N",
        ArgumentType::List => "JSON",
    };
    let help = match &argument.default {
        None => argument.help.clone(),
        Some(default) => {
            let shown = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            format!("{} [default: {shown}]", argument.help)
        }
    };
    Arg::new(name.to_owned())
        .long(long)
        .aliases(others)
        .value_name(placeholder)
        .required(argument.required)
        .help(help.trim().to_owned())
}

/// The name with dashes between its words: `sortOrder` and `sort_order` are `sort-order`.
fn long(name: &str) -> String {
    let mut long = String::new();
    for c in name.chars() {
        match c {
            '_' => long.push('-'),
            c if c.is_uppercase() => {
                long.push('-');
                long.extend(c.to_lowercase());
            }
            c => long.push(c),
        }
    }
    long
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_option() {
        for (name, expected) in [
            ("user_id", "user-id"),
            ("sortOrder", "sort-order"),
            ("includeMembers", "include-members"),
            ("limit", "limit"),
        ] {
            assert_eq!(long(name), expected);
        }
    }
}
