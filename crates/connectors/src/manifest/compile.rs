//! From the written manifest to the compiled one. Everything that could fail when a
//! command runs, and can be known before, is found here.

mod auth;
mod commands;
mod groups;
mod operation;

use std::path::Path as FilePath;

use indexmap::IndexMap;
use provost_core::yaml::{self, Located};
use provost_core::{Diagnostic, dashed, did_you_mean};
use provost_mapper::{Path, Template, ValueTemplate};

use super::written::{self, Text};
use super::{
    AccountShape, Dialect, FaultRule, HttpSystem, LdapSystem, Lookup, Manifest, Operations, Parameter, Place,
    System, VendorCommand, Way,
};
use crate::COMMON_SETTINGS;
use operation::Wants;

/// What the templates of each part may name.
const BASE_NAMES: &[&str] = &["params"];
const FIND_NAMES: &[&str] = &["params", "system", "attribute", "value", "verb"];
const CREATE_NAMES: &[&str] = &["params", "system", "attributes"];
const ACCOUNT_NAMES: &[&str] =
    &["params", "system", "account", "active", "attributes", "operations", "id", "date"];
const SYSTEM_NAMES: &[&str] = &["params", "system"];
const ANSWER_NAMES: &[&str] = &["body", "status", "reason", "headers"];
const RULE_NAMES: &[&str] = &["body", "status", "headers", "code"];
const SHAPE_NAMES: &[&str] = &["account"];

/// What permissions may be said of, besides the commands of the system's own.
const PERMITTED: &[&str] =
    &["test", "find", "list", "create", "update", "enable", "disable", "fields", "users", "groups", "events"];

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

pub(super) struct Compiler<'a> {
    pub(super) file: &'a FilePath,
    pub(super) text: &'a str,
}

