//! Random mappers of both forms, and documents for them.

use proptest::prelude::*;
use proptest::sample::select;
use provost_mapper::operators::{self, ArgumentKind};
use serde_json::{Map, Value, json};

const TARGETS: [&str; 9] = ["a", "b", "Given Name", "c.d", "on", "no", "x: y", "é\"'", "1"];
const PATHS: [&str; 15] = [
    "city",
    "name.first",
    "emails.[0].value",
    "emails.value",
    "emails",
    "n",
    "nope",
    r"a\.b",
    "Message ID",
    "flag",
    "incident.city",
    ".",
    "#tag",
    "none",
    "emails.[0:1].type",
];
/// Places that stand in `${...}`, since they would be something else without.
const HELD: [&str; 3] = ["${\"city\"}", "${}", "${a${b}}"];
const DTS: [&str; 2] = ["emails(val.type=='w').value", "city=val+'!'"];
const TEXTS: [&str; 18] = [
    "",
    "0",
    "1",
    "-1",
    "01",
    "1.5",
    "true",
    "no",
    "a",
    "Oslo",
    " x ",
    "it's",
    "\"",
    "\\n",
    "a\nb",
    "${",
    "$",
    "{\"a\": [1]}",
];
const HOLES: [&str; 4] = ["x-${city}", "${name.first} ${nope}", "${n}${flag}", "'${emails}'"];
const TYPES: [&str; 6] = [
    "dbot_classification_incident_type_all",
    "User Profile",
    "User Profile - Create",
    "User Profile - Update",
    "IAM - Sync User",
    "User Profile - Disable",
];

