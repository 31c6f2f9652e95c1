//! What is known about the fields of a user profile: names, labels, types, other names.
//!
//! The fields that every profile may have are data, in `fields.yaml`; a configuration adds
//! its own. A profile may hold members that no schema knows: nothing is refused here.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use crate::diagnostic::nearest;
use crate::names::spelled_as_cli_name;
use crate::{cli_name, yaml};

const FIELDS: &str = include_str!("fields.yaml");

static BUILT_IN: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let fields = yaml::parse(Path::new("fields.yaml"), FIELDS).expect("a test reads the file");
    Arc::new(Schema::of(fields))
});

/// The fields of a user profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    fields: Vec<ProfileField>,
    /// How many of them everybody has; those of a configuration come after them.
    built_in: usize,
    /// Other name to name.
    aliases: Vec<(String, String)>,
}

/// A field of a user profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileField {
    /// The cli name.
    pub name: String,
    /// The name for people; incoming XSOAR mappers have it as their target.
    #[serde(default)]
    pub label: String,
    /// What it holds.
    #[serde(default, rename = "type")]
    pub kind: FieldType,
    /// Other cli names of the same field.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The values that occur, where there are only a few.
    #[serde(default)]
    pub values: Vec<String>,
    /// What it means, where the label does not say it.
    #[serde(default)]
    pub about: String,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A text.
    #[default]
    Text,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A day, or a moment.
    Date,
    /// A text with marks for headings, tables and links.
    Markdown,
    /// An object of members.
    Object,
}

/// Why a field cannot be added.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum SchemaError {
    /// A name that no profile could be read by.
    #[error("`{0}` is no name of a field: small letters and digits only")]
    Name(String),
    /// A name that something else has already.
    #[error("`{name}` is a field already, with the label `{label}`")]
    Field {
        /// The name.
        name: String,
        /// The label of the field that has it.
        label: String,
    },
    /// A name that is another name of a field.
    #[error("`{name}` is another name of `{field}`")]
    Alias {
        /// The name.
        name: String,
        /// The field that has it.
        field: String,
    },
}

impl FieldType {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Markdown => "markdown",
            Self::Object => "object",
        }
    }

    /// The platform's name of the type; it has none for objects.
    pub fn platform_name(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("shortText"),
            Self::Object => None,
            other => Some(other.as_str()),
        }
    }
}

impl SchemaError {
    /// The name that cannot be one.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) | Self::Field { name, .. } | Self::Alias { name, .. } => name,
        }
    }

    /// What to write instead.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Name(name) => Some(cli_name(name))
                .filter(|right| !right.is_empty())
                .map(|right| format!("write `{right}`; the `label` is free")),
            Self::Field { .. } | Self::Alias { .. } => None,
        }
    }
}

impl Schema {
    /// The fields that every profile may have.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    fn of(fields: Vec<ProfileField>) -> Self {
        let mut schema = Self { built_in: fields.len(), fields: Vec::new(), aliases: Vec::new() };
        for field in fields {
            schema.push(field);
        }
        schema
    }

    /// Adds a field. One without a label has its name for it.
    ///
    /// # Errors
    /// Names that are no cli names, or that some field has already.
    pub fn add(&mut self, mut field: ProfileField) -> Result<(), SchemaError> {
        for (place, name) in field.names().enumerate() {
            self.refuse(name)?;
            if field.names().take(place).any(|before| before == name) {
                return Err(SchemaError::Alias { name: name.to_owned(), field: field.name.clone() });
            }
        }
        if field.label.is_empty() {
            field.label.clone_from(&field.name);
        }
        self.push(field);
        Ok(())
    }

    fn refuse(&self, name: &str) -> Result<(), SchemaError> {
        if name.is_empty() || cli_name(name) != name {
            return Err(SchemaError::Name(name.to_owned()));
        }
        match self.field(name) {
            Some(field) if field.name == name => {
                Err(SchemaError::Field { name: name.to_owned(), label: field.label.clone() })
            }
            Some(field) => Err(SchemaError::Alias { name: name.to_owned(), field: field.name.clone() }),
            None => Ok(()),
        }
    }

    fn push(&mut self, field: ProfileField) {
        let aliases = field.aliases.iter().map(|alias| (alias.clone(), field.name.clone()));
        self.aliases.extend(aliases);
        self.fields.push(field);
    }

    /// All fields, those of a configuration last.
    pub fn fields(&self) -> impl Iterator<Item = &ProfileField> {
        self.fields.iter()
    }

    /// The fields that a configuration added.
    pub fn custom(&self) -> &[ProfileField] {
        &self.fields[self.built_in..]
    }

    /// The field of this name, label or other name, in any spelling.
    pub fn field(&self, name: &str) -> Option<&ProfileField> {
        let name = self.profile_name(name);
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether there is a field of this name, label or other name, in any spelling.
    pub fn is_known(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The name that was probably meant.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(&spelled_as_cli_name(name), self.fields.iter().flat_map(ProfileField::names))
    }

    /// The one name under which a member of a profile is known: its cli name, and for
    /// another name of a field the field's. Nothing is copied where that is the key itself.
    pub fn profile_name<'a>(&'a self, key: &'a str) -> Cow<'a, str> {
        let name = spelled_as_cli_name(key);
        match self.aliases.iter().find(|(alias, _)| *alias == name) {
            Some((_, field)) => Cow::Borrowed(field),
            None => name,
        }
    }

    /// The fields that have more than one name.
    pub(crate) fn with_aliases(&self) -> impl Iterator<Item = &ProfileField> {
        self.fields.iter().filter(|field| !field.aliases.is_empty())
    }
}

