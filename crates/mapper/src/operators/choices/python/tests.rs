//! What Python would say.

use serde_json::json;

use super::super::patterns::Flags;
use super::*;

fn value(text: &str, comparing: Comparing) -> Result<Value, String> {
    let document = json!({"n": 7, "city": "Oslo", "tags": ["a", "b"], "deep": {"x": null}});
    evaluate(text, &document, comparing).map_err(|failure| failure.message)
}

#[test]
fn expressions_are_pythons() {
    let cases = [
        ("1 < 2 <= 2", json!(true)),
        ("3 > #{n} > 1", json!(false)),
        ("not 1 == 2 and 'x'", json!("x")),
        ("0 or [] or None", json!(null)),
        ("-#{n} + 1.5", json!(-5.5)),
        ("'a' \"b\" + '\\x63\\u00e5\\d'", json!("abcå\\d")),
        (r"r'\n\'' + '\n'", json!("\\n\\'\n")),
        ("[1, 'a',] + [True]", json!([1, "a", true])),
        ("{'a': {}, 'b': #{deep.x}, }", json!({"a": {}, "b": null})),
        ("1 == 1.0 == True", json!(true)),
        ("'a' not in #{tags}", json!(false)),
        ("'a' not in #{deep.x}", json!(false)),
        ("'city' in #{.}", json!(true)),
        ("#{city} < 5", json!(false)),
        ("1 + 'a'", json!(null)),
        ("regex_match('^(?!R)', #{city})", json!(true)),
        ("regex_match('O', #{deep.x})", json!(false)),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text, Comparing::default()), Ok(expected), "{text}");
    }
}

#[test]
fn flags_widen_and_narrow_comparisons() {
    let ignore_case = Flags { ignore_case: true, ..Flags::default() };
    let folding = Comparing { flags: ignore_case, ..Comparing::default() };
    assert_eq!(value("#{city} == 'OSLO'", folding), Ok(json!(true)));
    assert_eq!(value("['a'] != ['A']", folding), Ok(json!(false)));
    let items = Comparing { items: true, ..Comparing::default() };
    assert_eq!(value("'b' == #{tags}", items), Ok(json!(true)));
    assert_eq!(value("'b' == #{tags}", Comparing::default()), Ok(json!(false)));
    let whole = Comparing { whole: true, ..Comparing::default() };
    assert_eq!(value("regex_match('Os|lo', #{city})", whole), Ok(json!(false)));
}

#[test]
fn what_is_no_expression_is_refused() {
    let cases = [
        ("1 +", "at character 4: a value is expected"),
        ("(1", "`)` is expected"),
        ("1 2", "nothing more is expected"),
        ("#{n", "`}` is missing"),
        ("#{tags(val > 1)}", "a path only"),
        ("'a", "a quote is not closed"),
        ("1.2.3", "no number"),
        ("exit(1)", "there is no `exit`"),
        ("-'a'", "`-` needs a number"),
        ("regex_match('(', 'a')", "the pattern cannot be read"),
    ];
    for (text, reason) in cases {
        let got = value(text, Comparing::default()).expect_err(text);
        assert!(got.contains(reason), "{text}: {got}");
    }
    for deep in ["(", "[", "{'a':", "not ", "- ", "regex_match("] {
        let got = value(&deep.repeat(100_000), Comparing::default()).expect_err(deep);
        assert!(got.contains("too deeply"), "{deep}: {got}");
    }
}
