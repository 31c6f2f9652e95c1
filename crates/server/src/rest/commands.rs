//! The user commands.

pub(crate) mod asked;
pub(crate) mod other;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use provost_core::{TraceStep, VendorRecord, Verb};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Body;
use super::once::{Once, Turn, detached};
use crate::access::Caller;
use crate::work::{Done, Order, Told, user_command};
use crate::{App, Problem};
use asked::UserRequest;

/// What a command did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAnswer {
    /// The run, by which it is found again.
    run: String,
    /// `succeeded`, or `failed` where any instance failed.
    state: &'static str,
    /// What each instance answered.
    results: Vec<UserResult>,
}

/// What one instance answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserResult {
    /// The uniform record, 13 keys.
    #[serde(rename = "IAM.Vendor")]
    #[schema(value_type = Object)]
    vendor: VendorRecord,
    /// The profile asked with or, after a get, the one that was found.
    #[serde(rename = "IAM.UserProfile")]
    #[schema(value_type = Object)]
    profile: Value,
    /// Whether the entry is one that stops a playbook.
    #[serde(rename = "isErrorEntry")]
    is_error_entry: bool,
    /// What to do about a failure.
    hints: Vec<String>,
    /// The steps, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    trace: Vec<TraceStep>,
}

impl UserAnswer {
    fn of(done: &Done, with_trace: bool) -> Self {
        let result = |told: &Told| UserResult {
            vendor: told.outcome.record.clone(),
            profile: Value::Object(told.outcome.profile.clone()),
            is_error_entry: told.outcome.is_error_entry,
            hints: told.outcome.hints.clone(),
            trace: if with_trace { told.outcome.trace.clone() } else { Vec::new() },
        };
        Self {
            run: done.run.to_string(),
            state: done.state.as_str(),
            results: done.told.iter().map(result).collect(),
        }
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $verb:ident;)*) => {
        $($(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "commands", request_body = UserRequest,
            params(("Idempotency-Key" = Option<String>, Header,
                description = "A request that comes twice with the same key is carried out once")),
            responses(
                (status = OK, description = "Every instance has answered; each record says how", body = UserAnswer),
                (status = BAD_REQUEST, description = "The request cannot be read", body = Problem),
                (status = UNAUTHORIZED, description = "Nobody knows who asks", body = Problem),
                (status = FORBIDDEN, description = "The key may not do that", body = Problem),
                (status = NOT_FOUND, description = "There is no such instance", body = Problem),
                (status = CONFLICT, description = "A request with this key is being carried out", body = Problem),
                (status = UNPROCESSABLE_ENTITY, description = "No instance can do that, or the key was used for \
                    something else", body = Problem),
                (status = SERVICE_UNAVAILABLE, description = "The store cannot be reached", body = Problem)))]
        pub(crate) async fn $name(
            State(app): State<Arc<App>>,
            Extension(caller): Extension<Caller>,
            headers: HeaderMap,
            Body(request): Body<UserRequest>,
        ) -> Result<Response, Problem> {
            run(app, caller, &headers, Verb::$verb, request).await
        })*
    };
}

commands! {
    /// Find a person's account and show it.
    get_user = "/api/v1/commands/iam-get-user", Get;
    /// Create a person's account, or update it if it exists.
    create_user = "/api/v1/commands/iam-create-user", Create;
    /// Update a person's account, or create it if it is missing.
    update_user = "/api/v1/commands/iam-update-user", Update;
    /// Disable a person's account.
    disable_user = "/api/v1/commands/iam-disable-user", Disable;
    /// Enable a person's account.
    enable_user = "/api/v1/commands/iam-enable-user", Enable;
}

async fn run(
    app: Arc<App>,
    caller: Caller,
    headers: &HeaderMap,
    verb: Verb,
    request: UserRequest,
) -> Result<Response, Problem> {
    let text = json!([verb.command(), &request]).to_string();
    let (with_trace, why) = (request.with_trace(), request.reason()?);
    let command = request.command(verb, app.fleet.schema().await?)?;
    let once = match Once::take(&app, &caller, headers, &text).await? {
        Turn::Go(once) => once,
        Turn::Replay(response) => return Ok(response),
    };
    let (run, asked) = (once.run.clone(), request.asked());
    let dry_run = request.is_dry();
    let order = Order { run, caller, command, asked, dry_run, why, task: None };
    let own = Arc::clone(&app);
    detached(&app, async move {
        let also = |done: &Done| {
            once.answer(StatusCode::OK, &json!(UserAnswer::of(done, with_trace))).into_iter().collect()
        };
        match user_command(&own, order, also).await {
            Ok(done) => Ok(Json(UserAnswer::of(&done, with_trace)).into_response()),
            Err(problem) => {
                // What was carried out keeps its key: its answer is written when the store is back.
                if problem.run.is_none() {
                    once.give_back(&own).await;
                }
                Err(problem)
            }
        }
    })
    .await?
}
