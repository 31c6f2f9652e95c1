//! A request with an `Idempotency-Key` is carried out once, however often it comes
//! (draft-ietf-httpapi-idempotency-key-header-07).

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use provost_core::RunId;
use provost_store::{Answer, Claim, Write};
use serde_json::Value;

use crate::access::{Caller, hash};
use crate::work::UnderWay;
use crate::{App, Problem};

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";
const LONGEST: usize = 255;

/// A key that a run has taken; none where the request has none.
pub(crate) struct Once {
    actor: String,
    key: Option<String>,
    pub(crate) run: RunId,
    /// Where it has a key.
    _under_way: Option<UnderWay>,
}

/// What is to be done with a request.
pub(crate) enum Turn {
    /// It is carried out.
    Go(Once),
    /// It was carried out already.
    Replay(Response),
}

impl Once {
    /// Takes the key of a request. `request` is everything that makes it the same one.
    pub(crate) async fn take(
        app: &App,
        caller: &Caller,
        headers: &HeaderMap,
        request: &str,
    ) -> Result<Turn, Problem> {
        let (run, actor) = (app.store.new_run(), caller.actor.id.clone());
        let Some(key) = headers.get(KEY) else {
            return Ok(Turn::Go(Self { actor, key: None, run, _under_way: None }));
        };
        let key = plain(key)?;
        let under_way = Some(app.live.begin(run.as_str()));
        let claim = app.store.claim((&actor, &key), &hash(request), run.as_str(), &app.node).await?;
        match claim {
            Claim::New => Ok(Turn::Go(Self { actor, key: Some(key), run, _under_way: under_way })),
            Claim::Other => {
                Err(Problem::unprocessable("this `Idempotency-Key` was used for another request"))
            }
            Claim::Answered { run, status, body } => Ok(Turn::Replay(replay(&run, status, body))),
            Claim::Running { run: other, node } => {
                // A run of this server that is over could not give its key back.
                let is_gone =
                    if node == app.node { !app.live.has(&other) } else { !is_there(app, &node).await? };
                if is_gone && app.store.take_over((&actor, &key), &other, run.as_str(), &app.node).await? {
                    return Ok(Turn::Go(Self { actor, key: Some(key), run, _under_way: under_way }));
                }
                let problem = Problem::conflict("a request with this `Idempotency-Key` is being carried out");
                Err(problem.of_run(other).in_seconds(1))
            }
        }
    }

    /// What is written together with the end of the run.
    pub(crate) fn answer(&self, status: StatusCode, body: &Value) -> Option<Write> {
        let key = self.key.clone()?;
        let answer =
            Answer { actor: self.actor.clone(), key, status: status.as_u16(), body: body.to_string() };
        Some(Write::Answer(Box::new(answer)))
    }

    /// Gives the key back: nothing came of the request, so that it may come again.
    pub(crate) async fn give_back(&self, app: &App) {
        if let Some(key) = &self.key {
            // Where that fails the key is taken over by the next request that shows it.
            let _ = app.store.give_back(&self.actor, key, self.run.as_str()).await;
        }
    }
}

pub(crate) async fn is_there(app: &App, node: &str) -> Result<bool, Problem> {
    let limit = app.store.now() - app.options.lease;
    Ok(app.store.nodes().await?.iter().any(|known| known.id == node && known.seen >= limit))
}

fn plain(key: &HeaderValue) -> Result<String, Problem> {
    let text = key.to_str().unwrap_or_default().trim().trim_matches('"');
    if text.is_empty() || text.len() > LONGEST {
        return Err(Problem::invalid(format!("`Idempotency-Key` has from 1 to {LONGEST} plain characters")));
    }
    Ok(text.to_owned())
}

fn replay(run: &str, status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers =
        [(header::CONTENT_TYPE.as_str(), "application/json"), (REPLAYED, "true"), ("x-provost-run", run)];
    (status, headers, body).into_response()
}

/// Runs something in the background: whoever asked may go away without stopping it half-way.
pub(crate) async fn detached<T: Send + 'static>(
    app: &Arc<App>,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Problem> {
    if app.stopping.is_cancelled() {
        return Err(Problem::unavailable("the server is stopping").in_seconds(5));
    }
    app.running.spawn(work).await.map_err(|_| Problem::bug("the run ended by a panic; please report it"))
}
