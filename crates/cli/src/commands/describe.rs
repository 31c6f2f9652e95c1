//! `get-mapping-fields` and `test-module`.

use std::process::ExitCode;

use provost_core::{Entry, Fault, Trace};
use provost_engine::Instance;
use serde_json::{Map, Value, json};

use crate::args::{Format, Global, Selection};
use crate::commands::selection::{self, Chosen};
use crate::config::Config;
use crate::output::{self, Cell, GOOD, Hints};

/// An instance's name with what it answered.
type Answers = Vec<(String, Result<Value, Fault>)>;

/// Lists the attributes that accounts have.
pub(crate) async fn mapping_fields(global: &Global, selection: &Selection) -> anyhow::Result<ExitCode> {
    let mut answers = Answers::new();
    let chosen = chosen(global, selection)?;
    for instance in &chosen.ready {
        let trace = Trace::default();
        let answer = provost_engine::mapping_fields(instance, &trace).await;
        answers.push(noted(global, instance, &trace, answer));
    }
    Ok(print(global, answers, chosen, fields_table))
}

/// Checks that systems answer and accept the credentials.
pub(crate) async fn test(global: &Global, selection: &Selection) -> anyhow::Result<ExitCode> {
    let mut answers = Answers::new();
    let chosen = chosen(global, selection)?;
    for instance in &chosen.ready {
        let trace = Trace::default();
        let answer = provost_engine::test(instance, &trace).await.map(|()| Value::from("ok"));
        answers.push(noted(global, instance, &trace, answer));
    }
    Ok(print(global, answers, chosen, |_, answer| answer.as_str().unwrap_or_default().to_owned()))
}

fn chosen(global: &Global, selection: &Selection) -> anyhow::Result<Chosen> {
    let config = Config::open(global.config.as_deref())?;
    selection::choose(&config, selection, None)
}

fn noted(
    global: &Global,
    instance: &Instance,
    trace: &Trace,
    answer: Result<Value, Fault>,
) -> (String, Result<Value, Fault>) {
    if global.verbose {
        output::tell_steps(instance.name.as_str(), &trace.steps());
    }
    (instance.name.to_string(), answer)
}

/// Prints the answers: one by itself, several by name. Failures go to standard error.
fn print(
    global: &Global,
    answers: Answers,
    chosen: Chosen,
    show: impl Fn(&str, &Value) -> String,
) -> ExitCode {
    let is_one = answers.len() + chosen.broken.len() == 1;
    let mut failed = false;
    let mut said = Hints::default();
    let mut good = Map::new();
    for broken in chosen.broken {
        failed = true;
        let (message, hints) = output::in_words(&broken.error);
        output::complain(&broken.name, &message);
        said.tell(&broken.name, &hints);
    }
    for (name, answer) in answers {
        match answer {
            Ok(value) => drop(good.insert(name, value)),
            Err(fault) => {
                failed = true;
                let code = fault.code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
                output::complain(&name, &format!("{code}{}", fault.message));
                said.tell(&name, &fault.hints);
            }
        }
    }
    match global.output {
        Format::Table | Format::Markdown => {
            for (name, value) in &good {
                let head = if is_one { String::new() } else { output::styled(GOOD, &format!("{name}: ")) };
                output::say(&format!("{head}{}", show(name, value)));
            }
        }
        Format::Json if is_one => good.values().for_each(|value| output::say(&format!("{value:#}"))),
        Format::Json => output::say(&format!("{:#}", Value::Object(good))),
        Format::Jsonl => good.iter().for_each(|(name, value)| output::say(&json!({name: value}).to_string())),
        Format::Entry => good.values().for_each(|value| {
            output::say(&format!("{:#}", json!(Entry::note(value.clone()))));
        }),
    }
    ExitCode::from(u8::from(failed))
}

fn fields_table(_: &str, answer: &Value) -> String {
    let fields = answer["User Profile"].as_object().into_iter().flatten();
    let rows: Vec<Vec<Cell>> = fields
        .map(|(name, description)| {
            vec![name.as_str().into(), description.as_str().unwrap_or_default().into()]
        })
        .collect();
    output::table(&["field", "description"], &rows)
}
