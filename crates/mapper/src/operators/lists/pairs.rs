//! Two lists made into one.

use serde_json::{Map, Value};

use super::super::{
    Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast,
};
use super::{MOST_ITEMS, at, path, too_many};

pub(super) const PRODUCT_JOIN: Operator = Operator {
    name: "ProductJoin",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "list2", kind: ArgumentKind::Any, default: None },
        Argument { name: "join", kind: ArgumentKind::Text, default: Some("=") },
    ],
    null: OnNull::Stays,
    about: "Joins each item with each item of a second list; one text is split at its commas.",
    examples: &[
        Example {
            value: r#""cn, sn""#,
            arguments: &[("list2", r#"["ann"]"#)],
            gives: r#"["cn=ann", "sn=ann"]"#,
        },
        Example {
            value: r#"["a", "b"]"#,
            arguments: &[("list2", r#""1,2""#), ("join", r#""""#)],
            gives: r#"["a1", "a2", "b1", "b2"]"#,
        },
        Example { value: r#""a""#, arguments: &[], gives: "!`list2` is not given" },
    ],
    run: product_join,
};

pub(super) const MAKE_PAIR: Operator = Operator {
    name: "MakePair",
    aliases: &[],
    kind: Kind::List,
    arguments: &[
        Argument { name: "array1_key", kind: ArgumentKind::Text, default: None },
        Argument { name: "array2", kind: ArgumentKind::Any, default: None },
        Argument { name: "array2_key", kind: ArgumentKind::Text, default: None },
        Argument { name: "output_name1", kind: ArgumentKind::Text, default: None },
        Argument { name: "output_name2", kind: ArgumentKind::Text, default: None },
        Argument { name: "determine_output_length_by", kind: ArgumentKind::Text, default: Some("shorter") },
        Argument { name: "different_sized", kind: ArgumentKind::Text, default: None },
        Argument { name: "merge_dict", kind: ArgumentKind::Text, default: None },
    ],
    null: OnNull::Stays,
    about: "Pairs the items of two lists to objects of two members, or adds one list to the objects of the other.",
    examples: &[
        Example {
            value: r#"["ann", "bo"]"#,
            arguments: &[
                ("array2", "[1]"),
                ("output_name1", r#""name""#),
                ("output_name2", r#""id""#),
                ("determine_output_length_by", r#""array1""#),
            ],
            gives: r#"[{"name": "ann", "id": 1}, {"name": "bo", "id": null}]"#,
        },
        Example {
            value: r#"[{"name": "ann"}, {"name": "bo"}]"#,
            arguments: &[
                ("array2", r#"[{"v": 1}]"#),
                ("array2_key", r#""v""#),
                ("output_name1", r#""user""#),
                ("output_name2", r#""id""#),
                ("merge_dict", r#""array1""#),
            ],
            gives: r#"[{"name": "ann", "id": 1}]"#,
        },
        Example {
            value: "[1]",
            arguments: &[
                ("array2", "[2]"),
                ("output_name1", r#""a""#),
                ("output_name2", r#""b""#),
                ("determine_output_length_by", r#""both""#),
            ],
            gives: "!`both` is none of",
        },
    ],
    run: make_pair,
};

fn product_join(call: &Call<'_>) -> Result<Value, Failure> {
    let missing = || Failure::new(FailureKind::Argument, "`list2` is not given");
    let first = pieces(call.list())?;
    let second = match call.given("list2").ok_or_else(missing)? {
        Value::Array(items) => pieces(items)?,
        single => pieces(std::slice::from_ref(single))?,
    };
    if first.len().saturating_mul(second.len()) > MOST_ITEMS {
        return Err(too_many());
    }
    let join = call.argument_or_empty("join")?;
    let joined = first.iter().flat_map(|a| second.iter().map(move |b| (a, b)));
    Ok(joined.map(|(a, b)| format!("{a}{join}{b}")).collect())
}

/// The items as texts; a single one is split at its commas.
fn pieces(items: &[Value]) -> Result<Vec<String>, Failure> {
    match items {
        [single] => Ok(cast::text(single)?.split(',').map(|piece| piece.trim().to_owned()).collect()),
        items => items.iter().map(|item| Ok(cast::text(item)?.trim().to_owned())).collect(),
    }
}

fn make_pair(call: &Call<'_>) -> Result<Value, Failure> {
    let second: &[Value] = match call.given("array2") {
        Some(Value::Array(items)) => items,
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let first = keyed(call, "array1_key", call.list())?;
    let second = keyed(call, "array2_key", second)?;
    let names = (call.required("output_name1")?, call.required("output_name2")?);
    let merge = Merge::parse(&call.argument_or_empty("merge_dict")?)?;
    let length = length(call, first.len(), second.len())?;
    let item = |items: &[Value], index: usize| items.get(index).cloned().unwrap_or_default();
    let pairs = (0..length).map(|index| merge.pair(&names, item(&first, index), item(&second, index)));
    Ok(pairs.collect())
}

/// The items, or what a path finds in each of them.
fn keyed(call: &Call<'_>, argument: &str, items: &[Value]) -> Result<Vec<Value>, Failure> {
    match call.argument_or_empty(argument)?.as_str() {
        "" => Ok(items.to_vec()),
        key => path(key).map(|path| items.iter().map(|item| at(&path, item)).collect()),
    }
}

fn length(call: &Call<'_>, first: usize, second: usize) -> Result<usize, Failure> {
    let older = call.argument_text("different_sized")?;
    let rule = if call.given("determine_output_length_by").is_some() { None } else { older };
    match rule.map_or_else(|| call.required("determine_output_length_by"), Ok)?.as_str() {
        "shorter" => Ok(first.min(second)),
        "longer" => Ok(first.max(second)),
        "array1" => Ok(first),
        "array2" => Ok(second),
        other => Err(none_of(other, "`shorter`, `longer`, `array1` and `array2`")),
    }
}

/// Where the members of a pair go.
#[derive(Clone, Copy)]
enum Merge {
    /// Into an object of their own.
    New,
    /// The second item into the first, which is an object.
    IntoFirst,
    IntoSecond,
    /// Both objects into one; the second wins.
    SecondOverFirst,
    FirstOverSecond,
}

impl Merge {
    fn parse(text: &str) -> Result<Self, Failure> {
        match text {
            "" => Ok(Self::New),
            "array1" => Ok(Self::IntoFirst),
            "array2" => Ok(Self::IntoSecond),
            "array1<array2" | "array1<2" => Ok(Self::SecondOverFirst),
            "array2<array1" | "array2<1" => Ok(Self::FirstOverSecond),
            other => Err(none_of(other, "`array1`, `array2`, `array1<array2` and `array2<array1`")),
        }
    }

    fn pair(self, (name1, name2): &(String, String), first: Value, second: Value) -> Value {
        let with = |mut members: Map<String, Value>, name: &String, value: Value| {
            members.insert(name.clone(), value);
            Value::Object(members)
        };
        match (self, first, second) {
            (Self::IntoFirst, Value::Object(first), second) => with(first, name2, second),
            (Self::IntoSecond, first, Value::Object(second)) => with(second, name1, first),
            (Self::SecondOverFirst, Value::Object(first), Value::Object(second)) => {
                first.into_iter().chain(second).collect()
            }
            (Self::FirstOverSecond, Value::Object(first), Value::Object(second)) => {
                second.into_iter().chain(first).collect()
            }
            (Self::SecondOverFirst, Value::Object(first), second) => with(first, name2, second),
            (Self::FirstOverSecond, first, Value::Object(second)) => with(second, name1, first),
            (_, first, second) => with(Map::from_iter([(name1.clone(), first)]), name2, second),
        }
    }
}

fn none_of(given: &str, known: &str) -> Failure {
    Failure::new(FailureKind::Argument, format!("`{given}` is none of {known}"))
}
