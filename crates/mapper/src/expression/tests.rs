//! Expressions over one small document.

use serde_json::json;

use super::*;

fn value(expression: &str) -> Result<Option<Value>, ExpressionError> {
    let document = json!({
        "email": "Ann@Example.com", "givenname": "Ann", "surname": "Example",
        "n": 7, "flag": false, "nothing": null, "list": [1, "b"], "deep": {"b": 1, "a": [true]},
    });
    let scope = Scope::of_document(&document, &crate::Environment::fixed());
    Expression::of_mapper(expression, &Tables::default())?.evaluate(&scope)
}

#[test]
fn values_keep_their_type_and_order() {
    let cases = [
        ("email | lower", json!("ann@example.com")),
        ("n", json!(7)),
        ("n / 2", json!(3.5)),
        ("flag", json!(false)),
        ("list", json!([1, "b"])),
        ("deep", json!({"b": 1, "a": [true]})),
        ("deep.a[0]", json!(true)),
        ("givenname ~ ' ' ~ surname", json!("Ann Example")),
        ("displayname or (givenname ~ ' ' ~ surname)", json!("Ann Example")),
        ("missing | default('x')", json!("x")),
        ("{'a': n, 'z': [email]}", json!({"a": 7, "z": ["Ann@Example.com"]})),
        ("(email | split('@'))[0] | upper", json!("ANN")),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), Ok(Some(expected)), "{expression}");
    }
}

#[test]
fn what_is_missing_makes_no_value() {
    for expression in [
        "missing",
        "nothing",
        "nothing | lower",
        "missing | lower",
        "givenname ~ missing",
        "givenname ~ nothing",
        "missing.deep",
        "deep.x.y",
        "missing | split('@')",
        "missing | round",
        "deep.x | sort",
    ] {
        assert_eq!(value(expression), Ok(None), "{expression}");
    }
}

#[test]
fn mistakes_are_errors() {
    for expression in ["email |", "email | lowr", "missing | lowr", "n + email", "{% if %}"] {
        assert!(value(expression).is_err(), "{expression}: {:?}", value(expression));
    }
    assert!(value("email.lower()").is_err(), "there are no methods");
    assert!(Expression::parse("a | lowr").is_err(), "known before anything runs");
}

#[test]
fn in_a_condition_what_is_missing_equals_nothing() {
    let scope = Scope::new(&json!({"type": "staff"}));
    let cases =
        [("type == 'staff'", true), ("kind != 'staff'", true), ("kind.deep == 'x'", false), ("kind", false)];
    for (condition, expected) in cases {
        assert_eq!(
            Condition::of_mapper(condition, &Tables::default()).and_then(|c| c.holds(&scope)),
            Ok(expected),
            "{condition}"
        );
    }
}

#[test]
fn names_are_known_before_running() {
    assert_eq!(Expression::parse("a.b ~ c | lower").expect("valid").names(), ["a", "c"]);
}

