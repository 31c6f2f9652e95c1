//! Mistakes in a manifest: each is found when it is read, at its place, with advice.

use std::path::Path;

use provost_connectors::Manifest;
use provost_core::Diagnostic;

const GOOD: &str = r#"integration: app
brand: App
parameters:
  url: {type: url, required: true}
  token: {type: secret, required: true}
  page-size: {type: number, default: 50}
http:
  base: "{{ params.url }}/api"
  auth: {bearer: token}
account: {id: id, username: login, active: "{{ account.status == 'on' }}"}
lookup: [id, email]
operations:
  test: {get: /me}
  find: {get: /users, query: {"{{ attribute }}": "{{ value }}"}, items: users}
  create: {post: /users, body: {user: "{{ attributes }}"}}
  fields: {get: /schema, items: fields, name: key, description: label}
faults:
  - {on: disable, status: [404, 410], skip: Gone already.}
"#;

pub(crate) fn load(text: &str) -> Result<Manifest, Box<Diagnostic>> {
    Manifest::load(Path::new("integration.yaml"), text, &|name| {
        Err(format!("there is no integration `{name}`"))
    })
}

#[test]
fn a_good_manifest_is_read() {
    let manifest = load(GOOD).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(manifest.look_up(), ["id", "email"]);
    assert!(manifest.verbs().contains(provost_core::Verb::Create));
    assert!(!manifest.verbs().contains(provost_core::Verb::Disable));
}

/// A manifest on top of `GOOD`.
fn load_over(rest: &str) -> Result<Manifest, Box<Diagnostic>> {
    let text = format!("integration: own\nextends: app\nbrand: Own\n{rest}");
    Manifest::load(Path::new("integration.yaml"), &text, &|name| match name {
        "app" => Ok(("app/integration.yaml".into(), GOOD.to_owned())),
        _ => Err(format!("there is no integration `{name}`")),
    })
}

#[test]
fn what_is_not_said_is_taken_from_another_manifest() {
    let rest = "without: [create, page_size]\nparameters: {tenant: {type: text}}\nlookup: [email]\n";
    let manifest = load_over(rest).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(manifest.look_up(), ["email"]);
    assert_eq!(manifest.extends, ["app"]);
    assert!(!manifest.verbs().contains(provost_core::Verb::Create));
    assert_eq!(manifest.parameters.keys().collect::<Vec<_>>(), ["url", "token", "tenant"]);
}

#[test]
fn fault_rows_are_kept_unless_they_are_left_out() {
    let words = |rest| {
        let manifest = load_over(rest).unwrap_or_else(|error: Box<Diagnostic>| panic!("{error}"));
        manifest.fault_words().map(str::to_owned).collect::<Vec<_>>()
    };
    let own = "faults: [{status: 403, hint: Ask for it.}]\n";
    assert_eq!(words(own), ["Ask for it.", "Gone already."]);
    assert_eq!(words(&format!("without: [faults]\n{own}")), ["Ask for it."]);
}

