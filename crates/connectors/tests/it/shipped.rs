//! Every integration in the binary passes its own check.

use provost_connectors::Catalogue;
use provost_mapper::Mapper;

#[test]
fn every_shipped_integration_opens_and_its_mappers_pass_their_tests() {
    let catalogue = Catalogue::default();
    let names = catalogue.names();
    assert!(names.contains(&"hello-iam-world".to_owned()), "{names:?}");
    for name in names {
        let package = catalogue.open(&name).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (file, text) in [package.mapper_in, package.mapper_out].into_iter().flatten() {
            let mapper = Mapper::load(&file, &text).unwrap_or_else(|error| panic!("{error}"));
            assert!(!mapper.tests.is_empty(), "{} has no tests", file.display());
            assert_eq!(mapper.failing_tests(), [] as [String; 0], "{}", file.display());
        }
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
fn an_unknown_integration_says_which_was_meant() {
    let error = Catalogue::default().open("hello-iam-word").unwrap_err();
    let provost_connectors::CatalogueError::Unknown { hint, .. } = error else { panic!("{error}") };
    assert_eq!(hint.as_deref(), Some("did you mean `hello-iam-world`?"));
}