#[test]
fn operators_are_filters_and_tests() {
    let cases = [
        ("email | split('@') | atIndex(0)", json!("Ann")),
        ("'Ånn' | ascii | toLowerCase", json!("ann")),
        ("email | substringTo('@') | concat(suffix='!')", json!("Ann!")),
        ("list | append('c')", json!([1, "b", "c"])),
        ("missing | SetIfEmpty('x')", json!("x")),
        ("nothing | SetIfEmpty(defaultValue='x')", json!("x")),
        ("missing | toLowerCase or 'x'", json!("x")),
        ("deep | getField('b')", json!(1)),
        ("givenname is isEqualString('Ann')", json!(true)),
        ("givenname is not isEqualString('Ann')", json!(false)),
        ("givenname is inList('Bo, Ann')", json!(true)),
        ("givenname is inList('bo, ann', ignore_case=true)", json!(true)),
        ("missing is isEqualString('Ann')", json!(false)),
        ("missing is notIn(list)", json!(true)),
        ("missing is isEmpty", json!(true)),
        ("list is string.isEqual('b')", json!(true)),
        ("['a1', 'b'] | select('match', '[0-9]') | list", json!(["a1"])),
        ("['a', 'b'] | map('concat', 'x-') | join(' ')", json!("x-a x-b")),
        ("n | If_Then_Else(condition='value==rhs', rhs=7, then='a', else='b')", json!("a")),
        ("givenname | FormatTemplate('${surname}, ${deep.b}')", json!("Example, 1")),
        ("'/' | ConcatFormat('${surname}')", json!("Example/")),
        ("{'z': 1, 'a': [1.5, true]} | Stringify", json!(r#"{"a":[1.5,true],"z":1}"#)),
        ("'1 day' is AfterRelativeDate('2 days ago') if false else 1", json!(1)),
        ("now()", json!("2026-01-01T00:00:00Z")),
        ("today()", json!("2026-01-01")),
        ("'2026-01-31' is AfterRelativeDate('in 3 days')", json!(true)),
        ("today() | addDuration('30 days')", json!("2026-01-31")),
        ("clear", json!(null)),
        ("phone if flag else clear", json!(null)),
        ("missing or clear", json!(null)),
        ("missing | default(clear)", json!(null)),
        ("email if email else clear", json!("Ann@Example.com")),
        ("{'a': clear, 'b': [n]}", json!({"a": null, "b": [7]})),
        ("range(3)", json!([0, 1, 2])),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), Ok(Some(expected)), "{expression}");
    }
}

#[test]
fn operators_keep_types_and_the_order_of_members() {
    for text in [
        r#"{"b":1,"a":[true,{"z":"","c":2.0}]}"#,
        "18446744073709551615",
        "-1",
        "2.0",
        "1e300",
        "false",
        "[]",
    ] {
        let document = json!({"v": serde_json::from_str::<Value>(text).expect(text)});
        let scope = Scope::of_document(&document, &crate::Environment::fixed());
        for expression in ["v", "v | SetIfEmpty(v)", "{'x': v}.x", "[v][0]"] {
            let parsed = Expression::of_mapper(expression, &Tables::default()).expect(expression);
            let got = parsed.evaluate(&scope).map(|value| value.map(|value| value.to_string()));
            assert_eq!(got, Ok(Some(document["v"].to_string())), "{expression}");
        }
    }
}

/// As the table in docs/mappers/expressions.md has it.
#[test]
fn jinja_keeps_its_own_filters_and_tests() {
    let cases = [
        ("'abc' | count", json!(3)),
        ("['a', 'b'] | join", json!("ab")),
        ("['b', 'A'] | sort", json!(["A", "b"])),
        ("['b', 'A'] | sort(reverse=true)", json!(["b", "A"])),
        ("'a,b c' | split", json!(["a,b", "c"])),
        ("[1, 2, 3] | slice(2)", json!([[1, 2], [3]])),
        ("-2.26 | abs | round(1)", json!(2.3)),
        ("'b' is in('abc')", json!(true)),
        ("['b'] is in(['b'])", json!(false)),
        ("'a-b' | replace('-', '')", json!("ab")),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), Ok(Some(expected)), "{expression}");
    }
    for expression in ["[-1] | abs", "[1.5] | round", "'a-b' | replace('-')"] {
        assert!(value(expression).is_err(), "{expression}");
    }
}

#[test]
fn what_operators_lack_makes_no_value() {
    for expression in [
        "missing | toLowerCase",
        "nothing | toLowerCase",
        "missing | toLowerCase ~ 'x'",
        "list | atIndex(9) | sum",
        "list | atIndex(9) | upper",
        "[missing] | atIndex(0) | round",
    ] {
        assert_eq!(value(expression), Ok(None), "{expression}");
    }
}

