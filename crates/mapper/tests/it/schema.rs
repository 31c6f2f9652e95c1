//! The JSON Schema of native mappers, seen by a validator that knows nothing of ours.

use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use provost_core::yaml;
use provost_mapper::{Mapper, schema};
use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn new() -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("mapper.json", schema()).expect("a resource");
        let index = compiler.compile("mapper.json", &mut schemas).expect("a schema");
        Self { schemas, index }
    }

    /// What is wrong with a mapper; nothing if all is well.
    fn problem(&self, text: &str) -> Option<String> {
        let value: Value = yaml::parse(Path::new("m.yaml"), text).unwrap_or_else(|error| panic!("{error}"));
        self.schemas.validate(&value, self.index).err().map(|error| error.to_string())
    }
}

#[test]
fn what_is_committed_is_up_to_date() {
    let file = Path::new(ROOT).join("schema/mapper.schema.json");
    let committed = std::fs::read_to_string(file).expect("schema/mapper.schema.json");
    assert_eq!(committed, format!("{:#}\n", schema()), "run `cargo xtask schemas`");
}

#[test]
fn it_is_a_schema() {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let url = "https://json-schema.org/draft/2020-12/schema";
    let index = compiler.compile(url, &mut schemas).expect("the schema of schemas");
    assert!(schemas.validate(&schema(), index).is_ok());
}

#[test]
fn mappers_of_integrations_fit() {
    let validator = Validator::new();
    let mut seen = 0;
    for file in mappers(&Path::new(ROOT).join("integrations")) {
        let text = std::fs::read_to_string(&file).expect("a mapper");
        assert_eq!(validator.problem(&text), None, "{}", file.display());
        seen += 1;
    }
    assert!(seen >= 2, "{seen} mappers");
}

fn mappers(folder: &Path) -> Vec<PathBuf> {
    let packages = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    let names = ["mapper-in.yaml", "mapper-out.yaml"];
    packages.flat_map(|package| names.map(|name| package.join(name))).filter(|file| file.is_file()).collect()
}

/// Fields of a mapper, and whether they are right: to the schema and to the program.
const SNIPPETS: [(&str, bool); 46] = [
    ("{a: email, b: 3, c: 1.5, d: true, e: [email, {value: email}]}", true),
    ("{a: {value: email, on: create, when: email, strength: weak, missing: clear}}", true),
    ("{a: {value: {first: givenname}, on: [create, update], default: \"'x'\"}}", true),
    ("{a: {value: 7}, b: {value: false}}", true),
    ("{a: {clear: true}, b: {clear: true, when: false}}", true),
    ("{a: {clear: false, value: email}}", true),
    ("{a: {xsoar: {simple: email}}}", true),
    ("{a: {value: email, valid: {from: start, to: \"'2026-01-01'\"}}}", true),
    ("{a: {from: mails, where: [{left: t, is: isEqualString, right: h, ignore-case: true}], take: v}}", true),
    ("{a: {from: mails, where: [{any: [{is: isEmpty}, {left: t, is: isExists}]}]}}", true),
    ("{a: {from: email, then: [trim, {split: {delimiter: '@'}}, {atIndex: {index: 0}}]}}", true),
    ("{a: {from: email, then: [{atIndex: {index: '0'}}, {atIndex: {index: {path: n}}}, {trim: {}}]}}", true),
    ("{a: {from: email, then: [getIndex, {StringifyJSON: {}}]}}", true),
    ("{a: {rules: [{value: email, when: email}, surname, 3]}}", true),
    ("{}", true),
    ("{a: {value: email, whn: email}}", false),
    ("{a: {value: email, from: email}}", false),
    ("{a: {clear: true, from: email}}", false),
    ("{a: {clear: false}}", false),
    ("{a: {on: create}}", false),
    ("{a: {}}", false),
    ("{a: }", false),
    ("{a: {value: email, on: creat}}", false),
    ("{a: {value: email, on: [create, 3]}}", false),
    ("{a: {value: email, strength: strng}}", false),
    ("{a: {value: email, missing: never}}", false),
    ("{a: {value: email, default: x, missing: clear}}", false),
    ("{a: {value: email, valid: {form: x}}}", false),
    ("{a: {value: email, valid: now}}", false),
    ("{a: {clear: true, take: x}}", false),
    ("{a: {clear: true, then: [trim]}}", false),
    ("{a: {from: email, then: trim}}", false),
    ("{a: {from: email, then: [trm]}}", false),
    ("{a: {from: email, then: [{trim: {}, count: {}}]}}", false),
    ("{a: {from: email, then: [{split: {delimitr: x}}]}}", false),
    ("{a: {from: email, then: [{split: x}]}}", false),
    ("{a: {from: email, then: [isEmpty]}}", false),
    ("{a: {from: email, then: [3]}}", false),
    ("{a: {from: email, where: [{is: trim}]}}", false),
    ("{a: {from: email, where: [{left: x}]}}", false),
    ("{a: {from: email, where: [{is: isEmpty, lft: x}]}}", false),
    ("{a: {from: email, where: [x]}}", false),
    ("{a: {rules: [email], when: email}}", false),
    ("{a: {rules: [{rules: [email]}]}}", false),
    ("{a: {rules: email}}", false),
    ("[email]", false),
];

#[test]
fn it_says_what_the_program_says() {
    let validator = Validator::new();
    for (fields, is_right) in SNIPPETS {
        for place in ["fields: ", "types: {User Profile - Create: "] {
            let end = if place.starts_with("types") { "}" } else { "" };
            let text = format!("mapper: T\ndirection: outgoing\n{place}{fields}{end}\n");
            assert_eq!(validator.problem(&text).is_none(), is_right, "{text}{:?}", validator.problem(&text));
            let loaded = Mapper::load(Path::new("m.yaml"), &text);
            assert_eq!(loaded.is_ok(), is_right, "{text}{loaded:?}");
        }
    }
}

#[test]
fn the_keys_around_the_fields_are_checked_too() {
    let validator = Validator::new();
    let files = [
        (
            "mapper: T\ndirection: incoming\ndescription: x\nstrict: false\ntests: [{given: {}, expect: {}, on: get}]",
            true,
        ),
        ("mapper: T", false),
        ("direction: incoming", false),
        ("mapper: T\ndirection: inwards", false),
        ("mapper: T\ndirection: incoming\nstrict: yes", false),
        ("mapper: T\ndirection: incoming\nfield: {}", false),
        ("mapper: T\ndirection: incoming\ntests: [{given: {}}]", false),
        ("mapper: T\ndirection: incoming\ntests: [{given: {}, expect: [], on: get}]", false),
        ("mapper: T\ndirection: incoming\ntests: [{given: {}, expect: {}, on: gt}]", false),
    ];
    for (text, is_right) in files {
        assert_eq!(validator.problem(text).is_none(), is_right, "{text}: {:?}", validator.problem(text));
        let loaded = Mapper::load(Path::new("m.yaml"), text);
        assert_eq!(loaded.is_ok(), is_right, "{text}{loaded:?}");
    }
}
