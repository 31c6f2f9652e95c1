//! The mappers in the binary: their own tests, out and back in again, and their targets
//! against what the systems publish. The descriptions of APIs are not part of the project:
//! where the folder is not there (beside the checkout, or named by `PROVOST_API_SPECS`), the
//! tests say so and check nothing.

use std::path::{Path, PathBuf};

use provost_connectors::Catalogue;
use provost_core::Verb;
use provost_mapper::{Direction, Environment, Mapper, Purpose};
use serde_json::{Map, Value, json};

/// The systems that have a pair of mappers, and how many fields come back that went out.
const SYSTEMS: [(&str, usize); 12] = [
    ("Clarizen", 7),
    ("Entra ID", 18),
    ("ExceedLMS", 6),
    ("Google Workspace", 17),
    ("HelloIAMWorld", 15),
    ("Okta", 17),
    ("PrismaCloud", 4),
    ("SCIM", 20),
    ("Salesforce", 16),
    ("Salesforce Fusion", 8),
    ("ServiceNow", 16),
    ("Zoom", 8),
];

/// Fields that an incoming mapper reads from what another field was sent as.
const EXTRA: [(&str, &str); 5] = [
    ("Google Workspace", "username"),
    ("PrismaCloud", "username"),
    ("SCIM", "usertype"),
    ("Salesforce Fusion", "username"),
    ("Zoom", "username"),
];

/// What the user profile of SCIM 2.0 may have: RFC 7643 sections 4.1.1, 4.1.2 and 4.3, with
/// `schemas` and `externalId` of sections 3 and 3.1.
const SCIM_ATTRIBUTES: [(&str, &[&str]); 13] = [
    ("schemas", &[]),
    ("externalId", &[]),
    ("userName", &[]),
    ("name", &["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"]),
    ("displayName", &[]),
    ("title", &[]),
    ("userType", &[]),
    ("preferredLanguage", &[]),
    ("active", &[]),
    ("emails", &["value", "display", "type", "primary"]),
    ("phoneNumbers", &["value", "display", "type", "primary"]),
    (
        "addresses",
        &["formatted", "streetAddress", "locality", "region", "postalCode", "country", "type", "primary"],
    ),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        &["employeeNumber", "costCenter", "organization", "division", "department", "manager"],
    ),
];

fn shipped() -> Vec<(PathBuf, Mapper)> {
    let files = Catalogue::default().mappers().expect("the binary has them");
    let load = |(file, text): (PathBuf, String)| {
        let mapper = Mapper::load(&file, &text).unwrap_or_else(|error| panic!("{error}"));
        (file, mapper)
    };
    files.into_iter().map(load).collect()
}

fn mapper(system: &str, way: &str) -> Mapper {
    let name = format!("User Profile - {system} ({way})");
    let found = shipped().into_iter().map(|(_, mapper)| mapper).find(|mapper| mapper.name == name);
    found.unwrap_or_else(|| panic!("there is no `{name}`"))
}

fn run(mapper: &Mapper, source: &Value) -> Value {
    let purpose = match mapper.direction {
        Direction::Incoming => Purpose::Incoming,
        Direction::Outgoing => Purpose::Outgoing(Verb::Create),
    };
    let mapped = mapper.run(source, purpose, &Environment::fixed());
    assert_eq!(mapped.errors, [], "{}", mapper.name);
    Value::Object(mapped.output)
}

/// A person with a value of its own for every field of a user profile.
fn person() -> Map<String, Value> {
    const FIELDS: [&str; 25] = [
        "city",
        "costcenter",
        "costcentercode",
        "countrycode",
        "countryname",
        "department",
        "displayname",
        "division",
        "email",
        "employeeid",
        "employeenumber",
        "employeetype",
        "givenname",
        "managername",
        "mobilephone",
        "organization",
        "peoplemanagerflag",
        "state",
        "streetaddress",
        "surname",
        "title",
        "username",
        "usertype",
        "workphone",
        "zipcode",
    ];
    FIELDS.iter().map(|field| ((*field).to_owned(), Value::from(format!("the \"{field}\"")))).collect()
}

/// The systems that take SCIM in a way of their own, and answer like all others.
const OUTGOING_SCIM: [(&str, usize); 3] = [("AWS-ILM", 19), ("Atlassian", 11), ("GitHub", 6)];

#[test]
fn every_shipped_mapper_passes_its_own_tests() {
    for (file, mapper) in shipped() {
        assert!(!mapper.tests.is_empty(), "{} has no tests", file.display());
        assert_eq!(mapper.failing_tests(), [] as [String; 0], "{}", file.display());
    }
}

/// SAP shows nobody, so that there is nothing to map.
#[test]
fn every_integration_has_a_pair_of_mappers() {
    let catalogue = Catalogue::default();
    for name in catalogue.names() {
        let package = catalogue.open(&name).unwrap_or_else(|error| panic!("{error}"));
        let has = (package.mapper_in.is_some(), package.mapper_out.is_some());
        assert_eq!(has, (name != "sap-iam", name != "sap-iam"), "{name}");
    }
}