#[test]
fn mistakes_are_found_before_anything_runs() {
    let cases = [
        ("a if b else (c | lowr)", "there is no filter `lowr`; did you mean `lower`?"),
        ("a or [1, {'x': b[c | toLowrCase]}]", "did you mean `toLowerCase`?"),
        ("a is isEqualStrin('b')", "did you mean `isEqualString`?"),
        ("a | map('lowr')", "there is no filter `lowr`"),
        ("a | select('inLst', 'b')", "did you mean `inList`?"),
        ("a | selectattr('x', 'definde')", "did you mean `defined`?"),
        ("a | isEqualString('b')", "`isEqualString` is a test"),
        ("a is toLowerCase", "`toLowerCase` is a filter"),
        ("a | concat(prefx='b')", "`concat`: there is no argument `prefx`; did you mean `prefix`?"),
        ("a | concat('b', 'c', 'd')", "`concat`: it takes at most 2 arguments"),
        ("a | toLowerCase('b')", "`toLowerCase`: it takes no arguments"),
        ("a is inList('b', 'c')", "it takes one argument"),
        ("nwo()", "there is no function `nwo`; did you mean `now`?"),
        ("lower(a)", "there is no function `lower`; it is a filter"),
        ("debug()", "there is no function `debug`"),
        ("a.lower()", "there are no methods"),
        ("now(1)", "`now()` takes no arguments"),
        ("now ~ 'x'", "`now` is a function"),
        ("lookup('t')", "takes a table, a key"),
        ("lookup('t', a)", "there is no table `t`"),
        ("clear ~ 'x'", "`clear` is a whole result"),
        ("clear or 'x'", "`clear` is a whole result"),
        ("clear | upper", "`clear` is a whole result"),
    ];
    for (expression, expected) in cases {
        let problem = Expression::of_mapper(expression, &Tables::default()).expect_err(expression).problem;
        assert!(problem.contains(expected), "{expression}: {problem}");
    }
    assert!(Condition::of_mapper("clear", &Tables::default()).is_err());
}

#[test]
fn manifests_know_neither_moment_nor_tables() {
    for expression in ["now()", "lookup('t', a)", "clear", "a or clear", "a | ModifyDateTime('1 day ago')"] {
        assert!(Expression::parse(expression).is_err(), "{expression}");
    }
    let scope = Scope::new(&json!({"params": {"url": "X", "now": 1}, "now": 2}));
    let parsed = Expression::parse("params.url | toLowerCase ~ ('/' | ConcatFormat('${params.url}'))");
    assert_eq!(parsed.and_then(|parsed| parsed.evaluate(&scope)), Ok(Some(json!("xX/"))));
}

#[test]
fn mistakes_on_values_are_errors_of_the_operator() {
    let cases = [
        ("deep | toLowerCase", "`toLowerCase`: an object is no text"),
        ("email | parseDate('%d')", "`parseDate`: this text is no date of the form `%d`"),
        ("email is stringHasLength('x')", "`stringHasLength`: this text is no number"),
        ("email | upper | concat(**{'x': 1})", "`concat`: there is no argument `x`"),
    ];
    for (expression, expected) in cases {
        let problem = value(expression).expect_err(expression).problem;
        assert!(problem.contains(expected), "{expression}: {problem}");
    }
}

#[test]
fn expressions_without_end_are_stopped() {
    let nested = format!("{}1{}", "[".repeat(40), "] * 1000".repeat(40));
    for expression in [
        "'x' * 10**9",
        "'x' * 10**8",
        "[0] * 10**9",
        "[[[0] * 1000] * 1000] * 1000",
        &nested,
        "range(100000) | map('RegexReplace', '(a+)+$', 'b') | list",
        "range(60000) | map('toLowerCase') | join",
        "range(100000) | join('x' * 10000)",
        "'%999999999d' | format(n)",
        "('x' * 1000000) | replace('x', 'x' * 1000000)",
    ] {
        let problem = value(expression).expect_err(expression).problem;
        let is_limit =
            ["takes too long", "too large", "longer than"].iter().any(|word| problem.contains(word));
        assert!(is_limit, "{expression}: {problem}");
    }
    assert_eq!(value("('x' * 1000000) | length"), Ok(Some(json!(1_000_000))));
    assert!(value("range(5000) | map('toLowerCase') | list").is_ok());
}