#[test]
fn each_mistake_has_its_place_and_a_hint() {
    // What is written, what it was, the line, the column, the message, the hint.
    let cases = [
        ("lookpu:", "lookup:", 11, 1, "unknown key `lookpu`", "did you mean `lookup`?"),
        ("type: ulr", "type: url", 4, 15, "unknown word `ulr`", "did you mean `url`?"),
        ("{bearer: tokn}", "{bearer: token}", 9, 9, "there is no parameter `tokn`", "did you mean `token`?"),
        (
            "{bearer: token}\n  limits: {rate: 6/min, paths: [{path: /users, rate: 6/s}, {path: /, writes: often}]}",
            "{bearer: token}",
            10,
            0,
            "this must be a rate, such as `600/min`",
            "",
        ),
        ("{bearer: url}", "{bearer: token}", 9, 9, "wrong type", ""),
        ("{{ parms.url }}", "{{ params.url }}", 8, 9, "`parms` is not known here", "did you mean `params`?"),
        (
            "{{ atribute }}",
            "{{ attribute }}",
            14,
            0,
            "`atribute` is not known here",
            "did you mean `attribute`?",
        ),
        ("{{ attributes | }}", "{{ attributes }}", 15, 0, "attributes |", ""),
        ("{{ account.status == 'on' ", "{{ account.status == 'on' }}", 10, 0, "without a closing", ""),
        ("{post: /users, get: /x,", "{post: /users,", 15, 11, "one of `get`, `post`", ""),
        ("{get: /me, items: a}", "{get: /me}", 13, 9, "`items` has no meaning", ""),
        ("lookup: []", "lookup: [id, email]", 11, 9, "at least one attribute", ""),
        ("lookup: {id: 'a.[x]'}", "lookup: [id, email]", 11, 9, "is no index", ""),
        ("{get: /me, then: [{get: /x}]}", "{get: /me}", 13, 9, "`then` has no meaning", ""),
        (
            "body: {user: \"{{ attributes }}\"}, then: [{post: \"/x/{{ ids }}\"}]}",
            "body: {user: \"{{ attributes }}\"}}",
            15,
            0,
            "`ids` is not known here",
            "did you mean `id`?",
        ),
        ("skip: Gone already., done: true", "skip: Gone already.", 18, 0, "either skipped, done", ""),
        ("on: disabel", "on: disable", 18, 6, "unknown word `disabel`", "did you mean `disable`?"),
        ("items: 'fields.[x]'", "items: fields", 16, 33, "is no index", ""),
    ];
    for (wrong, right, line, column, message, hint) in cases {
        let text = GOOD.replacen(right, wrong, 1);
        assert_ne!(text, GOOD, "{right}");
        let found = load(&text).expect_err(wrong);
        assert_eq!(found.line, line, "{found}");
        assert!(column == 0 || found.column == column, "{found}");
        assert!(found.message.contains(message), "{found}");
        assert!(found.hint.clone().unwrap_or_default().contains(hint), "{found}");
    }
}

#[test]
fn what_is_missing_is_named() {
    for (line, key) in
        [("brand: App\n", "brand"), ("lookup: [id, email]\n", "lookup"), ("  test: {get: /me}\n", "test")]
    {
        let found = load(&GOOD.replace(line, "")).expect_err(key);
        assert!(found.message.contains(&format!("`{key}` is missing")), "{found}");
    }
    let found = load(&GOOD.replace(", name: key", "")).expect_err("name");
    assert!(found.message.contains("`fields` needs `name`"), "{found}");
}

#[test]
fn mistakes_in_what_extends() {
    let cases = [
        ("without: [list, crate]\n", "crate", "`crate` is nothing that could be left out"),
        ("without: [page_sise]\n", "page_sise", "`page_sise` is nothing that could be left out"),
        ("operations: {fields: {get: /x}}\n", "{get", "`fields` needs `name`"),
        ("http: {auth: {bearer: key}}\n", "{bearer", "there is no parameter `key`"),
    ];
    for (rest, at, message) in cases {
        let found = load_over(rest).expect_err(rest);
        assert_eq!((found.line, found.column), (4, rest.find(at).expect(at) + 1), "{found}");
        assert!(found.message.contains(message), "{found}");
    }
    let found = load("integration: own\nextends: nobody\nbrand: Own\n").expect_err("nobody");
    assert_eq!((found.line, found.column), (2, 10), "{found}");
    assert!(found.message.contains("there is no integration `nobody`"), "{found}");
    let found = load(&format!("{GOOD}without: [create]\n")).expect_err("without");
    assert_eq!((found.line, found.column), (19, 11), "{found}");
    assert!(found.message.contains("no meaning without `extends`"), "{found}");
}

#[test]
fn manifests_that_extend_each_other_end() {
    let text = "integration: app\nextends: app\nbrand: App\n";
    let load = |_: &str| Ok(("app/integration.yaml".into(), text.to_owned()));
    let found = Manifest::load(Path::new("integration.yaml"), text, &load).expect_err("endless");
    assert!(found.message.contains("extend each other"), "{found}");
}
