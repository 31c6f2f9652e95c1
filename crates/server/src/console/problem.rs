//! Problems as pages, for whoever looks with a browser.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::page::{Frame, Page};
use crate::Problem;
use crate::access::{Caller, wants_page};

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    problem: Problem,
}

/// Shows a page in the place of a problem that a program would read.
pub(crate) async fn problems(request: Request, next: Next) -> Response {
    let is_for_people = wants_page(request.uri().path(), request.headers());
    let is_part = request.headers().contains_key("hx-request");
    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>().filter(|_| is_for_people);
    match problem.cloned() {
        Some(problem) => page(problem, &response, is_part),
        None => response,
    }
}

fn page(problem: Problem, response: &Response, is_part: bool) -> Response {
    let frame = match response.extensions().get::<Caller>() {
        Some(caller) => Frame::new(problem.title, "", caller),
        None => Frame::for_anybody(problem.title),
    };
    let (status, signed_out) = (problem.status(), problem.status == 401);
    let mut page = (status, Page(ProblemPage { frame, problem })).into_response();
    let headers = page.headers_mut();
    for name in [header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    if is_part {
        // Of the page only what went wrong is put where the answer was to stand.
        headers.insert("hx-reselect", HeaderValue::from_static("#problem"));
        if signed_out {
            headers.insert("hx-redirect", HeaderValue::from_static("/login"));
        }
    }
    page
}