/// The examples of the operator table, each as an expression.
#[test]
fn every_example_of_the_table_is_true_in_expressions() {
    for operator in crate::operators::all() {
        let InExpressions::As(name) = operator.in_expressions() else { continue };
        // A member that is null is missing for expressions.
        for example in operator.examples.iter().filter(|example| !example.value.contains(": null")) {
            let json = |text: &str| serde_json::from_str::<Value>(text).expect(text);
            let mut document = serde_json::Map::from_iter([("v".to_owned(), json(example.value))]);
            let mut arguments = Vec::new();
            for (at, (argument, value)) in example.arguments.iter().enumerate() {
                document.insert(format!("a{at}"), json(value));
                arguments.push(format!("{argument}=a{at}"));
            }
            let sign = if operator.is_filter() { "is" } else { "|" };
            let expression = format!("v {sign} {name}({})", arguments.join(", "));
            let scope = Scope::of_document(&Value::Object(document), &crate::Environment::fixed());
            let parsed = Expression::of_mapper(&expression, &Tables::default()).expect(&expression);
            let got = parsed.evaluate(&scope);
            match example.gives.strip_prefix('!') {
                Some(why) => {
                    let lacks =
                        example.value == "null" || example.arguments.iter().any(|(_, v)| *v == "null");
                    let fails = got.clone().is_err_and(|error| error.problem.contains(why));
                    assert!(fails || lacks, "{expression} {example:?}: {got:?}");
                }
                None => assert_eq!(
                    got.map(Option::unwrap_or_default),
                    Ok(json(example.gives)),
                    "{expression} {example:?}"
                ),
            }
        }
    }
}

#[test]
fn the_names_that_jinja_has_are_known() {
    let jinja = Environment::new();
    let has = |kind: &str, name: &str| {
        jinja.empty_state().perform_test(kind, &[name.into()]).expect("a test of Jinja's")
    };
    for (kind, names) in [("filter", &calls::JINJA_FILTERS[..]), ("test", &calls::JINJA_TESTS)] {
        for name in names {
            assert!(has(kind, name), "{kind} {name}");
        }
        for name in calls::names(kind == "test") {
            assert_eq!(has(kind, &name), names.contains(&name.as_str()), "{kind} {name}");
        }
    }
    // The table in docs/mappers/expressions.md.
    let taken = crate::operators::all().filter(|row| row.in_expressions() == InExpressions::JinjaHas);
    let taken: Vec<&str> = taken.map(|row| row.name).collect();
    assert_eq!(taken, ["trim", "split", "replace", "join", "count", "sort", "slice", "round", "abs", "in"]);
}

#[test]
fn long_and_deep_expressions_do_not_exhaust_the_stack() {
    // The frames of a build for tests are large; a program's first thread has so much.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(long_and_deep);
    thread.expect("a thread").join().expect("no panic");
}

fn long_and_deep() {
    let parts = ["a~", "a|d|", "a if b else ", "(", "[", "{'a':", "not ", "-", "a.b", "a[", "a is odd and "];
    for part in parts {
        for length in [LONGEST / 4, LONGEST - 10, LONGEST * 100] {
            let opened = part.repeat(length / part.len());
            let _ = value(&(opened.clone() + "lower"));
            let closed = part.repeat(length / part.len() / 2);
            let ends = part.replace('(', ")").replace('[', "]").replace("{'a':", "}");
            let _ = value(&(closed + "a" + &ends.repeat(length / part.len() / 2)));
        }
    }
    assert_eq!(value(&("n ~ ".repeat(150) + "''")), Ok(Some(Value::from("7".repeat(150)))));
    let problem = value(&"a".repeat(LONGEST + 1)).expect_err("too long").problem;
    assert!(problem.contains("it is longer than"), "{problem}");
}
