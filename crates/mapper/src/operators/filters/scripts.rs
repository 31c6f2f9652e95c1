//! Filters that are scripts in XSOAR's content.

use std::net::Ipv4Addr;

use serde_json::Value;

use super::{FILTER, Passes, WHOLE, answer, right, same};
use crate::operators::choices::listed;
use crate::operators::{Call, Operator, cast};

pub(super) const TABLE: &[Operator] = &[
    Operator {
        name: "InRange",
        about: "The left number is between the two that the right text names, or one of them.",
        examples: examples![
            "7", r#""2,7""# => "true";
            r#""1.5""#, r#""2, 7""# => "false";
            r#""x""#, r#""2,7""# => "false";
            "7", r#""2""# => "false";
        ],
        run: |call| answer(Ok(in_range(call))),
        ..FILTER
    },
    Operator {
        name: "StringContainsArray",
        about: "An item of the right list is somewhere in the left text, or an item of the left list.",
        examples: examples![
            r#""ann@oslo.example""#, r#"["rome", "oslo"]"# => "true";
            r#"["oslo", "rome"]"#, r#""os""# => "false";
            r#""ann""#, r#"[""]"# => "false";
        ],
        run: |call| answer(contains_some(call)),
        ..WHOLE
    },
    Operator {
        name: "AnyMatch",
        about: "The text of a left item is somewhere in that of a right one, in any case.",
        examples: examples![
            "1", "[25, 10]" => "true";
            r#""A,x""#, r#""bca""# => "true";
            r#"{"a": 1}"#, r#"[{"a": 1, "c": 2}]"# => "false";
            r#""""#, r#""abc""# => "false";
        ],
        run: |call| answer(Ok(any_match(call))),
        ..WHOLE
    },
    Operator {
        name: "CheckIfSubdomain",
        about: "The left domain is one of the right ones, or below one.",
        examples: examples![
            r#""mail.Oslo.example""#, r#""rome.example, *.oslo.example""# => "true";
            r#""https://oslo.example/a""#, r#"["oslo.example"]"# => "true";
            r#""notoslo.example""#, r#""oslo.example""# => "false";
        ],
        run: |call| answer(Ok(is_subdomain(call))),
        ..FILTER
    },
    Operator {
        name: "IsRFC1918Address",
        arguments: &[],
        about: "The value is an IPv4 address of a private network.",
        examples: examples![
            r#""172.31.0.9""# => "true";
            r#""172.32.0.9""# => "false";
            r#""fd00::1""# => "false";
        ],
        run: |call| {
            let address = cast::text(call.value).ok().and_then(|text| text.trim().parse::<Ipv4Addr>().ok());
            answer(Ok(address.is_some_and(|address| address.is_private())))
        },
        ..FILTER
    },
];

fn in_range(call: &Call<'_>) -> bool {
    let ends = listed(right(call));
    let number = |value: &Value| cast::number(value).ok();
    let (from, to) = (ends.first().and_then(number), ends.get(1).and_then(number));
    match (number(call.value), from, to) {
        (Some(value), Some(from), Some(to)) => (from..=to).contains(&value),
        _ => false,
    }
}

fn contains_some(call: &Call<'_>) -> Passes {
    let wanted = right(call).as_array().map_or(std::slice::from_ref(right(call)), Vec::as_slice);
    let mut wanted = wanted.iter().filter(|item| !item.is_null() && **item != "");
    match call.value {
        Value::Null => Ok(false),
        Value::Array(items) => Ok(wanted.any(|wanted| items.iter().any(|item| same(call, item, wanted)))),
        value => {
            let text = super::folded(call, cast::text(value)?);
            for wanted in wanted {
                if text.contains(&super::folded(call, cast::text(wanted)?)) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

fn any_match(call: &Call<'_>) -> bool {
    let texts = |value: &Value| -> Vec<String> {
        let text = |item: &Value| cast::text(item).unwrap_or_else(|_| item.to_string()).to_lowercase();
        listed(value).iter().map(text).filter(|text| !text.is_empty()).collect()
    };
    let (left, right) = (texts(call.value), texts(right(call)));
    left.iter().any(|left| right.iter().any(|right| right.contains(left)))
}

fn is_subdomain(call: &Call<'_>) -> bool {
    let parents: Vec<String> = texts(right(call)).map(|text| domain(&text.replace("*.", ""))).collect();
    texts(call.value).map(|text| domain(&text)).any(|domain| {
        parents.iter().filter(|parent| !parent.is_empty()).any(|parent| {
            domain.strip_suffix(parent.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    })
}

fn texts(value: &Value) -> impl Iterator<Item = String> {
    listed(value).into_iter().filter_map(|item| cast::text(&item).ok())
}

/// The domain of a text that may be an address on the web.
fn domain(text: &str) -> String {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let end = text.find(['/', ':', '?', '#']).unwrap_or(text.len());
    text[..end].trim().trim_end_matches('.').to_lowercase()
}
