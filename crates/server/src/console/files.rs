//! The style sheet, the scripts and the icon. They are in the binary; an address has the hash
//! of what is behind it, so that browsers keep them.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use crate::Problem;
use crate::access::hash;

/// A file.
struct File {
    name: &'static str,
    r#type: &'static str,
    text: &'static str,
}

const FILES: [File; 4] = [
    File { name: "console.css", r#type: "text/css; charset=utf-8", text: include_str!("static/console.css") },
    File {
        name: "console.js",
        r#type: "text/javascript; charset=utf-8",
        text: include_str!("static/console.js"),
    },
    File {
        name: "htmx.min.js",
        r#type: "text/javascript; charset=utf-8",
        text: include_str!("static/htmx.min.js"),
    },
    File { name: "icon.svg", r#type: "image/svg+xml", text: include_str!("static/icon.svg") },
];

/// The addresses that pages name.
pub(super) struct Addresses {
    pub(super) style: String,
    pub(super) script: String,
    pub(super) htmx: String,
    pub(super) icon: String,
}

pub(super) static ADDRESSES: LazyLock<Addresses> = LazyLock::new(|| Addresses {
    style: address(&FILES[0]),
    script: address(&FILES[1]),
    htmx: address(&FILES[2]),
    icon: address(&FILES[3]),
});

fn address(file: &File) -> String {
    let mark: String = hash(file.text).chars().take(12).collect();
    format!("/static/{}?{mark}", file.name)
}

/// Gives a file.
pub(super) async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    let file = FILES.iter().find(|file| file.name == name);
    let file = file.ok_or_else(|| Problem::not_found(format!("there is no file `{name}`")))?;
    let headers = [(header::CONTENT_TYPE, file.r#type), (header::CACHE_CONTROL, "public, max-age=604800")];
    Ok((headers, file.text).into_response())
}