#[test]
fn what_goes_out_comes_back() {
    for (system, fields) in SYSTEMS {
        let mut account = run(&mapper(system, "Outgoing"), &Value::Object(person()));
        if system == "Okta" {
            account = json!({"id": "00u1", "status": "ACTIVE", "profile": account});
        }
        let back = run(&mapper(system, "Incoming"), &account);
        let back = back.as_object().unwrap();
        let same: Vec<&String> = back.keys().filter(|field| !EXTRA.contains(&(system, field))).collect();
        assert_eq!(same.len(), fields, "{system}: {same:?}");
        for field in same {
            assert_eq!(back[field], person()[field], "{system} {field}");
        }
    }
}

#[test]
fn what_goes_out_as_scim_comes_back_as_scim() {
    for (system, fields) in OUTGOING_SCIM {
        let account = run(&mapper(system, "Outgoing"), &Value::Object(person()));
        let back = run(&mapper("SCIM", "Incoming"), &account);
        let back = back.as_object().unwrap();
        let same: Vec<&String> = back.keys().filter(|field| field.as_str() != "usertype").collect();
        assert_eq!(same.len(), fields, "{system}: {same:?}");
        for field in same {
            assert_eq!(back[field], person()[field], "{system} {field}");
        }
    }
}

#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
fn description(file: &str) -> Option<Value> {
    let named = std::env::var_os("PROVOST_API_SPECS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs");
    let Some(folder) = named.or(Some(beside)).filter(|folder| folder.is_dir()) else {
        eprintln!("the folder of API descriptions is not there; nothing is checked");
        return None;
    };
    let text = std::fs::read_to_string(folder.join(file)).expect("a description");
    Some(serde_json::from_str(&text).expect("a description is JSON"))
}

#[test]
fn targets_are_attributes_that_the_system_has() {
    let cases = [
        ("Entra ID", "entra-graph-users-groups.json", "/components/schemas/microsoft.graph.user/properties"),
        ("Okta", "okta-management-users-groups.json", "/components/schemas/UserProfile/properties"),
        ("ServiceNow", "servicenow-table-sys_user.json", "/components/schemas/UserWrite/properties"),
    ];
    for (system, file, place) in cases {
        let Some(description) = description(file) else { return };
        let known = description.pointer(place).and_then(Value::as_object).unwrap();
        let account = run(&mapper(system, "Outgoing"), &Value::Object(person()));
        for (attribute, value) in account.as_object().unwrap() {
            assert!(known.contains_key(attribute), "{system} has no `{attribute}`");
            assert!(value.is_string() || system == "Entra ID", "{system} takes texts: `{attribute}`");
        }
    }
}

#[test]
fn targets_are_properties_of_googles_users() {
    let Some(description) = description("google-admin-directory-users-groups.discovery.json") else { return };
    let known = description.pointer("/schemas/User/properties").and_then(Value::as_object).unwrap();
    let account = run(&mapper("Google Workspace", "Outgoing"), &Value::Object(person()));
    for attribute in account.as_object().unwrap().keys() {
        assert!(known.contains_key(attribute), "Google has no `{attribute}`");
    }
}

#[test]
fn targets_are_properties_of_githubs_users() {
    let Some(description) = description("github-scim-orgs.json") else { return };
    let create = &description["paths"]["/scim/v2/organizations/{org}/Users"]["post"];
    let schema = &create["requestBody"]["content"]["application/json"]["schema"];
    let account = run(&mapper("GitHub", "Outgoing"), &Value::Object(person()));
    for attribute in account.as_object().unwrap().keys() {
        assert!(schema["properties"].get(attribute).is_some(), "GitHub has no `{attribute}`");
    }
    for required in schema["required"].as_array().unwrap() {
        assert!(account.get(required.as_str().unwrap()).is_some(), "GitHub wants {required}");
    }
}

#[test]
fn targets_are_attributes_that_the_rfc_has() {
    let own = OUTGOING_SCIM.iter().map(|(system, _)| *system);
    own.chain(["SCIM"]).for_each(check_against_the_rfc);
}

fn check_against_the_rfc(system: &str) {
    let account = run(&mapper(system, "Outgoing"), &Value::Object(person()));
    let account = account.as_object().expect("an object");
    for (attribute, value) in account {
        let known = SCIM_ATTRIBUTES.iter().find(|(name, _)| name == attribute);
        let (_, parts) = known.unwrap_or_else(|| panic!("{system}: SCIM has no `{attribute}`"));
        let elements = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for part in elements.iter().filter_map(Value::as_object).flat_map(Map::keys) {
            assert!(parts.contains(&part.as_str()), "SCIM has no `{attribute}.{part}`");
        }
    }
    // Section 3: `schemas` names the core schema and each extension that has values.
    let schemas = account["schemas"].as_array().expect("a list");
    let extensions: Vec<&String> = account.keys().filter(|name| name.starts_with("urn:")).collect();
    assert_eq!(schemas[0], "urn:ietf:params:scim:schemas:core:2.0:User");
    assert_eq!(schemas[1..].iter().collect::<Vec<_>>(), extensions);
}
