use std::path::Path;

use super::*;

const SYSTEM: [&str; 3] = ["login", "mail", "name.given"];

/// Each complaint as `line:column+length message (hint)`, errors with `!` before them.
fn check(text: &str, system: bool) -> Vec<String> {
    let known: Vec<String> = SYSTEM.iter().map(|name| (*name).to_owned()).collect();
    let profile = Schema::built_in();
    let around = Around { profile: &profile, system: system.then_some(&known) };
    let checked = Mapper::check(Path::new("m"), text, &around);
    let errors = checked.complaints.iter().filter(|one| one.severity == provost_core::Severity::Error);
    assert_eq!(checked.mapper.is_none(), errors.count() > 0, "{text}");
    let shown = |one: &Diagnostic| {
        let mark = if one.severity == provost_core::Severity::Error { "!" } else { "" };
        let hint = one.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{mark}{}:{}+{} {}{hint}", one.line, one.column, one.length, one.message)
    };
    checked.complaints.iter().map(shown).collect()
}

fn native(direction: &str, fields: &str) -> Vec<String> {
    check(&format!("mapper: T\ndirection: {direction}\ntests: []\nfields:\n{fields}\n"), false)
}

#[test]
fn what_is_right_is_not_complained_of() {
    let fine = [
        ("outgoing", "  a: {value: email, when: \"today() >= '2030-01-01'\"}\n  b: olduserdata.email"),
        ("outgoing", "  a: \"'x'\"\n  b: [{value: email, primary: true}]\n  c: {clear: true}\n  d: 7"),
        ("outgoing", "  a: {rules: [{value: email, on: create}, {value: surname, when: title}, \"'x'\"]}"),
        ("incoming", "  Given Name: first\n  email: {from: 'mails.[0].value'}\n  id: id"),
        ("outgoing", "  a: {from: email, then: [{concat: {prefix: '{'}}, toLowerCase]}"),
        ("outgoing", "  a: {from: Cost Center Code, where: [{left: x, is: inList, right: '${city}'}]}"),
    ];
    for (direction, fields) in fine {
        assert_eq!(native(direction, fields), [""; 0], "{fields}");
    }
}

#[test]
fn what_only_looks_right_is_told() {
    let cases: [(&str, &str, &[&str]); 2] = [
        (
            "incoming",
            "  Given Name: a\n  email: b\n  givenname: c",
            &[
                "5:3+10 `Given Name` and `givenname` below are one field of the profile (set it once, or use `rules`)",
            ],
        ),
        (
            "outgoing",
            "  a: 2026-01-31",
            &["5:6+10 `2026-01-31` is calculated (if the text is meant, write `\"'2026-01-31'\"`)"],
        ),
    ];
    for (direction, fields, expected) in cases {
        assert_eq!(native(direction, fields), expected, "{fields}");
    }
}

