//! Random XSOAR mappers, and documents for mappers of both forms.

pub(super) mod native;

use proptest::prelude::*;
use proptest::sample::select;
use provost_mapper::operators;
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
/// They lead nowhere: on a busy machine JavaScript may run into its time limit in one of two
/// runs that are compared.
const DTS: [&str; 2] = ["nowhere(val.type=='w').value", "nowhere=val+'!'"];
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
            for item in items.iter_mut() {
                mangle(item, dice);
            }
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
                    *operator = format!("old.{}", operator.as_str().unwrap_or_default()).into();
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
