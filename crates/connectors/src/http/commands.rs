//! The commands of a system's own, as the manifest describes them.

use async_trait::async_trait;
use provost_core::{
    Attributes, Code, CommandResult, Commands, Context, Fault, FaultKind, PageToken, Shown, ShownTable,
    VendorAnswer, VendorCall, did_you_mean,
};
use provost_mapper::{Template, TemplateError, ValueTemplate};
use serde_json::{Map, Value};

use super::HttpConnector;
use super::answer::{bad_answer, is_truthy};
use super::names::{Names, Seen, names};
use super::steps::Does;
use crate::manifest::{Argument, ArgumentType, VendorCommand};

/// No list has so many pages; one that goes on does not end.
const MOST_PAGES: u64 = 100_000;

/// What a command has gathered.
enum Gathered {
    One(Value),
    Several(Vec<Value>),
}

#[async_trait]
impl Commands for HttpConnector {
    fn has(&self, name: &str) -> bool {
        self.manifest.commands.contains_key(name)
    }

    async fn run(&self, cx: &Context, call: &VendorCall<'_>) -> Result<VendorAnswer, Fault> {
        let command = self.manifest.commands.get(call.name).ok_or_else(|| self.lacks(call.name))?;
        let seen = names([
            ("args", Value::Object(arguments(command, call.arguments)?)),
            ("stored", Value::Object(call.stored.clone())),
        ]);
        let gathered = self.gather(cx, command, &seen).await?;
        let result = self.shown(call.name, command, &seen, gathered)?;
        let store = command.store.as_ref().map(|store| self.kept(store, &seen)).transpose()?;
        Ok(VendorAnswer { result, store })
    }
}

impl HttpConnector {
    /// Asks for as many pages as are shown.
    async fn gather(&self, cx: &Context, command: &VendorCommand, seen: &Names) -> Result<Gathered, Fault> {
        let Some(operation) = &command.operation else { return Ok(Gathered::Several(Vec::new())) };
        let most = self.number(command.at_most.as_ref(), seen)?;
        let only = self.number(command.only_page.as_ref(), seen)?;
        let is_full = |items: &[Value]| most.is_some_and(|most| items.len() as u64 >= most);
        let (mut items, mut token) = (Vec::new(), None::<PageToken>);
        for number in 0..MOST_PAGES {
            let at = token.as_ref().map(|token| token.0.as_str());
            let mut done = self.carry_out(cx, operation, seen.clone(), Does::Read, at).await?;
            if done.way.is_one {
                return Ok(Gathered::One(done.item()));
            }
            let page = done.page(at)?;
            if only.is_none_or(|only| only == number) {
                items.extend(page.items);
            }
            token = page.next;
            if token.is_none() || is_full(&items) || only == Some(number) {
                items.truncate(most.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX)));
                return Ok(Gathered::Several(items));
            }
        }
        Err(bad_answer(200, "the list comes on pages without end".to_owned()))
    }

    /// A number that a template gives; nothing where it gives none.
    fn number(&self, template: Option<&Template>, seen: &Names) -> Result<Option<u64>, Fault> {
        let Some(template) = template else { return Ok(None) };
        let scope = Seen { params: &self.params, names: seen }.scope();
        match template.value(&scope) {
            Ok(Value::Number(number)) => Ok(number.as_u64()),
            Ok(_) | Err(TemplateError::Missing(_)) => Ok(None),
            Err(error) => Err(self.unfilled(&error)),
        }
    }

    fn shown(
        &self,
        name: &str,
        command: &VendorCommand,
        seen: &Names,
        gathered: Gathered,
    ) -> Result<CommandResult, Fault> {
        let items = match &gathered {
            Gathered::One(item) => std::slice::from_ref(item),
            Gathered::Several(items) => items.as_slice(),
        };
        let rows: Vec<Value> =
            items.iter().map(|item| self.output(command, seen, item)).collect::<Result<_, _>>()?;
        let title = self.title(name, command, seen, rows.len())?;
        let shown = self.for_people(command, seen, &title, items, &rows)?;
        let outputs = match (gathered, rows) {
            (Gathered::One(_), mut rows) => rows.pop().unwrap_or_default(),
            (Gathered::Several(_), rows) => Value::Array(rows),
        };
        Ok(CommandResult {
            prefix: command.context.clone(),
            keys: command.keys.clone(),
            outputs,
            title,
            columns: command.columns.iter().map(|(heading, _)| heading.clone()).collect(),
            shown,
        })
    }

    /// One object of the output. Members that have no value are left out.
    fn output(&self, command: &VendorCommand, seen: &Names, item: &Value) -> Result<Value, Fault> {
        let mut output = match &command.item {
            None => item.clone(),
            Some(members) => {
                let names = with_item(seen, item);
                let scope = Seen { params: &self.params, names: &names }.scope();
                let mut object = Map::new();
                for (name, value) in members {
                    match value.value(&scope) {
                        Ok(value) => drop(object.insert(name.clone(), value)),
                        Err(TemplateError::Missing(_)) => {}
                        Err(error) => return Err(self.unfilled(&error)),
                    }
                }
                Value::Object(object)
            }
        };
        self.client.redactor().value(&mut output);
        Ok(output)
    }

    fn title(
        &self,
        name: &str,
        command: &VendorCommand,
        seen: &Names,
        count: usize,
    ) -> Result<String, Fault> {
        let Some(title) = &command.title else { return Ok(name.to_owned()) };
        let mut names = seen.clone();
        names.insert("count".to_owned(), count.into());
        let scope = Seen { params: &self.params, names: &names }.scope();
        title.text(&scope, str::to_owned).map_err(|error| self.unfilled(&error))
    }

    /// What people see, where it is not simply the objects.
    fn for_people(
        &self,
        command: &VendorCommand,
        seen: &Names,
        title: &str,
        items: &[Value],
        rows: &[Value],
    ) -> Result<Option<Shown>, Fault> {
        if let (Some(text), true) = (&command.empty, rows.is_empty()) {
            return Ok(Some(Shown::Text(text.clone())));
        }
        if command.more.is_empty() && command.columns.iter().all(|(heading, place)| heading == place.source())
        {
            return Ok(None);
        }
        let mut tables = vec![table(command, title, rows)];
        for item in items {
            tables.extend(self.more(command, seen, item)?);
        }
        Ok(Some(Shown::Tables(tables)))
    }

    /// The tables under the first one that have rows.
    fn more(&self, command: &VendorCommand, seen: &Names, item: &Value) -> Result<Vec<ShownTable>, Fault> {
        let names = with_item(seen, item);
        let scope = Seen { params: &self.params, names: &names }.scope();
        let mut tables = Vec::new();
        for (title, rows) in &command.more {
            let mut rows = match rows.value(&scope) {
                Ok(Value::Array(rows)) => rows,
                Ok(row) if is_truthy(&row) => vec![row],
                Ok(_) | Err(TemplateError::Missing(_)) => continue,
                Err(error) => return Err(self.unfilled(&error)),
            };
            for row in &mut rows {
                self.client.redactor().value(row);
            }
            let first = rows.first().and_then(Value::as_object);
            let columns = first.map(|row| row.keys().cloned().collect()).unwrap_or_default();
            tables.push(ShownTable { title: title.clone(), columns, rows });
        }
        Ok(tables)
    }

    fn kept(&self, store: &ValueTemplate, seen: &Names) -> Result<Attributes, Fault> {
        let scope = Seen { params: &self.params, names: seen }.scope();
        match store.value(&scope).map_err(|error| self.unfilled(&error))? {
            Value::Object(members) => Ok(members),
            _ => Ok(Attributes::new()),
        }
    }

    fn lacks(&self, name: &str) -> Fault {
        let message = format!("{} has no command `{name}`", self.manifest.brand);
        Fault::new(FaultKind::Unsupported, message).with_code(Code::Number(501))
    }
}