#[test]
fn what_is_hardly_meant_in_a_native_mapper_is_told() {
    let cases: [(&str, &str, &[&str]); 15] = [
        (
            "outgoing",
            "  a: mail ~ emial",
            &[
                "5:6+4 the user profile has no field `mail` (did you mean `email`?)",
                "5:13+5 the user profile has no field `emial` (did you mean `email`?)",
            ],
        ),
        (
            "outgoing",
            "  a: {value: x, when: favourite}",
            &[
                "5:14+1 the user profile has no field `x` (if the text is meant, write `\"'x'\"`)",
                "5:23+9 the user profile has no field `favourite`",
            ],
        ),
        (
            "outgoing",
            "  a: {from: email, then: [{concat: {suffix: ' ${surnam}', prefix: {path: titel}}}]}",
            &[
                "5:49+6 the user profile has no field `surnam` (did you mean `surname`?)",
                "5:74+5 the user profile has no field `titel` (did you mean `title`?)",
            ],
        ),
        (
            "incoming",
            "  Givn Name: whatever",
            &["5:3+9 the user profile has no field `Givn Name` (did you mean `givenname`?)"],
        ),
        (
            "outgoing",
            "  a: {value: email, when: 1 == 2}",
            &["5:27+6 this never holds, so the rule never applies"],
        ),
        ("outgoing", "  a: {value: email, when: true}", &["5:27+4 this always holds (leave `when` out)"]),
        (
            "outgoing",
            "  a: {rules: [email, surname, {value: title, when: city}]}",
            &[
                "5:22+7 this rule is never reached: rule 1 of `a` always applies (give that one a `when`, an `on` or a `valid`, or put it last)",
            ],
        ),
        (
            "incoming",
            "  email: {rules: [{value: a, on: create}, b]}",
            &[
                "5:43+1 this rule is never reached: rule 1 of `email` always applies (give that one a `when`, an `on` or a `valid`, or put it last)",
            ],
        ),
        (
            "outgoing",
            "  a: {clear: true, default: email}",
            &["5:20+7 `default` has no effect beside `clear`"],
        ),
        ("outgoing", "  a: {clear: true, missing: skip}", &["5:20+7 `missing` has no effect beside `clear`"]),
        (
            "outgoing",
            "  a: {from: email, then: [{concat: {prefix: '[\"'}}, {concat: {suffix: '\"]'}}, ParseJSON]}",
            &[
                "5:79+9 this reads JSON that was glued from texts; a quote in a value breaks it (write the object or list as the `value`)",
            ],
        ),
        (
            "outgoing",
            "  a: {from: email, then: [{getIndex: {index: 0}}]}",
            &["5:28+8 `getIndex` is known from write-ups only; files have `atIndex` (write `atIndex`)"],
        ),
        (
            "outgoing",
            "  a: {from: incident.email}",
            &["5:13+8 there is no `incident` in what a mapper reads, so it is dropped (write `email`)"],
        ),
        (
            "outgoing",
            "  a: {xsoar: {simple: emial}}",
            &["5:23+5 the user profile has no field `emial` (did you mean `email`?)"],
        ),
        (
            "outgoing",
            "  a: {rules: [{value: emial}, {value: email | lowr}]}",
            &[
                "5:23+5 the user profile has no field `emial` (did you mean `email`?)",
                "5:31+1 this rule is never reached: rule 1 of `a` always applies (give that one a `when`, an `on` or a `valid`, or put it last)",
                "!5:47+4 there is no filter `lowr` (did you mean `lower`?)",
            ],
        ),
    ];
    for (direction, fields, expected) in cases {
        assert_eq!(native(direction, fields), expected, "{fields}");
    }
}

#[test]
fn a_file_as_a_whole_is_judged_too() {
    let text = "mapper: T\ndirection: outgoing\nfields: {a: email, b: email}\n\
                types: {X: {a: \"'x'\", b: email}, Y: {a: {value: x, default: 1}}}\n";
    let expected = [
        "1:1+6 this mapper has no `tests` (each has `given` and `expect`; `provost mapper test` runs them)",
        "3:10+1 `a` has no effect here: every type below sets it itself",
    ];
    assert_eq!(check(text, false), expected);
    let broken = check("mapper: T\ndirektion: outgoing\nfields: {a: email | lowr, b: 1}\n", false);
    assert_eq!(
        broken,
        [
            "!2:1+9 unknown key `direktion` (did you mean `direction`?)",
            "!3:21+4 there is no filter `lowr` (did you mean `lower`?)"
        ]
    );
    let steps = vec!["trim"; 201].join(", ");
    let long = native("outgoing", &format!("  a: {{from: email, then: [{steps}]}}"));
    assert_eq!(long, ["!5:3+1 `a` has 201 steps, but a field has at most 200"]);
}

#[test]
fn what_may_be_a_secret_is_not_repeated() {
    let found = native("outgoing", "  userPassword: hunter2\n  b: {value: email, when: token == x}");
    assert_eq!(found[0], "5:17+7 nothing of this name is known");
}

#[test]
fn attributes_of_a_known_system_are_checked() {
    let text =
        |direction, fields| format!("mapper: T\ndirection: {direction}\ntests: []\nfields: {fields}\n");
    assert_eq!(
        check(&text("outgoing", "{mail: email, logn: email}"), true),
        ["4:23+4 the system has no attribute `logn` (did you mean `login`?)"]
    );
    assert_eq!(
        check(&text("incoming", "{email: mail, givenname: name.given, title: tilte}"), true),
        ["4:53+5 the system has no attribute `tilte` (if the text is meant, write `\"'tilte'\"`)"]
    );
}

