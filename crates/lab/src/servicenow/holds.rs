//! Tries a query on a row.

use super::columns::{Kind, SYS_ID};
use super::instance::Instance;
use super::query::{Condition, Operator, Path, Query};
use super::record::{Record, folded};

/// What a column shows on a row, and the column's kind, references followed.
pub(super) fn value_at<'a>(
    instance: &'a Instance,
    record: &'a Record,
    path: &[usize],
) -> Option<(&'a str, Kind)> {
    let (first, rest) = path.split_first()?;
    let kind = record.table.columns[*first].kind;
    let value = record.at(*first);
    if rest.is_empty() {
        return Some((value, kind));
    }
    value_at(instance, instance.referenced(kind, value)?, rest)
}

impl Query {
    /// Whether a row is as the query says.
    pub(super) fn holds(&self, instance: &Instance, record: &Record) -> bool {
        self.alternatives.iter().any(|groups| {
            groups.iter().all(|group| group.iter().any(|condition| condition.holds(instance, record)))
        })
    }

    /// The index to ask, and the value there, where the query needs one value of one column.
    pub(super) fn index(&self, record: &Record) -> Option<(usize, String)> {
        let [groups] = self.alternatives.as_slice() else { return None };
        groups.iter().find_map(|group| match group.as_slice() {
            [Condition { path, operator: Operator::Equal, value }] => {
                let [column] = path.as_slice() else { return None };
                let definition = &record.table.columns[*column];
                let is_id = *column == SYS_ID || matches!(definition.kind, Kind::Id | Kind::Text);
                let is_asked = definition.is_indexed && !value.is_empty();
                (is_asked && (is_id || is_sys_id(value))).then(|| (*column, folded(definition, value)))
            }
            _ => None,
        })
    }
}

/// Whether a text looks like an id.
fn is_sys_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Condition {
    fn holds(&self, instance: &Instance, record: &Record) -> bool {
        let (value, kind) = value_at(instance, record, &self.path).unwrap_or(("", Kind::Text));
        let wanted = self.value.as_str();
        match self.operator {
            Operator::Equal => is_same(instance, value, kind, wanted),
            Operator::NotEqual => !is_same(instance, value, kind, wanted),
            Operator::In => wanted.split(',').any(|wanted| is_same(instance, value, kind, wanted.trim())),
            Operator::NotIn => !wanted.split(',').any(|wanted| is_same(instance, value, kind, wanted.trim())),
            Operator::Empty => value.is_empty(),
            Operator::NotEmpty => !value.is_empty(),
            _ => self.holds_of_text(&seen(instance, value, kind).to_lowercase(), &wanted.to_lowercase()),
        }
    }

    fn holds_of_text(&self, value: &str, wanted: &str) -> bool {
        let order = match (value.parse::<i64>(), wanted.parse::<i64>()) {
            (Ok(value), Ok(wanted)) => value.cmp(&wanted),
            _ => value.cmp(wanted),
        };
        match self.operator {
            Operator::Contains => value.contains(wanted),
            Operator::ContainsNot => !value.contains(wanted),
            Operator::StartsWith => value.starts_with(wanted),
            Operator::EndsWith => value.ends_with(wanted),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Less => order.is_lt(),
            _ => order.is_le(),
        }
    }
}

/// Texts are the same in any case of letters; a reference is asked by its id or its name.
fn is_same(instance: &Instance, value: &str, kind: Kind, wanted: &str) -> bool {
    let is_equal =
        |a: &str, b: &str| a == b || a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase();
    match kind {
        Kind::Reference(_) => value == wanted || is_equal(seen(instance, value, kind), wanted),
        Kind::Boolean => value == boolean(wanted),
        _ => is_equal(value, wanted),
    }
}

fn boolean(text: &str) -> &str {
    match text {
        "1" => "true",
        "0" | "" => "false",
        other => other,
    }
}

/// A value as people see it.
pub(super) fn seen<'a>(instance: &'a Instance, value: &'a str, kind: Kind) -> &'a str {
    match kind {
        Kind::Reference(_) => instance.referenced(kind, value).map_or("", Record::display),
        _ => value,
    }
}

/// The rows in the order that a query asks for.
pub(super) fn sort(instance: &Instance, rows: &mut [&Record], order: &[(Path, bool)]) {
    for (path, is_descending) in order.iter().rev() {
        let key = |record: &&Record| {
            let found = value_at(instance, record, path);
            found.map_or_else(String::new, |(value, kind)| seen(instance, value, kind).to_lowercase())
        };
        if *is_descending {
            rows.sort_by_cached_key(|record| std::cmp::Reverse(key(record)));
        } else {
            rows.sort_by_cached_key(key);
        }
    }
}
