//! Where somebody may do it: at which instances, by which commands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Patterns of names, in which `*` stands for anything. What is not said is not limited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scopes {
    /// The instances that may be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["okta-*"]))]
    pub instances: Option<Vec<String>>,
    /// The commands that may be run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["iam-get-user", "iam-disable-user"]))]
    pub commands: Option<Vec<String>>,
}

impl Scopes {
    /// Whether an instance may be asked.
    pub fn has_instance(&self, name: &str) -> bool {
        is_among(self.instances.as_deref(), name)
    }

    /// Whether a command may be run.
    pub fn has_command(&self, name: &str) -> bool {
        is_among(self.commands.as_deref(), name)
    }

    /// Whether nothing is limited.
    pub fn are_all(&self) -> bool {
        self.instances.is_none() && self.commands.is_none()
    }

    /// Whether everything that these allow is allowed by the others too. A pattern counts as
    /// allowed where the same pattern stands on the other side, or one that takes it as a name.
    pub fn are_within(&self, others: &Self) -> bool {
        let within = |inner: Option<&[String]>, outer: Option<&[String]>| match (inner, outer) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(inner), outer) => inner.iter().all(|pattern| is_among(outer, pattern)),
        };
        within(self.instances.as_deref(), others.instances.as_deref())
            && within(self.commands.as_deref(), others.commands.as_deref())
    }
}

fn is_among(patterns: Option<&[String]>, name: &str) -> bool {
    patterns.is_none_or(|patterns| patterns.iter().any(|pattern| fits(pattern.as_bytes(), name.as_bytes())))
}

/// Whether a name fits a pattern.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut place) = (0, 0);
    // The last star, and how much of the name it takes.
    let mut star: Option<(usize, usize)> = None;
    while place < name.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, place));
            at += 1;
        } else if pattern.get(at).is_some_and(|byte| byte.eq_ignore_ascii_case(&name[place])) {
            at += 1;
            place += 1;
        } else if let Some((star_at, taken)) = star {
            at = star_at + 1;
            place = taken + 1;
            star = Some((star_at, taken + 1));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("*", "okta", true),
            ("okta-*", "okta-prod", true),
            ("okta-*", "okta", false),
            ("*-prod", "okta-prod", true),
            ("*-prod", "okta-prod-2", false),
            ("o*-*d", "okta-prod", true),
            ("okta", "Okta", true),
            ("", "okta", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
        ] {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn nobody_gives_more_than_they_have() {
        let scopes = |names: &[&str]| Scopes {
            instances: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            commands: None,
        };
        assert!(scopes(&["okta-prod"]).are_within(&scopes(&["okta-*"])));
        assert!(scopes(&["okta-*"]).are_within(&Scopes::default()));
        assert!(!scopes(&["*"]).are_within(&scopes(&["okta-*"])));
        assert!(!Scopes::default().are_within(&scopes(&["okta-*"])));
    }
}
