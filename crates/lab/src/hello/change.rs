//! What a caller wants written: the body of a create or an update.

use serde_json::Value;

use super::refusal::Refusal;
use super::schema::{USER_NAME, place_of};

/// The members of a body, checked one by one. What is not in it stays as it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// The log-in name.
    pub(super) user_name: Option<String>,
    /// Whether the account is in use.
    pub(super) active: Option<bool>,
    /// Places in the table of attributes, and what goes there.
    pub(super) attributes: Vec<(usize, Box<str>)>,
}

impl Change {
    /// Reads a request's body.
    ///
    /// # Errors
    /// No JSON, no object, an attribute that is not known or a value of the wrong type.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| Refusal::invalid(format!("the body is no JSON: {error}")))?;
        let Value::Object(members) = body else {
            return Err(Refusal::invalid("the body must be a JSON object"));
        };
        let mut change = Self::default();
        for (name, value) in members {
            change.take(&name, value)?;
        }
        Ok(change)
    }

    fn take(&mut self, name: &str, value: Value) -> Result<(), Refusal> {
        if name == "active" {
            let active = value.as_bool();
            self.active = Some(active.ok_or_else(|| Refusal::invalid("`active` must be true or false"))?);
            return Ok(());
        }
        let place = place_of(name);
        if place.is_none() && name != USER_NAME.name {
            return Err(Refusal::invalid(format!("unknown attribute `{name}`")));
        }
        let Value::String(text) = value else {
            return Err(Refusal::invalid(format!("the attribute `{name}` must be a text")));
        };
        match place {
            Some(place) => self.attributes.push((place, text.into())),
            None => self.user_name = Some(text),
        }
        Ok(())
    }

    /// The new value of an attribute.
    pub(super) fn attribute(&self, place: usize) -> Option<&str> {
        self.attributes.iter().find(|(at, _)| *at == place).map(|(_, text)| &**text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("{", "the body is no JSON: "),
            ("", "the body is no JSON: "),
            ("[]", "the body must be a JSON object"),
            (r#"{"emial": "ann@example.com"}"#, "unknown attribute `emial`"),
            (r#"{"user_id": "7"}"#, "unknown attribute `user_id`"),
            (r#"{"zip": 12345}"#, "the attribute `zip` must be a text"),
            (r#"{"city": null}"#, "the attribute `city` must be a text"),
            (r#"{"user_name": ["ann"]}"#, "the attribute `user_name` must be a text"),
            (r#"{"active": "true"}"#, "`active` must be true or false"),
        ];
        for (body, detail) in cases {
            let refusal = Change::parse(body.as_bytes()).expect_err(body);
            assert!(format!("{refusal:?}").contains(detail), "{body}: {refusal:?}");
            assert!(format!("{refusal:?}").contains("400"), "{body}: {refusal:?}");
        }
    }

    #[test]
    fn members_find_their_places() {
        let body = br#"{"active": false, "user_name": "ann", "email": "ann@example.com", "city": ""}"#;
        let change = Change::parse(body).expect("a good body");
        assert_eq!((change.active, change.user_name.as_deref()), (Some(false), Some("ann")));
        let value = |name| place_of(name).and_then(|place| change.attribute(place));
        assert_eq!((value("email"), value("city"), value("zip")), (Some("ann@example.com"), Some(""), None));
    }
}
