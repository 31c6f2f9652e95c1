//! Lists of mail addresses with or without those of some domains.

use serde_json::Value;

use super::super::{
    Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast,
};
use super::{argument, listed};

const ARGUMENTS: &[Argument] = &[argument("domain_list", ArgumentKind::Any)];

pub(super) const WITHOUT: Operator = Operator {
    name: "EmailDomainBlacklist",
    aliases: &[],
    kind: Kind::List,
    arguments: ARGUMENTS,
    null: OnNull::Stays,
    about: "Drops the mail addresses of the listed domains; what is left is in lower case.",
    examples: &[
        Example {
            value: r#"["Ann@oslo.example", "ann@rome.example"]"#,
            arguments: &[("domain_list", r#""rome.example""#)],
            gives: r#"["ann@oslo.example"]"#,
        },
        Example {
            value: r#""ann@rome.example""#,
            arguments: &[("domain_list", r#"["ROME.example"]"#)],
            gives: "null",
        },
        Example {
            value: r#""ann""#,
            arguments: &[("domain_list", r#""rome.example""#)],
            gives: "!no mail address",
        },
    ],
    run: |call| select(call, false),
};

pub(super) const ONLY: Operator = Operator {
    name: "EmailDomainWhitelist",
    aliases: &[],
    kind: Kind::List,
    arguments: ARGUMENTS,
    null: OnNull::Stays,
    about: "Keeps the mail addresses of the listed domains only, in lower case.",
    examples: &[
        Example {
            value: r#""ann@oslo.example, ann@rome.example""#,
            arguments: &[("domain_list", r#""rome.example, bonn.example""#)],
            gives: r#"["ann@rome.example"]"#,
        },
        Example {
            value: r#"["ann@oslo.example"]"#,
            arguments: &[("domain_list", r#""rome.example""#)],
            gives: "null",
        },
        Example { value: r#""ann@oslo.example""#, arguments: &[], gives: "!`domain_list` is not given" },
    ],
    run: |call| select(call, true),
};

fn select(call: &Call<'_>, wanted: bool) -> Result<Value, Failure> {
    let missing = || Failure::new(FailureKind::Argument, "`domain_list` is not given");
    let domains = texts(call.given("domain_list").ok_or_else(missing)?)?;
    let addresses = match call.list() {
        [single] => texts(single)?,
        _ => texts(call.value)?,
    };
    let mut kept = Vec::new();
    for address in addresses {
        let no_address = || Failure::new(FailureKind::Cast, "an item is no mail address");
        let (_, domain) = address.rsplit_once('@').ok_or_else(no_address)?;
        if domains.iter().any(|listed| listed == domain) == wanted {
            kept.push(Value::from(address));
        }
    }
    Ok(if kept.is_empty() { Value::Null } else { Value::Array(kept) })
}

/// The items of a list, or of a text with commas, in lower case.
fn texts(value: &Value) -> Result<Vec<String>, Failure> {
    listed(value).iter().map(|item| cast::text(item).map(|text| text.to_lowercase())).collect()
}
