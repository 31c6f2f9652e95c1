//! The arguments of a command, checked and with their defaults.

use provost_core::{Attributes, Fault, FaultKind, did_you_mean};
use serde_json::{Map, Value};

use crate::manifest::{Argument, ArgumentType, VendorCommand};

/// The arguments as templates see them: every one that the command has, an empty text for
/// one that was neither given nor has a default.
pub(super) fn arguments(command: &VendorCommand, given: &Attributes) -> Result<Map<String, Value>, Fault> {
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
