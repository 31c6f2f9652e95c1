//! Texts as other texts: JSON, URLs, Base64.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use super::{Call, Example, Failure, FailureKind, Kind, OnNull, Operator};

pub(super) const OPERATORS: &[Operator] = &[
    PARSE_JSON,
    STRINGIFY,
    STRINGIFY_ARRAY,
    STRING_TO_ARRAY,
    URL_DECODE,
    URL_ENCODE,
    BASE64_DECODE,
    BASE64_ENCODE,
];

const PARSE_JSON: Operator = Operator {
    name: "ParseJSON",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Reads a text as JSON.",
    examples: &[
        Example::of(r#""{\"a\": [1]}""#, &[], r#"{"a": [1]}"#),
        Example::of(r#"["[1]", "2"]"#, &[], "[[1], 2]"),
        Example::of(r#""null""#, &[], "null"),
        Example::of(r#""{broken""#, &[], "!this text is no JSON"),
    ],
    run: |call| {
        serde_json::from_str(&call.text()?)
            .map_err(|error| Failure::new(FailureKind::Json, format!("this text is no JSON: {error}")))
    },
};

const STRINGIFY: Operator = Operator {
    name: "Stringify",
    aliases: &["StringifyJSON"],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Writes a value as compact JSON with its members sorted and <, > and & escaped; a text stays as \
            it is.",
    examples: &[
        Example::of(
            r#"{"b": 1, "a": {"d": null, "c": "x"}}"#,
            &[],
            r#""{\"a\":{\"c\":\"x\",\"d\":null},\"b\":1}""#,
        ),
        Example::of(r#"{"a": "<&>"}"#, &[], r#""{\"a\":\"\\u003c\\u0026\\u003e\"}""#),
        Example::of(r#""<Ann>""#, &[], r#""<Ann>""#),
        Example::of("true", &[], r#""true""#),
    ],
    run: |call| match call.value {
        Value::String(text) => Ok(Value::from(text.as_str())),
        value => Ok(Value::from(go_json(value))),
    },
};

const STRINGIFY_ARRAY: Operator = Operator {
    name: "StringifyArray",
    aliases: &[],
    kind: Kind::List,
    arguments: &[],
    null: OnNull::Called,
    about: "Writes a whole list as compact JSON.",
    examples: &[
        Example::of(r#"["Ånn", 1, null]"#, &[], r#""[\"Ånn\",1,null]""#),
        Example::of(r#""a""#, &[], r#""[\"a\"]""#),
        Example::of("null", &[], r#""[]""#),
    ],
    run: |call| Ok(Value::from(call.value.to_string())),
};

const STRING_TO_ARRAY: Operator = Operator {
    name: "StringToArray",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Writes the JSON of a list whose only item is the value.",
    examples: &[
        Example::of(r#""Ann \"A\"""#, &[], r#""[\"Ann \\\"A\\\"\"]""#),
        Example::of("7", &[], r#""[7]""#),
        Example::of(r#"["a", "b"]"#, &[], r#"["[\"a\"]", "[\"b\"]"]"#),
    ],
    run: |call| Ok(Value::from(Value::from(vec![call.value.clone()]).to_string())),
};

const URL_DECODE: Operator = Operator {
    name: "URLDecode",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Reads the %-escapes in a text; a + stays as it is.",
    examples: &[
        Example::of(r#""cr%C3%A8me%20x""#, &[], r#""crème x""#),
        Example::of(r#""a+b""#, &[], r#""a+b""#),
        Example::of(r#""100%""#, &[], r#""100%""#),
    ],
    run: |call| Ok(Value::from(url_decoded(&call.text()?))),
};

const URL_ENCODE: Operator = Operator {
    name: "URLEncode",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Escapes what may not stand in the path of a URL; escapes that are there already stay.",
    examples: &[
        Example::of(r#""crème & co/x""#, &[], r#""cr%C3%A8me%20%26%20co/x""#),
        Example::of(r#""a%20b""#, &[], r#""a%20b""#),
        Example::of(r#""a_b-c.d~e""#, &[], r#""a_b-c.d~e""#),
    ],
    run: |call| Ok(Value::from(utf8_percent_encode(&url_decoded(&call.text()?), ESCAPED).to_string())),
};

const BASE64_DECODE: Operator = Operator {
    name: "Base64Decode",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Reads a text in Base64, in either alphabet and with or without its =; what it holds must be text.",
    examples: &[
        Example::of(r#""QW5uIQ==""#, &[], r#""Ann!""#),
        Example::of(r#""Pz8_w6U""#, &[], r#""???å""#),
        Example::of(r#""a*b""#, &[], "!this text is no Base64"),
        Example::of(r#""/w==""#, &[], "!is no text"),
    ],
    run: base64_decode,
};

const BASE64_ENCODE: Operator = Operator {
    name: "Base64Encode",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[],
    null: OnNull::Stays,
    about: "Writes a text in Base64.",
    examples: &[
        Example::of(r#""Ann!""#, &[], r#""QW5uIQ==""#),
        Example::of(r#""""#, &[], r#""""#),
        Example::of("7", &[], r#""Nw==""#),
    ],
    run: |call| Ok(Value::from(STANDARD.encode(call.text()?))),
};

/// What is escaped in a URL: all but letters, digits and these.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b'/');

/// Reads Base64 whether or not it is padded, and whatever its last bits are.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// JSON as Go writes it: members sorted, and what means something in HTML escaped.
fn go_json(value: &Value) -> String {
    let mut out = String::new();
    // Outside of texts, none of these occurs in JSON.
    for c in sorted(value).to_string().chars() {
        match c {
            '<' => out.push_str(r"\u003c"),
            '>' => out.push_str(r"\u003e"),
            '&' => out.push_str(r"\u0026"),
            '\u{2028}' => out.push_str(r"\u2028"),
            '\u{2029}' => out.push_str(r"\u2029"),
            other => out.push(other),
        }
    }
    out
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: BTreeMap<&String, Value> =
                members.iter().map(|(name, member)| (name, sorted(member))).collect();
            members.into_iter().map(|(name, member)| (name.clone(), member)).collect()
        }
        other => other.clone(),
    }
}

fn url_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn base64_decode(call: &Call<'_>) -> Result<Value, Failure> {
    let standard = |c: char| match c {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    let text: String = call.text()?.chars().filter(|c| !c.is_whitespace()).map(standard).collect();
    let wrong = |message: &str| Failure::new(FailureKind::Cast, message);
    let bytes = LENIENT.decode(text).map_err(|_| wrong("this text is no Base64"))?;
    String::from_utf8(bytes).map(Value::from).map_err(|_| wrong("what this Base64 holds is no text"))
}
