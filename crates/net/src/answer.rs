//! An answer, whole and bounded.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use provost_core::Redactor;
use serde_json::Value;

/// What a system answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null when it is empty.
    ///
    /// # Errors
    /// A body that is no JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body)
    }

    /// The body as text for people, secrets masked, cut to `most` characters.
    pub fn excerpt(&self, redactor: &Redactor, most: usize) -> String {
        let text = redactor.text(&String::from_utf8_lossy(&self.body));
        match text.char_indices().nth(most) {
            Some((end, _)) => format!("{}... ({} bytes in all)", &text[..end], self.body.len()),
            None => text,
        }
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
