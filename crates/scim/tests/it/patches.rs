//! PATCH (RFC 7644, section 3.5.2), with the habits that clients have.

use provost_scim::{GROUP, Refusal, USER, patched};
use serde_json::{Map, Value, json};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn ann() -> Map<String, Value> {
    let ann = json!({
        "userName": "ann",
        "name": {"givenName": "Ann"},
        "active": true,
        "emails": [{"value": "ann@example.com", "type": "work", "primary": true}],
    });
    ann.as_object().expect("an object").clone()
}

fn patch(operations: &Value) -> Result<Map<String, Value>, Refusal> {
    patched(&USER, &ann(), operations.as_array().expect("a list"))
}

/// Operations on Ann, the attribute to look at and what it is afterwards.
#[test]
fn operations_do_what_they_say() {
    let home = json!({"value": "ann@example.org", "type": "home", "primary": true});
    let cases = [
        (json!([{"op": "replace", "path": "title", "value": "Head"}]), "title", json!("Head")),
        (json!([{"op": "Add", "path": "TITLE", "value": "Head"}]), "title", json!("Head")),
        (json!([{"op": "replace", "value": {"title": "Head", "id": "7"}}]), "title", json!("Head")),
        (json!([{"op": "Replace", "path": "active", "value": "False"}]), "active", json!(false)),
        (json!([{"op": "replace", "value": {"active": false}}]), "active", json!(false)),
        (json!([{"op": "remove", "path": "name"}]), "name", Value::Null),
        (json!([{"op": "remove", "path": "name.givenName"}]), "name", Value::Null),
        (json!([{"op": "replace", "path": "title", "value": null}]), "title", Value::Null),
        (
            json!([{"op": "add", "path": "name", "value": {"familyName": "Example"}}]),
            "name",
            json!({"givenName": "Ann", "familyName": "Example"}),
        ),
        (
            json!([{"op": "replace", "value": {"name.familyName": "Example"}}]),
            "name",
            json!({"givenName": "Ann", "familyName": "Example"}),
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [home]}]),
            "emails",
            json!([{"value": "ann@example.com", "type": "work", "primary": false}, home]),
        ),
        (json!([{"op": "replace", "path": "emails", "value": home}]), "emails", json!([home])),
        (
            json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@example.com"}]),
            "emails",
            json!([{"value": "a@example.com", "type": "work", "primary": true}]),
        ),
        (
            json!([{"op": "add", "path": "emails[type eq \"home\"].value", "value": "a@example.org"}]),
            "emails",
            json!([
                {"value": "ann@example.com", "type": "work", "primary": true},
                {"type": "home", "value": "a@example.org"},
            ]),
        ),
        (json!([{"op": "remove", "path": "emails[type eq \"work\"]"}]), "emails", Value::Null),
        (
            json!([{"op": "remove", "path": "emails[value sw \"ann\"].primary"}]),
            "emails",
            json!([{"value": "ann@example.com", "type": "work"}]),
        ),
        (
            json!([{"op": "add", "path": format!("{ENTERPRISE}:department"), "value": "Sales"}]),
            ENTERPRISE,
            json!({"department": "Sales"}),
        ),
        (
            json!([{"op": "add", "value": {ENTERPRISE: {"department": "Sales"}}}]),
            ENTERPRISE,
            json!({"department": "Sales"}),
        ),
        (
            json!([{"op": "add", "path": ENTERPRISE, "value": {"department": "Sales"}},
                   {"op": "remove", "path": format!("{ENTERPRISE}:department")}]),
            ENTERPRISE,
            Value::Null,
        ),
        (
            json!([{"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": "26"}]),
            ENTERPRISE,
            json!({"manager": {"value": "26"}}),
        ),
    ];
    for (operations, attribute, expected) in cases {
        let after = patch(&operations).unwrap_or_else(|refusal| panic!("{operations}: {refusal}"));
        assert_eq!(after.get(attribute).unwrap_or(&Value::Null), &expected, "{operations}");
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let cases = [
        (json!(["x"]), "invalidSyntax"),
        (json!([{"op": "move", "path": "title"}]), "invalidSyntax"),
        (json!([{"op": "remove"}]), "noTarget"),
        (json!([{"op": "add", "value": "x"}]), "invalidValue"),
        (json!([{"op": "add", "path": "title"}]), "invalidValue"),
        (json!([{"op": "replace", "path": "title", "value": 7}]), "invalidValue"),
        (json!([{"op": "replace", "path": "active", "value": "perhaps"}]), "invalidValue"),
        (json!([{"op": "remove", "path": "userName"}]), "invalidValue"),
        (json!([{"op": "replace", "path": "userName", "value": " "}]), "invalidValue"),
        (json!([{"op": "add", "path": "nobody", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "name.nobody", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "emails[type eq \"work\"]value", "value": "x"}]), "invalidPath"),
        (json!([{"op": "add", "path": "emails[type]", "value": "x"}]), "invalidFilter"),
        (json!([{"op": "replace", "path": "emails[type eq \"x\"].value", "value": "x"}]), "noTarget"),
        (json!([{"op": "replace", "path": "id", "value": "x"}]), "mutability"),
        (json!([{"op": "replace", "path": "groups", "value": []}]), "mutability"),
        // The second is wrong, so the first is not carried out either.
        (json!([{"op": "remove", "path": "name"}, {"op": "add", "path": "x.", "value": 1}]), "invalidPath"),
    ];
    for (operations, expected) in cases {
        let refusal = patch(&operations).expect_err(&operations.to_string());
        assert_eq!(refusal.scim_type, expected, "{operations}: {refusal}");
    }
}

#[test]
fn members_come_and_go() {
    let group = json!({"displayName": "Sales", "members": [{"value": "1"}, {"value": "2"}]});
    let members = |operation: Value| {
        let group = group.as_object().expect("an object");
        let after = patched(&GROUP, group, std::slice::from_ref(&operation));
        let after = after.unwrap_or_else(|refusal| panic!("{operation}: {refusal}"));
        let members = after.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
        members.iter().map(|member| member["value"].as_str().unwrap_or("?").to_owned()).collect::<Vec<_>>()
    };
    let cases = [
        (
            json!({"op": "add", "path": "members", "value": [{"value": "3"}, {"value": "1"}]}),
            vec!["1", "2", "3"],
        ),
        (json!({"op": "remove", "path": "members[value eq \"1\"]"}), vec!["2"]),
        (json!({"op": "Remove", "path": "members", "value": [{"value": "1"}]}), vec!["2"]),
        (json!({"op": "remove", "path": "members"}), vec![]),
        (json!({"op": "replace", "path": "members", "value": [{"value": "3"}]}), vec!["3"]),
        (json!({"op": "replace", "path": "members", "value": []}), vec![]),
    ];
    for (operation, expected) in cases {
        assert_eq!(members(operation.clone()), expected, "{operation}");
    }
}
