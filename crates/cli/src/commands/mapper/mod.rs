//! `provost mapper`: the mapping bench.

mod check;
mod classify;
mod convert;
mod diff;
mod explain;
mod fields;
mod lines;
mod operators;

use std::fs::File;
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use provost_connectors::MapperFile;
use provost_core::{Clock as _, Verb};
use provost_mapper::{Environment, Job, LONGEST_DOCUMENT, Mapper};
use serde_json::Value;

use crate::args::{Format, Global, MapperCommand, MapperRun};
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::output::{self, Hinted};

/// Runs a command of the bench.
pub(crate) async fn run(global: &Global, command: MapperCommand) -> anyhow::Result<ExitCode> {
    match command {
        MapperCommand::Check(arguments) => check::run(global, &arguments).await,
        MapperCommand::Test { files } => test(global, &files),
        MapperCommand::Run(arguments) => map(global, &arguments),
        MapperCommand::Schema => {
            output::say(&format!("{:#}", provost_mapper::schema()));
            Ok(ExitCode::SUCCESS)
        }
        MapperCommand::Operators { name } => operators::show(global, name.as_deref()),
        MapperCommand::Fields { name } => fields::show(global, name.as_deref()),
        MapperCommand::Classify(arguments) => classify::run(global, &arguments),
        MapperCommand::Diff(arguments) => diff::run(global, &arguments),
        MapperCommand::Convert(arguments) => convert::run(global, &arguments),
        MapperCommand::Explain(arguments) => explain::show(global, &arguments),
    }
}

fn test(global: &Global, files: &[String]) -> anyhow::Result<ExitCode> {
    let mut is_good = true;
    for file in files {
        let mapper = load(global, file)?;
        let failing = mapper.failing_tests();
        is_good &= failing.is_empty();
        for failure in &failing {
            output::complain(file, failure);
        }
        let passed = mapper.tests.len() - failing.len();
        output::say(&format!("{file}: {passed} passed, {} failed", failing.len()));
        let untested = mapper.untested();
        if mapper.tests.is_empty() {
            output::hint("a mapper's `tests:` each have `given` and `expect`");
        } else if !untested.is_empty() {
            output::say(&format!("no test touches {}", untested.join(", ")));
        }
    }
    Ok(ExitCode::from(u8::from(!is_good)))
}

/// Maps a document, or a document a line.
fn map(global: &Global, arguments: &MapperRun) -> anyhow::Result<ExitCode> {
    let mapper = load(global, &arguments.mapper)?;
    let job = job(&mapper, arguments.r#type.as_deref(), &arguments.on)?;
    if arguments.jsonl {
        let schema = config::schema(global.config.as_deref())?;
        return lines::map(&job, arguments.input.as_deref(), schema);
    }
    let source = readable(global, &job, document(arguments.input.as_deref())?)?;
    let mapped = job.run(&source, &environment());
    let result = Value::Object(mapped.output);
    output::say(&if global.output == Format::Jsonl { result.to_string() } else { format!("{result:#}") });
    for error in &mapped.errors {
        output::complain(&error.target, &error.problem);
    }
    for request in &mapped.requests {
        output::hint(&format!("left open until a write: {request}"));
    }
    Ok(ExitCode::from(u8::from(!mapped.errors.is_empty())))
}

/// The document as a command would hand it to the mapper.
fn readable(global: &Global, job: &Job<'_>, document: Value) -> anyhow::Result<Value> {
    let schema = config::schema(global.config.as_deref())?;
    job.source(document, schema).context("the mapper is an outgoing one")
}

/// What is to be run of a mapper; it is said where that is nothing.
fn job<'a>(mapper: &'a Mapper, type_name: Option<&'a str>, on: &str) -> anyhow::Result<Job<'a>> {
    let job = Job { mapper, type_name, verb: verb(on)? };
    if !mapper.maps_any(job.purpose(), type_name) {
        let known = mapper.type_names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let wanted = type_name.map_or_else(|| "for this".to_owned(), |name| format!("`{name}`"));
        output::warn(&format!("`{}` has no type {wanted}, so nothing is mapped", mapper.name));
        if !known.is_empty() {
            output::hint(&format!("name one with `--type`: {known}"));
        }
    }
    Ok(job)
}

fn verb(on: &str) -> Result<Verb, Hinted> {
    let found = Verb::ALL.into_iter().find(|verb| verb.as_str() == on);
    found.ok_or_else(|| {
        Hinted::new(format!("`--on {on}` is no verb")).hint("create, update, enable or disable")
    })
}

fn environment() -> Environment {
    let now = SystemClock.now();
    Environment { now, seed: u64::try_from(now.as_nanosecond()).unwrap_or_default() }
}

/// A mapper from a file or, by its name, one that an integration ships.
fn load(global: &Global, name: &str) -> anyhow::Result<Mapper> {
    let (file, text) = open(global, name)?;
    Ok(crate::mapper_files::load(&file, &text)?)
}

fn open(global: &Global, name: &str) -> anyhow::Result<MapperFile> {
    let path = Path::new(name);
    if path.is_file() {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("could not read the mapper `{name}`"))?;
        return Ok((path.to_owned(), text));
    }
    let catalogue = Config::read_if_any(global.config.as_deref())?.map(|config| config.catalogue);
    let found = catalogue.unwrap_or_default().mapper(name)?;
    let unknown = || {
        Hinted::new(format!("`{name}` is neither a file nor a mapper that an integration ships"))
            .hint("name a file, or a mapper such as 'User Profile - HelloIAMWorld (Outgoing)'")
    };
    Ok(found.ok_or_else(unknown)?)
}

/// The one document of a file or of standard input.
fn document(input: Option<&Path>) -> anyhow::Result<Value> {
    serde_json::from_str(read(input)?.trim_start_matches('\u{feff}'))
        .context("the input is no JSON document; with --jsonl it is one a line")
}

/// A document's text, which is not kept where it is too long.
fn read(input: Option<&Path>) -> anyhow::Result<String> {
    let (bytes, name) = if let Some(file) = input.filter(|file| *file != Path::new("-")) {
        (File::open(file).and_then(bounded), format!("`{}`", file.display()))
    } else {
        if std::io::stdin().is_terminal() {
            output::tell("Reading a document from standard input; Ctrl-D ends it.");
        }
        (bounded(std::io::stdin()), "standard input".to_owned())
    };
    let failed = || format!("could not read {name}");
    let bytes = bytes.with_context(failed)?;
    if bytes.len() > LONGEST_DOCUMENT {
        return Err(Hinted::new(too_long()).hint("with --jsonl the input is a document a line").into());
    }
    String::from_utf8(bytes).with_context(failed)
}

/// What is to be read, but not much more than may be mapped.
fn bounded(input: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LONGEST_DOCUMENT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_long() -> String {
    format!("the document has more than {LONGEST_DOCUMENT} bytes, which is the most that is mapped")
}
