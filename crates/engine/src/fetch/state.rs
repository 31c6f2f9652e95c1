//! What one run tells the next, in the form of the original's last run.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The state between two runs; empty before the first. The first three members are the
/// original's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastRun {
    /// What was read and not handed out yet.
    pub incidents: Vec<Value>,
    /// Up to when events were asked for.
    #[serde(rename = "last_run_time", deserialize_with = "unless_empty")]
    pub time: Option<String>,
    /// The page to go on with, where the system wanted to be left alone.
    #[serde(rename = "last_run_full_url", deserialize_with = "unless_empty")]
    pub next: Option<String>,
    /// From when on, while there is such a page.
    #[serde(
        rename = "last_run_since",
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub since: Option<String>,
    /// Ids of events that the next span could hold once more.
    #[serde(rename = "last_run_seen", skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
}

/// The original writes an empty text for nothing.
fn unless_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}
