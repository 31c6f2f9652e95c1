//! The neutral description of a person that every command takes.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::{Attributes, Schema, spelled_as_cli_name};

/// The member that holds the person's data before a change.
const OLD_USER_DATA: &str = "olduserdata";

/// A user profile: data about a person, keyed by cli names (`email`, `givenname`, ...).
///
/// Members may be written in any spelling; they are read by cli name, and a field that has
/// two names by either. The data as the caller wrote it is kept too, since without a mapper
/// it goes to the system unchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    given: Attributes,
    /// Which names are one field.
    schema: Arc<Schema>,
}

impl Default for Profile {
    fn default() -> Self {
        Self::of(Attributes::new())
    }
}

/// Why a text is no user profile. The wording of the first is the one that playbooks of
/// the original may test for.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ProfileError {
    /// The text is not JSON.
    #[error("Unable to parse JSON string. Please verify the JSON is valid. - {0}")]
    Syntax(String),
    /// The text is JSON, but no object.
    #[error("a user profile is one JSON object, but this is {0}")]
    Shape(&'static str),
    /// There is nothing in it.
    #[error("You must provide the user profile data.")]
    Empty,
}

impl Profile {
    fn of(given: Attributes) -> Self {
        Self { given, schema: Schema::built_in() }
    }

    /// The same profile, read by the fields of a configuration too.
    #[must_use]
    pub fn with_schema(self, schema: Arc<Schema>) -> Self {
        Self { schema, ..self }
    }

    /// Reads a profile from JSON text.
    ///
    /// # Errors
    /// Text that is not JSON, JSON that is no object, an object without members.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| ProfileError::Syntax(error.to_string()))?;
        Self::from_value(value)
    }

    /// Takes a JSON value as a profile.
    ///
    /// # Errors
    /// A value that is no object, or one without members.
    pub fn from_value(value: Value) -> Result<Self, ProfileError> {
        match value {
            Value::Object(given) if given.is_empty() => Err(ProfileError::Empty),
            Value::Object(given) => Ok(Self::of(given)),
            other => Err(ProfileError::Shape(kind_of(&other))),
        }
    }

    /// The profile as the caller wrote it.
    pub fn as_given(&self) -> &Attributes {
        &self.given
    }

    /// A member by its cli name. A member with exactly this spelling wins over others, and
    /// one of this name over one that has another name of the field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let first = |is_it: &dyn Fn(&str) -> bool| {
            self.given.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
        };
        let wanted = self.schema.profile_name(name);
        let spelled = || first(&|key| spelled_as_cli_name(key) == name);
        self.given
            .get(name)
            .or_else(spelled)
            .or_else(|| first(&|key| self.schema.profile_name(key) == wanted))
    }

    /// The text of `email`, if there is any.
    pub fn email(&self) -> Option<&str> {
        self.get("email").and_then(Value::as_str).filter(|email| !email.is_empty())
    }

    /// The person's data before the change. Null, empty or no object counts as absent.
    pub fn old_user_data(&self) -> Option<Profile> {
        match self.get(OLD_USER_DATA) {
            Some(Value::Object(old)) if !old.is_empty() => {
                Some(Self { given: old.clone(), schema: Arc::clone(&self.schema) })
            }
            _ => None,
        }
    }

    /// The profile without `olduserdata`, as the caller wrote it: what a system without
    /// a mapper is sent.
    pub fn without_old_user_data(&self) -> Attributes {
        self.given
            .iter()
            .filter(|(key, _)| spelled_as_cli_name(key) != OLD_USER_DATA)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// The profile keyed by cli names, `olduserdata` included: what results show.
    pub fn fields(&self) -> Attributes {
        fields(&self.given)
    }

    /// What a mapper reads: every member under the caller's spelling and, where that
    /// differs, under its cli name as well, and under every name that its field has.
    pub fn mapping_source(&self) -> Attributes {
        let mut source = self.given.clone();
        for (key, value) in &self.given {
            if let Cow::Owned(name) = spelled_as_cli_name(key)
                && !source.contains_key(&name)
            {
                source.insert(name, value.clone());
            }
        }
        for field in self.schema.with_aliases() {
            let Some(value) = field.names().find_map(|name| source.get(name)).cloned() else { continue };
            for name in field.names() {
                source.entry(name).or_insert_with(|| value.clone());
            }
        }
        source
    }
}

