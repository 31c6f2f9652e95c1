//! `provost mapper diff`: whom another mapper would change, and how, before it is released.
//!
//! `provost_mapper::compare` finds the changes of one person, `summary` counts them, `report`
//! prints.

mod report;
mod summary;

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use provost_core::did_you_mean;
use provost_mapper::Mapper;
use provost_mapper::compare::Comparison;

use self::report::Report;
use super::job;
use crate::args::{Global, MapperDiff};
use crate::config;
use crate::output::{Hinted, progress};
use crate::streams::{Lines, Problems};

/// How long nothing is said, and how often something is said then.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many lines are read between two looks at the clock.
const STRIDE: u64 = 500;

/// Exit status: there are changes.
const CHANGES: u8 = 1;
/// Exit status: not all of it could be compared.
const TROUBLE: u8 = 2;

/// Compares two mappers over a document a line.
pub(super) fn run(global: &Global, arguments: &MapperDiff) -> anyhow::Result<ExitCode> {
    let (old, new) = (super::load(global, &arguments.old)?, super::load(global, &arguments.new)?);
    refuse_unlike(&old, &new)?;
    let type_name = arguments.r#type.as_deref();
    refuse_unknown_type(type_name, &old, &new)?;
    let comparison = Comparison {
        old: job(&old, type_name, &arguments.on)?,
        new: job(&new, type_name, &arguments.on)?,
        schema: config::schema(global.config.as_deref())?,
        environment: super::environment(),
    };
    let limit = Some(arguments.people).filter(|_| !arguments.all);
    over(&comparison, Lines::open(Some(&arguments.over))?, Report::new(global.output, limit))
}

fn over(comparison: &Comparison<'_>, mut lines: Lines, mut report: Report) -> anyhow::Result<ExitCode> {
    let (mut compared, mut problems) = (0, Problems::default());
    let mut pace = Pace::new(!report.streams() || !std::io::stdout().is_terminal());
    while let Some((number, line)) = lines.next()? {
        pace.show(number);
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let document = match serde_json::from_slice(line) {
            Ok(document) => document,
            Err(error) => {
                problems.tell("mapper", &format!("line {number}: no JSON object: {error}"));
                continue;
            }
        };
        match comparison.person(number, document) {
            Ok(person) => {
                compared += 1;
                if let Some(person) = person
                    && !report.take(person)?
                {
                    break;
                }
            }
            Err(error) => problems.tell("mapper", &format!("line {number}: {error}")),
        }
    }
    progress::clear();
    let changes = report.summary.people;
    report.finish(compared)?;
    let is_whole = problems.finish();
    Ok(match (is_whole, changes) {
        (false, _) => ExitCode::from(TROUBLE),
        (true, 0) => ExitCode::SUCCESS,
        (true, _) => ExitCode::from(CHANGES),
    })
}

fn refuse_unlike(old: &Mapper, new: &Mapper) -> Result<(), Hinted> {
    if old.direction == new.direction {
        return Ok(());
    }
    Err(Hinted::new(format!("`{}` and `{}` map different ways", old.name, new.name))
        .hint("compare two incoming or two outgoing mappers"))
}

/// A type that neither mapper has would compare nothing with nothing.
fn refuse_unknown_type(type_name: Option<&str>, old: &Mapper, new: &Mapper) -> Result<(), Hinted> {
    let known: BTreeSet<&str> = [old, new].into_iter().flat_map(Mapper::type_names).collect();
    match type_name {
        Some(name) if !known.contains(name) => {
            let problem = Hinted::new(format!("neither mapper has a type `{name}`"));
            Err(did_you_mean(name, known).into_iter().fold(problem, Hinted::hint))
        }
        _ => Ok(()),
    }
}

/// How far it is, said where somebody waits.
struct Pace {
    is_seen: bool,
    last: Instant,
}

impl Pace {
    fn new(may_show: bool) -> Self {
        Self { is_seen: may_show && progress::is_seen(), last: Instant::now() }
    }

    fn show(&mut self, line: u64) {
        if self.is_seen && line.is_multiple_of(STRIDE) && self.last.elapsed() >= PATIENCE {
            self.last = Instant::now();
            progress::tell(&format!("{line} lines read"));
        }
    }
}
