//! From the written manifest to the compiled one. Everything that could fail when a
//! command runs, and can be known before, is found here.

use std::path::Path as FilePath;

use indexmap::IndexMap;
use provost_core::yaml::{self, Located};
use provost_core::{Diagnostic, dashed, did_you_mean};
use provost_mapper::{Path, Template, ValueTemplate};
use provost_net::Method;

use super::written::{self, Text};
use super::{
    AccountShape, Auth, FaultRule, FieldsOperation, Manifest, Operation, Operations, Parameter,
    ParameterType, Place,
};
use crate::COMMON_SETTINGS;

/// What the templates of each part may name.
const BASE_NAMES: &[&str] = &["params"];
const FIND_NAMES: &[&str] = &["params", "attribute", "value"];
const CREATE_NAMES: &[&str] = &["params", "attributes"];
const STEP_NAMES: &[&str] = &["params", "attributes", "id"];
const ACCOUNT_NAMES: &[&str] = &["params", "attributes", "operations", "id"];
const ANSWER_NAMES: &[&str] = &["body", "status", "reason"];
const SHAPE_NAMES: &[&str] = &["account"];
const BODY_NAMES: &[&str] = &["body"];

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Where look-up attributes are in an account.
type Keys = Vec<(String, Place)>;

pub(super) struct Compiler<'a> {
    pub(super) file: &'a FilePath,
    pub(super) text: &'a str,
}

