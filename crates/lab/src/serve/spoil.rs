//! What a request gets that a fault meets.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::Front;
use super::connection::{HangUp, carry_out, target};
use super::cut::CutBody;
use super::drip::DripBody;
use super::memory::Memory;
use crate::faults::{FaultKind, Manner};

/// What a proxy or a log-in wall in front of a vendor sends in its place.
const PAGE: &str = "<!doctype html>\n<html><head><title>Sign in</title></head>\
                    <body><p>Please sign in to continue.</p></body></html>\n";

/// The spoilt answer, or the end of the connection.
pub(super) async fn spoil(
    front: &Front,
    fault: FaultKind,
    request: Request<Body>,
) -> Result<Response, HangUp> {
    let response = match fault {
        FaultKind::Status(status, Manner::Html) => page(status),
        FaultKind::Status(status, manner) => error(front, status, manner),
        FaultKind::Error => hidden_error(front),
        FaultKind::Html => page(StatusCode::OK),
        FaultKind::Reset => return Err(HangUp::Reset),
        FaultKind::Lost => {
            carry_out(front, request).await;
            return Err(HangUp::Close);
        }
        FaultKind::Slow(delay) => {
            let response = carry_out(front, request).await;
            tokio::time::sleep(delay).await;
            response
        }
        FaultKind::Drip(time) => drip(carry_out(front, request).await, time).await,
        FaultKind::Cut => return cut(carry_out(front, request).await).await,
        FaultKind::Stale => remembered(front, request, |memory, _, target| memory.stale(target)).await,
        FaultKind::Again => remembered(front, request, |memory, path, _| memory.again(path)).await,
    };
    Ok(response)
}

/// An answer to a read that was given before; where there is none, the answer as it is.
async fn remembered(
    front: &Front,
    request: Request<Body>,
    find: impl Fn(&Memory, &str, &str) -> Option<Response>,
) -> Response {
    let memory = front.memory.as_ref().filter(|_| request.method() == Method::GET);
    match memory.and_then(|memory| find(memory, request.uri().path(), &target(&request))) {
        Some(response) => response,
        None => carry_out(front, request).await,
    }
}

fn error(front: &Front, status: StatusCode, manner: Manner) -> Response {
    let response = (front.refuse)(status, "a fault that the lab was asked for");
    let is_told = status == StatusCode::TOO_MANY_REQUESTS && manner == Manner::Vendor;
    if is_told { (front.come_again)(response) } else { response }
}

/// An error that looks well from outside.
fn hidden_error(front: &Front) -> Response {
    let mut response = error(front, StatusCode::INTERNAL_SERVER_ERROR, Manner::Bare);
    *response.status_mut() = StatusCode::OK;
    response
}

fn page(status: StatusCode) -> Response {
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
}

/// The answer whose body takes its time.
async fn drip(response: Response, time: Duration) -> Response {
    let (parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Response::from_parts(parts, Body::new(DripBody::over(whole, time)))
}

/// The head of an answer and half its body. Of an answer without a body nothing is sent:
/// it has no middle to be cut in.
async fn cut(response: Response) -> Result<Response, HangUp> {
    let (parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if whole.is_empty() {
        return Err(HangUp::Close);
    }
    Ok(Response::from_parts(parts, Body::new(CutBody::of(&whole))))
}
