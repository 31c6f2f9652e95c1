//! The lines of a batch: what each asks for, or what is wrong with it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use provost_core::{Profile, Schema, UserCommand, Verb};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::verb;

/// Longer lines are no profiles.
const LONGEST: u64 = 1024 * 1024;
const AHEAD: usize = 64;

/// What a line asks for.
#[derive(Clone)]
pub(super) struct Task {
    /// The line's number, from 1; of CSV, the head is line 1.
    pub(super) number: u64,
    pub(super) command: Arc<UserCommand>,
    /// Only these instances; all where there are none.
    pub(super) using: Vec<String>,
}

/// A line of the file.
pub(super) enum Line {
    Task(Task),
    /// One that asks for nothing that could be done.
    Flaw {
        number: u64,
        text: String,
    },
}

/// What counts where a line does not say.
#[derive(Clone, Copy)]
pub(super) struct Defaults {
    pub(super) verb: Verb,
    pub(super) allow_enable: bool,
}

/// Reads the file on a thread of its own, a few lines ahead.
///
/// # Errors
/// A file that cannot be opened, a CSV file without a head.
pub(super) fn read(
    file: &Path,
    defaults: Defaults,
    schema: Arc<Schema>,
) -> anyhow::Result<mpsc::Receiver<Line>> {
    let is_csv = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let input: Box<dyn Read + Send> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(file).with_context(|| format!("could not read `{}`", file.display()))?)
    };
    let (sender, lines) = mpsc::channel(AHEAD);
    let reader = Reader { defaults, schema, sender };
    std::thread::spawn(move || if is_csv { reader.csv(input) } else { reader.json(BufReader::new(input)) });
    Ok(lines)
}

struct Reader {
    defaults: Defaults,
    schema: Arc<Schema>,
    sender: mpsc::Sender<Line>,
}

impl Reader {
    fn json(self, mut input: impl BufRead) {
        let mut text = Vec::new();
        for number in 1.. {
            text.clear();
            let read = (&mut input).take(LONGEST).read_until(b'\n', &mut text);
            let line = match read {
                Ok(0) => return,
                Ok(_) if text.len() as u64 == LONGEST && !text.ends_with(b"\n") => {
                    // The rest of it is passed over.
                    if skip_line(&mut input).is_err() {
                        return;
                    }
                    Err("the line is longer than 1 MB".to_owned())
                }
                Ok(_) if text.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(_) => serde_json::from_slice(&text).map_err(|error| format!("this is no JSON: {error}")),
                Err(error) => Err(format!("the file cannot be read any further: {error}")),
            };
            let is_end = read_failed(&line);
            if !self.send(number, line) || is_end {
                return;
            }
        }
    }

    fn csv(self, input: impl Read) {
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(input);
        let heads: Vec<String> = match reader.headers() {
            Ok(heads) => heads.iter().map(str::to_owned).collect(),
            Err(error) => {
                self.send(1, Err(format!("this is no CSV: {error}")));
                return;
            }
        };
        for row in reader.into_records() {
            let (number, line) = match row {
                Ok(row) => {
                    let cells = heads.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty());
                    let members = cells.map(|(head, cell)| (head.clone(), Value::from(cell)));
                    let number = row.position().map_or(0, csv::Position::line);
                    (number, Ok(Value::Object(members.collect::<Map<_, _>>())))
                }
                Err(error) => {
                    let number = error.position().map_or(0, csv::Position::line);
                    (number, Err(format!("this row is no CSV: {error}")))
                }
            };
            if !self.send(number, line) {
                return;
            }
        }
    }

    /// Hands a line over; false where nobody wants more.
    fn send(&self, number: u64, line: Result<Value, String>) -> bool {
        let line = match line.and_then(|value| self.task(number, &value)) {
            Ok(task) => Line::Task(task),
            Err(text) => Line::Flaw { number, text },
        };
        self.sender.blocking_send(line).is_ok()
    }

    fn task(&self, number: u64, value: &Value) -> Result<Task, String> {
        let mut task = Task { number, command: Arc::new(self.command(value)?), using: Vec::new() };
        if let Some(using) = value.get("using").filter(|_| value.get("user-profile").is_some()) {
            let text = using.as_str().ok_or("`using` must be a text")?;
            task.using = text.split(',').map(|name| name.trim().to_owned()).collect();
        }
        Ok(task)
    }

    /// A line with `user-profile` is a command, any other is a profile.
    fn command(&self, value: &Value) -> Result<UserCommand, String> {
        let Defaults { verb: default, allow_enable } = self.defaults;
        let (verb, allow_enable, profile) = match value.get("user-profile") {
            None => (default, allow_enable, value),
            Some(profile) => {
                let named = value.get("command").and_then(Value::as_str);
                let verb = match named {
                    Some(name) => verb(name).ok_or_else(|| format!("`{name}` is no command of a batch"))?,
                    None => default,
                };
                let given = value.get("allow-enable");
                (verb, given.map_or(allow_enable, |given| given == "true" || *given == true), profile)
            }
        };
        let profile = Profile::from_value(profile.clone()).map_err(|error| error.to_string())?;
        Ok(UserCommand { verb, profile: profile.with_schema(Arc::clone(&self.schema)), allow_enable })
    }
}

fn read_failed(line: &Result<Value, String>) -> bool {
    line.as_ref().is_err_and(|text| text.starts_with("the file cannot"))
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let (used, is_end) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(used);
        if is_end {
            return Ok(());
        }
    }
}
