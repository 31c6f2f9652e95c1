//! Parts of texts: by place, by marker, by delimiter.

use serde_json::Value;

use super::super::patterns;
use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};

/// A mail address: words joined by points, then a domain of two labels or more.
const MAIL_ADDRESS: &str = concat!(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*",
    r"@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?",
);

pub(super) const SUBSTRING: Operator = Operator {
    name: "substring",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("from", ArgumentKind::Number).or("0"),
        Argument::of("to", ArgumentKind::Number),
    ],
    null: OnNull::Stays,
    about: "Takes the characters from one place up to, not including, another; places count from 0.",
    examples: &[
        Example::of(r#""example""#, &[("from", "2"), ("to", r#""4""#)], r#""am""#),
        Example::of(r#""ånn""#, &[("to", "9")], r#""ånn""#),
        Example::of(r#""abc""#, &[("from", "2"), ("to", "1")], r#""""#),
        Example::of(r#""abc""#, &[("from", r#""x""#)], "!this text is no number"),
    ],
    run: substring,
};

pub(super) const SUBSTRING_FROM: Operator = Operator {
    name: "substringFrom",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("from", ArgumentKind::Text)],
    null: OnNull::Stays,
    about: "Takes what follows the first place where a text occurs; all where it does not occur.",
    examples: &[
        Example::of(r#""ann@example.org""#, &[("from", r#""@""#)], r#""example.org""#),
        Example::of(r#""a.b.c""#, &[("from", r#"".""#)], r#""b.c""#),
        Example::of(r#""ann""#, &[("from", r#""@""#)], r#""ann""#),
    ],
    run: |call| {
        let after = |text: &str, marker: &str| text.split_once(marker).map(|(_, after)| Value::from(after));
        beside_marker(call, "from", after)
    },
};

pub(super) const SUBSTRING_TO: Operator = Operator {
    name: "substringTo",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("to", ArgumentKind::Text)],
    null: OnNull::Stays,
    about: "Takes what stands before the first place where a text occurs; all where it does not occur.",
    examples: &[
        Example::of(r#""ann@example.org""#, &[("to", r#""@""#)], r#""ann""#),
        Example::of(r#""@example.org""#, &[("to", r#""@""#)], r#""""#),
        Example::of(r#""ann""#, &[], r#""ann""#),
    ],
    run: |call| {
        let before =
            |text: &str, marker: &str| text.split_once(marker).map(|(before, _)| Value::from(before));
        beside_marker(call, "to", before)
    },
};

pub(super) const SPLIT: Operator = Operator {
    name: "split",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("delimiter", ArgumentKind::Text).or(",")],
    null: OnNull::Stays,
    about: "Cuts a text at each delimiter; the pieces keep their white space.",
    examples: &[
        Example::of(r#""ann@example.org""#, &[("delimiter", r#""@""#)], r#"["ann", "example.org"]"#),
        Example::of(r#""a, b""#, &[], r#"["a", " b"]"#),
        Example::of(r#"["a,b", "c"]"#, &[], r#"["a", "b", "c"]"#),
    ],
    run: |call| Ok(pieces(&call.text()?, &delimiter(call)?, |piece| piece)),
};

pub(super) const SPLIT_AND_TRIM: Operator = Operator {
    name: "splitAndTrim",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("delimiter", ArgumentKind::Text).or(",")],
    null: OnNull::Stays,
    about: "Cuts a text at each delimiter and takes white space off the pieces' ends.",
    examples: &[
        Example::of(r#""x, y ,z ""#, &[], r#"["x", "y", "z"]"#),
        Example::of(r#""x;y""#, &[("delimiter", r#""""#)], r#"["x;y"]"#),
        Example::of(r#""a | b""#, &[("delimiter", r#""|""#)], r#"["a", "b"]"#),
    ],
    run: |call| Ok(pieces(&call.text()?, &delimiter(call)?, str::trim)),
};

pub(super) const CUT: Operator = Operator {
    name: "Cut",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[Argument::of("delimiter", ArgumentKind::Text), Argument::of("fields", ArgumentKind::Text)],
    null: OnNull::Stays,
    about: "Cuts a text at each delimiter and joins the pieces of the given places again; places count \
            from 1, and the delimiter '' makes a piece of each character.",
    examples: &[
        Example::of(
            r#""one:two:three""#,
            &[("delimiter", r#"":""#), ("fields", r#""1,3""#)],
            r#""one:three""#,
        ),
        Example::of(r#""abc""#, &[("delimiter", r#""''""#), ("fields", r#""3, 1""#)], r#""ca""#),
        Example::of(r#""a-b""#, &[("delimiter", r#""-""#), ("fields", "3")], "!there is no field 3"),
        Example::of(r#""a-b""#, &[("delimiter", r#""-""#), ("fields", "0")], "!must be numbers from 1"),
    ],
    run: cut,
};

pub(super) const EXTRACT_INBETWEEN: Operator = Operator {
    name: "ExtractInbetween",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("from", ArgumentKind::Text),
        Argument::of("to", ArgumentKind::Text),
        Argument::of("start", ArgumentKind::Text),
        Argument::of("end", ArgumentKind::Text),
    ],
    null: OnNull::Stays,
    about: "Takes what stands between the first place of one text and the last place of another; all \
            where one of them does not occur. The arguments are `from` and `to`, or `start` and `end`.",
    examples: &[
        Example::of(r#""<a><b>""#, &[("from", r#""<""#), ("to", r#"">""#)], r#""a><b""#),
        Example::of(r#""CN=Ann,OU=x""#, &[("start", r#""CN=""#), ("end", r#"",OU""#)], r#""Ann""#),
        Example::of(r#""ann""#, &[("from", r#""(""#), ("to", r#"")""#)], r#""ann""#),
        Example::of(r#"")ann(""#, &[("from", r#""(""#), ("to", r#"")""#)], r#""""#),
    ],
    run: extract_inbetween,
};

pub(super) const EXTRACT_EMAIL: Operator = Operator {
    name: "ExtractEmailTransformer",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Stays,
    about: "Finds the mail addresses in texts and writes them small, always as a list.",
    examples: &[
        Example::of(r#""Ann Example <Ann@Example.org>""#, &[], r#"["ann@example.org"]"#),
        Example::of(r#"["a@x.example, b@x.example", null]"#, &[], r#"["a@x.example", "b@x.example"]"#),
        Example::of(r#""nobody@home""#, &[], "[]"),
    ],
    run: extract_email,
};

fn substring(call: &Call<'_>) -> Result<Value, Failure> {
    let place = |at: i64| usize::try_from(at.max(0)).unwrap_or(usize::MAX);
    let from = place(call.argument_integer("from")?.unwrap_or(0));
    let to = call.argument_integer("to")?.map_or(usize::MAX, place);
    let text = call.text()?;
    Ok(Value::from(text.chars().take(to).skip(from).collect::<String>()))
}

/// What `part` takes of the text beside a marker; all without a marker.
fn beside_marker(
    call: &Call<'_>,
    name: &str,
    part: fn(&str, &str) -> Option<Value>,
) -> Result<Value, Failure> {
    let (text, marker) = (call.text()?, call.argument_or_empty(name)?);
    let found = if marker.is_empty() { None } else { part(&text, &marker) };
    Ok(found.unwrap_or_else(|| Value::from(text)))
}

/// The delimiter; an empty one is as if it were not given.
fn delimiter(call: &Call<'_>) -> Result<String, Failure> {
    let given = call.argument_or_empty("delimiter")?;
    Ok(if given.is_empty() { ",".to_owned() } else { given })
}

fn pieces(text: &str, delimiter: &str, finish: fn(&str) -> &str) -> Value {
    text.split(delimiter).map(|piece| Value::from(finish(piece))).collect()
}

fn cut(call: &Call<'_>) -> Result<Value, Failure> {
    let (text, fields) = (call.text()?, call.required("fields")?);
    let delimiter = match call.required("delimiter")?.as_str() {
        "''" => String::new(),
        given => given.to_owned(),
    };
    let pieces: Vec<String> = if delimiter.is_empty() {
        text.chars().map(String::from).collect()
    } else {
        text.split(&delimiter).map(str::to_owned).collect()
    };
    let wrong = |reason: String| Failure::new(FailureKind::Argument, reason);
    let piece = |field: &str| {
        let place = field.trim().parse::<usize>().ok().filter(|place| *place > 0);
        let place = place.ok_or_else(|| wrong("`fields` must be numbers from 1".to_owned()))?;
        let found = pieces.get(place - 1).map(String::as_str);
        found.ok_or_else(|| wrong(format!("there is no field {place}, only {}", pieces.len())))
    };
    let taken: Vec<&str> = fields.split(',').map(piece).collect::<Result<_, _>>()?;
    let length: usize = taken.iter().map(|piece| piece.len() + delimiter.len()).sum();
    super::bounded(length)?;
    Ok(Value::from(taken.join(&delimiter)))
}

fn extract_inbetween(call: &Call<'_>) -> Result<Value, Failure> {
    let marker = |name: &str, other: &str| match call.argument_text(name)? {
        Some(marker) => Ok(marker),
        None => call.argument_text(other)?.ok_or_else(|| {
            Failure::new(FailureKind::Argument, format!("neither `{name}` nor `{other}` is given"))
        }),
    };
    let (text, from, to) = (call.text()?, marker("from", "start")?, marker("to", "end")?);
    Ok(match (text.find(&from), text.rfind(&to)) {
        (Some(start), Some(end)) => Value::from(text.get(start + from.len()..end).unwrap_or_default()),
        _ => Value::from(text),
    })
}

fn extract_email(call: &Call<'_>) -> Result<Value, Failure> {
    let pattern = patterns::linear(MAIL_ADDRESS, true)?;
    let mut found = Vec::new();
    for item in call.list().iter().filter(|item| !item.is_null()) {
        let text = super::super::cast::text(item)?.to_lowercase();
        found.extend(pattern.find_iter(&text).map(|address| Value::from(address.as_str())));
    }
    Ok(Value::from(found))
}