fn with_item(seen: &Names, item: &Value) -> Names {
    let mut names = seen.clone();
    names.insert("item".to_owned(), item.clone());
    names
}

/// The first table: the objects under their headings.
fn table(command: &VendorCommand, title: &str, rows: &[Value]) -> ShownTable {
    let row = |row: &Value| {
        let cells = command.columns.iter();
        Value::Object(
            cells.map(|(heading, place)| (heading.clone(), place.resolve(row).unwrap_or_default())).collect(),
        )
    };
    ShownTable {
        title: title.to_owned(),
        columns: command.columns.iter().map(|(heading, _)| heading.clone()).collect(),
        rows: rows.iter().map(row).collect(),
    }
}

/// The arguments as templates see them: every one that the command has, an empty text for
/// one that was neither given nor has a default.
fn arguments(command: &VendorCommand, given: &Attributes) -> Result<Map<String, Value>, Fault> {
    let known = &command.arguments;
    if let Some(stranger) = given.keys().find(|name| !known.contains_key(*name)) {
        let fault = Fault::new(FaultKind::InvalidValue, format!("there is no argument `{stranger}`"));
        let hint = did_you_mean(stranger, known.keys().map(String::as_str));
        return Err(hint.into_iter().fold(fault, Fault::with_hint));
    }
    known.iter().map(|(name, argument)| Ok((name.clone(), value(name, argument, given.get(name))?))).collect()
}

fn value(name: &str, argument: &Argument, given: Option<&Value>) -> Result<Value, Fault> {
    let nothing = || Value::from("");
    let value = match given {
        None | Some(Value::Null) if argument.required => {
            return Err(wrong(name, "is missing"));
        }
        None | Some(Value::Null) => argument.default.clone().unwrap_or_else(nothing),
        Some(given) => given.clone(),
    };
    let text = value.as_str().map(str::trim);
    match (argument.r#type, text) {
        (_, Some("")) if argument.required => Err(wrong(name, "is empty")),
        (_, Some("")) => Ok(nothing()),
        (ArgumentType::Text, Some(_)) => Ok(value),
        (ArgumentType::Text, None) => Ok(value.to_string().into()),
        (ArgumentType::Number, Some(text)) => {
            text.parse::<u64>().map(Value::from).map_err(|_| wrong(name, "must be a whole number from 0"))
        }
        (ArgumentType::Number, None) if value.is_u64() => Ok(value),
        (ArgumentType::Number, None) => Err(wrong(name, "must be a whole number from 0")),
        (ArgumentType::List, Some(text)) => match serde_json::from_str(text) {
            Ok(list @ Value::Array(_)) => Ok(list),
            _ => Err(wrong(name, "must be a JSON list")),
        },
        (ArgumentType::List, None) if value.is_array() => Ok(value),
        (ArgumentType::List, None) => Err(wrong(name, "must be a JSON list")),
    }
}

fn wrong(name: &str, what: &str) -> Fault {
    Fault::new(FaultKind::InvalidValue, format!("the argument `{name}` {what}"))
}
