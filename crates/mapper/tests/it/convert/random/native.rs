//! Random native mappers that XSOAR's form can say.

use proptest::prelude::*;
use proptest::sample::select;
use provost_mapper::operators::{self, ArgumentKind};
use serde_json::{Map, Value, json};

use super::{PATHS, TEXTS, TYPES, field, fields, literal, place, texts};

/// What a native argument can be, so that XSOAR has it too.
fn argument(kind: ArgumentKind) -> BoxedStrategy<Value> {
    let constant = select(vec![json!(1), json!(true), json!(null), json!([1, "a"]), json!(2.5)]);
    let any = prop_oneof![
        3 => literal().prop_map(Value::from),
        1 => place().prop_map(|path| json!({"path": path})),
        1 => place().prop_map(|path| json!({"from": path, "then": ["toUpperCase"]})),
        1 => constant,
    ];
    if kind == ArgumentKind::Raw { texts(&TEXTS).prop_map(Value::from).boxed() } else { any.boxed() }
}

fn step() -> BoxedStrategy<Value> {
    let known: Vec<_> = operators::all().filter(|one| !one.is_filter() && one.name != "DT").collect();
    select(known)
        .prop_flat_map(|operator| {
            let arguments: Vec<_> =
                operator.arguments.iter().map(|one| prop::option::of(argument(one.kind))).collect();
            arguments.prop_map(move |given| {
                let given = operator.arguments.iter().zip(given);
                let given: Map<String, Value> =
                    given.filter_map(|(argument, value)| Some((argument.name.to_owned(), value?))).collect();
                if given.is_empty() { json!(operator.name) } else { json!({operator.name: given}) }
            })
        })
        .boxed()
}

fn condition() -> BoxedStrategy<Value> {
    let known: Vec<_> = operators::all().filter(|one| one.is_filter()).map(|one| one.name).collect();
    let left = select(vec![
        json!("type"),
        json!("value"),
        json!("."),
        json!({"path": "city"}),
        json!({"path": "emails"}),
        json!({"xsoar": {"simple": "\"w\""}}),
    ]);
    (select(known), left, argument(ArgumentKind::Any), any::<bool>())
        .prop_map(|(is, left, right, ignore)| json!({"left": left, "is": is, "right": right, "ignore-case": ignore}))
        .boxed()
}

fn source() -> BoxedStrategy<Map<String, Value>> {
    let one = |key: &'static str, value: Value| Map::from_iter([(key.to_owned(), value)]);
    let value = prop_oneof![
        select(vec!["city", "name.first", "word | lower | trim", "word | upper", "'x'", "'it\\'s ${'", "n"])
            .prop_map(Value::from),
        select(vec![json!(3), json!(true), json!(["'a'", 1]), json!(0.5)]),
    ];
    let then = prop::collection::vec(step(), 0..3);
    let group = prop_oneof![
        condition(),
        prop::collection::vec(condition(), 1..3).prop_map(|any| json!({"any": any}))
    ];
    let piped = (place(), prop::collection::vec(group, 0..2), prop::option::of(texts(&PATHS)), then.clone());
    prop_oneof![
        2 => value.clone().prop_map(move |value| one("value", value)),
        1 => (value, then).prop_map(move |(value, then)| {
            let mut rule = one("value", value);
            rule.insert("then".to_owned(), then.into());
            rule
        }),
        3 => piped.prop_map(move |(from, filters, take, then)| {
            let mut rule = one("from", from.into());
            rule.insert("where".to_owned(), filters.into());
            rule.extend(take.map(|take| ("take".to_owned(), take.into())));
            rule.insert("then".to_owned(), then.into());
            rule
        }),
        1 => field().prop_map(move |value| one("xsoar", value)),
    ]
    .boxed()
}

fn rule(with_verbs: bool) -> BoxedStrategy<Value> {
    let default = prop::option::of(select(vec![json!("city"), json!("'x'"), json!(3), json!("word | trim")]));
    let plain = (source(), default).prop_map(|(mut rule, default)| {
        if !rule.contains_key("xsoar") {
            rule.extend(default.map(|default| ("default".to_owned(), default)));
        }
        rule
    });
    if !with_verbs {
        return plain.prop_map(Value::Object).boxed();
    }
    let on = select(vec![
        json!(null),
        json!("create"),
        json!("update"),
        json!(["create", "update"]),
        json!(["update", "get", "disable"]),
    ]);
    let with_on = (plain, on).prop_map(|(mut rule, on)| {
        if !on.is_null() {
            rule.insert("on".to_owned(), on);
        }
        Value::Object(rule)
    });
    let several = prop::collection::vec(with_on.clone(), 1..4).prop_map(|rules| json!({"rules": rules}));
    prop_oneof![3 => with_on, 1 => several].boxed()
}

/// A native file that XSOAR's form can say.
pub(in crate::convert) fn file() -> BoxedStrategy<Value> {
    let flat =
        (any::<bool>(), fields(rule(true))).prop_map(|(outgoing, fields)| (outgoing, fields, Map::new()));
    let type_fields = fields(rule(false)).prop_map(Value::Object).boxed();
    let types = prop::sample::subsequence(TYPES[1..].to_vec(), 1..3).prop_flat_map(move |names| {
        let count = names.len();
        prop::collection::vec(type_fields.clone(), count).prop_map(move |each| {
            names.iter().map(|name| (*name).to_owned()).zip(each).collect::<Map<_, _>>()
        })
    });
    let typed = (any::<bool>(), fields(rule(false)), types);
    prop_oneof![flat, typed]
        .prop_map(|(outgoing, fields, types)| {
            json!({"mapper": "T", "direction": if outgoing { "outgoing" } else { "incoming" }, "fields": fields, "types": types})
        })
        .boxed()
}
