//! PATCH (RFC 7644, section 3.5.2).

use serde_json::{Map, Value, json};

/// Attributes that a client does not write to a resource that is there: two are read-only
/// (RFC 7643, section 3.1), and servers refuse the third although it could change.
const KEPT: [&str; 3] = ["schemas", "id", "meta"];

/// The operations after which a resource has these attributes; others stay as they are.
///
/// Each attribute is an operation of its own, since servers differ in what they take
/// without a path; so is each member of an object, such as a name, since some empty the
/// members that are not there. Section 3.10 has the paths, also those of extensions, whose
/// names are URNs. Null and the empty list mean unassigned (RFC 7643,
/// section 2.5), so that they remove.
pub fn replacing(attributes: &Map<String, Value>) -> Vec<Value> {
    let written = attributes.iter().filter(|(name, _)| !KEPT.contains(&name.as_str()));
    written.flat_map(|(name, value)| of_attribute(name, value)).collect()
}

fn of_attribute(name: &str, value: &Value) -> Vec<Value> {
    let Value::Object(members) = value else { return vec![operation(name, value)] };
    let mark = if is_urn(name) { ':' } else { '.' };
    members.iter().map(|(member, value)| operation(&format!("{name}{mark}{member}"), value)).collect()
}

fn operation(path: &str, value: &Value) -> Value {
    let is_unassigned = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    if is_unassigned {
        json!({"op": "remove", "path": path})
    } else {
        json!({"op": "replace", "path": path, "value": value})
    }
}

/// The operation that puts these users into a group (RFC 7644, section 3.5.2.1).
pub fn adding_members(ids: &[String]) -> Vec<Value> {
    let members: Vec<Value> = ids.iter().map(|id| json!({"value": id})).collect();
    vec![json!({"op": "add", "path": "members", "value": members})]
}

/// The operations that take these users out of a group, one for each: a filter with `or` is
/// more than many servers read (section 3.5.2.2).
pub fn removing_members(ids: &[String]) -> Vec<Value> {
    let path = |id: &String| format!("members[value eq {}]", Value::from(id.as_str()));
    ids.iter().map(|id| json!({"op": "remove", "path": path(id)})).collect()
}

/// Names of extensions are URNs; no attribute's name has a colon (RFC 7643, section 2.1).
fn is_urn(name: &str) -> bool {
    name.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_and_go() {
        let ids = ["1".to_owned(), "a\"b".to_owned()];
        let added = json!([{"op": "add", "path": "members", "value": [{"value": "1"}, {"value": "a\"b"}]}]);
        assert_eq!(Value::from(adding_members(&ids)), added);
        let removed = json!([
            {"op": "remove", "path": "members[value eq \"1\"]"},
            {"op": "remove", "path": "members[value eq \"a\\\"b\"]"},
        ]);
        assert_eq!(Value::from(removing_members(&ids)), removed);
    }

    #[test]
    fn each_attribute_is_an_operation() {
        const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let cases = [
            (json!({}), json!([])),
            (json!({"schemas": ["x"], "id": "1", "meta": {}}), json!([])),
            (json!({"title": "Head"}), json!([{"op": "replace", "path": "title", "value": "Head"}])),
            (
                json!({"name": {"givenName": "Ann"}, "active": false}),
                json!([
                    {"op": "replace", "path": "name.givenName", "value": "Ann"},
                    {"op": "replace", "path": "active", "value": false},
                ]),
            ),
            (
                json!({ENTERPRISE: {"department": "Sales", "manager": null}}),
                json!([
                    {"op": "replace", "path": format!("{ENTERPRISE}:department"), "value": "Sales"},
                    {"op": "remove", "path": format!("{ENTERPRISE}:manager")},
                ]),
            ),
            (
                json!({"title": null, "emails": [], "nickName": ""}),
                json!([
                    {"op": "remove", "path": "title"},
                    {"op": "remove", "path": "emails"},
                    {"op": "replace", "path": "nickName", "value": ""},
                ]),
            ),
        ];
        for (attributes, expected) in cases {
            let operations = replacing(attributes.as_object().expect("an object"));
            assert_eq!(Value::from(operations), expected, "{attributes}");
        }
    }
}
