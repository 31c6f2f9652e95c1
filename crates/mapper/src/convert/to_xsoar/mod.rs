//! A native mapper as XSOAR's JSON. Everything that has no equivalent there is told, with
//! its target, and then nothing is written.

mod chain;
mod types;
mod value;

use serde_json::{Map, Value, json};

use super::{Converted, whole};
use crate::operators;
use crate::plan::{Direction, Mapper, Missing, Rule, Source, Step, Strength, Valid};

pub(super) use value::value;

/// The blanks by which the product's files are indented.
const INDENT: &[u8] = b"    ";

/// Members that the mapper itself says, whatever stands under `xsoar`.
const OURS: [&str; 2] = ["type", "mapping"];

/// What is found on the way: what has no equivalent, and what is to be told.
#[derive(Default)]
struct Found {
    problems: Vec<String>,
    notes: Vec<String>,
}

/// The JSON of a mapper, compiled and as it is written; or everything that has no equivalent.
pub(super) fn convert(mapper: Mapper, written: &Value) -> Result<Converted, Vec<String>> {
    let mut found = Found::default();
    let Mapper { name, direction, strict, types, tests } = mapper;
    let blocks = types::blocks(direction, types, written, &mut found);
    if strict {
        let about =
            "`strict` is not kept: in XSOAR, a field that fails is left out and the others are mapped";
        found.notes.push(about.to_owned());
    }
    if !tests.is_empty() {
        found.notes.push("`tests` are left out; XSOAR's files have none".to_owned());
    }
    if written.get("tables").is_some() {
        found.notes.push("`tables` are left out; only `lookup` looks in them".to_owned());
    }
    let file = file(&name, direction, written, blocks);
    match found {
        Found { problems, notes } if problems.is_empty() => Ok(Converted { text: pretty(&file), notes }),
        Found { problems, .. } => Err(problems),
    }
}

fn file(name: &str, direction: Direction, written: &Value, blocks: Map<String, Value>) -> Value {
    let mut file = Map::new();
    let mut set = |key: &str, value: Value| drop(file.insert(key.to_owned(), value));
    let kept = written["xsoar"].as_object();
    if kept.is_none() {
        set("id", name.into());
    }
    set("name", name.into());
    set(
        "type",
        if direction == Direction::Incoming { "mapping-incoming" } else { "mapping-outgoing" }.into(),
    );
    if kept.is_none() {
        set("version", (-1).into());
    }
    if let Some(description) = written.get("description") {
        set("description", description.clone());
    }
    for (key, value) in kept.into_iter().flatten().filter(|(key, _)| !OURS.contains(&key.as_str())) {
        set(key, value.clone());
    }
    // What stood there instead of types is kept.
    let junk = kept.and_then(|kept| kept.get("mapping")).filter(|mapping| !mapping.is_object());
    match junk {
        Some(junk) if blocks.is_empty() => set("mapping", junk.clone()),
        _ => set("mapping", blocks.into()),
    }
    Value::Object(file)
}

fn pretty(value: &Value) -> String {
    let mut text = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(INDENT);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, format);
    // Values are JSON, and writing to memory does not fail.
    let _ = serde::Serialize::serialize(value, &mut serializer);
    text.push(b'\n');
    String::from_utf8_lossy(&text).into_owned()
}

/// The value object of a rule, whose verbs the caller has dealt with. `written` is the rule
/// as it stands in the file, for a fragment to stay as it is.
fn rule(rule: Rule, written: &Value, place: &str, found: &mut Found) -> Value {
    let Rule { on: _, when, valid, strength, source, unique, missing } = rule;
    let Valid { from, to } = valid;
    let (is_cleared, is_required) = (matches!(missing, Missing::Clear), matches!(missing, Missing::Error));
    let unknown = [
        (when.is_some(), "`when`"),
        (from.is_some() || to.is_some(), "`valid`"),
        (strength != Strength::Strong, "`strength`"),
        (unique.is_some(), "`unique`"),
        (is_cleared, "emptying a target (`clear`, `missing: clear`)"),
        (is_required, "`missing: error`"),
    ];
    let problems = unknown.iter().filter(|(is_there, _)| *is_there);
    found.problems.extend(problems.map(|(_, what)| format!("{place}: {what}")));
    if let (Some(fragment), Missing::Skip) = (written.get("xsoar"), &missing) {
        let is_simple = fragment["complex"].is_null() && whole::is_known(fragment);
        return if is_simple { value::simple(&fragment["simple"]) } else { fragment.clone() };
    }
    match with_default(source, missing, place, found).and_then(|source| value(&source)) {
        Ok(value) => value,
        Err(problem) => {
            found.problems.push(format!("{place}: {problem}"));
            json!({})
        }
    }
}

/// The source, and behind it the default as the operator that gives one for nothing.
fn with_default(source: Source, missing: Missing, place: &str, found: &mut Found) -> Result<Source, String> {
    let mut lowered = |source| {
        let (source, replaced) = chain::lowered(source)?;
        found.notes.extend(replaced.map(|expression| {
            format!("{place}: the operators for `{expression}` do the same to texts; of a list they change each item")
        }));
        Ok::<_, String>(source)
    };
    let root = lowered(source)?;
    let Missing::Default(default) = missing else { return Ok(root) };
    let operator = operators::find("SetIfEmpty")?;
    let argument = |name: &str, source| (operator.position(name), Some(source));
    let given = [
        argument("defaultValue", lowered(*default)?),
        argument("applyIfEmpty", Source::Constant("false".into())),
    ];
    let mut arguments: Vec<Option<Source>> = operator.arguments.iter().map(|_| None).collect();
    for (position, source) in given {
        arguments[position.ok_or("`SetIfEmpty` has other arguments")?] = source;
    }
    Ok(chain::then(root, Step { operator, arguments }))
}