fn xsoar(fields: &str) -> Vec<String> {
    let block = format!("{{\"internalMapping\": {{\n{fields}\n}}}}");
    let text = format!(
        "{{\"name\": \"T\", \"type\": \"mapping-outgoing\", \"mapping\": {{\"User Profile\": {block}}}}}"
    );
    check(&text, false)
}

#[test]
fn what_is_hardly_meant_in_an_xsoar_file_is_told() {
    let cases: [(&str, &[&str]); 7] = [
        (
            r#""a": {"simple": "emial"}"#,
            &["2:18+5 the user profile has no field `emial` (did you mean `email`?)"],
        ),
        (
            r#""a": {"simple": "x ${incident.emial}"}"#,
            &[
                "2:22+8 there is no `incident` in what a mapper reads, so it is dropped (write `emial`)",
                "2:31+5 the user profile has no field `emial` (did you mean `email`?)",
            ],
        ),
        (
            r#""a": {"simple": "email"}, "b": {"simple": "city"}, "a": {"simple": "title"}"#,
            &["2:1+3 the key `a` is there again below (the last one wins, so this one has no effect)"],
        ),
        (
            r#""a": {"complex": {"root": "applications", "filters": [[{"operator": "isInList", "left": {"value": {"simple": "city"}, "isContext": true}, "right": {"value": {"simple": "x"}}}]]}}"#,
            &[
                "2:69+10 `isInList` is known from write-ups only; files have `inList` (write `inList`)",
                "2:110+6 this is not under the root `applications`, so it is the same for every element (a path that begins with `applications.` is looked up in the element)",
            ],
        ),
        (
            r#""a": {"complex": {"root": "email", "transformers": [{"operator": "split", "args": {"delimitr": {"value": {"simple": "@"}}}}]}}"#,
            &["2:84+10 `split` has no argument `delimitr`, so it has no effect (did you mean `delimiter`?)"],
        ),
        (
            r#""a": {"complex": {"root": "email", "transformers": [{"operator": "concat", "args": {"prefix": {"value": {"simple": "{\"a\": \""}}}}, {"operator": "ParseJSON"}]}}"#,
            &[
                "2:147+11 this reads JSON that was glued from texts; a quote in a value breaks it (a native mapper writes objects and lists as they are)",
            ],
        ),
        (
            r#""a": {"complex": {"root": "email", "filters": [[{"operator": "isEqualStrng"}]], "transformers": [{"operator": "conct"}, {"operator": "isEmpty"}]}}, "b": {"simple": "x[y]"}"#,
            &[
                "!2:62+14 there is no operator `isEqualStrng` (did you mean `isEqualString`?)",
                "!2:111+7 there is no operator `conct` (did you mean `concat`?)",
                "!2:134+9 `isEmpty` is a filter, no transformer",
                "!2:165+6 `[y]` is no index; write `[0]`, `[0:2]` or `[]`",
            ],
        ),
    ];
    for (fields, expected) in cases {
        assert_eq!(xsoar(fields), expected, "{fields}");
    }
}

#[test]
fn names_from_hearsay_and_one_liners_are_operators() {
    for operator in super::steps::named() {
        assert!(crate::operators::find(operator).is_ok(), "{operator}");
    }
}

#[cfg(feature = "dt-js")]
#[test]
fn javascript_for_which_there_is_an_operator_is_told() {
    let told = "is what the transformer";
    let found = native("outgoing", "  a: {from: 'email=val.toLowerCase()'}");
    assert_eq!(found, [format!("5:20+17 `val.toLowerCase()` {told} `toLowerCase` does, without JavaScript")]);
    let step = r#"{"operator": "DT", "args": {"dt": {"value": {"simple": ".=val.trim();"}}}}"#;
    let found = xsoar(&format!(r#""a": {{"complex": {{"root": "email", "transformers": [{step}]}}}}"#));
    assert_eq!(found, [format!("2:111+10 `val.trim()` {told} `trim` does, without JavaScript")]);
}
