//! `provost mapper`: the mapping bench.

mod explain;
mod lines;
mod operators;

use std::fs::File;
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use provost_connectors::Catalogue;
use provost_core::{Clock as _, Verb};
use provost_mapper::{Direction, Environment, Explained, LONGEST_DOCUMENT, Mapped, Mapper, Purpose};
use serde_json::Value;

use crate::args::{Format, Global, MapperCommand, MapperRun};
use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::output::{self, Hinted};

/// Runs a command of the bench.
pub(crate) fn run(global: &Global, command: MapperCommand) -> anyhow::Result<ExitCode> {
    match command {
        MapperCommand::Check { files } => Ok(check(&files)),
        MapperCommand::Test { files } => test(&files),
        MapperCommand::Run(arguments) => map(global, &arguments),
        MapperCommand::Operators { name } => operators::show(global, name.as_deref()),
        MapperCommand::Explain(arguments) => explain::show(global, &arguments),
    }
}

fn check(files: &[String]) -> ExitCode {
    let mut is_good = true;
    for file in files {
        match load(file) {
            Ok(mapper) => output::say(&format!("{file}: `{}` is fine", mapper.name)),
            Err(error) => {
                output::fail(&error);
                is_good = false;
            }
        }
    }
    ExitCode::from(u8::from(!is_good))
}

fn test(files: &[String]) -> anyhow::Result<ExitCode> {
    let mut is_good = true;
    for file in files {
        let mapper = load(file)?;
        let failing = mapper.failing_tests();
        is_good &= failing.is_empty();
        for failure in &failing {
            output::complain(file, failure);
        }
        let passed = mapper.tests.len() - failing.len();
        output::say(&format!("{file}: {passed} passed, {} failed", failing.len()));
        if mapper.tests.is_empty() {
            output::hint("a mapper's `tests:` each have `given` and `expect`");
        }
    }
    Ok(ExitCode::from(u8::from(!is_good)))
}

/// Maps a document, or a document a line.
fn map(global: &Global, arguments: &MapperRun) -> anyhow::Result<ExitCode> {
    let mapper = load(&arguments.mapper)?;
    let job = Job { mapper: &mapper, type_name: arguments.r#type.as_deref(), verb: verb(&arguments.on)? };
    if arguments.jsonl {
        return lines::map(&job, arguments.input.as_deref());
    }
    let source = document(arguments.input.as_deref())?;
    let mapped = job.run(&source, &environment());
    let result = Value::Object(mapped.output);
    output::say(&if global.output == Format::Jsonl { result.to_string() } else { format!("{result:#}") });
    for error in &mapped.errors {
        output::complain(&error.target, &error.problem);
    }
    Ok(ExitCode::from(u8::from(!mapped.errors.is_empty())))
}

/// A mapper with the part of it that is to be run.
struct Job<'a> {
    mapper: &'a Mapper,
    type_name: Option<&'a str>,
    verb: Verb,
}

impl Job<'_> {
    fn run(&self, source: &Value, environment: &Environment) -> Mapped {
        match (self.type_name, self.mapper.direction) {
            (Some(type_name), _) => self.mapper.run_type(type_name, source, environment),
            (None, Direction::Incoming) => self.mapper.run(source, Purpose::Incoming, environment),
            (None, Direction::Outgoing) => self.mapper.run(source, Purpose::Outgoing(self.verb), environment),
        }
    }

    fn explain(&self, source: &Value, environment: &Environment) -> Vec<Explained> {
        let purpose = match self.mapper.direction {
            Direction::Incoming => Purpose::Incoming,
            Direction::Outgoing => Purpose::Outgoing(self.verb),
        };
        match self.type_name {
            Some(type_name) => self.mapper.explain_type(type_name, source, environment),
            None => self.mapper.explain(source, purpose, environment),
        }
    }
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
fn load(name: &str) -> anyhow::Result<Mapper> {
    let path = Path::new(name);
    if path.is_file() {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("could not read the mapper `{name}`"))?;
        return Ok(Mapper::load(path, &text)?);
    }
    let found = match config::find()? {
        Some(file) => Config::read(file)?.catalogue.mapper(name)?,
        None => Catalogue::default().mapper(name)?,
    };
    let unknown = || {
        Hinted::new(format!("`{name}` is neither a file nor a mapper that an integration ships"))
            .hint("name a file, or a mapper such as 'User Profile - HelloIAMWorld (Outgoing)'")
    };
    let (file, text) = found.ok_or_else(unknown)?;
    Ok(Mapper::load(&file, &text)?)
}

fn document(input: Option<&Path>) -> anyhow::Result<Value> {
    let text = read(input)?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
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
