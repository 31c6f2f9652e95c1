//! Lists summed up in one value.

use serde_json::Value;

use super::super::{
    Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast, numbers,
};

pub(super) const JOIN: Operator = Operator {
    name: "join",
    aliases: &[],
    kind: Kind::List,
    arguments: &[Argument { name: "separator", kind: ArgumentKind::Text, default: Some(",") }],
    null: OnNull::Stays,
    about: "Joins the items to one text, a separator between them; items that are nothing are left out.",
    examples: &[
        Example { value: r#"["a", 2]"#, arguments: &[("separator", r#"" - ""#)], gives: r#""a - 2""# },
        Example { value: r#"["a", null, "b"]"#, arguments: &[], gives: r#""a,b""# },
        Example { value: "[]", arguments: &[], gives: r#""""# },
        Example { value: "[{}]", arguments: &[], gives: "!an object is no text" },
    ],
    run: join,
};

pub(super) const COUNT: Operator = Operator {
    name: "count",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Called,
    about: "Counts the items; one value counts as one, nothing as none.",
    examples: &[
        Example { value: r#"["a", "a"]"#, arguments: &[], gives: "2" },
        Example { value: r#""a""#, arguments: &[], gives: "1" },
        Example { value: "null", arguments: &[], gives: "0" },
    ],
    run: |call| Ok(Value::from(call.list().len())),
};

pub(super) const SUM_LIST: Operator = Operator {
    name: "SumList",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Stays,
    about: "Adds up numbers, given as a list or as text between commas.",
    examples: &[
        Example { value: r#"["0.5", 2]"#, arguments: &[], gives: "2.5" },
        Example { value: r#""1, 2,3""#, arguments: &[], gives: "6" },
        Example { value: "[]", arguments: &[], gives: "0" },
        Example { value: r#"["two"]"#, arguments: &[], gives: "!is no number" },
    ],
    run: sum,
};

fn join(call: &Call<'_>) -> Result<Value, Failure> {
    let texts: Vec<String> =
        call.list().iter().filter(|item| !item.is_null()).map(cast::text).collect::<Result<_, _>>()?;
    Ok(Value::from(texts.join(&call.argument_or_empty("separator")?)))
}

fn sum(call: &Call<'_>) -> Result<Value, Failure> {
    let no_number = || Failure::new(FailureKind::Cast, "an item is no number");
    let mut sum = 0.0;
    for item in call.list() {
        match item {
            Value::String(text) => {
                for piece in text.split(',') {
                    sum += cast::number(&Value::from(piece)).map_err(|_| no_number())?;
                }
            }
            other => sum += cast::number(other)?,
        }
    }
    numbers::result(sum)
}
