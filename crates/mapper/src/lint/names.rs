//! Names that nobody knows: fields of the profile, attributes of the system.

use provost_core::{Flaw, Schema, did_you_mean, may_hold_secret};

use super::Around;
use super::seen::{Note, SeenField, What};
use crate::plan::{COMMON_TYPE, Direction};
use crate::{Condition, Expression, Path, Place, Tables, dt};

/// Unknown names in a field. Other types than those of profiles make incidents, of which
/// the fields are not known.
pub(super) fn flaws(field: &SeenField<'_>, around: &Around<'_>, direction: Direction) -> Vec<Flaw> {
    if field.type_name != COMMON_TYPE && !field.type_name.starts_with("User Profile") {
        return Vec::new();
    }
    let target = match direction {
        Direction::Outgoing => around.system.and_then(|known| unknown_attribute(field.target, known)),
        Direction::Incoming => unknown_field(field.target, around.profile),
    };
    let mut flaws: Vec<Flaw> = target.map(|flaw| flaw.on_key().along(&field.way)).into_iter().collect();
    for note in &field.notes {
        for name in read(note) {
            let flaw = match direction {
                Direction::Outgoing => unknown_field(&name, around.profile),
                Direction::Incoming => around.system.and_then(|known| unknown_source(&name, known)),
            };
            let flaw = flaw.map(|flaw| in_quotes(flaw, note, &name)).map(|flaw| unnamed(flaw, field));
            flaws.extend(flaw.map(|flaw| flaw.on_words(name).along(&note.way)));
        }
    }
    flaws
}

/// An unknown name that is the whole expression is perhaps a text without its quotes.
fn in_quotes(flaw: Flaw, note: &Note<'_>, name: &str) -> Flaw {
    match note.what {
        What::Expression(text) if text == name && flaw.hint.is_none() => {
            flaw.with_hint(format!("if the text is meant, write `\"'{name}'\"`"))
        }
        _ => flaw,
    }
}

/// What somebody set a password to is not repeated: it is perhaps one.
fn unnamed(flaw: Flaw, field: &SeenField<'_>) -> Flaw {
    if may_hold_secret(field.target) { Flaw::warning("nothing of this name is known") } else { flaw }
}

/// The members of the document that something reads. JavaScript may read any.
fn read(note: &Note<'_>) -> Vec<String> {
    match note.what {
        What::Expression(text) => Expression::of_mapper(text, &Tables::default())
            .map(|expression| expression.names().to_vec())
            .unwrap_or_default(),
        What::When(text) => Condition::of_mapper(text, &Tables::default())
            .map(|condition| condition.names().to_vec())
            .unwrap_or_default(),
        What::Place(text) => of_place(text).into_iter().collect(),
        What::Text(text) => holes(text).into_iter().filter_map(of_place).collect(),
        _ => Vec::new(),
    }
}

fn of_place(text: &str) -> Option<String> {
    match Place::parse(text).ok()? {
        // A prefix of playbooks is dropped.
        Place::Path(path) => path.members().pop(),
        Place::Dt(_) => None,
    }
}

/// The places in the holes of a text.
pub(super) fn holes(text: &str) -> Vec<&str> {
    let (mut holes, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find("${") {
        let after = &rest[start + 2..];
        let Some(end) = dt::hole_end(after) else { break };
        holes.push(&after[..end]);
        rest = &after[end + 1..];
    }
    holes
}

fn unknown_field(name: &str, known: &Schema) -> Option<Flaw> {
    if known.is_known(name) {
        return None;
    }
    let near = known.nearest(name).map(|near| format!("did you mean `{near}`?"));
    Some(Flaw::warning(format!("the user profile has no field `{name}`")).with_optional_hint(near))
}

fn unknown_attribute(name: &str, known: &[String]) -> Option<Flaw> {
    if known.iter().any(|known| known == name) {
        return None;
    }
    let flaw = Flaw::warning(format!("the system has no attribute `{name}`"));
    Some(flaw.with_optional_hint(near(name, known.iter().map(String::as_str))))
}

/// An attribute may be listed with a way into it, such as `name.given`.
fn unknown_source(name: &str, known: &[String]) -> Option<Flaw> {
    let first = |known: &str| Path::parse(known).ok().and_then(|path| path.members().pop());
    let is_known = known.iter().any(|known| known == name || first(known).as_deref() == Some(name));
    if is_known { None } else { unknown_attribute(name, known) }
}

fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    did_you_mean(name, known).filter(|hint| hint.starts_with("did"))
}
