//! Commands of a system's own and its events: what their templates may name.

use indexmap::IndexMap;
use provost_core::dashed;
use provost_core::yaml::Located;
use provost_mapper::{Path, ValueTemplate};
use serde_json::Value;

use super::operation::Wants;
use super::written::{self, Columns};
use super::{Compiler, Result};
use crate::manifest::{Argument, ArgumentType, Events, Refusal, VendorCommand};

const COMMAND_NAMES: &[&str] = &["params", "system", "args", "stored"];
const PLAIN_NAMES: &[&str] = &["params", "args", "stored"];
const ITEM_NAMES: &[&str] = &["params", "args", "stored", "item"];
const TITLE_NAMES: &[&str] = &["params", "args", "stored", "count"];
const EVENT_NAMES: &[&str] = &["params", "system", "stored", "since", "until"];
const REFUSE_NAMES: &[&str] = &["params", "stored"];
const ONE_EVENT_NAMES: &[&str] = &["event"];
const PARAMS: &[&str] = &["params"];

/// The options of every command.
const TAKEN: [&str; 6] = ["using", "using-brand", "config", "output", "verbose", "help"];

/// How times are written where the manifest does not say (RFC 3339, in UTC).
const TIME_FORMAT: &str = "%Y-%m-%dT%H:%M:%SZ";

impl Compiler<'_> {
    pub(super) fn commands(
        &self,
        written: IndexMap<String, Located<written::Command>>,
    ) -> Result<IndexMap<String, VendorCommand>> {
        written
            .into_iter()
            .map(|(name, command)| {
                self.check_name(&name, &command)?;
                Ok((name, self.command(command.value)?))
            })
            .collect()
    }

    fn check_name<T>(&self, name: &str, at: &Located<T>) -> Result<()> {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name == "help" {
            return Err(self.complain(at, "`help` is no command of a system's own"));
        }
        if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_letter) {
            return Ok(());
        }
        Err(self
            .complain(at, format!("`{name}`: a command's name has small letters, digits and dashes only")))
    }

    fn command(&self, written: written::Command) -> Result<VendorCommand> {
        let written::Output { context, keys, item } = written.output;
        let members = |item: IndexMap<String, Located<Value>>| {
            let member = |(name, value)| Ok((name, self.value(&value, ITEM_NAMES)?));
            item.into_iter().map(member).collect::<Result<_>>()
        };
        let operation =
            written.operation.map(|operation| self.operation(&operation, COMMAND_NAMES, Wants::Found));
        let more = written.table.more.into_iter();
        Ok(VendorCommand {
            about: written.about,
            arguments: self.arguments(written.arguments)?,
            operation: operation.transpose()?,
            at_most: self.optional_template(written.at_most.as_ref(), PLAIN_NAMES)?,
            only_page: self.optional_template(written.only_page.as_ref(), PLAIN_NAMES)?,
            context,
            keys,
            item: item.map(members).transpose()?,
            title: self.optional_template(written.table.title.as_ref(), TITLE_NAMES)?,
            columns: self.columns(written.table.columns)?,
            more: more
                .map(|(title, rows)| Ok((title, self.template(&rows, ITEM_NAMES)?)))
                .collect::<Result<_>>()?,
            empty: written.table.empty,
            store: written.store.map(|store| self.store(&store)).transpose()?,
        })
    }

    fn columns(&self, written: Option<Located<Columns>>) -> Result<Vec<(String, Path)>> {
        let Some(written) = written else { return Ok(Vec::new()) };
        let path = |path: &str| Path::parse(path).map_err(|error| self.complain(&written, error.to_string()));
        match &written.value {
            Columns::Members(members) => {
                members.iter().map(|member| Ok((member.clone(), path(member)?))).collect()
            }
            Columns::Headings(headings) => {
                headings.iter().map(|(heading, member)| Ok((heading.clone(), path(member)?))).collect()
            }
        }
    }

    fn store(&self, store: &Located<Value>) -> Result<ValueTemplate> {
        if !store.value.is_object() {
            return Err(self.complain(store, "`store` is an object: what the instance keeps"));
        }
        self.value(store, PLAIN_NAMES)
    }

    /// A default that its own argument would refuse is a mistake.
    fn arguments(&self, written: IndexMap<String, Located<Argument>>) -> Result<IndexMap<String, Argument>> {
        let fits = |argument: &Argument| match (&argument.default, argument.r#type) {
            (None, _) => true,
            (Some(value), ArgumentType::Text) => value.is_string(),
            (Some(value), ArgumentType::Number) => value.is_u64(),
            (Some(value), ArgumentType::List) => value.is_array(),
        };
        let argument = |(name, argument): (String, Located<Argument>)| {
            if TAKEN.contains(&dashed(&name).as_str()) {
                return Err(self.complain(&argument, format!("every command has an option `{name}`")));
            }
            if fits(&argument.value) {
                return Ok((name, argument.value));
            }
            Err(self.complain(&argument, format!("the default of `{name}` does not fit its type")))
        };
        written.into_iter().map(argument).collect()
    }

    pub(super) fn events(&self, written: &written::Events) -> Result<Events> {
        let place = |text: &Option<written::Text>| {
            text.as_ref().map(|text| self.place(text, ONE_EVENT_NAMES)).transpose()
        };
        let refuse = written.refuse.iter();
        Ok(Events {
            operation: self.operation(&written.operation, EVENT_NAMES, Wants::Items)?,
            time_format: self.time_format(written.time_format.as_ref())?,
            id: place(&written.id)?,
            time: place(&written.time)?,
            person: place(&written.person)?,
            first: self.template(&written.first, PARAMS)?,
            overlap: self.optional_template(written.overlap.as_ref(), PARAMS)?,
            at_most: self.template(&written.at_most, PARAMS)?,
            refuse: refuse
                .map(|refusal| {
                    Ok(Refusal {
                        when: self.template(&refusal.when, REFUSE_NAMES)?,
                        message: refusal.message.clone(),
                        hints: refusal.hint.0.clone(),
                    })
                })
                .collect::<Result<_>>()?,
        })
    }

    /// A format that can be written and read again.
    fn time_format(&self, written: Option<&written::Text>) -> Result<String> {
        let Some(text) = written else { return Ok(TIME_FORMAT.to_owned()) };
        match jiff::fmt::strtime::format(&text.value, jiff::Timestamp::UNIX_EPOCH) {
            Ok(_) => Ok(text.value.clone()),
            Err(error) => Err(self.complain(text, error.to_string())),
        }
    }
}
