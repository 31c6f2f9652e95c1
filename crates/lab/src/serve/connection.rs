//! One connection: requests in, answers or faults out.

use std::error::Error as _;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::Front;
use super::spoil::spoil;

/// The largest body that a request may have.
const BODY_LIMIT: usize = 1024 * 1024;

/// Ends a connection without an answer.
#[derive(Debug, Error)]
pub(super) enum HangUp {
    /// With a reset, as a load balancer or a firewall does.
    #[error("the lab resets this connection")]
    Reset,
    /// With an ordinary close.
    #[error("the lab closes this connection")]
    Close,
}

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, front: Arc<Front>, mut stop: watch::Receiver<()>) {
    // Without this, small answers may wait for an acknowledgement; with it failing, they do.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(front.clone(), request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = stop.changed() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if ended.is_err_and(|error| is_reset(&error)) {
        // Closing with unsent data thrown away is what makes the system send a reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|source| source.downcast_ref());
    matches!(cause, Some(HangUp::Reset))
}

/// Reads the whole request, throws the dice and answers.
async fn answer(front: Arc<Front>, request: Request<Incoming>) -> Result<Response, HangUp> {
    let (parts, body) = request.into_parts();
    let Some(body) = whole(body).await else {
        return Ok((front.refuse)(StatusCode::PAYLOAD_TOO_LARGE, "the body may have at most 1 MiB"));
    };
    let request = Request::from_parts(parts, Body::from(body));
    match front.dice.throw(request.method().as_str(), request.uri().path()) {
        None => Ok(carry_out(&front, request).await),
        Some(fault) => spoil(&front, fault, request).await,
    }
}

/// The body, unless it is too large; one that says so at its head is not waited for.
async fn whole(body: Incoming) -> Option<Bytes> {
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return None;
    }
    to_bytes(Body::new(body), BODY_LIMIT).await.ok()
}

/// Path and query.
pub(super) fn target(request: &Request<Body>) -> String {
    request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned()
}

/// What the vendor says, remembered where a fault needs it.
pub(super) async fn carry_out(front: &Front, request: Request<Body>) -> Response {
    let service = TowerToHyperService::new(front.router.clone());
    let Some(memory) = &front.memory else {
        return service.call(request).await.unwrap_or_else(|never| match never {});
    };
    let is_read = request.method() == Method::GET;
    let (path, target) = (request.uri().path().to_owned(), target(&request));
    let response = service.call(request).await.unwrap_or_else(|never| match never {});
    if is_read {
        return memory.keep(&path, &target, response).await;
    }
    memory.wrote();
    response
}
