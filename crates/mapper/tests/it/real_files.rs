//! Real mapper files by others. They are not part of the project: where the folder is not
//! there (beside the checkout, or named by `PROVOST_XSOAR_MAPPERS`), the tests say so and
//! check nothing.

use std::path::{Path, PathBuf};

use provost_mapper::{Environment, Mapper};
use serde_json::{Map, Value, json};

/// How many files the collection has.
const FILES: usize = 27;

/// Classifiers among them, which are no mappers.
const NO_MAPPERS: [&str; 1] = ["classifier-Okta_IAM.json"];

#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("PROVOST_XSOAR_MAPPERS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/xsoar-mappers");
    let found = named.or(Some(beside)).filter(|folder| folder.is_dir());
    if found.is_none() {
        eprintln!("the folder of real mapper files is not there; nothing is checked");
    }
    found
}

/// The files' texts; none where they are not there.
pub(crate) fn texts() -> Vec<String> {
    files().iter().map(|file| std::fs::read_to_string(file).expect("a file")).collect()
}

fn mappers() -> Vec<(String, Mapper)> {
    files()
        .iter()
        .map(|file| (file.file_name().unwrap_or_default().to_string_lossy().into_owned(), load(file)))
        .collect()
}

fn files() -> Vec<PathBuf> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut files: Vec<PathBuf> = folder
        .read_dir()
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter(|path| !NO_MAPPERS.iter().any(|name| path.ends_with(name)))
        .collect();
    files.sort();
    assert_eq!(files.len(), FILES, "the collection is whole");
    files
}

fn load(file: &Path) -> Mapper {
    let text = std::fs::read_to_string(file).expect("a file");
    Mapper::load(file, &text).unwrap_or_else(|error| panic!("{error}"))
}

fn mapper(name: &str) -> Option<Mapper> {
    mappers().into_iter().map(|(_, mapper)| mapper).find(|mapper| mapper.name == name)
}

/// A person with a value for every field that mappers read, `odd` being part of each.
pub(crate) fn person(odd: &str) -> Value {
    const FIELDS: [&str; 24] = [
        "email",
        "username",
        "employeeid",
        "employeenumber",
        "givenname",
        "surname",
        "displayname",
        "title",
        "department",
        "division",
        "organization",
        "costcenter",
        "costcentercode",
        "countrycodenumber",
        "countryname",
        "city",
        "state",
        "streetaddress",
        "zipcode",
        "mobilephone",
        "managername",
        "employeetype",
        "peoplemanagerflag",
        "locationregion",
    ];
    let value = |name: &str| {
        Value::from(if name == "email" { "ann@example.com".to_owned() } else { format!("{odd}{name}") })
    };
    Value::Object(FIELDS.into_iter().map(|name| (name.to_owned(), value(name))).collect::<Map<_, _>>())
}

fn run(mapper: &Mapper, type_name: &str, source: &Value) -> (Value, Vec<String>) {
    let mapped = mapper.run_type(type_name, source, &Environment::fixed());
    (Value::Object(mapped.output), mapped.errors.into_iter().map(|error| error.target).collect())
}

#[test]
fn every_file_runs_over_every_person() {
    let sources = ["", "x ", "O\"Neil ", "\\", "\n", "${a}", "ø"].map(person);
    for (file, mapper) in mappers() {
        for (type_name, fields) in &mapper.types {
            for source in
                sources.iter().chain(&[json!({}), json!([]), json!({"email": 7, "target": {"type": 1}})])
            {
                let (output, errors) = run(&mapper, type_name, source);
                let named = output.as_object().map_or(0, Map::len) + errors.len();
                assert!(named <= fields.len(), "{file} {type_name}");
            }
        }
    }
}

#[test]
fn the_scim_mapper_builds_objects_and_refuses_quotes() {
    let Some(mapper) = mapper("User Profile - SCIM (Outgoing)") else { return };
    let (output, errors) = run(&mapper, "User Profile - Create", &person(""));
    assert_eq!(errors, [] as [&str; 0]);
    assert_eq!(output["emails"], json!([{"primary": true, "type": "work", "value": "ann@example.com"}]));
    assert_eq!(output["name"], json!({"givenName": "givenname", "familyName": "surname"}));
    assert_eq!(output["phoneNumbers"], json!([{"type": "work", "value": "mobilephone"}]));
    let extension = &output["urn:scim:schemas:extension:enterprise:1.0"];
    assert_eq!(extension["costCenter"], "costcentercode");
    assert_eq!(extension.as_object().map(Map::len), Some(6));
    assert_eq!(output.as_object().map(Map::len), Some(9));
    let (output, errors) = run(&mapper, "User Profile - Create", &person("O\"Neil "));
    assert_eq!(errors, ["name", "phoneNumbers", "urn:scim:schemas:extension:enterprise:1.0"]);
    assert_eq!(output["userName"], "O\"Neil username");
}

#[test]
fn what_scim_is_sent_comes_back() {
    let (Some(outgoing), Some(incoming)) =
        (mapper("User Profile - SCIM (Outgoing)"), mapper("User Profile - SCIM (Incoming)"))
    else {
        return;
    };
    let (account, _) = run(&outgoing, "User Profile - Create", &person(""));
    let (profile, errors) = run(&incoming, "User Profile", &account);
    assert_eq!(errors, [] as [&str; 0]);
    assert_eq!(profile["Division"], "division");
    assert_eq!(profile["Email"], "ann@example.com");
    assert_eq!(profile.as_object().map(Map::len), Some(14));
}

#[test]
fn the_other_operators_of_real_files_do_their_work() {
    let check = |name: &str, type_name: &str, source: Value, expected: Value| {
        let Some(mapper) = mapper(name) else { return };
        let (output, _) = run(&mapper, type_name, &source);
        for (field, value) in expected.as_object().expect("an object") {
            assert_eq!(&output[field], value, "{name} {field}");
        }
    };
    check(
        "User Profile - Active Directory (Outgoing)",
        "User Profile - Create",
        json!({"email": "ann.example@example.com"}),
        json!({"cn": "ann.example", "sAMAccountName": "ann.example"}),
    );
    check(
        "User Profile - Active Directory (Outgoing)",
        "User Profile - Update",
        json!({"givenname": "Ann", "surname": "Example"}),
        json!({"cn": "AnnExample"}),
    );
    check(
        "User Profile - PrismaCloud (Outgoing)",
        "User Profile - Update",
        json!({"username": "u1"}),
        json!({"email": "u1"}),
    );
    let event = json!({
        "eventType": "x", "debugContext": {"debugData": {"changedAttributes": "city"}},
        "target": [{"type": "User", "id": "u1", "alternateId": "ann"}, {"type": "AppInstance", "id": "a9", "alternateId": "App"}],
    });
    check(
        "Okta IAM - App Sync (mapper)",
        "IAM - App Add",
        event.clone(),
        json!({"Application Id": "a9", "Application Name": "App", "User Id": "u1", "Username": "ann"}),
    );
    check(
        "Okta IAM - App Sync (mapper)",
        "IAM - App Update",
        event,
        json!({"details": "Updated the following attribute(s) on Okta: city"}),
    );
    check(
        "Okta IAM - App Sync (mapper)",
        "IAM - Terminate User",
        json!({}),
        json!({"Employment Status": "Terminated", "Termination Trigger": "TUFE"}),
    );
}