fn texts(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(of).prop_map(str::to_owned)
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![4 => texts(&TEXTS), 2 => texts(&HOLES), 1 => r#"[a-z'"\\:#{} é]{0,8}"#]
}

fn place() -> BoxedStrategy<String> {
    if cfg!(feature = "dt-js") {
        prop_oneof![8 => texts(&PATHS), 1 => texts(&DTS)].boxed()
    } else {
        texts(&PATHS).boxed()
    }
}

/// A document with members for most paths, of all types.
pub(super) fn document() -> impl Strategy<Value = Value> {
    let value = || {
        prop_oneof![
            4 => texts(&TEXTS).prop_map(Value::from),
            1 => any::<i32>().prop_map(Value::from),
            1 => select(vec![json!(null), json!(true), json!([]), json!([1, "b", null]), json!({"first": ["x"]}), json!(0.5)]),
        ]
    };
    let email =
        (value(), select(vec!["w", "h"])).prop_map(|(value, kind)| json!({"value": value, "type": kind}));
    let word = prop_oneof![texts(&TEXTS).prop_map(Value::from), Just(Value::Null)];
    (value(), value(), prop::collection::vec(email, 0..4), value(), value(), word).prop_map(
        |(city, name, emails, n, flag, word)| {
            json!({
                "city": city, "name": {"first": name}, "emails": emails, "n": n, "flag": flag, "word": word,
                "a.b": "whole", "Message ID": 7, "\"city\"": "quoted", "a${b}": "held",
            })
        },
    )
}

fn simple(text: &str) -> Value {
    json!({"complex": null, "simple": text})
}

fn operand(nested: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop_oneof![
        4 => literal().prop_map(|text| json!({"isContext": false, "value": simple(&text)})),
        2 => place().prop_map(|path| json!({"isContext": true, "value": simple(&path)})),
        1 => nested.prop_map(|value| json!({"isContext": false, "value": value})),
    ]
    .boxed()
}

fn transformer(nested: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let known: Vec<_> = operators::all().filter(|one| !one.is_filter() && one.name != "DT").collect();
    let often = [
        "concat",
        "toLowerCase",
        "split",
        "atIndex",
        "SetIfEmpty",
        "ParseJSON",
        "substring",
        "FormatTemplate",
    ];
    let often: Vec<_> = often.iter().filter_map(|name| operators::find(name).ok()).collect();
    prop_oneof![select(often), select(known)]
        .prop_flat_map(move |operator| {
            let operand = prop::option::of(operand(nested.clone()));
            prop::collection::vec(operand, operator.arguments.len()).prop_map(move |given| {
                let given = operator.arguments.iter().zip(given);
                let arguments: Map<String, Value> =
                    given.filter_map(|(argument, value)| Some((argument.name.to_owned(), value?))).collect();
                json!({"args": arguments, "operator": operator.name})
            })
        })
        .boxed()
}

fn filter(root: String, nested: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let known: Vec<_> = operators::all().filter(|one| one.is_filter()).collect();
    let left = select(vec!["", "type", "value", "other place"]);
    (select(known), left, prop::option::of(operand(nested)), any::<bool>())
        .prop_map(move |(operator, left, right, ignore_case)| {
            let path = match left {
                "" => root.clone(),
                "other place" => "city".to_owned(),
                within if root == "." => within.to_owned(),
                within => format!("{root}.{within}"),
            };
            let mut filter = json!({
                "ignoreCase": ignore_case, "operator": operator.name,
                "left": {"isContext": true, "value": simple(&path)},
            });
            if let Some(right) = right {
                filter["right"] = right;
            }
            filter
        })
        .boxed()
}

fn complex(nested: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let root = prop_oneof![6 => texts(&PATHS), 2 => Just("emails".to_owned()), 1 => Just(String::new()), 1 => Just("\"x\"".to_owned()), 1 => texts(&HOLES)];
    (root, select(vec!["", "", "value", "[0]"]), prop::collection::vec(transformer(nested.clone()), 0..3))
        .prop_flat_map(move |(root, accessor, transformers)| {
            let is_place = PATHS.contains(&root.as_str()) && root != "city";
            let group = prop::collection::vec(filter(root.clone(), nested.clone()), 1..3);
            let filters = prop::collection::vec(group, 0..if is_place { 3 } else { 1 });
            (filters, Just((root, accessor, transformers)))
        })
        .prop_map(|(filters, (root, accessor, transformers))| {
            if filters.is_empty() && accessor.is_empty() && transformers.is_empty() {
                return simple("city");
            }
            let complex =
                json!({"accessor": accessor, "filters": filters, "root": root, "transformers": transformers});
            json!({"complex": complex, "simple": ""})
        })
        .boxed()
}

fn nested() -> BoxedStrategy<Value> {
    let leaf = Just(json!({"complex": {
        "accessor": "value", "filters": [], "root": "emails", "transformers": [],
    }, "simple": ""}));
    leaf.prop_recursive(1, 4, 2, |inner| {
        complex(inner.boxed()).prop_filter("complex", |value| !value["complex"].is_null())
    })
    .boxed()
}

/// A value object as the product writes it.
fn field() -> BoxedStrategy<Value> {
    prop_oneof![
        3 => place().prop_map(|path| simple(&path)),
        1 => texts(&HELD).prop_map(|text| simple(&text)),
        2 => literal().prop_map(|text| simple(&format!("\"{text}\""))),
        1 => texts(&HOLES).prop_map(|text| simple(&text)),
        1 => Just(simple("")),
        5 => complex(nested()),
    ]
    .boxed()
}

fn fields(of: BoxedStrategy<Value>) -> impl Strategy<Value = Map<String, Value>> {
    prop::sample::subsequence(TARGETS.to_vec(), 0..5).prop_flat_map(move |targets| {
        let count = targets.len();
        prop::collection::vec(of.clone(), count)
            .prop_map(move |values| targets.iter().map(|target| (*target).to_owned()).zip(values).collect())
    })
}

/// A file as the product writes it, which comes back as it was.
pub(super) fn file() -> BoxedStrategy<Value> {
    let types = prop_oneof![
        3 => Just(vec![TYPES[2], TYPES[3]]),
        1 => Just(vec![TYPES[1]]),
        3 => prop::sample::subsequence(TYPES.to_vec(), 0..=TYPES.len()),
    ];
    let others = select(vec![
        json!({}),
        json!({"id": "T", "version": -1, "description": "no: 'x'"}),
        json!({"odd": [null, {"a": 1.5}], "description": ""}),
    ]);
    (types, any::<bool>(), others, literal(), any::<bool>())
        .prop_flat_map(|(types, outgoing, others, name, alike)| {
            let count = types.len();
            let common = fields(field());
            let each = prop::collection::vec(fields(field()), count);
            (Just((types, outgoing, others, name, alike)), each, common)
        })
        .prop_map(|((types, outgoing, others, name, alike), each, common)| {
            let mut mapping = Map::new();
            for (type_name, fields) in types.into_iter().zip(each) {
                let mut fields = fields;
                if alike {
                    fields.extend(common.clone());
                }
                // The order of targets is the same in every type.
                fields.sort_keys();
                mapping.insert(
                    type_name.to_owned(),
                    json!({"dontMapEventToLabels": outgoing, "internalMapping": fields}),
                );
            }
            let kind = if outgoing { "mapping-outgoing" } else { "mapping-incoming" };
            let mut file = json!({"name": name, "type": kind, "mapping": mapping});
            for (key, value) in others.as_object().into_iter().flatten() {
                file[key] = value.clone();
            }
            file
        })
        .boxed()
}

/// A file with members that are missing, empty, unknown, or written in another way.
pub(super) fn odd_file() -> BoxedStrategy<Value> {
    (file(), prop::collection::vec(any::<u8>(), 40))
        .prop_map(|(mut file, dice)| {
            let mut dice = dice.into_iter().cycle();
            for block in file["mapping"].as_object_mut().into_iter().flat_map(|types| types.values_mut()) {
                for value in block["internalMapping"]
                    .as_object_mut()
                    .into_iter()
                    .flat_map(|fields| fields.values_mut())
                {
                    mangle(value, &mut dice);
                }
            }
            file
        })
        .prop_filter("readable", |file| {
            provost_mapper::Mapper::load(std::path::Path::new("t"), &file.to_string()).is_ok()
        })
        .boxed()
}

fn mangle(value: &mut Value, dice: &mut impl Iterator<Item = u8>) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(|item| mangle(item, dice));
            if dice.next().is_some_and(|die| die < 10) {
                items.push(json!([]));
            }
        }
        Value::Object(members) => {
            members.values_mut().for_each(|member| mangle(member, dice));
            match dice.next().unwrap_or_default() {
                0..10 => drop(members.insert("unknown".to_owned(), json!(1))),
                10..60 => members
                    .retain(|_, member| !matches!(member, Value::Null | Value::Bool(false)) && member != ""),
                60..70 => drop(members.shift_remove("value")),
                70..90 => drop(
                    members
                        .shift_remove("isContext")
                        .map(|flag| members.insert("iscontext".to_owned(), flag)),
                ),
                90..110 => drop(members.get_mut("operator").map(|operator| {
                    *operator = format!("old.{}", operator.as_str().unwrap_or_default()).into()
                })),
                110..130 => drop(
                    members
                        .get_mut("root")
                        .map(|root| *root = format!("${{{}}}", root.as_str().unwrap_or_default()).into()),
                ),
                130..140 => drop(members.get_mut("isContext").map(|flag| *flag = true.into())),
                140..150 => drop(members.get_mut("simple").map(|text| *text = "${city}".into())),
                _ => {}
            }
        }
        _ => {}
    }
}

