//! Real mapper files by others. They are not part of the project: where the folder is not
//! there (beside the checkout, or named by `PROVOST_XSOAR_MAPPERS`), the tests say so and
//! check nothing. `fields` and `cases` say what the files give; here they are found, loaded
//! and run over anything at all.

mod cases;
mod fields;
mod tables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use provost_core::{Schema, Severity};
use provost_mapper::{Around, Classifier, Environment, Mapper, Reads};
use serde_json::{Map, Value, json};

use crate::never_panics::json_value;

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

/// The mappers' texts; none where they are not there.
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

/// The mapper of this name; none where there is no folder.
fn mapper(name: &str) -> Option<Mapper> {
    let mappers = mappers();
    let is_there = !mappers.is_empty();
    let found = mappers.into_iter().map(|(_, mapper)| mapper).find(|mapper| mapper.name == name);
    assert!(found.is_some() || !is_there, "there is no `{name}`");
    found
}

fn run(mapper: &Mapper, type_name: &str, source: &Value) -> (Value, Vec<String>) {
    let mapped = mapper.run_type(type_name, source, &Environment::fixed());
    (Value::Object(mapped.output), mapped.errors.into_iter().map(|error| error.target).collect())
}

/// A document whose members mappers look for: those at the top that a file names, and
/// those below it.
fn document(names: Vec<String>) -> impl Strategy<Value = Value> {
    const BELOW: [&str; 8] =
        ["type", "id", "value", "alternateId", "displayName", "division", "changedAttributes", "givenName"];
    let leaf = prop_oneof![
        json_value(),
        "[a-z@,\"\\\\\n${}ø ]{0,8}".prop_map(Value::from),
        prop::sample::select(&["User", "AppInstance", "UserGroup"]).prop_map(Value::from),
    ];
    let member = leaf.prop_recursive(3, 16, 4, |inner| {
        let below = prop::sample::select(&BELOW).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(below, inner, 0..4).prop_map(object),
        ]
    });
    let most = names.len().min(24);
    prop::collection::btree_map(prop::sample::select(names), member, 0..=most).prop_map(object)
}

fn object(members: BTreeMap<String, Value>) -> Value {
    Value::Object(members.into_iter().collect())
}

#[test]
fn every_type_of_every_file_runs_over_any_person() {
    for (file, mapper) in mappers() {
        let Reads::Members(names) = mapper.reads() else { panic!("{file} has no JavaScript") };
        let documents = document(names.iter().map(str::to_owned).collect());
        let outcome = TestRunner::new(Config::with_cases(64)).run(&documents, |document| {
            for (type_name, fields) in &mapper.types {
                let (output, errors) = run(&mapper, type_name, &document);
                let named = output.as_object().map_or(0, Map::len) + errors.len();
                prop_assert!(named <= fields.len(), "{type_name}");
                prop_assert_eq!(run(&mapper, type_name, &document), (output, errors));
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

#[test]
fn the_classifier_sorts_events() {
    let Some(folder) = folder() else { return };
    let file = folder.join(NO_MAPPERS[0]);
    let text = std::fs::read_to_string(&file).expect("a file");
    let classifier = Classifier::load(&file, &text).unwrap_or_else(|error| panic!("{error}"));
    let cases = [
        ("application.user_membership.add", Some("IAM - App Add")),
        ("application.user_membership.remove", Some("IAM - App Remove")),
        ("group.user_membership.add", Some("IAM - Group Membership Update")),
        ("group.user_membership.remove", Some("IAM - Group Membership Update")),
        ("user.account.update_profile", Some("IAM - App Update")),
        ("user.lifecycle.deactivate", Some("IAM - Terminate User")),
        ("user.lifecycle.activate", None),
    ];
    for (event, expected) in cases {
        let found = classifier.classify(&json!({"eventType": event}), &Environment::fixed());
        assert_eq!(found, Ok(expected.map(str::to_owned)), "{event}");
    }
}

#[test]
fn nothing_in_them_is_an_error_and_little_is_warned_of() {
    let Some(folder) = folder() else { return };
    let profile = Schema::built_in();
    let around = Around { profile: &profile, system: None };
    let expected = ["this reads JSON that was glued", "the user profile has no field"];
    for file in
        folder.read_dir().expect("the folder can be read").map(|entry| entry.expect("an entry").path())
    {
        let is_mapper = file.extension().is_some_and(|extension| extension == "json")
            && !NO_MAPPERS.iter().any(|name| file.ends_with(name));
        if !is_mapper {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a file");
        for complaint in Mapper::check(&file, &text, &around).complaints {
            let is_expected = expected.iter().any(|start| complaint.message.starts_with(start));
            assert!(is_expected && complaint.severity == Severity::Warning, "{complaint}");
            assert!(complaint.line > 1 && complaint.length > 1, "{complaint:?}");
        }
    }
}
