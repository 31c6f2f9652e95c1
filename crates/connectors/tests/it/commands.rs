//! Commands of a vendor's own and events in manifests: what is read, what is refused.

use std::path::{Path, PathBuf};

use provost_connectors::{ArgumentType, Manifest};
use provost_core::Diagnostic;

const GOOD: &str = r#"integration: app
brand: App
parameters: {url: {type: url, required: true}, span: {type: text, default: 1 hour}, most: {type: number, default: 50}}
http: {base: "{{ params.url }}"}
account: {id: id}
lookup: [id]
operations: {test: {get: /me}, find: {get: /users}}
commands:
  app-list-doors:
    about: List doors
    arguments:
      house_id: {required: true}
      limit: {type: number, default: 5}
    operation: {get: "/houses/{{ args.house_id }}", page: {link: next, last: "{{ count == 0 }}"}, faults: [{status: 404, absent: true}]}
    at-most: "{{ args.limit }}"
    output: {context: App.Door, keys: [ID], item: {ID: "{{ item.key }}"}}
    table: {title: "Doors {{ count }}", columns: {Id: ID}, more: {Locks: "{{ item.locks }}"}, empty: No doors.}
    store: {seen: "{{ args.house_id }}"}
events:
  operation: {get: /log, query: {from: "{{ since }}"}}
  id: key
  first: "{{ params.span }}"
  at-most: "{{ params.most }}"
  refuse: [{when: "{{ not stored.seen }}", message: See a house first.}]
"#;

fn load(text: &str) -> Result<Manifest, Box<Diagnostic>> {
    Manifest::load(Path::new("integration.yaml"), text, &|name| match name {
        "base" => Ok((PathBuf::from("base.yaml"), GOOD.replace("integration: app", "integration: base"))),
        _ => Err(format!("there is no integration `{name}`")),
    })
}

#[test]
fn what_a_command_takes_is_known() {
    let manifest = load(GOOD).unwrap_or_else(|error| panic!("{error}"));
    let command = &manifest.commands["app-list-doors"];
    assert_eq!(command.about, "List doors");
    assert_eq!(command.arguments["limit"].r#type, ArgumentType::Number);
    assert!(command.arguments["house_id"].required && manifest.has_events());
}

#[test]
fn each_mistake_is_found_with_the_word_that_was_meant() {
    let cases = [
        ("App-Doors:", "app-list-doors:", "small letters, digits and dashes", ""),
        ("help:", "app-list-doors:", "`help` is no command", ""),
        ("abuot:", "about:", "unknown key `abuot`", "did you mean `about`?"),
        ("using: {required", "house_id: {required", "every command has an option `using`", ""),
        (
            "{type: number, default: five}",
            "{type: number, default: 5}",
            "the default of `limit` does not fit",
            "",
        ),
        (
            "{type: numbre, default: 5}",
            "{type: number, default: 5}",
            "unknown word `numbre`",
            "did you mean `number`?",
        ),
        ("{{ agrs.house_id }}", "{{ args.house_id }}", "`agrs` is not known here", "did you mean `args`?"),
        ("{{ items.key }}", "{{ item.key }}", "`items` is not known here", "did you mean `item`?"),
        ("{{ amount == 0 }}", "{{ count == 0 }}", "`amount` is not known here", ""),
        ("{Id: 'a.[x]'}", "{Id: ID}", "is no index", ""),
        ("store: [seen]", "store: {seen: \"{{ args.house_id }}\"}", "`store` is an object", ""),
        ("{{ snice }}", "{{ since }}", "`snice` is not known here", "did you mean `since`?"),
        ("time-format: '%'\n  id: key", "id: key", "invalid format string", ""),
        ("id: '{{ item.key }}'", "id: key", "`item` is not known here", ""),
        ("fisrt:", "first:", "unknown key `fisrt`", "did you mean `first`?"),
    ];
    for (wrong, right, message, hint) in cases {
        let text = GOOD.replacen(right, wrong, 1);
        assert_ne!(text, GOOD, "{right}");
        let found = load(&text).expect_err(wrong);
        assert!(found.line > 7, "{found}");
        assert!(found.message.contains(message), "{wrong}: {found}");
        assert!(found.hint.clone().unwrap_or_default().contains(hint), "{wrong}: {found}");
    }
}

#[test]
fn commands_and_events_are_extended_and_taken_out() {
    let head = "integration: own\nbrand: Own\nextends: base\n";
    let own = load(head).unwrap_or_else(|error| panic!("{error}"));
    assert!(own.commands.contains_key("app-list-doors") && own.has_events());
    let other = "commands: {app-list-doors: {about: Other}, own-x: {about: X}}\n";
    let own = load(&format!("{head}{other}")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(own.commands["app-list-doors"].about, "Other");
    assert_eq!(own.commands.len(), 2);
    let without = "without: [app-list-doors, events]\n";
    let own = load(&format!("{head}{without}")).unwrap_or_else(|error| panic!("{error}"));
    assert!(own.commands.is_empty() && !own.has_events());
}