impl Compiler<'_> {
    /// Compiles a manifest that holds what it extends.
    pub(super) fn manifest(&self, mut written: written::File) -> Result<Manifest> {
        let parameters = self.parameters(std::mem::take(&mut written.parameters))?;
        let commands = self.commands(std::mem::take(&mut written.commands))?;
        let permissions = self.permissions(std::mem::take(&mut written.permissions), &commands)?;
        let (name, brand, summary) =
            (written.integration.value.clone(), written.brand.clone(), std::mem::take(&mut written.summary));
        let system = match &written.ldap {
            Some(dialect) => System::Ldap(self.ldap(dialect, &written)?),
            None => System::Http(Box::new(self.http(written, &parameters)?)),
        };
        let (name, brand) = (name.into(), brand.into());
        Ok(Manifest { name, brand, summary, extends: Vec::new(), parameters, commands, permissions, system })
    }

    fn http(&self, written: written::File, parameters: &IndexMap<String, Parameter>) -> Result<HttpSystem> {
        let need = |what: &str| self.complain(&written.integration, format!("the key `{what}` is missing"));
        let http = written.http;
        let fault = &http.fault;
        Ok(HttpSystem {
            base: self.template(http.base.as_ref().ok_or_else(|| need("base"))?, BASE_NAMES)?,
            auth: self.auth(http.auth, parameters)?,
            headers: self.templates(&http.headers, BASE_NAMES)?,
            limits: self.limits(http.limits)?,
            good: http.good.0,
            fault_when: self.optional_template(fault.when.as_ref(), ANSWER_NAMES)?,
            fault_code: self.optional_template(fault.code.as_ref(), ANSWER_NAMES)?,
            fault_message: self.optional_template(fault.message.as_ref(), ANSWER_NAMES)?,
            account: self.account(&written.account.ok_or_else(|| need("account"))?.value)?,
            lookup: self.lookup(&written.lookup.ok_or_else(|| need("lookup"))?)?,
            system: written.system.map(|system| self.system(&system)).transpose()?,
            operations: self.operations(written.operations, &need)?,
            groups: written.groups.map(|groups| self.groups(&groups)).transpose()?,
            events: written.events.map(|events| self.events(&events.value)).transpose()?,
            faults: written.faults.iter().map(|rule| self.fault_rule(rule)).collect::<Result<_>>()?,
        })
    }

    fn ldap(&self, dialect: &Located<Dialect>, written: &written::File) -> Result<LdapSystem> {
        if let Some(word) = written.word_of_http() {
            let message = format!("`{word}` has no meaning beside `ldap`, which is not asked by HTTP");
            return Err(self.complain(dialect, message));
        }
        match written.lookup.as_ref().map(|lookup| (lookup, &lookup.value)) {
            Some((_, written::Lookup::Names(names))) if !names.is_empty() => Ok(LdapSystem {
                dialect: dialect.value,
                lookup: names.clone(),
                left_out: written.left_out.clone(),
            }),
            Some((at, _)) => Err(self.complain(at, "`lookup` of a directory is a list of attributes")),
            None => Err(self.complain(&written.integration, "the key `lookup` is missing")),
        }
    }

    fn parameters(&self, written: IndexMap<String, Parameter>) -> Result<IndexMap<String, Parameter>> {
        let parameters: IndexMap<String, Parameter> =
            written.into_iter().map(|(name, parameter)| (dashed(&name), parameter)).collect();
        match parameters.keys().find(|name| COMMON_SETTINGS.contains(&name.as_str())) {
            None => Ok(parameters),
            Some(name) => {
                let message =
                    format!("the parameter `{name}` has the name of a setting that every instance has");
                Err(Box::new(Diagnostic::about(self.file, message)))
            }
        }
    }

    fn permissions(
        &self,
        written: IndexMap<String, Located<String>>,
        commands: &IndexMap<String, VendorCommand>,
    ) -> Result<IndexMap<String, String>> {
        let known = PERMITTED.iter().copied().chain(commands.keys().map(String::as_str));
        let known: Vec<&str> = known.collect();
        if let Some((name, text)) = written.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            let hint = did_you_mean(name, known);
            let complaint = self.complain(text, format!("`{name}` is no operation"));
            return Err(Box::new(complaint.with_optional_hint(hint)));
        }
        Ok(written.into_iter().map(|(name, text)| (name, text.value)).collect())
    }

    /// The look-up attributes, and where those are that are not under their own name.
    fn lookup(&self, written: &Located<written::Lookup>) -> Result<Lookup> {
        let (names, places) = match &written.value {
            written::Lookup::Names(names) => (names.clone(), Vec::new()),
            written::Lookup::Places(places) => {
                let place = |(name, place): (&String, &String)| {
                    let place = Located::new(place.clone(), written.referenced, written.defined);
                    Ok((name.clone(), self.place(&place, SHAPE_NAMES)?))
                };
                (places.keys().cloned().collect(), places.iter().map(place).collect::<Result<_>>()?)
            }
        };
        if names.is_empty() {
            return Err(self.complain(written, "`lookup` needs at least one attribute"));
        }
        Ok(Lookup { names, places })
    }

    fn account(&self, account: &written::Account) -> Result<AccountShape> {
        let place = |text: &Text| self.place(text, SHAPE_NAMES);
        let optional = |text: &Option<Text>| text.as_ref().map(place).transpose();
        Ok(AccountShape {
            id: place(&account.id)?,
            username: optional(&account.username)?,
            email: optional(&account.email)?,
            active: optional(&account.active)?,
            unfinished: optional(&account.unfinished)?,
            attributes: optional(&account.attributes)?,
        })
    }

    fn operations(
        &self,
        written: written::Operations,
        need: &dyn Fn(&str) -> Box<Diagnostic>,
    ) -> Result<Operations> {
        let read = |operation: Option<Located<written::Ways>>, names, wants| {
            operation.map(|operation| self.operation(&operation, names, wants)).transpose()
        };
        Ok(Operations {
            test: read(written.test, SYSTEM_NAMES, Wants::Nothing)?.ok_or_else(|| need("test"))?,
            find: read(written.find, FIND_NAMES, Wants::Found)?.ok_or_else(|| need("find"))?,
            list: read(written.list, SYSTEM_NAMES, Wants::Items)?,
            create: read(written.create, CREATE_NAMES, Wants::NewItem)?,
            update: read(written.update, ACCOUNT_NAMES, Wants::Changed)?,
            enable: read(written.enable, ACCOUNT_NAMES, Wants::Changed)?,
            disable: read(written.disable, ACCOUNT_NAMES, Wants::Changed)?,
            fields: read(written.fields, SYSTEM_NAMES, Wants::Fields)?,
            shows: written.get.unwrap_or(true),
        })
    }

    fn system(&self, written: &Located<written::Operation>) -> Result<Way> {
        self.way(written, &written.value, BASE_NAMES, Wants::Item)
    }

    fn fault_rule(&self, rule: &written::FaultRule) -> Result<FaultRule> {
        if let Some(skip) = &rule.skip
            && (rule.error_entry || rule.done || rule.absent)
        {
            return Err(self.complain(skip, "a fault is either skipped, done, absent or an error entry"));
        }
        Ok(FaultRule {
            on: rule.on.0.clone(),
            status: rule.status.0.clone(),
            code: rule.code.0.iter().map(as_text).collect(),
            when: self.optional_template(rule.when.as_ref(), RULE_NAMES)?,
            skip: rule.skip.as_ref().map(|text| text.value.clone()),
            error_entry: rule.error_entry,
            done: rule.done,
            absent: rule.absent,
            limited: rule.limited,
            hint: rule.hint.clone(),
        })
    }

    fn place(&self, text: &Text, names: &[&str]) -> Result<Place> {
        if text.value.contains("{{") {
            self.template(text, names).map(Place::Template)
        } else {
            self.path(text).map(Place::Path)
        }
    }

    fn path(&self, text: &Text) -> Result<Path> {
        Path::parse(&text.value).map_err(|error| self.complain(text, error.to_string()))
    }

    fn optional_template(&self, text: Option<&Text>, names: &[&str]) -> Result<Option<Template>> {
        text.map(|text| self.template(text, names)).transpose()
    }

    fn templates(&self, texts: &IndexMap<String, Text>, names: &[&str]) -> Result<Vec<(String, Template)>> {
        texts.iter().map(|(name, text)| Ok((name.clone(), self.template(text, names)?))).collect()
    }

    fn template(&self, text: &Text, names: &[&str]) -> Result<Template> {
        let template =
            Template::parse(&text.value).map_err(|error| self.complain(text, error.to_string()))?;
        self.check_names(text, &template.names(), names)?;
        Ok(template)
    }

    fn value(&self, value: &Located<serde_json::Value>, names: &[&str]) -> Result<ValueTemplate> {
        let template =
            ValueTemplate::parse(&value.value).map_err(|error| self.complain(value, error.to_string()))?;
        self.check_names(value, &template.names(), names)?;
        Ok(template)
    }

    fn check_names<T>(&self, at: &Located<T>, used: &[String], known: &[&str]) -> Result<()> {
        match used.iter().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let hint = did_you_mean(name, known.iter().copied());
                let complaint = self.complain(at, format!("`{name}` is not known here"));
                Err(Box::new(complaint.with_optional_hint(hint)))
            }
        }
    }

    fn complain<T>(&self, at: &Located<T>, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(yaml::complain(self.file, self.text, at, message))
    }
}

/// A code as it is compared, whether it is written as a number or as a text.
fn as_text(code: &serde_json::Value) -> String {
    code.as_str().map_or_else(|| code.to_string(), str::to_owned)
}
