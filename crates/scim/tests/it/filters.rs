//! Filters (RFC 7644, section 3.4.2.2).

use provost_scim::{Filter, USER};
use serde_json::{Map, Value, json};

fn ann() -> Map<String, Value> {
    let ann = json!({
        "userName": "Ann@example.com",
        "externalId": "E1",
        "name": {"familyName": "Example", "givenName": "Ann"},
        "active": true,
        "title": "Head of \"Sales\"",
        "nickName": "",
        "emails": [
            {"value": "ann@example.com", "type": "work", "primary": true},
            {"value": "ann@example.org", "type": "home"},
        ],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "Sales",
            "manager": {"value": "26"},
        },
    });
    ann.as_object().expect("an object").clone()
}

#[test]
fn filters_find_what_they_say() {
    let cases = [
        ("userName eq \"ann@EXAMPLE.com\"", true),
        ("USERNAME EQ \"ann@example.com\"", true),
        ("userName ne \"ann@example.com\"", false),
        ("externalId eq \"e1\"", false),
        ("externalId eq \"E1\"", true),
        ("name.familyName co \"XAMP\"", true),
        ("name.givenName sw \"a\" and name.givenName ew \"n\"", true),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"ann\"", true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"sales\"", true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"26\"", true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq \"26\"", true),
        ("title eq \"Head of \\\"Sales\\\"\"", true),
        ("title pr", true),
        ("nickName pr", false),
        ("displayName pr", false),
        ("displayName eq null", true),
        ("displayName ne \"x\"", true),
        ("active eq true", true),
        ("active eq False", false),
        ("active eq \"True\"", true),
        ("emails eq \"ann@example.org\"", true),
        ("emails.type eq \"other\"", false),
        ("emails[type eq \"work\" and value ew \".org\"]", false),
        ("emails[type eq \"home\" and value ew \".org\"]", true),
        ("emails[not (type eq \"work\")]", true),
        ("not (active eq true)", false),
        ("active eq false or userName sw \"a\" and title pr", true),
        ("(active eq false or userName sw \"a\") and not(title pr)", false),
        ("userName gt \"a\" and userName lt \"b\"", true),
        ("userName ge \"ann@example.com\" and userName le \"ANN@example.com\"", true),
        ("nobody eq \"x\"", false),
    ];
    for (text, expected) in cases {
        let filter = text.parse::<Filter>().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(filter.named_by(&USER).holds(&ann()), expected, "{text}");
    }
}

#[test]
fn what_is_no_filter_is_named() {
    let deep = format!("{}title pr{}", "(".repeat(40), ")".repeat(40));
    let long = ["title pr"; 501].join(" and ");
    let cases = [
        (long.as_str(), "too long"),
        ("", "the filter ends where an attribute should stand"),
        ("userName", "the filter ends where an operator such as `eq` should stand"),
        ("userName is \"x\"", "`is \"x\"` where an operator"),
        ("userName eq", "ends where a value"),
        ("userName eq x", "`x` where a value"),
        ("userName eq \"x", "`\"x` where a value"),
        ("userName eq {}", "`{}` where a value"),
        ("userName eq \"x\" also", "`also` where `and`, `or` or the end"),
        ("(title pr", "ends where a closing bracket"),
        ("emails[type eq \"work\"", "ends where a closing bracket"),
        ("userName eq \"x\" and", "ends where an attribute"),
        ("na me eq \"x\"", "`me eq \"x\"` where an operator"),
        (deep.as_str(), "nests too deep"),
    ];
    for (text, expected) in cases {
        let error = text.parse::<Filter>().expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn an_index_is_asked_only_for_what_must_be_equal() {
    let key = |path: &provost_scim::Path| (path.attribute == "userName").then_some("by name");
    let cases = [
        ("userName eq \"ann\"", Some(("by name", "ann"))),
        ("active eq true and userName eq \"ann\"", Some(("by name", "ann"))),
        ("userName eq \"ann\" or userName eq \"bo\"", None),
        ("not (userName eq \"ann\")", None),
        ("userName sw \"ann\"", None),
        ("emails[userName eq \"ann\"]", None),
    ];
    for (text, expected) in cases {
        let filter = text.parse::<Filter>().expect(text);
        assert_eq!(filter.must_equal(&key), expected, "{text}");
    }
}
