//! A command that only one kind of system has, at one instance.

use provost_core::{Attributes, Context, Fault, VendorAnswer, VendorCall};
use serde_json::Value;

use crate::book::{Book, Plan, Shown};
use crate::veil::{Shade, Veil};
use crate::{Conditions, Instance, Mode};

/// Carries out such a command.
///
/// # Errors
/// A system without this command, arguments that do not fit, what the system says; a command
/// that may write where there is to be a dry run.
pub async fn run_vendor(
    instance: &Instance,
    call: &VendorCall<'_>,
    conditions: &Conditions,
) -> Result<VendorAnswer, Fault> {
    let cx = Context { verb: None, trace: conditions.trace.clone() };
    let commands = instance.connector.commands().filter(|commands| commands.has(call.name));
    let Some(commands) = commands else {
        return Err(unsupported(instance, format_args!("has no command `{}`", call.name)));
    };
    if !commands.writes(call.name) {
        return commands.run(&cx, call).await;
    }
    if conditions.mode == Mode::DryRun {
        return Err(unsupported(instance, format_args!("has no dry run of `{}`", call.name)));
    }
    let arguments = read(call.arguments);
    let shade = Shade::new(Veil::new(instance, &arguments, &[]), &instance.private);
    let book = Book::open(instance, conditions, &cx, shade, None);
    let plan = Plan {
        what: call.name.to_owned(),
        account: None,
        before: Attributes::new(),
        after: arguments,
        why: "the command was given",
    };
    let shown = |_: &VendorAnswer| Shown { account: None, after: Attributes::new() };
    match book.change(plan, commands.run(&book.cx, call), shown).await {
        Ok(mut answer) => {
            answer.hints.extend(book.hint());
            Ok(answer)
        }
        Err(mut fault) => {
            fault.hints.extend(book.hint());
            Err(fault)
        }
    }
}

fn unsupported(instance: &Instance, what: impl std::fmt::Display) -> Fault {
    Fault::unsupported(instance.connector.brand(), what)
}

/// The arguments, of which lists come as JSON text: read, so that members are found that are
/// secret by their name.
fn read(arguments: &Attributes) -> Attributes {
    let read = |value: &Value| {
        let text = value.as_str().filter(|text| text.trim_start().starts_with(['[', '{']));
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
    };
    arguments.iter().map(|(name, value)| (name.clone(), read(value))).collect()
}
