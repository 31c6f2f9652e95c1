//! Rules that never count, and conditions that say nothing.

use provost_core::{Flaw, cli_name};
use serde_json::Value;

use super::seen::{Note, SeenField, SeenRule, What};
use crate::load::Form;
use crate::plan::{COMMON_TYPE, Direction};
use crate::{Condition, Scope, Tables};

pub(super) fn flaws(form: Form, fields: &[SeenField<'_>], direction: Option<Direction>) -> Vec<Flaw> {
    let mut flaws = written_over(fields);
    if direction == Some(Direction::Incoming) {
        flaws.extend(spelled_twice(fields));
    }
    for field in fields {
        flaws.extend(unreached(field, direction));
        flaws.extend(field.notes.iter().filter_map(|note| constant(form, note)));
    }
    flaws
}

/// Fields of the common type that each other type sets anyway.
fn written_over(fields: &[SeenField<'_>]) -> Vec<Flaw> {
    let (common, named): (Vec<_>, Vec<_>) = fields.iter().partition(|field| field.type_name == COMMON_TYPE);
    let mut types: Vec<&str> = named.iter().map(|field| field.type_name).collect();
    types.sort_unstable();
    types.dedup();
    let sets = |type_name: &str, target: &str| {
        named.iter().any(|field| {
            field.type_name == type_name && field.target == target && field.rules.iter().any(is_sure)
        })
    };
    let dead = |field: &&&SeenField<'_>| {
        !types.is_empty() && types.iter().all(|type_name| sets(type_name, field.target))
    };
    let flaw = |field: &&SeenField<'_>| {
        let message = format!("`{}` has no effect here: every type below sets it itself", field.target);
        Flaw::warning(message).on_key().along(&field.way)
    };
    common.iter().filter(dead).map(flaw).collect()
}

/// Fields of a profile that a later target sets too, in another spelling.
fn spelled_twice(fields: &[SeenField<'_>]) -> Vec<Flaw> {
    let is_same = |one: &SeenField<'_>, other: &SeenField<'_>| {
        one.type_name == other.type_name
            && one.target != other.target
            && cli_name(one.target) == cli_name(other.target)
    };
    let later =
        |(at, field)| fields[at + 1..].iter().find(|later| is_same(field, later)).map(|later| (field, later));
    let flaw = |(field, later): (&SeenField<'_>, &SeenField<'_>)| {
        let message = format!("`{}` and `{}` below are one field of the profile", field.target, later.target);
        Flaw::warning(message).with_hint("set it once, or use `rules`").on_key().along(&field.way)
    };
    fields.iter().enumerate().filter_map(later).map(flaw).collect()
}

/// Whether a rule always sets its target.
fn is_sure(rule: &SeenRule) -> bool {
    rule.is_unconditional && !rule.is_for_some && rule.is_constant
}

/// Rules after one that always applies.
fn unreached(field: &SeenField<'_>, direction: Option<Direction>) -> Option<Flaw> {
    let ignores_on = direction == Some(Direction::Incoming);
    let always = |rule: &SeenRule| rule.is_unconditional && (ignores_on || !rule.is_for_some);
    let first = field.rules.iter().position(always)?;
    let next = field.rules.get(first + 1)?;
    let message =
        format!("this rule is never reached: rule {} of `{}` always applies", first + 1, field.target);
    let hint = "give that one a `when`, an `on` or a `valid`, or put it last";
    Some(Flaw::warning(message).with_hint(hint).along(&next.way))
}

fn constant(form: Form, note: &Note<'_>) -> Option<Flaw> {
    let flaw = match note.what {
        What::When(text) => constant_condition(text)?,
        What::BesideClear(key) => Flaw::warning(format!("`{key}` has no effect beside `clear`")).on_key(),
        What::Beside(root) if form == Form::Xsoar => {
            Flaw::warning(format!("this is not under the root `{root}`, so it is the same for every element"))
                .with_hint(format!("a path that begins with `{root}.` is looked up in the element"))
        }
        _ => return None,
    };
    Some(flaw.along(&note.way))
}

fn constant_condition(text: &str) -> Option<Flaw> {
    let condition = Condition::of_mapper(text, &Tables::default())
        .ok()
        .filter(|condition| condition.names().is_empty())?;
    // This scope does not know the moment, and what asks for it fails: that is no constant.
    let holds = condition.holds(&Scope::new(&Value::Null)).ok()?;
    Some(if holds {
        Flaw::warning("this always holds").with_hint("leave `when` out")
    } else {
        Flaw::warning("this never holds, so the rule never applies")
    })
}
