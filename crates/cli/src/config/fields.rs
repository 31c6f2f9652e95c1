//! `profile-fields`: the profile fields that a configuration adds to those of everybody.

use indexmap::IndexMap;
use provost_core::yaml::{Located, OneOrMany};
use provost_core::{Diagnostic, FieldType, ProfileField, Schema, SchemaError};
use serde::Deserialize;

use super::Config;

/// The fields by name, as they are written; a name alone is a field too.
pub(super) type WrittenFields = IndexMap<Located<String>, Option<Written>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    #[serde(default)]
    label: Option<String>,
    #[serde(default, rename = "type")]
    kind: FieldType,
    #[serde(default)]
    aliases: Option<Located<OneOrMany<String>>>,
    #[serde(default)]
    about: Option<String>,
}

/// The schema with the written fields.
///
/// # Errors
/// The first name that is no field's, or some field's already.
pub(super) fn schema(config: &Config, written: WrittenFields) -> Result<Schema, Box<Diagnostic>> {
    let mut schema = Schema::default();
    for (name, field) in written {
        let Written { label, kind, aliases, about } = field.unwrap_or_default();
        let field = ProfileField {
            name: name.value.clone(),
            label: label.unwrap_or_default(),
            kind,
            aliases: aliases.iter().flat_map(|aliases| aliases.value.0.clone()).collect(),
            values: Vec::new(),
            about: about.unwrap_or_default(),
        };
        schema.add(field).map_err(|error| match &aliases {
            Some(aliases) if error.name() != name.value => complaint(config, aliases, &error),
            _ => complaint(config, &name, &error),
        })?;
    }
    Ok(schema)
}

fn complaint<T>(config: &Config, at: &Located<T>, error: &SchemaError) -> Box<Diagnostic> {
    let message = format!("`profile-fields`: {error}");
    Box::new(config.complain(at, message).with_optional_hint(error.hint()))
}
