//! The integrations in the binary, and where mappers are found.

use provost_connectors::Catalogue;

#[test]
fn every_shipped_integration_opens() {
    let catalogue = Catalogue::default();
    let names = catalogue.names();
    assert!(names.contains(&"hello-iam-world".to_owned()), "{names:?}");
    for name in names {
        catalogue.open(&name).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn mappers_are_found_by_name() {
    let catalogue = Catalogue::default();
    let found = catalogue.mapper("User Profile - HelloIAMWorld (Incoming)").unwrap();
    assert!(found.is_some_and(|(file, _)| file.ends_with("hello-iam-world/mapper-in.yaml")));
    assert!(catalogue.mapper("User Profile - Nobody").unwrap().is_none());
}

#[test]
fn a_mapper_of_the_users_needs_no_manifest_and_wins() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own");
    std::fs::create_dir(&own).unwrap();
    for name in ["User Profile - Okta (Incoming)", "Own"] {
        std::fs::write(own.join("mapper-in.yaml"), format!("mapper: {name}\n")).unwrap();
        let catalogue = Catalogue::new(vec![folder.path().to_owned()]);
        let found = catalogue.mapper(name).unwrap();
        assert!(found.is_some_and(|(file, _)| file.starts_with(&own)), "{name}");
        assert!(!catalogue.names().contains(&"own".to_owned()));
    }
}

#[test]
fn an_unknown_integration_says_which_was_meant() {
    let error = Catalogue::default().open("hello-iam-word").unwrap_err();
    let provost_connectors::CatalogueError::Unknown { hint, .. } = error else { panic!("{error}") };
    assert_eq!(hint.as_deref(), Some("did you mean `hello-iam-world`?"));
}
