//! The commands of a system's own, as the manifest describes them.

mod arguments;
mod tables;

use async_trait::async_trait;
use provost_core::{
    Attributes, CommandResult, Commands, Context, Fault, PageToken, VendorAnswer, VendorCall,
};
use provost_mapper::{Template, TemplateError, ValueTemplate};
use serde_json::{Map, Value};

use super::HttpConnector;
use super::answer::bad_answer;
use super::names::{Names, names};
use super::steps::{At, Does};
use crate::manifest::VendorCommand;
use arguments::arguments;

/// No list has so many pages; one that goes on does not end.
const MOST_PAGES: u64 = 100_000;

/// What a command has gathered.
enum Gathered {
    /// Nothing was asked.
    Nothing,
    One(Value),
    Several(Vec<Value>),
}

#[async_trait]
impl Commands for HttpConnector {
    fn has(&self, name: &str) -> bool {
        self.own.contains_key(name)
    }

    fn writes(&self, name: &str) -> bool {
        self.own.get(name).is_some_and(VendorCommand::writes)
    }

    async fn run(&self, cx: &Context, call: &VendorCall<'_>) -> Result<VendorAnswer, Fault> {
        let command = self.own.get(call.name).ok_or_else(|| self.lacks(call.name))?;
        let seen = names([
            ("args", Value::Object(arguments(command, call.arguments)?)),
            ("stored", Value::Object(call.stored.clone())),
        ]);
        let gathered = self.gather(cx, command, &seen).await?;
        let result = self.shown(call.name, command, &seen, &gathered)?;
        let store = command.store.as_ref().map(|store| self.kept(store, &seen)).transpose()?;
        Ok(VendorAnswer { result, store, hints: Vec::new() })
    }
}

impl HttpConnector {
    /// Asks for as many pages as are shown.
    async fn gather(&self, cx: &Context, command: &VendorCommand, seen: &Names) -> Result<Gathered, Fault> {
        let Some(operation) = &command.operation else { return Ok(Gathered::Nothing) };
        let does = if command.writes() { Does::Write } else { Does::Read };
        let most = self.number(command.at_most.as_ref(), seen)?;
        let only = self.number(command.only_page.as_ref(), seen)?;
        let is_full = |items: &[Value]| most.is_some_and(|most| items.len() as u64 >= most);
        let (mut items, mut token) = (Vec::new(), None::<PageToken>);
        for number in 0..MOST_PAGES {
            let at = token.as_ref().map(|token| token.0.as_str());
            let mut done = self.carry_out(cx, operation, seen.clone(), does, At::token(at)).await?;
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
        let view = self.view(seen);
        match template.value(&view) {
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
        gathered: &Gathered,
    ) -> Result<CommandResult, Fault> {
        let items = match gathered {
            Gathered::Nothing => &[],
            Gathered::One(item) => std::slice::from_ref(item),
            Gathered::Several(items) => items.as_slice(),
        };
        let rows: Vec<Value> =
            items.iter().map(|item| self.output(command, seen, item)).collect::<Result<_, _>>()?;
        let title = self.title(name, command, seen, rows.len())?;
        let shown = self.for_people(command, seen, &title, items, &rows)?;
        let outputs = match gathered {
            Gathered::Nothing => Value::Null,
            Gathered::One(_) => rows.into_iter().next().unwrap_or_default(),
            Gathered::Several(_) => Value::Array(rows),
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
                let view = self.view(&names);
                let mut object = Map::new();
                for (name, value) in members {
                    match value.value(&view) {
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

    fn kept(&self, store: &ValueTemplate, seen: &Names) -> Result<Attributes, Fault> {
        let view = self.view(seen);
        match store.value(&view).map_err(|error| self.unfilled(&error))? {
            Value::Object(members) => Ok(members),
            _ => Ok(Attributes::new()),
        }
    }

    fn lacks(&self, name: &str) -> Fault {
        Fault::unsupported(&self.brand, format_args!("has no command `{name}`"))
    }
}

/// The names of a command, and the item.
fn with_item(seen: &Names, item: &Value) -> Names {
    let mut names = seen.clone();
    names.insert("item".to_owned(), item.clone());
    names
}
