//! The cases of the contract over real mappers, by the names that it gives them.

use serde_json::{Value, json};

use super::{mapper, run};

const CREATE: &str = "User Profile - Create";
const UPDATE: &str = "User Profile - Update";

/// The fields that fail, and the others with what they give; null where they give nothing.
fn check(name: &str, type_name: &str, source: &Value, failing: &[&str], expected: &Value) {
    let Some(mapper) = mapper(name) else { return };
    let (output, errors) = run(&mapper, type_name, source);
    assert_eq!(errors, failing, "{name}");
    for (field, value) in expected.as_object().expect("an object") {
        assert_eq!(&output[field], value, "{name} {field}");
    }
}

/// The user profile of the example in the contract.
fn ann() -> Value {
    json!({
        "email": "ann@example.com", "username": "ann", "employeeid": "E1", "employeenumber": 77,
        "givenname": "Ann", "surname": "Example", "mobilephone": "1", "title": "Head of Sales",
        "department": "Sales", "division": "Nordics", "costcentercode": "C7", "countrycodenumber": "578",
        "peoplemanagerflag": "true", "displayname": "Ann Example", "employeetype": "employee",
    })
}

/// What the SCIM mapper makes of it.
fn ann_in_scim() -> Value {
    json!({
        "emails": [{"primary": true, "type": "work", "value": "ann@example.com"}],
        "externalId": "E1",
        "name": {"givenName": "Ann", "familyName": "Example"},
        "phoneNumbers": [{"type": "work", "value": "1"}],
        "title": "Head of Sales",
        "urn:scim:schemas:extension:enterprise:1.0": {
            "employeeNumber": "77", "department": "Sales", "division": "Nordics", "costCenter": "C7",
            "countryCode": "578", "managerflag": "true",
        },
        "userName": "ann",
        "displayName": "Ann Example",
        "userType": "employee",
    })
}

/// What happened in Okta, to a person and an application.
fn event() -> Value {
    json!({
        "eventType": "application.user_membership.update",
        "debugContext": {"debugData": {"changedAttributes": "city"}},
        "target": [
            {"type": "User", "id": "u1", "alternateId": "ann", "displayName": "Ann Example"},
            {"type": "AppInstance", "id": "a9", "alternateId": "App"},
        ],
    })
}

#[test]
fn mp1_scim_is_sent_objects() {
    check("User Profile - SCIM (Outgoing)", CREATE, &ann(), &[], &ann_in_scim());
}

#[test]
fn mp2_what_scim_is_sent_comes_back() {
    let expected = json!({
        "Cost Center Code": "C7", "Country Code Number": "578", "Department": "Sales", "Division": "Nordics",
        "Email": "ann@example.com", "Employee ID": "E1", "Employee Number": "77", "Given Name": "Ann",
        "Mobile Phone": "1", "People Manager Flag": "true", "Surname": "Example", "Title": "Head of Sales",
        "User Type": "employee", "Username": "ann",
    });
    check("User Profile - SCIM (Incoming)", "User Profile", &ann_in_scim(), &[], &expected);
}

#[test]
fn mp3_a_directory_name_is_the_local_part() {
    let source = json!({"email": "ann.example@example.com"});
    let expected = json!({"cn": "ann.example", "sAMAccountName": "ann.example"});
    check("User Profile - Active Directory (Outgoing)", CREATE, &source, &[], &expected);
    // On update the two parts of the name are joined without a blank.
    let source = json!({"givenname": "Ann", "surname": "Example"});
    check("User Profile - Active Directory (Outgoing)", UPDATE, &source, &[], &json!({"cn": "AnnExample"}));
}

#[test]
fn mp5_the_user_name_stands_in_for_the_email() {
    for (source, email) in [
        (json!({"username": "u1"}), json!("u1")),
        (json!({"id": "7"}), json!("7")),
        (json!({"email": "ann@example.com", "username": "u1"}), json!("ann@example.com")),
        (json!({}), Value::Null),
    ] {
        check("User Profile - PrismaCloud (Outgoing)", UPDATE, &source, &[], &json!({"email": email}));
    }
}

#[test]
fn mp7_constants_have_no_quotes() {
    let expected = json!({"Employment Status": "Terminated", "Termination Trigger": "TUFE"});
    check("Okta IAM - App Sync (mapper)", "IAM - Terminate User", &json!({}), &[], &expected);
}

#[test]
fn mp9_a_quote_breaks_glued_json_of_its_field_only() {
    let mut source = ann();
    source["surname"] = json!("O\"Neil");
    let expected = json!({"name": null, "userName": "ann", "title": "Head of Sales"});
    check("User Profile - SCIM (Outgoing)", CREATE, &source, &["name"], &expected);
}

#[test]
fn mp11_json_that_is_none_fails_its_field_only() {
    let mut source = ann();
    source["city"] = json!("Oslo");
    let expected = json!({"addresses": null, "userName": "ann"});
    check("User Profile - Oracle-IOC (Outgoing)", CREATE, &source, &["addresses"], &expected);
}

#[test]
fn mp12_an_escaped_point_is_part_of_a_name() {
    let source = json!({
        "urn:scim:schemas:extension:enterprise:1.0": {"department": "Sales"},
        "urn:scim:schemas:extension:enterprise:1": {"0": {"department": "Lost"}},
    });
    check("User Profile - SCIM (Incoming)", "User Profile", &source, &[], &json!({"Department": "Sales"}));
}

#[test]
fn mp13_changed_attributes_are_told() {
    let expected = json!({
        "details": "Updated the following attribute(s) on Okta: city",
        "Application Id": "a9", "Application Name": "App", "User Id": "u1", "Username": "ann",
    });
    check("Okta IAM - App Sync (mapper)", "IAM - App Update", &event(), &[], &expected);
}

#[test]
fn mp14_a_time_zone_has_no_quotes() {
    let expected = json!({"timeZone": "America/Los_Angeles", "email": "ann@example.com"});
    check("User Profile - PrismaCloudIAM (Outgoing)", CREATE, &ann(), &[], &expected);
}

#[test]
fn mp15_a_filter_that_keeps_nothing_gives_nothing() {
    let nothing = json!({"Application Id": null, "Application Name": null});
    for target in
        [json!([{"type": "User", "id": "u1"}]), json!([]), json!(null), json!("x"), json!({"type": 1})]
    {
        let source = json!({"target": target});
        check("Okta IAM - App Sync (mapper)", "IAM - App Add", &source, &[], &nothing);
    }
}
