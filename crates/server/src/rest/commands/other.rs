//! Every other command: groups, lists, questions, and those of a vendor's own.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use provost_core::{Attributes, Code, CommandResult, GroupVerb, Selection, TraceStep};
use provost_engine::GroupCommand;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::asked::{Names, Truth, reason};
use crate::access::Caller;
use crate::rest::body::{Body, Path};
use crate::rest::once::{Once, Turn, detached};
use crate::work::{Answer, Errand, LONGEST_LIST, Question, other_command, refuse_viewers};
use crate::{App, Problem};

/// Any command but the user commands.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct CommandRequest {
    /// The command's arguments, by their names on the command line.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"scim": {"displayName": "Sales"}}))]
    arguments: Map<String, Value>,
    /// Only these instances; without it, all that can.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    using: Names,
    /// Only instances of these brands.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    using_brand: Names,
    /// Why: it is kept in the audit log.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: Option<String>,
    /// Whether the steps that led to each answer are shown.
    #[serde(default)]
    #[schema(value_type = bool, default = false)]
    trace: Truth,
}

/// What a command gave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommandAnswer {
    /// The run, by which it is found again.
    run: String,
    /// `succeeded`, or `failed` where any instance failed.
    state: &'static str,
    /// What each instance answered.
    results: Vec<OneAnswer>,
}

/// What one instance answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct OneAnswer {
    /// The instance.
    instance: String,
    /// Its brand.
    brand: String,
    /// Whether it succeeded.
    success: bool,
    /// An object or a list of them.
    #[schema(value_type = Value)]
    outputs: Value,
    /// The path of the outputs in the context of a playbook, with its merge condition.
    context: String,
    /// The outputs for people, as Markdown.
    markdown: String,
    /// How the outputs are printed, for programs that do it as `provost` does: `prefix`, `keys`,
    /// `title`, `columns` and `shown`, as far as there are any.
    #[schema(value_type = Object)]
    layout: CommandResult,
    /// The system's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value, required = false)]
    error_code: Option<Code>,
    /// What failed.
    error_message: String,
    /// What to do about a failure.
    hints: Vec<String>,
    /// The steps, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    trace: Vec<TraceStep>,
}

impl OneAnswer {
    fn of(answer: &Answer, with_trace: bool) -> Self {
        Self {
            instance: answer.instance.clone(),
            brand: answer.brand.clone(),
            success: answer.success,
            outputs: answer.result.outputs.clone(),
            context: answer.result.context_key(),
            markdown: provost_core::Entry::result_table(&answer.result),
            layout: answer.result.layout(),
            error_code: answer.code.clone(),
            error_message: answer.message.clone(),
            hints: answer.hints.clone(),
            trace: if with_trace { answer.trace.clone() } else { Vec::new() },
        }
    }
}

