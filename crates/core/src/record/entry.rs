//! The war-room entry around a record.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{CommandResult, VendorRecord, table};
use crate::Attributes;

/// Context path and merge condition of the profile.
const PROFILE_KEY: &str = "IAM.UserProfile(val.email && val.email == obj.email)";
/// Context path and merge condition of the record.
const VENDOR_KEY: &str = "IAM.Vendor(val.instanceName && val.instanceName == obj.instanceName \
                          && val.email && val.email == obj.email)";

/// Entry types of the original.
const NOTE: u8 = 1;
const ERROR: u8 = 4;

/// What the original's commands hand to their platform.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Entry {
    contents_format: &'static str,
    contents: Value,
    r#type: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    human_readable: Option<String>,
    #[serde(rename = "EntryContext", skip_serializing_if = "Map::is_empty")]
    context: Attributes,
}

impl Entry {
    /// The entry of a record. An error entry has no table but the same context.
    pub fn of_record(record: &VendorRecord, profile: &Attributes, is_error: bool) -> Self {
        let contents = serde_json::to_value(record).unwrap_or_default();
        let context = [
            (PROFILE_KEY.to_owned(), Value::Object(profile.clone())),
            (VENDOR_KEY.to_owned(), contents.clone()),
        ];
        Self {
            contents_format: "json",
            contents,
            r#type: if is_error { ERROR } else { NOTE },
            human_readable: (!is_error).then(|| table::of_record(record)),
            context: context.into_iter().collect(),
        }
    }

    /// The entry of a command that could not begin.
    pub fn error(text: &str) -> Self {
        Self {
            contents_format: "text",
            contents: Value::from(text),
            r#type: ERROR,
            human_readable: None,
            context: Map::new(),
        }
    }

    /// The entry of an answer that is no record.
    pub fn note(contents: Value) -> Self {
        let contents_format = if contents.is_string() { "text" } else { "json" };
        Self { contents_format, contents, r#type: NOTE, human_readable: None, context: Map::new() }
    }

    /// The entry of a command result. An error entry has no table but the same context.
    pub fn of_result(result: &CommandResult, is_error: bool) -> Self {
        Self {
            contents_format: "json",
            contents: result.outputs.clone(),
            r#type: if is_error { ERROR } else { NOTE },
            human_readable: (!is_error).then(|| Self::result_table(result)),
            context: result.context(),
        }
    }

    /// The markdown table of a command result.
    pub fn result_table(result: &CommandResult) -> String {
        result.markdown()
    }

    /// The markdown table of a record, also where the entry has none.
    pub fn table(record: &VendorRecord) -> String {
        table::of_record(record)
    }
}
