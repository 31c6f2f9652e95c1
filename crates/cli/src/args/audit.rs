//! The command line of `provost audit`.

use clap::{Args, Subcommand, ValueEnum};
use provost_core::{AuditKind, AuditResult};
use provost_store::{ExportFormat, Head};

use super::words::words;
use super::{Moment, StorePlace};

/// What is shown below the list of commands.
pub(super) const EXAMPLES: &str = "\
Examples:
  provost audit verify
  provost audit verify --known 1234:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
  provost audit list --subject ann@example.com
  provost audit export --format ocsf --since 24h
  provost audit open
  provost audit resolve 17 --result success --note 'the account is there'

docs/audit.md is the guide.
Exit status: 0 all is well, 1 the log is not whole, 2 it could not begin.";

const EXPORT: &str = "\
Examples:
  provost audit export > audit.jsonl
  provost audit export --after 1234 >> audit.jsonl
  provost audit export --format ocsf --since 2026-03-01 --instance okta-prod

A line of jsonl has the event's text as it was hashed; docs/audit.md shows how to verify it by hand.";

const VERIFY: &str = "\
Examples:
  provost audit verify
  provost audit verify --store postgres://provost@db.example/provost -o json
  provost audit verify --known \"$(cat head.txt)\"

Exit status: 0 the log is whole, 1 it is not, 2 it could not be read.";

const RESOLVE: &str = "\
Examples:
  provost audit open
  provost audit resolve 17 --result success --note 'the account is there'
  provost audit resolve 18 --result failure";

/// The commands of `provost audit`.
#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Prove that the log is as it was written
    #[command(after_help = VERIFY)]
    Verify(AuditVerify),
    /// Print events for whoever keeps or watches them elsewhere, oldest first
    #[command(after_help = EXPORT)]
    Export(AuditExport),
    /// List events, newest first
    List(AuditList),
    /// List changes whose end is not written
    Open(StorePlace),
    /// Say how a change ended whose end is not written
    #[command(after_help = RESOLVE)]
    Resolve(AuditResolve),
}

impl AuditCommand {
    /// Where the store is.
    pub(crate) fn place(&self) -> &StorePlace {
        match self {
            Self::Verify(arguments) => &arguments.place,
            Self::Export(arguments) => &arguments.place,
            Self::List(arguments) => &arguments.place,
            Self::Open(place) => place,
            Self::Resolve(arguments) => &arguments.place,
        }
    }
}

/// The arguments of `provost audit verify`.
#[derive(Args)]
pub(crate) struct AuditVerify {
    #[command(flatten)]
    pub(crate) place: StorePlace,
    /// The head that an earlier check printed, which must still be there
    #[arg(long, value_name = "SEQ:HASH", value_parser = head)]
    pub(crate) known: Option<Head>,
}

/// The arguments of `provost audit export`.
#[derive(Args)]
pub(crate) struct AuditExport {
    #[command(flatten)]
    pub(crate) place: StorePlace,
    /// How events are written
    #[arg(long, value_enum, default_value_t = Form::Jsonl)]
    pub(crate) format: Form,
    #[command(flatten)]
    pub(crate) events: EventArgs,
    /// Only events behind the one of this number
    #[arg(long, value_name = "SEQ", default_value_t = 0, hide_default_value = true)]
    pub(crate) after: u64,
}

/// The forms of an export.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    /// The events word for word, with the hashes that prove them
    Jsonl,
    /// Events of the Open Cybersecurity Schema Framework
    Ocsf,
}

impl From<Form> for ExportFormat {
    fn from(form: Form) -> Self {
        match form {
            Form::Jsonl => Self::Jsonl,
            Form::Ocsf => Self::Ocsf,
        }
    }
}

/// The arguments of `provost audit list`.
#[derive(Args)]
pub(crate) struct AuditList {
    #[command(flatten)]
    pub(crate) place: StorePlace,
    #[command(flatten)]
    pub(crate) events: EventArgs,
    /// At most so many events
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: u64,
}

/// Which events are wanted.
#[derive(Args)]
pub(crate) struct EventArgs {
    /// Not before this moment: 2026-03-02T09:00:00Z, 2026-03-02, or how long ago, such as 24h
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Moment>,
    /// Before this moment
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<Moment>,
    /// Only of this instance
    #[arg(long, value_name = "INSTANCE")]
    pub(crate) instance: Option<String>,
    /// Only about this person: the mail address, or what else was asked for
    #[arg(long, value_name = "PERSON")]
    pub(crate) subject: Option<String>,
    /// Only of this kind
    #[arg(long, value_name = "KIND", value_parser = words(AuditKind::ALL, AuditKind::as_str, AuditKind::of_word))]
    pub(crate) kind: Option<AuditKind>,
    /// Only with this result
    #[arg(
        long,
        value_name = "RESULT",
        value_parser = words(AuditResult::ALL, AuditResult::as_str, AuditResult::of_word)
    )]
    pub(crate) result: Option<AuditResult>,
    /// Only by whoever has this id
    #[arg(long, value_name = "ID")]
    pub(crate) actor: Option<String>,
    /// Only of this run
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
}

/// The arguments of `provost audit resolve`.
#[derive(Args)]
pub(crate) struct AuditResolve {
    /// The number of the open change
    pub(crate) seq: u64,
    /// Whether it was done
    #[arg(long, value_enum)]
    pub(crate) result: Outcome,
    /// How that was found out
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[command(flatten)]
    pub(crate) place: StorePlace,
}

/// How a change ended.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Outcome {
    /// It was done
    Success,
    /// It was not
    Failure,
}

impl From<Outcome> for AuditResult {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Self::Success,
            Outcome::Failure => Self::Failure,
        }
    }
}

fn head(text: &str) -> Result<Head, &'static str> {
    Head::parse(text.trim()).ok_or("a head is a number, a colon and 64 hexadecimal digits")
}
