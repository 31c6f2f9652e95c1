//! `get-mapping-fields` and `test-module`: questions that are answered without a record.

use std::process::ExitCode;

use provost_core::{Fault, Selection, Trace};
use provost_engine::{Instance, guarded};
use serde_json::Value;

use crate::args::{Format, Global};
use crate::commands::asking::{self, End};
use crate::commands::selection;
use crate::config::Config;
use crate::output::{self, Answers, Cell};

/// Lists the attributes that accounts have. Only instances that are named have to be able
/// to tell; the others are left out if they are not.
pub(crate) async fn mapping_fields(global: &Global, selection: &Selection) -> anyhow::Result<ExitCode> {
    let is_named = !selection.using.is_empty();
    let question = async |instance: &Instance, trace: &Trace| {
        if !is_named && instance.connector.fields().is_none() {
            return Ok(None);
        }
        provost_engine::mapping_fields(instance, trace).await.map(Some)
    };
    ask(global, selection, "get-mapping-fields", question, fields_table).await
}

/// Checks that systems answer and accept the credentials.
pub(crate) async fn test(global: &Global, selection: &Selection) -> anyhow::Result<ExitCode> {
    let question = async |instance: &Instance, trace: &Trace| {
        provost_engine::test(instance, trace).await.map(|()| Some(Value::from("ok")))
    };
    ask(global, selection, "test-module", question, |answer| answer.as_str().unwrap_or_default().to_owned())
        .await
}

/// Asks the chosen instances and prints what they say. One that answers `None` was not
/// meant.
async fn ask(
    global: &Global,
    selection: &Selection,
    command: &'static str,
    question: impl AsyncFn(&Instance, &Trace) -> Result<Option<Value>, Fault>,
    show: fn(&Value) -> String,
) -> anyhow::Result<ExitCode> {
    let config = Config::open(global.config.as_deref())?;
    let nobody = selection::nobody(&config, command);
    let chosen = selection::choose(&config, selection, command, None)?;
    let mut answers = Answers::new(global.output, command, chosen.len(), show);
    let asked = async |instance: &Instance| {
        let trace = Trace::default();
        let answer = guarded(question(instance, &trace)).await;
        (answer, trace)
    };
    asking::ask_all(config, chosen, global.output == Format::Table, asked, |who, end| {
        let answer = match end {
            End::Answered((answer, trace)) => {
                if global.verbose && !matches!(answer, Ok(None)) {
                    output::tell_steps(&who.name, &trace.steps());
                }
                answer
            }
            End::Broken(error) => Err(asking::unable(&error)),
            End::Interrupted => Err(asking::interrupted()),
        };
        if let Some(answer) = answer.transpose() {
            answers.take(who.place, &who.name, answer);
        }
    })
    .await?;
    answers.finish().ok_or_else(|| nobody.into())
}

pub(super) fn fields_table(answer: &Value) -> String {
    let fields = answer["User Profile"].as_object().into_iter().flatten();
    let rows: Vec<Vec<Cell>> = fields
        .map(|(name, description)| {
            vec![name.as_str().into(), description.as_str().unwrap_or_default().into()]
        })
        .collect();
    output::table(&["field", "description"], &rows)
}
