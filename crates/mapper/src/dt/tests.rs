//! What DT finds, and that its JavaScript stays within its walls.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use provost_core::Diagnostic;
use serde_json::json;

use super::*;
use crate::Mapper;
use crate::operators::FailureKind;

fn run(source: &str, document: &Value) -> Result<Option<Value>, Failure> {
    begin_field();
    Dt::parse(source).expect(source).resolve(document, &Environment::fixed())
}

fn value(source: &str) -> Value {
    let found = run(source, &json!({})).unwrap_or_else(|failure| panic!("{source}: {}", failure.message));
    found.unwrap_or_default()
}

#[test]
fn the_rows_of_the_reference_hold() {
    let document = json!({
        "crew": [{"n": "Lo", "r": 1}, {"n": "Bo", "r": 2}], "org": "ACME", "one": [3], "none": null,
        "a=val": "whole", "Phone (work)": " 7 ", "grid": [[1, 2], [3]], "boss": {"n": "Al"},
    });
    let cases = [
        ("crew.n", json!(["Lo", "Bo"])),
        ("crew(val.r > 1).n", json!("Bo")),
        ("crew.n(val.indexOf('L') == 0)", json!("Lo")),
        ("crew(val.r > 0)(val.r < 2).n", json!("Lo")),
        ("crew(val.r > 5).n", Value::Null),
        ("crew(val.nope.deep)", Value::Null),
        ("boss(val.n == 'Al').n", json!("Al")),
        ("org=val.toLowerCase()", json!("acme")),
        ("crew(val.r > 1).n=val+'!'", json!("Bo!")),
        ("crew.n=f(val);function f(x){return x+x}", json!(["LoLo", "BoBo"])),
        ("crew.n=val == 'Lo' ? null : val", json!("Bo")),
        (r#".={"a": val.org}"#, json!({"a": "ACME"})),
        (".=function(val){ return val.org }(val)", json!("ACME")),
        (".=val.org;", json!("ACME")),
        (".=let x = val.org; x + x", json!("ACMEACME")),
        ("crew=>val.length", json!(2)),
        ("crew(val.r > 1).n=>val.length", json!(1)),
        ("org=>val.length", json!(4)),
        ("nope=1 + val", Value::Null),
        ("one=val+1", json!([4])),
        ("grid=val.length", json!([2, 1])),
        ("crew(val.r == val1---crew.[0].r).n", json!("Lo")),
        ("crew.n=val + val1---org", json!(["LoACME", "BoACME"])),
        ("crew=val.n + val1---.r", json!(["Lo1", "Bo2"])),
        ("incident.org=val", json!("ACME")),
        ("a=val", json!("whole")),
        ("Phone (work)=val.trim()", json!("7")),
        (".=`${val.org}`", json!("ACME")),
        (".=undefined", Value::Null),
        (".=x => x", Value::Null),
        (".=NaN", Value::Null),
        (".='\u{0}'.length", json!(1)),
        (".=val1---crew.[1:1].n // why", json!("Bo")),
    ];
    for (source, expected) in cases {
        let found = run(source, &document).unwrap_or_else(|failure| panic!("{source}: {}", failure.message));
        assert_eq!(found.unwrap_or_default(), expected, "{source}");
    }
}

#[test]
fn a_throw_in_a_mutator_fails_and_tells_no_values() {
    let document = json!({"secret": "hunter2"});
    let message = |source: &str| run(source, &document).expect_err(source).message;
    assert_eq!(message("secret=val.nope()"), "`val.nope()`: TypeError: not a function");
    assert_eq!(message("secret=throw new Error(val)"), "`throw new Error(val)`: it threw");
    assert_eq!(message("secret=throw val"), "`throw val`: it threw");
    assert!(message("secret=val +").contains("SyntaxError"), "{}", message("secret=val +"));
    assert!(message(".=1n").contains("TypeError"), "{}", message(".=1n"));
    assert!(message(".=let o = {}; o.o = o; o").contains("circular"), "cycles are no JSON");
}

#[test]
fn files_may_write_dt_wherever_they_write_a_path() {
    let filter = |left: &str, right: Value| json!([[{"operator": "isEqualString", "left": {"isContext": true, "value": {"simple": left}}, "right": right}]]);
    let fields = json!({
        "bare": {"simple": "org=val.toLowerCase()"},
        "hole": {"simple": "${org=(function(v){ return {v}; })(val)}"},
        "text": {"simple": "${crew(val.r > 1).n}: ${org=`<${val}>`}!"},
        "template": {"simple": ".=`${val.org}-${val.crew.length}`"},
        "constant": {"simple": "\"a=val\""},
        "odd": {"simple": "Phone (work)"},
        "equals": {"simple": "OU=Crew"},
        "root": {"complex": {"root": "crew(val.r > 1)", "accessor": "n"}},
        "accessor": {"complex": {"root": "crew", "accessor": "n=val+'!'"}},
        "within": {"complex": {"root": "crew", "filters": filter("crew.n=val.toLowerCase()", json!({"value": {"simple": "bo"}})), "accessor": "n"}},
        "right": {"complex": {"root": "crew", "filters": filter("crew.n", json!({"isContext": true, "value": {"simple": ".=val.crew[0].n"}})), "accessor": "n"}},
        "argument": {"complex": {"root": "org", "transformers": [{"operator": "concat", "args": {
            "prefix": {"isContext": true, "value": {"simple": "${crew.n=>val.join('+')}"}},
            "suffix": {"value": {"simple": " ${crew=>val.length}."}},
        }}]}},
        "operator": {"complex": {"root": "org", "transformers": [{"operator": "DT", "args": {"dt": {"value": {"simple": ".=`${val}`"}}}}]}},
    });
    let document = json!({
        "crew": [{"n": "Lo", "r": 1}, {"n": "Bo", "r": 2}], "org": "ACME", "Phone (work)": 7, "OU=Crew": 8,
    });
    let mapped = mapper(&fields).expect("valid").run_type("T", &document, &Environment::fixed());
    assert_eq!(mapped.errors, []);
    let expected = json!({
        "bare": "acme", "hole": {"v": "ACME"}, "text": "Bo: <ACME>!", "template": "ACME-2", "constant": "a=val",
        "odd": 7, "equals": 8, "root": "Bo", "accessor": ["Lo!", "Bo!"], "within": "Bo", "right": "Lo",
        "argument": "Lo+BoACME 2.", "operator": "ACME",
    });
    assert_eq!(Value::Object(mapped.output), expected);
}

#[test]
fn a_merge_key_is_refused_when_the_mapper_is_loaded() {
    let operator = json!({"operator": "DT", "args": {"dt": {"value": {"simple": "K(val.i == obj.i)"}}}});
    for field in [
        json!({"simple": "K(val.i == obj.i)"}),
        json!({"complex": {"root": "K", "transformers": [operator]}}),
    ] {
        let message = mapper(&json!({"t": field})).expect_err("refused").to_string();
        assert!(message.contains(": `(val.i == obj.i)` compares with `obj`"), "{message}");
    }
}

fn mapper(fields: &Value) -> Result<Mapper, Box<Diagnostic>> {
    let file =
        json!({"name": "T", "type": "mapping-outgoing", "mapping": {"T": {"internalMapping": fields}}});
    Mapper::load(std::path::Path::new("t.json"), &file.to_string())
}

#[test]
fn merge_keys_and_broken_paths_are_refused() {
    assert!(matches!(Dt::parse("Key(val.ID && val.ID == obj.ID)"), Err(DtError::WriteKey(_))));
    assert!(matches!(Dt::parse("a.[x]=val"), Err(DtError::Path(_))));
    assert!(matches!(Place::parse("a.b"), Ok(Place::Path(_))));
    assert!(matches!(Place::parse("a(val.b)"), Ok(Place::Dt(_))));
}

#[test]
fn what_is_too_much_is_cut() {
    let cases = [
        (".=(function(){ for(;;); })()", "longer than 50 ms"),
        (".=(function f(){ try { f() } finally { for(;;); } })()", "longer than 50 ms"),
        (".=/(a+)+$/.test('a'.repeat(40) + 'b')", "longer than 50 ms"),
        (".=[].indexOf.call({length: 1e15}, 1)", "longer than 50 ms"),
        (".=let a = [1]; for(;;) a = a.concat(a)", "more than 8 MB"),
        (".=let a = [1]; for(;;) a = [{a, b: a.concat(a)}].concat(a, a)", "more than 8 MB"),
        (".='x'.repeat(1e9)", "more than 8 MB"),
        (".=(function f(){ return f() })()", "too deep"),
        (".=JSON.parse('['.repeat(1e5))", "too deep"),
        (".(function(){ for(;;); }())", "longer than 50 ms"),
        (".((function f(){ return f() })())", "too deep"),
    ];
    for (source, reason) in cases {
        let begin = Instant::now();
        let failure = run(source, &json!({})).expect_err(source);
        assert!(failure.message.contains(reason), "{source}: {}", failure.message);
        assert_eq!(failure.kind, FailureKind::Limit, "{source}");
        assert!(begin.elapsed() < Duration::from_secs(2), "{source}: {:?}", begin.elapsed());
    }
    assert_eq!(value(".='still ' + 'here'"), json!("still here"));
}

#[test]
fn what_cannot_be_interrupted_is_left_behind() {
    // Ends by itself after some seconds, so that the other tests get their thread back.
    let long_step = ".=(2n**1000000n-1n).toString().length + Array(3e8).join('').length";
    let failure = run(long_step, &json!({})).expect_err("long");
    assert!(failure.message.contains("could not be interrupted"), "{}", failure.message);
    assert_eq!(value(".=1+1"), json!(2));
}

#[test]
fn a_field_has_its_time_and_the_next_one_too() {
    let slow = "a=let end = 0; for (let i = 0; i < val; i++) end += i; end";
    let document = json!({"a": vec![1_u64 << 40; 3]});
    let failure = run(slow, &document).expect_err("slow");
    assert_eq!(failure.kind, FailureKind::Limit);
    begin_field();
    let cut = || {
        Dt::parse(".=(function(){ for(;;); })()").expect("valid").resolve(&json!({}), &Environment::fixed())
    };
    let begin = Instant::now();
    for _ in 0..20 {
        assert!(cut().is_err());
    }
    assert!(begin.elapsed() < Duration::from_millis(900), "20 bodies took {:?}", begin.elapsed());
    assert_eq!(value(".=1+1"), json!(2));
}

#[test]
fn there_is_nothing_but_the_language() {
    let names = value(".=Object.getOwnPropertyNames(globalThis).sort().join(' ')");
    assert_eq!(
        names,
        json!(
            "AggregateError Array BigInt Boolean DisposableStack Error EvalError Function Infinity \
             InternalError Iterator JSON Map Math NaN Number Object RangeError ReferenceError Reflect RegExp \
             Set String SuppressedError Symbol SyntaxError TypeError URIError WeakMap WeakSet decodeURI \
             decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat \
             parseInt undefined unescape"
        )
    );
    for source in [
        ".=import('fs').then(fs => fs)",
        ".=require('fs')",
        ".=(async function(){ return 1 })()",
        ".=(async function(){ await 1 })()",
        ".=new Proxy({}, {})",
        ".=new Function('return process')()",
        ".=performance.now()",
        ".=new globalThis['Da' + 'te']()",
    ] {
        assert!(run(source, &json!({})).is_err(), "{source}");
    }
}

#[test]
fn one_run_leaves_nothing_to_the_next() {
    assert_eq!(value(".=leak = 1; Array.prototype.map = null; JSON.stringify = null; 1"), json!(1));
    assert_eq!(
        value(".=typeof leak + typeof [].map + typeof JSON.stringify"),
        json!("undefinedfunctionfunction")
    );
}

#[test]
fn results_repeat() {
    for source in [".=Math.random()", ".=new Date()", ".=Date.now()", ".=Date()", ".=[1,2].map(Math.random)"]
    {
        assert_eq!(value(source), value(source), "{source}");
    }
    assert_eq!(value(".=Date.now()"), json!(1_767_225_600_000_i64));
    assert_ne!(value(".=Math.random()"), value(".= Math.random() * 1"));
    let dt = Dt::parse(".=[Math.random(), new Date()]").expect("valid");
    let at = |seed, second| {
        let environment = Environment { now: Timestamp::from_second(second).expect("in range"), seed };
        dt.resolve(&json!({}), &environment).expect("runs").expect("a list")
    };
    assert_ne!(at(0, 1)[0], at(1, 1)[0]);
    assert_ne!(at(0, 1)[1], at(0, 2)[1]);
    let random = |item: &Value| item.as_f64().is_some_and(|number| (0.0..1.0).contains(&number));
    assert!(value(".=Array.from({length: 100}, Math.random)").as_array().expect("a list").iter().all(random));
}

/// Meant to be run under other `TZ`s too; the host's must not show.
#[test]
fn dates_are_in_utc() {
    let cases = [
        (".=new Date(2020, 0, 31, 10).toISOString()", "2020-01-31T10:00:00.000Z"),
        (".=new Date('2020-01-31T10:00:00').toISOString()", "2020-01-31T10:00:00.000Z"),
        (".=new Date('2020-01-31T10:00:00.5').toISOString()", "2020-01-31T10:00:00.500Z"),
        (".=new Date('2020-01-31T10:00:00+02:00').toISOString()", "2020-01-31T08:00:00.000Z"),
        (".=new Date('2020-01-31T10:00:00Z').toISOString()", "2020-01-31T10:00:00.000Z"),
        (".=new Date('2020-01-31').toISOString()", "2020-01-31T00:00:00.000Z"),
        (".=new Date('2020-01-31 10:00').toISOString()", "2020-01-31T10:00:00.000Z"),
        (".=new Date('Jan 31, 2020').toISOString()", "2020-01-31T00:00:00.000Z"),
        (".=new Date('Jan 31, 2020 10:00').toISOString()", "2020-01-31T10:00:00.000Z"),
        (".=new Date('Fri Jan 31 2020 10:00:00 GMT+0200').toISOString()", "2020-01-31T08:00:00.000Z"),
        (".=new Date('Fri, 31 Jan 2020 10:00:00 GMT').toISOString()", "2020-01-31T10:00:00.000Z"),
        (".=new Date(new Date(0)).toISOString()", "1970-01-01T00:00:00.000Z"),
        (".=new Date(0).toString()", "Thu Jan 01 1970 00:00:00 GMT+0000"),
        (".=String(new Date(0))", "Thu Jan 01 1970 00:00:00 GMT+0000"),
        (".=new Date(0).toDateString()", "Thu Jan 01 1970"),
        (".=new Date('x').toString()", "Invalid Date"),
        (".=''+new Date(0).getHours()+new Date(0).getTimezoneOffset()", "00"),
        (".=''+(new Date() instanceof Date)+new Date().constructor.now()", "true1767225600000"),
    ];
    for (source, expected) in cases {
        assert_eq!(value(source), json!(expected), "{source}");
    }
}

#[test]
fn other_scripts_and_big_values_pass() {
    assert_eq!(value(r".='Ångström'.normalize('NFD').replace(/[\u0300-\u036f]/g, '')"), json!("Angstrom"));
    let long = "x".repeat(100_000);
    assert_eq!(run("a=val.length", &json!({"a": long})).expect("runs"), Some(json!(100_000)));
    assert!(run(r".='\ud800'", &json!({})).is_err(), "half a character is no text");
}