impl Default for Schema {
    fn default() -> Self {
        Self::clone(&BUILT_IN)
    }
}

impl ProfileField {
    /// Every name of it, its own first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, aliases: &[&str]) -> ProfileField {
        let aliases = aliases.iter().map(|&alias| alias.to_owned()).collect();
        ProfileField { name: name.to_owned(), aliases, ..ProfileField::default() }
    }

    #[test]
    fn the_fields_of_everybody_fit_together() {
        let mut schema = Schema { fields: Vec::new(), built_in: 0, aliases: Vec::new() };
        for field in Schema::built_in().fields() {
            assert_eq!(cli_name(&field.label), field.name);
            schema.add(field.clone()).unwrap_or_else(|error| panic!("{error}"));
        }
        assert_eq!(Schema::built_in().custom(), []);
        assert!(schema.fields().count() > 50);
    }

    #[test]
    fn names_are_known_in_any_spelling_and_near_ones_are_found() {
        let schema = Schema::built_in();
        for name in ["givenname", "Given Name", "given_name", "manageremail", "Manager Email"] {
            assert!(schema.is_known(name), "{name}");
        }
        let near = [("givenam", Some("givenname")), ("Mobil Phone", Some("mobilephone")), ("shoesize", None)];
        for (name, expected) in near {
            assert!(!schema.is_known(name), "{name}");
            assert_eq!(schema.nearest(name), expected, "{name}");
        }
    }

    #[test]
    fn a_key_is_copied_only_where_it_has_to_be() {
        let schema = Schema::built_in();
        let cases = [
            ("email", "email", true),
            ("manageremail", "manageremailaddress", true),
            ("Manager-Email", "manageremailaddress", true),
            ("Given Name", "givenname", false),
            ("größe", "größe", false),
        ];
        for (key, name, is_borrowed) in cases {
            let found = schema.profile_name(key);
            assert_eq!((&*found, matches!(found, Cow::Borrowed(_))), (name, is_borrowed), "{key}");
        }
    }

    #[test]
    fn fields_of_a_configuration_are_added_and_may_not_clash() {
        let mut schema = Schema::default();
        schema.add(field("shoesize", &["boots"])).expect("a new name");
        assert_eq!(schema.field("Boots").map(|field| field.label.as_str()), Some("shoesize"));
        assert_eq!(schema.custom().len(), 1);
        let cases = [
            (field("Shoe Size", &[]), "`Shoe Size` is no name of a field"),
            (field("", &[]), "`` is no name of a field"),
            (field("email", &[]), "`email` is a field already, with the label `Email`"),
            (field("manageremail", &[]), "`manageremail` is another name of `manageremailaddress`"),
            (field("hat", &["boots"]), "`boots` is another name of `shoesize`"),
            (field("hat", &["city"]), "`city` is a field already"),
            (field("hat", &["cap", "cap"]), "`cap` is another name of `hat`"),
            (field("hat", &["hat"]), "`hat` is another name of `hat`"),
        ];
        for (field, expected) in cases {
            let error = schema.add(field).expect_err(expected);
            assert!(error.to_string().starts_with(expected), "{error}");
        }
        assert_eq!(
            SchemaError::Name("Shoe Size".to_owned()).hint().as_deref(),
            Some("write `shoesize`; the `label` is free")
        );
    }
}
