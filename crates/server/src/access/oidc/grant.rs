//! From claims to what somebody may do.

use serde_json::Value;

use crate::access::{Role, Scopes};

/// What the members of a group may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRole {
    /// The group or role, as the provider writes it.
    pub group: String,
    /// What they are here.
    pub role: Role,
    /// Where they are it.
    pub scopes: Scopes,
}

/// The first line of the table that fits, so that whoever writes it sees what somebody gets:
/// roles of several lines are not added up.
pub(super) fn granted<'a>(table: &'a [GroupRole], claim: &str, claims: &Value) -> Option<&'a GroupRole> {
    let groups = groups(found(claims, claim)?);
    table.iter().find(|line| groups.contains(&line.group.as_str()))
}

/// Whether the provider left the groups out because there are too many of them, and points
/// elsewhere (OpenID Connect Core 1.0, section 5.6.2).
pub(super) fn are_left_out(claim: &str, claims: &Value) -> bool {
    claims["_claim_names"].get(claim).is_some()
}

/// A claim by its name, which may have dots in it, or by its path.
fn found<'a>(claims: &'a Value, claim: &str) -> Option<&'a Value> {
    claims.get(claim).or_else(|| claim.split('.').try_fold(claims, |within, part| within.get(part)))
}

fn groups(value: &Value) -> Vec<&str> {
    match value {
        Value::String(group) => vec![group],
        Value::Array(groups) => groups.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table() -> Vec<GroupRole> {
        let line = |group: &str, role| GroupRole { group: group.to_owned(), role, scopes: Scopes::default() };
        vec![line("admins", Role::Admin), line("helpdesk", Role::Operator), line("all", Role::Viewer)]
    }

    #[test]
    fn the_first_line_that_fits_decides() {
        for (claim, claims, expected) in [
            ("groups", json!({"groups": ["all", "helpdesk"]}), Some(Role::Operator)),
            ("groups", json!({"groups": ["all", 7, null]}), Some(Role::Viewer)),
            ("groups", json!({"groups": "admins"}), Some(Role::Admin)),
            ("groups", json!({"groups": "all admins"}), None),
            ("groups", json!({"groups": ["Admins"]}), None),
            ("groups", json!({"groups": []}), None),
            ("groups", json!({"groups": {"admins": true}}), None),
            ("groups", json!({"roles": ["admins"]}), None),
            ("groups", json!({}), None),
            ("realm_access.roles", json!({"realm_access": {"roles": ["admins"]}}), Some(Role::Admin)),
            ("https://a.example/roles", json!({"https://a.example/roles": ["all"]}), Some(Role::Viewer)),
        ] {
            let found = granted(&table(), claim, &claims).map(|line| line.role);
            assert_eq!(found, expected, "{claim} {claims}");
        }
    }

    #[test]
    fn groups_that_are_elsewhere_are_noticed() {
        assert!(are_left_out("groups", &json!({"_claim_names": {"groups": "src1"}})));
        assert!(!are_left_out("groups", &json!({"_claim_names": {"roles": "src1"}})));
        assert!(!are_left_out("groups", &json!({"groups": []})));
    }
}
