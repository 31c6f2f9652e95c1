//! The command line of `provost batch`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use provost_engine::lines::Format;

use super::{Selection, Why};

/// What is shown below the options.
pub(super) const EXAMPLES: &str = "\
Examples:
  provost batch --file people.jsonl --dry-run
  provost batch --file people.csv --using crm,hr -o jsonl > records.jsonl
  provost batch --file leavers.csv --command iam-disable-user
  provost batch --file people.jsonl --resume

A line is a user profile, or a whole command:
  {\"command\": \"iam-disable-user\", \"user-profile\": {\"email\": \"ann@example.com\"}, \"using\": \"crm\"}

docs/batch.md is the guide.
Exit status: 0 all succeeded or skipped, 1 some failed or it was interrupted, 2 it could not begin.";

/// Arguments of `provost batch`.
#[derive(Args, Clone)]
pub(crate) struct BatchArgs {
    /// The people: a user profile or a whole command on each line, or a table with a header;
    /// - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How the file is written [default: csv where its name ends so, else jsonl]
    #[arg(long, value_enum, value_name = "jsonl|csv", hide_possible_values = true)]
    pub(crate) format: Option<InputFormat>,
    /// The command for lines that name none
    #[arg(long, value_name = "COMMAND", default_value = "iam-create-user")]
    pub(crate) command: String,
    /// Whether a disabled account is put back in use, where a line does not say
    #[arg(long, value_name = "true|false", default_value = "true")]
    pub(crate) allow_enable: String,
    /// How many people are worked on side by side at each instance
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) concurrency: u16,
    /// Look the accounts up and decide, but write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Go on with a run that was interrupted, and try again what failed
    #[arg(long)]
    pub(crate) resume: bool,
    /// Where it is noted what is finished [default: FILE.journal]
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) why: Why,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

/// How a file of people is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// A JSON object on each line
    Jsonl,
    /// A table with a header
    Csv,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Jsonl => Self::Jsonl,
            InputFormat::Csv => Self::Csv,
        }
    }
}

impl BatchArgs {
    /// How the file is written, by what is said or by the end of its name.
    pub(crate) fn input_format(&self) -> InputFormat {
        let is_csv = self.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        self.format.unwrap_or(if is_csv { InputFormat::Csv } else { InputFormat::Jsonl })
    }
}
