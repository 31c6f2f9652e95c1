//! `provost batch` at a server: the file is sent whole, its progress is followed, and in the
//! end its records are printed, in the order of the lines.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use provost_core::{Attributes, TraceStep, VendorRecord};
use provost_engine::Outcome;
use provost_engine::lines::verb_of;
use provost_net::{Body, Bytes};
use serde::Deserialize;

use crate::args::{BatchArgs, Global, InputFormat};
use crate::commands::batch::{self, Printer};
use crate::commands::user::may_enable;
use crate::output::{self, Hinted, progress};
use crate::remote::{Call, Remote};

/// The command's name, and where it is at servers.
const NAME: &str = "batch";
const BATCHES: &str = "/api/v1/batches";
/// How often a batch is looked at: at once, then ever more seldom.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);
/// How many records a page has.
const PAGE: u32 = 500;

/// A batch, and how far it is.
#[derive(Deserialize)]
struct Batch {
    id: String,
    #[serde(default)]
    total: Option<u64>,
    progress: Progress,
}

#[derive(Deserialize)]
struct Progress {
    waiting: u64,
    running: u64,
    done: u64,
    cancelled: u64,
    state: String,
}

impl Progress {
    fn is_over(&self) -> bool {
        self.state != "running"
    }

    fn line(&self) -> String {
        let all = self.waiting + self.running + self.done + self.cancelled;
        format!("{} of {all} done at the server", self.done)
    }
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
    #[serde(default)]
    next: Option<String>,
}

/// A record as a server keeps it.
#[derive(Deserialize)]
struct Item {
    line: u64,
    #[serde(rename = "IAM.Vendor")]
    vendor: VendorRecord,
    hints: Vec<String>,
    trace: Vec<TraceStep>,
}

impl Item {
    fn outcome(self) -> Outcome {
        let Self { vendor: record, hints, trace, .. } = self;
        Outcome { record, profile: Attributes::new(), is_error_entry: false, fault: None, hints, trace }
    }
}

/// Has a batch carried out, and prints what came of it.
pub(super) async fn run(global: &Global, remote: &Remote, arguments: &BatchArgs) -> anyhow::Result<ExitCode> {
    let (format, begun) = (batch::format(global)?, Instant::now());
    let verb = verb_of(&arguments.command).map_err(Hinted::new)?;
    refuse_journals(arguments)?;
    let Some(batch) = send(remote, arguments).await? else { return Ok(super::interrupted(true)) };
    let id = batch.id.clone();
    let Some(batch) = follow(remote, batch).await? else { return Ok(left_alone(&id)) };
    let lines = batch.total.unwrap_or_default();
    let mut printer = Printer::of_server(global, format, verb, lines, begun);
    if print(remote, &id, &mut printer).await?.is_none() {
        return Ok(left_alone(&id));
    }
    let is_good = printer.finish(true)?;
    let is_cancelled = batch.progress.cancelled > 0;
    if is_cancelled {
        output::warn(&format!("the batch was cancelled: {} of it is left", batch.progress.cancelled));
    }
    Ok(ExitCode::from(u8::from(!is_good || is_cancelled)))
}

/// A server knows itself what is finished.
fn refuse_journals(arguments: &BatchArgs) -> Result<(), Hinted> {
    if !arguments.resume && arguments.journal.is_none() {
        return Ok(());
    }
    Err(Hinted::new("`--resume` and `--journal` are for batches of this machine")
        .hint("a server goes on with a batch by itself, also after it was stopped"))
}

/// Sends the file; `None` where somebody did not wait for that.
async fn send(remote: &Remote, arguments: &BatchArgs) -> anyhow::Result<Option<Batch>> {
    let kind = match arguments.input_format() {
        InputFormat::Csv => "text/csv",
        InputFormat::Jsonl => "application/x-ndjson",
    };
    let body = Body::Raw(kind, read(&arguments.file)?);
    let names = |texts: &[String]| texts.iter().map(|text| text.trim()).collect::<Vec<_>>().join(",");
    let mut query = vec![
        ("command", arguments.command.clone()),
        ("allow-enable", may_enable(&arguments.allow_enable).to_string()),
        ("dry-run", arguments.dry_run.to_string()),
        ("using", names(&arguments.selection.using)),
        ("using-brand", names(&arguments.selection.using_brand)),
    ];
    query.extend(arguments.why.reason.clone().map(|reason| ("reason", reason)));
    remote.ask(&Call::order(NAME, BATCHES, body, !arguments.dry_run).with_query(&query)).await
}

fn read(file: &Path) -> anyhow::Result<Bytes> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).context("could not read standard input")?;
    } else {
        bytes = std::fs::read(file).with_context(|| format!("could not read `{}`", file.display()))?;
    }
    Ok(bytes.into())
}

/// Waits for the end of a batch; `None` where somebody did not.
async fn follow(remote: &Remote, mut batch: Batch) -> anyhow::Result<Option<Batch>> {
    let (path, mut pause) = (format!("{BATCHES}/{}", batch.id), SHORTEST);
    while !batch.progress.is_over() {
        if remote.pause(pause, &batch.progress.line()).await.is_none() {
            return Ok(None);
        }
        pause = (pause * 2).min(LONGEST);
        match remote.ask(&Call::look(NAME, &path, &[])).await? {
            Some(now) => batch = now,
            None => return Ok(None),
        }
    }
    progress::clear();
    Ok(Some(batch))
}

/// Prints all records; `None` where somebody did not wait for them.
async fn print(remote: &Remote, id: &str, printer: &mut Printer) -> anyhow::Result<Option<()>> {
    let path = format!("/api/v1/runs/{id}/records");
    let mut query = vec![("limit", PAGE.to_string())];
    loop {
        let Some(page) = remote.ask::<Page>(&Call::look(NAME, &path, &query)).await? else {
            return Ok(None);
        };
        for item in page.items {
            printer.take_from_server(item.line, &item.outcome());
        }
        let Some(next) = page.next else { return Ok(Some(())) };
        query.truncate(1);
        query.push(("after", next));
    }
}

/// Somebody does not wait for the end.
fn left_alone(id: &str) -> ExitCode {
    output::warn(&format!("the batch goes on at the server, as run {id}"));
    output::hint(&format!(
        "POST {BATCHES}/{id}/cancel ends it; GET /api/v1/runs/{id}/records has its records"
    ));
    ExitCode::FAILURE
}