/// Run a command that is not about one person: `test-module`, `get-mapping-fields`,
/// `iam-list-users`, `iam-get-group` and its sisters, or one that only a kind of system has.
#[utoipa::path(post, path = "/api/v1/commands/{command}", tag = "commands", request_body = CommandRequest,
    params(("command" = String, Path, description = "The command's name"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A request that comes twice with the same key is carried out once")),
    responses(
        (status = OK, description = "Every instance has answered; each answer says how", body = CommandAnswer),
        (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, body = Problem), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem), (status = UNPROCESSABLE_ENTITY, body = Problem),
        (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn other(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    headers: HeaderMap,
    Body(request): Body<CommandRequest>,
) -> Result<Response, Problem> {
    let text = json!([name, &request]).to_string();
    let (why, with_trace) = (reason(request.reason.as_deref())?, request.trace.0);
    let asked = Selection { using: request.using.0, using_brand: request.using_brand.0 };
    let question = question(&name, request.arguments)?;
    let run = app.store.new_run();
    let mut errand = Errand { run, caller, name, question, asked, why };
    refuse_viewers(&errand)?;
    let once = match Once::take(&app, &errand.caller, &headers, &text).await? {
        Turn::Go(once) => once,
        Turn::Replay(response) => return Ok(response),
    };
    errand.run = once.run.clone();
    let own = Arc::clone(&app);
    detached(&app, async move {
        let shown = |answers: &[Answer]| {
            let is_good = answers.iter().all(|answer| answer.success);
            CommandAnswer {
                run: errand.run.to_string(),
                state: if is_good { "succeeded" } else { "failed" },
                results: answers.iter().map(|answer| OneAnswer::of(answer, with_trace)).collect(),
            }
        };
        let also =
            |answers: &[Answer]| once.answer(StatusCode::OK, &json!(shown(answers))).into_iter().collect();
        match other_command(&own, &errand, also).await {
            Ok(answers) => Ok(Json(shown(&answers)).into_response()),
            Err(problem) => {
                if problem.run.is_none() {
                    once.give_back(&own).await;
                }
                Err(problem)
            }
        }
    })
    .await?
}

/// What a command's name and arguments ask.
pub(crate) fn question(name: &str, arguments: Map<String, Value>) -> Result<Question, Problem> {
    let groups = [GroupVerb::Get, GroupVerb::Create, GroupVerb::Update, GroupVerb::Delete];
    if let Some(verb) = groups.into_iter().find(|verb| verb.command() == name) {
        return group(verb, arguments).map(Question::Group);
    }
    match name {
        "test-module" => none(&arguments, &[]).map(|()| Question::Test),
        "get-mapping-fields" => none(&arguments, &[]).map(|()| Question::Fields),
        "iam-list-users" => {
            none(&arguments, &["limit"])?;
            Ok(Question::List(limit(arguments.get("limit"))?))
        }
        _ => Ok(Question::Vendor(name.to_owned(), texts(arguments))),
    }
}

fn none(arguments: &Map<String, Value>, known: &[&str]) -> Result<(), Problem> {
    match arguments.keys().find(|name| !known.contains(&name.as_str())) {
        Some(stranger) => Err(Problem::invalid(format!("the command has no argument `{stranger}`"))),
        None => Ok(()),
    }
}

fn limit(given: Option<&Value>) -> Result<usize, Problem> {
    let number = match given {
        None => return Ok(LONGEST_LIST),
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64().and_then(|number| usize::try_from(number).ok()),
    };
    number
        .filter(|number| *number <= LONGEST_LIST)
        .ok_or_else(|| Problem::invalid(format!("`limit` is a number up to {LONGEST_LIST}")))
}

/// Arguments as texts, which is how commands of vendors read them.
fn texts(arguments: Map<String, Value>) -> Attributes {
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    arguments.into_iter().map(|(name, value)| (name, Value::from(text(value)))).collect()
}

fn group(verb: GroupVerb, mut arguments: Map<String, Value>) -> Result<GroupCommand, Problem> {
    none(&arguments, &["scim", "include-members", "member-ids-to-add", "member-ids-to-delete"])?;
    let scim = match arguments.remove("scim") {
        Some(Value::String(text)) => serde_json::from_str(&text).ok(),
        Some(value) => Some(value),
        None => None,
    };
    let Some(Value::Object(scim)) = scim else {
        return Err(Problem::invalid("`scim` must be an object, such as {\"displayName\": \"Sales\"}"));
    };
    let include_members = arguments.get("include-members").map_or(Ok(true), truth)?;
    let command = GroupCommand {
        verb,
        scim,
        include_members,
        add: ids(&arguments, "member-ids-to-add")?,
        remove: ids(&arguments, "member-ids-to-delete")?,
    };
    match command.flaw() {
        Some(flaw) => Err(Problem::invalid(flaw)),
        None => Ok(command),
    }
}

fn truth(value: &Value) -> Result<bool, Problem> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(Problem::invalid("`include-members` is `true` or `false`")),
    }
}

/// A list of ids, or a text with commas between.
fn ids(arguments: &Map<String, Value>, name: &str) -> Result<Vec<String>, Problem> {
    let wrong = || Problem::invalid(format!("`{name}` is a list of ids"));
    let id = |id: &Value| match id {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(wrong()),
    };
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(provost_engine::member_ids(text)),
        Some(Value::Array(items)) => items.iter().map(id).collect(),
        Some(_) => Err(wrong()),
    }
}