/// Re-keys an object by cli names; a member already spelled so wins over others.
fn fields(given: &Attributes) -> Attributes {
    let mut fields = Attributes::new();
    for (key, value) in given {
        let name = spelled_as_cli_name(key);
        if name != *key && given.contains_key(name.as_ref()) {
            continue;
        }
        let value = match value {
            Value::Object(old) if name == OLD_USER_DATA => Value::Object(self::fields(old)),
            other => other.clone(),
        };
        fields.insert(name.into_owned(), value);
    }
    fields
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(value: Value) -> Profile {
        Profile::from_value(value).expect("test data is an object")
    }

    #[test]
    fn members_are_found_in_any_spelling() {
        let ann = profile(json!({"Employee ID": "E1", "Given_Name": "Ann", "id": "7"}));
        assert_eq!(ann.get("employeeid"), Some(&json!("E1")));
        assert_eq!(ann.get("givenname"), Some(&json!("Ann")));
        assert_eq!(ann.get("surname"), None);
    }

    #[test]
    fn results_show_cli_names_and_the_exact_spelling_wins() {
        let ann = profile(json!({"Email": "A", "email": "b", "olduserdata": {"User Name": "x"}}));
        assert_eq!(Value::Object(ann.fields()), json!({"email": "b", "olduserdata": {"username": "x"}}));
    }

    #[test]
    fn a_field_with_two_names_is_read_by_either_and_shown_as_given() {
        let ann = profile(json!({"Manager Email": "bo@example.com"}));
        assert_eq!(ann.get("manageremailaddress"), Some(&json!("bo@example.com")));
        assert_eq!(ann.mapping_source().get("manageremailaddress"), Some(&json!("bo@example.com")));
        assert_eq!(Value::Object(ann.fields()), json!({"manageremail": "bo@example.com"}));
        let both = profile(json!({"manageremailaddress": "a", "manageremail": "b"}));
        assert_eq!(
            (both.get("manageremail"), both.get("manageremailaddress")),
            (Some(&json!("b")), Some(&json!("a")))
        );
        assert_eq!(both.mapping_source(), *both.as_given());
    }

    #[test]
    fn the_fields_of_a_configuration_may_have_two_names_too() {
        let mut schema = Schema::default();
        let aliases = vec!["boots".to_owned()];
        let field = crate::ProfileField { name: "shoesize".to_owned(), aliases, ..Default::default() };
        schema.add(field).expect("a new name");
        let ann = profile(json!({"email": "a", "Boots": 39, "olduserdata": {"shoe size": 38}}));
        assert_eq!(ann.get("shoesize"), None);
        let ann = ann.with_schema(Arc::new(schema));
        assert_eq!(ann.get("shoesize"), Some(&json!(39)));
        let old = ann.old_user_data().map(|old| old.mapping_source());
        assert_eq!(old.as_ref().and_then(|old| old.get("boots")), Some(&json!(38)));
    }

    #[test]
    fn empty_old_data_counts_as_absent() {
        for old in [json!(null), json!({}), json!("")] {
            assert_eq!(profile(json!({"email": "a", "olduserdata": old})).old_user_data(), None);
        }
        let changed = profile(json!({"email": "b", "oldUserData": {"email": "a"}}));
        assert_eq!(changed.old_user_data().and_then(|o| o.email().map(str::to_owned)).as_deref(), Some("a"));
        assert_eq!(Value::Object(changed.without_old_user_data()), json!({"email": "b"}));
    }

    #[test]
    fn what_is_no_profile_says_why() {
        let cases = [
            ("{\"email\":}", "Unable to parse JSON string."),
            ("[]", "a user profile is one JSON object, but this is a list"),
            ("\"ann\"", "but this is a text"),
            ("{}", "You must provide the user profile data."),
            (" {\"a\": 1} x", "trailing characters"),
        ];
        for (text, expected) in cases {
            let error = Profile::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(Profile::parse(" \n{\"email\": \"a\"}\n").is_ok());
    }
}
