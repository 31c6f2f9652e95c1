//! What an ID token must say (OpenID Connect Core 1.0, section 3.1.3.7).

use std::time::Duration;

use jiff::Timestamp;
use provost_core::{Actor, ActorKind};
use serde_json::Value;

/// How far apart clocks may be.
const SKEW: Duration = Duration::from_mins(1);
/// How old a token may be that was just given.
const OLDEST: Duration = Duration::from_mins(10);
/// How much of a name is kept.
const LONGEST_NAME: usize = 200;
/// How long a subject may be (section 2).
const LONGEST_SUBJECT: usize = 255;

/// What was asked for, and when.
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    pub(super) client_id: &'e str,
    pub(super) nonce: &'e str,
    pub(super) now: Timestamp,
}

type Rule = fn(&Value, &Expected<'_>) -> bool;

/// All of them have to be kept; the first that is not is what the refusal says.
const RULES: [(Rule, &str); 9] = [
    (|claims, expected| claims["iss"] == expected.issuer, "the ID token is of another issuer"),
    (|claims, expected| audience(claims).contains(&expected.client_id), "the ID token is for somebody else"),
    (has_its_party, "the ID token was given to somebody else"),
    (|claims, expected| claims["nonce"] == expected.nonce, "the ID token belongs to another log-in"),
    (
        |claims, expected| time(claims, "exp").is_some_and(|end| end + SKEW > expected.now),
        "the ID token has expired",
    ),
    (|claims, expected| is_begun(claims, "nbf", expected), "the ID token is not valid yet"),
    (
        |claims, expected| is_begun(claims, "iat", expected),
        "the ID token is of the future: are both clocks right?",
    ),
    (
        |claims, expected| time(claims, "iat").is_some_and(|made| made + OLDEST + SKEW > expected.now),
        "the ID token is too old, or does not say when it was made",
    ),
    (
        |claims, _| claims["sub"].as_str().is_some_and(|sub| !sub.is_empty() && sub.len() <= LONGEST_SUBJECT),
        "the ID token does not say whom it is about",
    ),
];

/// Checks what a token says, once it is known who has signed it.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(claims: &Value, expected: &Expected<'_>) -> Result<(), &'static str> {
    RULES.iter().find(|(is_kept, _)| !is_kept(claims, expected)).map_or(Ok(()), |(_, why)| Err(why))
}

fn audience(claims: &Value) -> Vec<&str> {
    match &claims["aud"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// `azp` is this client, if it is there; it must be, where others may use the token too.
fn has_its_party(claims: &Value, expected: &Expected<'_>) -> bool {
    match claims.get("azp") {
        Some(party) => party == expected.client_id,
        None => audience(claims).len() == 1,
    }
}

/// Whether a time has come. One that is not there has.
fn is_begun(claims: &Value, name: &str, expected: &Expected<'_>) -> bool {
    claims.get(name).is_none() || time(claims, name).is_some_and(|begin| begin <= expected.now + SKEW)
}

fn time(claims: &Value, name: &str) -> Option<Timestamp> {
    let value = &claims[name];
    #[expect(clippy::cast_possible_truncation, reason = "what does not fit is no time")]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))?;
    // So far from the end of time that a skew can be added.
    Timestamp::from_second(seconds).ok().filter(|time| time.as_second() < 200_000_000_000)
}

/// The person: known for good by issuer and subject, called by what they are called.
pub(super) fn person(claims: &Value, issuer: &str) -> Actor {
    let subject = claims["sub"].as_str().unwrap_or_default();
    let names = ["email", "name", "preferred_username"].map(|name| claims[name].as_str().map(plain));
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    Actor {
        kind: ActorKind::Person,
        // No issuer has a fragment, so that the parts can be told apart.
        id: format!("{issuer}#{subject}"),
        name: name.unwrap_or_else(|| plain(subject)),
    }
}

/// A text that can stand in one line.
pub(super) fn plain(text: &str) -> String {
    let shown = text.chars().filter(|letter| !letter.is_control());
    shown.take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn expected() -> Expected<'static> {
        let now = Timestamp::from_second(NOW).unwrap();
        Expected { issuer: "https://id.example", client_id: "provost", nonce: "n-1", now }
    }

    fn good() -> Value {
        json!({
            "iss": "https://id.example", "aud": "provost", "nonce": "n-1", "sub": "7",
            "exp": NOW + 300, "iat": NOW - 1,
        })
    }

    fn with(changes: &Value) -> Value {
        let mut claims = good();
        let members = claims.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            members.insert(name.clone(), value.clone());
            members.retain(|_, value| *value != "absent");
        }
        claims
    }

    #[test]
    fn good_tokens_are_taken() {
        for changes in [
            json!({}),
            json!({"aud": ["provost"]}),
            json!({"aud": ["provost", "other"], "azp": "provost"}),
            json!({"exp": NOW - 59, "iat": NOW - 659}),
            json!({"iat": NOW + 60, "nbf": NOW + 60}),
            json!({"exp": 1_800_000_000.5}),
        ] {
            assert_eq!(check(&with(&changes), &expected()), Ok(()), "{changes}");
        }
    }

    #[test]
    fn every_rule_refuses() {
        for (changes, word) in [
            (json!({"iss": "https://id.example/"}), "issuer"),
            (json!({"iss": "absent"}), "issuer"),
            (json!({"iss": ["https://id.example"]}), "issuer"),
            (json!({"aud": "other"}), "for somebody else"),
            (json!({"aud": ["other"]}), "for somebody else"),
            (json!({"aud": "absent"}), "for somebody else"),
            (json!({"aud": {"provost": 1}}), "for somebody else"),
            (json!({"aud": ["provost", "other"]}), "given to"),
            (json!({"azp": "other"}), "given to"),
            (json!({"azp": null}), "given to"),
            (json!({"nonce": "n-2"}), "another log-in"),
            (json!({"nonce": "absent"}), "another log-in"),
            (json!({"nonce": null}), "another log-in"),
            (json!({"exp": NOW - 60}), "expired"),
            (json!({"exp": "absent"}), "expired"),
            (json!({"exp": "2099-01-01"}), "expired"),
            (json!({"exp": 1e300}), "expired"),
            (json!({"exp": i64::MAX}), "expired"),
            (json!({"nbf": NOW + 61}), "not valid yet"),
            (json!({"nbf": "soon"}), "not valid yet"),
            (json!({"iat": NOW + 61}), "future"),
            (json!({"iat": NOW - 660}), "too old"),
            (json!({"iat": "absent"}), "too old"),
            (json!({"sub": ""}), "whom"),
            (json!({"sub": 7}), "whom"),
            (json!({"sub": "x".repeat(256)}), "whom"),
        ] {
            let why = check(&with(&changes), &expected()).expect_err(&changes.to_string());
            assert!(why.contains(word), "{changes}: {why}");
        }
    }

    #[test]
    fn people_are_called_by_what_is_known() {
        for (claims, name) in [
            (json!({"sub": "7", "email": "ann@example.com", "name": "Ann"}), "ann@example.com"),
            (json!({"sub": "7", "name": "Ann\u{1b}[31m\nBo"}), "Ann[31mBo"),
            (json!({"sub": "7", "email": " ", "preferred_username": "ann"}), "ann"),
            (json!({"sub": "7", "email": 5}), "7"),
        ] {
            let person = person(&claims, "https://id.example");
            assert_eq!(
                (person.id.as_str(), person.name.as_str()),
                ("https://id.example#7", name),
                "{claims}"
            );
        }
    }
}