/// What a native argument can be, so that XSOAR has it too.
fn native_argument(kind: ArgumentKind) -> BoxedStrategy<Value> {
    let constant = select(vec![json!(1), json!(true), json!(null), json!([1, "a"]), json!(2.5)]);
    let any = prop_oneof![
        3 => literal().prop_map(Value::from),
        1 => place().prop_map(|path| json!({"path": path})),
        1 => place().prop_map(|path| json!({"from": path, "then": ["toUpperCase"]})),
        1 => constant,
    ];
    if kind == ArgumentKind::Raw { texts(&TEXTS).prop_map(Value::from).boxed() } else { any.boxed() }
}

fn native_step() -> BoxedStrategy<Value> {
    let known: Vec<_> = operators::all().filter(|one| !one.is_filter() && one.name != "DT").collect();
    select(known)
        .prop_flat_map(|operator| {
            let arguments: Vec<_> =
                operator.arguments.iter().map(|one| prop::option::of(native_argument(one.kind))).collect();
            arguments.prop_map(move |given| {
                let given = operator.arguments.iter().zip(given);
                let given: Map<String, Value> =
                    given.filter_map(|(argument, value)| Some((argument.name.to_owned(), value?))).collect();
                if given.is_empty() { json!(operator.name) } else { json!({operator.name: given}) }
            })
        })
        .boxed()
}

fn native_condition() -> BoxedStrategy<Value> {
    let known: Vec<_> = operators::all().filter(|one| one.is_filter()).map(|one| one.name).collect();
    let left = select(vec![
        json!("type"),
        json!("value"),
        json!("."),
        json!({"path": "city"}),
        json!({"path": "emails"}),
        json!({"xsoar": {"simple": "\"w\""}}),
    ]);
    (select(known), left, native_argument(ArgumentKind::Any), any::<bool>())
        .prop_map(|(is, left, right, ignore)| json!({"left": left, "is": is, "right": right, "ignore-case": ignore}))
        .boxed()
}

fn native_source() -> BoxedStrategy<Map<String, Value>> {
    let one = |key: &'static str, value: Value| Map::from_iter([(key.to_owned(), value)]);
    let value = prop_oneof![
        select(vec!["city", "name.first", "word | lower | trim", "word | upper", "'x'", "'it\\'s ${'", "n"])
            .prop_map(Value::from),
        select(vec![json!(3), json!(true), json!(["'a'", 1]), json!(0.5)]),
    ];
    let then = prop::collection::vec(native_step(), 0..3);
    let group = prop_oneof![
        native_condition(),
        prop::collection::vec(native_condition(), 1..3).prop_map(|any| json!({"any": any}))
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

fn native_rule(with_verbs: bool) -> BoxedStrategy<Value> {
    let default = prop::option::of(select(vec![json!("city"), json!("'x'"), json!(3), json!("word | trim")]));
    let plain = (native_source(), default).prop_map(|(mut rule, default)| {
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
pub(super) fn native_file() -> BoxedStrategy<Value> {
    let flat = (any::<bool>(), fields(native_rule(true)))
        .prop_map(|(outgoing, fields)| (outgoing, fields, Map::new()));
    let type_fields = fields(native_rule(false)).prop_map(Value::Object).boxed();
    let types = prop::sample::subsequence(TYPES[1..].to_vec(), 1..3).prop_flat_map(move |names| {
        let count = names.len();
        prop::collection::vec(type_fields.clone(), count).prop_map(move |each| {
            names.iter().map(|name| (*name).to_owned()).zip(each).collect::<Map<_, _>>()
        })
    });
    let typed = (any::<bool>(), fields(native_rule(false)), types);
    prop_oneof![flat, typed]
        .prop_map(|(outgoing, fields, types)| {
            json!({"mapper": "T", "direction": if outgoing { "outgoing" } else { "incoming" }, "fields": fields, "types": types})
        })
        .boxed()
}
