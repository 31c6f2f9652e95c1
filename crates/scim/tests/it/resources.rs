//! Resources as clients send them (RFC 7643, section 2).

use provost_scim::{ENTERPRISE_SCHEMA, USER, USER_SCHEMA, accept};
use serde_json::{Value, json};

#[test]
fn what_is_kept_is_as_the_schemas_say() {
    let cases = [
        (json!({"USERNAME": "ann"}), json!({"userName": "ann"})),
        (
            json!({"schemas": ["x"], "id": "7", "meta": {}, "userName": "ann", "nobody": 1, "title": null}),
            json!({"userName": "ann"}),
        ),
        (json!({"userName": "ann", "active": "True"}), json!({"userName": "ann", "active": true})),
        (
            json!({"userName": "ann", "emails": {"value": "a@example.com", "more": 1}, "roles": ["boss"]}),
            json!({"userName": "ann", "emails": [{"value": "a@example.com"}], "roles": [{"value": "boss"}]}),
        ),
        (
            json!({"userName": "ann", "name": {"givenName": null}, "emails": [], "groups": [{"value": "1"}]}),
            json!({"userName": "ann"}),
        ),
        (
            json!({"userName": "ann", ENTERPRISE_SCHEMA.id.to_uppercase(): {"Department": "Sales"}}),
            json!({"userName": "ann", ENTERPRISE_SCHEMA.id: {"department": "Sales"}}),
        ),
    ];
    for (sent, expected) in cases {
        let kept = accept(&USER, sent.as_object().expect("an object"));
        assert_eq!(kept.map(Value::Object), Ok(expected), "{sent}");
    }
}

#[test]
fn what_is_wrong_is_refused() {
    let cases = [
        (json!({}), "`userName` is required"),
        (json!({"userName": " "}), "`userName` is required"),
        (json!({"userName": 7}), "`userName` must be a text"),
        (json!({"userName": "ann", "active": 1}), "`active` must be true or false"),
        (json!({"userName": "ann", "name": "Ann"}), "`name` must be an object"),
        (json!({"userName": "ann", "emails": [{"value": 7}]}), "`value` must be a text"),
        (json!({"userName": "ann", ENTERPRISE_SCHEMA.id: "x"}), "must be an object"),
    ];
    for (sent, expected) in cases {
        let refusal = accept(&USER, sent.as_object().expect("an object")).expect_err("refused");
        assert_eq!(refusal.scim_type, "invalidValue", "{sent}");
        assert!(refusal.detail.contains(expected), "{sent}: {refusal}");
    }
}

#[test]
fn schemas_are_shown_in_full() {
    let shown = USER_SCHEMA.to_json();
    let emails = shown["attributes"].as_array().expect("a list").iter().find(|one| one["name"] == "emails");
    let emails = emails.expect("it is there");
    assert_eq!((&emails["type"], &emails["multiValued"]), (&json!("complex"), &json!(true)));
    assert_eq!(emails["subAttributes"][2]["canonicalValues"], json!(["work", "home", "other"]));
    assert_eq!(shown["attributes"][0]["uniqueness"], "server");
}
