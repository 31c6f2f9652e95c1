//! What the targets share: a document with every shape that mappers meet, and the promises
//! that any mapper keeps. Nothing here knows what a mapper should give.

use std::path::Path;
use std::sync::LazyLock;

use provost_mapper::{Environment, Mapped, Mapper};
use serde_json::Value;

const TEXT: &str = r#"{
    "email": "Ann@Example.com", "givenname": "Ann", "surname": "O\"Neil\\", "empty": "", "nothing": null,
    "employeeid": "00042", "n": 7, "half": -0.5, "huge": 1e300, "flag": true, "city": "東京\n",
    "hiredate": "2026-01-31T10:00:00Z", "tags": ["a", "b", "a", null, 7], "none": [], "deep": {"a": {"b": [[1], [2, [3]]]}},
    "emails": [{"value": "ann@example.com", "type": "work", "primary": true}, {"value": "a@b", "type": "home"}],
    "target": [{"type": "User", "id": "u1"}, {"type": "AppInstance", "id": "a9"}, 3],
    "urn:hr:1.0": {"cost": "C1"}, "incident": {"city": "Oslo"}, "a.b": 1, "a": {"b": 2}
}"#;

/// A document with every shape that mappers meet.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(TEXT).expect("it is JSON"));

/// Reads a mapper, if the text is one, and checks what holds for every mapper.
pub fn check_mapper(file: &str, text: &str) {
    let Ok(mapper) = Mapper::load(Path::new(file), text) else { return };
    let again = Mapper::load(Path::new(file), text).expect("what is read once is read twice");
    let part = mapper.reads().parse(TEXT.as_bytes()).expect("it is JSON");
    for (type_name, _) in &mapper.types {
        let mapped = run(&mapper, type_name, &DOCUMENT);
        assert_eq!(mapped, run(&mapper, type_name, &DOCUMENT), "a run repeats");
        assert_eq!(mapped, run(&again, type_name, &DOCUMENT), "a reading repeats");
        assert_eq!(mapped, run(&mapper, type_name, &part), "{:?} is all that is read", mapper.reads());
        run(&mapper, type_name, &Value::Null);
    }
    mapper.failing_tests();
}

fn run(mapper: &Mapper, type_name: &str, document: &Value) -> Mapped {
    mapper.run_type(type_name, document, &Environment::fixed())
}