impl Compiler<'_> {
    pub(super) fn manifest(&self, written: written::File) -> Result<Manifest> {
        let parameters: IndexMap<String, Parameter> =
            written.parameters.into_iter().map(|(name, parameter)| (dashed(&name), parameter)).collect();
        let (lookup, keys) = self.lookup(&written.lookup)?;
        if let Some(name) = parameters.keys().find(|name| COMMON_SETTINGS.contains(&name.as_str())) {
            let message = format!("the parameter `{name}` has the name of a setting that every instance has");
            return Err(Box::new(Diagnostic::about(self.file, message)));
        }
        Ok(Manifest {
            name: written.integration.into(),
            brand: written.brand.into(),
            summary: written.summary,
            base: self.template(&written.http.base, BASE_NAMES)?,
            auth: self.auth(written.http.auth, &parameters)?,
            good: written.http.good.0,
            fault_code: self.optional_template(written.http.fault.code.as_ref(), ANSWER_NAMES)?,
            fault_message: self.optional_template(written.http.fault.message.as_ref(), ANSWER_NAMES)?,
            account: self.account(&written.account, keys)?,
            operations: self.operations(written.operations)?,
            faults: written.faults.into_iter().map(|rule| self.fault_rule(rule)).collect::<Result<_>>()?,
            lookup,
            parameters,
        })
    }

    fn auth(
        &self,
        auth: Option<Located<written::Auth>>,
        parameters: &IndexMap<String, Parameter>,
    ) -> Result<Auth> {
        let Some(auth) = auth else { return Ok(Auth::None) };
        let check = |name: &str, wanted: ParameterType| match parameters.get(&dashed(name)) {
            Some(parameter) if parameter.r#type == wanted => Ok(dashed(name)),
            Some(_) => {
                Err(self.complain(&auth, format!("the parameter `{name}` is of the wrong type for this")))
            }
            None => {
                let hint = did_you_mean(name, parameters.keys().map(String::as_str));
                let complaint = self.complain(&auth, format!("there is no parameter `{name}`"));
                Err(Box::new(complaint.with_optional_hint(hint)))
            }
        };
        match &auth.value {
            written::Auth::Basic(name) => Ok(Auth::Basic(check(name, ParameterType::Basic)?)),
            written::Auth::Bearer(name) => Ok(Auth::Bearer(check(name, ParameterType::Secret)?)),
            written::Auth::Header { name, value } => {
                Ok(Auth::Header(name.clone(), self.template(value, BASE_NAMES)?))
            }
        }
    }

    /// The look-up attributes, and where those are that are not under their own name.
    fn lookup(&self, written: &Located<written::Lookup>) -> Result<(Vec<String>, Keys)> {
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
        Ok((names, places))
    }

    fn account(&self, account: &written::Account, keys: Keys) -> Result<AccountShape> {
        let place = |text: &Text| self.place(text, SHAPE_NAMES);
        let optional = |text: &Option<Text>| text.as_ref().map(place).transpose();
        Ok(AccountShape {
            id: place(&account.id)?,
            username: optional(&account.username)?,
            email: optional(&account.email)?,
            active: optional(&account.active)?,
            unfinished: optional(&account.unfinished)?,
            keys,
        })
    }

    fn operations(&self, written: written::Operations) -> Result<Operations> {
        let optional = |operation: Option<Located<written::Operation>>, names| {
            operation.map(|operation| self.operation(&operation, names, Wants::Item)).transpose()
        };
        Ok(Operations {
            test: self.operation(&written.test, BASE_NAMES, Wants::Nothing)?,
            find: self.operation(&written.find, FIND_NAMES, Wants::Items)?,
            create: written
                .create
                .map(|create| self.operation(&create, CREATE_NAMES, Wants::NewItem))
                .transpose()?,
            update: optional(written.update, ACCOUNT_NAMES)?,
            enable: optional(written.enable, ACCOUNT_NAMES)?,
            disable: optional(written.disable, ACCOUNT_NAMES)?,
            fields: written.fields.map(|operation| self.fields(&operation)).transpose()?,
        })
    }

    fn fields(&self, written: &Located<written::Operation>) -> Result<FieldsOperation> {
        let place = |text: &Option<Text>, word: &str| match text {
            Some(text) => self.path(text),
            None => Err(self.complain(written, format!("`fields` needs `{word}`: where it is in each item"))),
        };
        Ok(FieldsOperation {
            name: place(&written.value.name, "name")?,
            description: place(&written.value.description, "description")?,
            operation: self.operation(written, BASE_NAMES, Wants::Fields)?,
        })
    }

    fn operation(
        &self,
        written: &Located<written::Operation>,
        names: &[&str],
        wants: Wants,
    ) -> Result<Operation> {
        let operation = &written.value;
        self.refuse_strangers(written, wants)?;
        let (method, path) = self.method(written)?;
        let query = operation.query.iter().map(|(name, value)| {
            let name = Located::new(name.clone(), value.referenced, value.defined);
            Ok((self.template(&name, names)?, self.template(value, names)?))
        });
        Ok(Operation {
            method,
            path: self.template(path, names)?,
            query: query.collect::<Result<_>>()?,
            body: operation.body.as_ref().map(|body| self.value(body, names)).transpose()?,
            result: operation
                .items
                .as_ref()
                .or(operation.item.as_ref())
                .map(|text| self.place(text, BODY_NAMES))
                .transpose()?,
            then: operation
                .then
                .iter()
                .map(|step| self.operation(step, STEP_NAMES, Wants::Nothing))
                .collect::<Result<_>>()?,
        })
    }

    /// Keys that exist, but not for this kind of operation.
    fn refuse_strangers(&self, written: &Located<written::Operation>, wants: Wants) -> Result<()> {
        let operation = &written.value;
        let present = [
            ("items", operation.items.is_some(), matches!(wants, Wants::Items | Wants::Fields)),
            ("item", operation.item.is_some(), matches!(wants, Wants::Item | Wants::NewItem)),
            ("then", !operation.then.is_empty(), matches!(wants, Wants::NewItem)),
            ("name", operation.name.is_some(), matches!(wants, Wants::Fields)),
            ("description", operation.description.is_some(), matches!(wants, Wants::Fields)),
        ];
        match present.iter().find(|(_, is_present, is_wanted)| *is_present && !is_wanted) {
            Some((key, ..)) => {
                Err(self.complain(written, format!("`{key}` has no meaning in this operation")))
            }
            None => Ok(()),
        }
    }

    fn method<'a>(&self, written: &'a Located<written::Operation>) -> Result<(Method, &'a Text)> {
        let operation = &written.value;
        let all = [
            (Method::GET, &operation.get),
            (Method::POST, &operation.post),
            (Method::PUT, &operation.put),
            (Method::PATCH, &operation.patch),
            (Method::DELETE, &operation.delete),
        ];
        let mut present = all.into_iter().filter_map(|(method, path)| Some((method, path.as_ref()?)));
        match (present.next(), present.next()) {
            (Some(one), None) => Ok(one),
            _ => {
                Err(self.complain(written, "an operation has one of `get`, `post`, `put`, `patch`, `delete`"))
            }
        }
    }

    fn fault_rule(&self, rule: written::FaultRule) -> Result<FaultRule> {
        if let Some(skip) = &rule.skip
            && (rule.error_entry || rule.done)
        {
            return Err(self.complain(skip, "a fault is either skipped, done or an error entry"));
        }
        Ok(FaultRule {
            on: rule.on.0,
            status: rule.status.0,
            code: rule.code.0.iter().map(as_text).collect(),
            skip: rule.skip.map(|text| text.value),
            error_entry: rule.error_entry,
            done: rule.done,
            hint: rule.hint,
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

/// What an operation's answer holds.
#[derive(Clone, Copy)]
enum Wants {
    Nothing,
    Item,
    /// The object that was made.
    NewItem,
    Items,
    Fields,
}
