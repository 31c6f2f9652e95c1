//! The command line.

use std::path::PathBuf;

use clap::{Arg, Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use provost_core::Verb;

const ABOUT: &str = "The same few commands for every system that holds user accounts";
const EXAMPLES: &str = "\
Examples:
  provost demo                                see the main job in ten seconds
  provost lab --dir try                       practise against an emulated system
  provost instance add hello --integration hello-iam-world
  provost iam-get-user --user-profile '{\"email\": \"ann@example.com\"}'
  provost '!iam-disable-user user-profile=`{\"email\": \"ann@example.com\"}` using=\"hello\"'

Exit status: 0 all succeeded or skipped, 1 some failed, 2 usage or configuration.";

/// The program's arguments.
#[derive(Parser)]
#[command(name = "provost", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands for which the options of every command mean nothing.
const WITHOUT_OPTIONS: [&str; 4] = ["lab", "demo", "man", "completions"];

/// The table of arguments. Where an option means nothing, the help does not show it.
pub(crate) fn command() -> clap::Command {
    let command = Cli::command();
    let everywhere = command.get_arguments().filter(|arg| arg.is_global_set());
    let hidden: Vec<Arg> = everywhere.map(|arg| arg.clone().hide(true)).collect();
    WITHOUT_OPTIONS
        .iter()
        .fold(command, |command, name| command.mut_subcommand(name, |without| without.args(hidden.clone())))
}

/// Options of every command.
#[derive(Args, Clone)]
pub(crate) struct Global {
    /// The configuration; without it, provost.yaml of this folder or the nearest above
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// How results are printed
    #[arg(long, short, global = true, value_enum, default_value_t = Format::Table)]
    pub(crate) output: Format,
    /// Show the steps that led to each record
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

/// The forms of output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// {"IAM.Vendor": ...}; a list when several instances answered
    Json,
    /// One record a line, each as soon as it is there
    Jsonl,
    /// The tables of the war room
    Markdown,
    /// Whole war-room entries
    Entry,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Find a person's account and show it
    IamGetUser(UserArgs),
    /// Create a person's account, or update it if it exists
    IamCreateUser(WriteArgs),
    /// Update a person's account, or create it if it is missing
    IamUpdateUser(WriteArgs),
    /// Disable a person's account
    IamDisableUser(UserArgs),
    /// Enable a person's account
    IamEnableUser(UserArgs),
    /// List the attributes that the accounts of a system have
    GetMappingFields(Selection),
    /// Check that a system answers and accepts the credentials
    TestModule(Selection),
    /// Configure instances
    #[command(subcommand)]
    Instance(InstanceCommand),
    /// Check, test and run mappers
    #[command(subcommand)]
    Mapper(MapperCommand),
    /// Run emulated systems on this machine to practise against
    Lab(LabArgs),
    /// Show the main job against an emulated system, from nothing
    Demo,
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// Which instances a command goes to.
#[derive(Args, Clone, Default)]
pub(crate) struct Selection {
    /// Only these instances, separated by commas
    #[arg(long, value_name = "INSTANCES", value_delimiter = ',')]
    pub(crate) using: Vec<String>,
    /// Only instances of these brands, separated by commas
    #[arg(long, value_name = "BRANDS", value_delimiter = ',')]
    pub(crate) using_brand: Vec<String>,
}

/// Arguments of a command that only reads or switches.
#[derive(Args, Clone)]
pub(crate) struct UserArgs {
    /// The person: a JSON object, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    pub(crate) user_profile: String,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

/// Arguments of a command that writes the profile.
#[derive(Args, Clone)]
pub(crate) struct WriteArgs {
    #[command(flatten)]
    pub(crate) user: UserArgs,
    /// Whether a disabled account is put back in use; only the exact word true counts
    #[arg(long, value_name = "true|false", default_value = "true")]
    pub(crate) allow_enable: String,
}

#[derive(Subcommand)]
pub(crate) enum InstanceCommand {
    /// List the configured instances
    List,
    /// Configure a new instance; asks for what is missing
    Add(AddArgs),
    /// Show an instance's settings, secrets masked
    Show {
        /// The instance
        name: String,
    },
    /// Check that an instance's system answers and accepts the credentials
    Test {
        /// The instance
        name: String,
    },
    /// Take an instance out of the configuration
    Remove {
        /// The instance
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
pub(crate) struct AddArgs {
    /// A name of your choice, such as okta-prod
    pub(crate) name: String,
    /// The kind of system, such as hello-iam-world
    #[arg(long)]
    pub(crate) integration: Option<String>,
    /// A setting, such as credentials.password=env:HELLO; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<String>,
}

#[derive(Subcommand)]
pub(crate) enum MapperCommand {
    /// Show every mistake in mappers with its place, and what is hardly meant
    Check(MapperCheck),
    /// Run the tests in mappers' own files
    Test {
        /// The mappers' files
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Map a document, or with --jsonl a document a line
    Run(MapperRun),
    /// Print the JSON Schema of native mappers, for editors
    Schema,
    /// List the operators of filters and transformers, or explain one
    Operators {
        /// The operator
        name: Option<String>,
    },
    /// List the fields of user profiles, those of provost.yaml included, or show one
    Fields {
        /// The field: its name, label or other name
        name: Option<String>,
    },
    /// Print the type of incident that a classifier gives a document, if it gives one
    Classify(MapperClassify),
    /// Show which people and attributes another mapper would change
    #[command(after_help = DIFF_STATUS)]
    Diff(MapperDiff),
    /// Write an XSOAR mapper as a native one, or a native one as an XSOAR mapper
    Convert(MapperConvert),
    /// Show how each field of a document comes by its value, step by step
    Explain(MapperExplain),
}

const DIFF_STATUS: &str =
    "Exit status: 0 nothing changes, 1 something changes, 2 not all of it could be compared.";

#[derive(Args)]
pub(crate) struct MapperClassify {
    /// The classifier: an XSOAR file of the type classification, or an old combined one
    pub(crate) classifier: String,
    /// The document; standard input without it
    pub(crate) input: Option<PathBuf>,
    /// The input is a document a line; a line without a type is empty
    #[arg(long)]
    pub(crate) jsonl: bool,
}

#[derive(Args)]
pub(crate) struct MapperDiff {
    /// The mapper as it is: a file, or the name of one that an integration ships
    pub(crate) old: String,
    /// The mapper as it is going to be
    pub(crate) new: String,
    /// The documents, one a line; - for standard input
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) over: PathBuf,
    /// The type to run, such as "User Profile - Create"
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) r#type: Option<String>,
    /// The command that outgoing mappers map for, where no type is named
    #[arg(long, value_name = "VERB", default_value = "create")]
    pub(crate) on: String,
    /// How many people are shown under the sum
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(crate) people: usize,
    /// Show everybody, a change a line, and the sum at the end
    #[arg(long, conflicts_with = "people")]
    pub(crate) all: bool,
}

#[derive(Args)]
pub(crate) struct MapperCheck {
    /// The mappers: files, or names of mappers that integrations ship
    #[arg(required = true)]
    pub(crate) files: Vec<String>,
    /// Check the system's attributes too, as this instance lists them
    #[arg(long, value_name = "INSTANCE")]
    pub(crate) instance: Option<String>,
    /// Let warnings count like errors
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

#[derive(Args)]
pub(crate) struct MapperRun {
    /// The mapper: a file, or the name of one that an integration ships
    pub(crate) mapper: String,
    /// The document; standard input without it
    pub(crate) input: Option<PathBuf>,
    /// The type to run, such as "User Profile - Create"
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) r#type: Option<String>,
    /// The command that an outgoing mapper maps for, where no type is named
    #[arg(long, value_name = "VERB", default_value = "create")]
    pub(crate) on: String,
    /// The input is a document a line, and so is the output
    #[arg(long)]
    pub(crate) jsonl: bool,
}

#[derive(Args)]
pub(crate) struct MapperConvert {
    /// The mapper: a file, or the name of one that an integration ships
    #[arg(value_name = "FILE")]
    pub(crate) mapper: String,
    /// The form; the one that the file does not have, where it is not said
    #[arg(long)]
    pub(crate) to: Option<MapperForm>,
    /// The file to write; standard output without it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum MapperForm {
    /// YAML with expressions
    Native,
    /// The JSON of Cortex XSOAR
    Xsoar,
}

#[derive(Args)]
pub(crate) struct MapperExplain {
    /// The mapper: a file, or the name of one that an integration ships
    pub(crate) mapper: String,
    /// The document: a file, or - for standard input
    pub(crate) input: PathBuf,
    /// Only this field
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// The type to run, such as "User Profile - Create"
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) r#type: Option<String>,
    /// The command that an outgoing mapper maps for, where no type is named
    #[arg(long, value_name = "VERB", default_value = "create")]
    pub(crate) on: String,
}

#[derive(Args)]
pub(crate) struct LabArgs {
    /// The folder for provost.yaml and the password file
    #[arg(long, default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8070)]
    pub(crate) port: u16,
    /// Injected faults with their share of the requests, such as 429:0.1,reset:0.05.
    /// Kinds: a status from 400 to 599 such as 429 or 500; reset (the connection); lost (no
    /// answer); html (a web page); cut (half an answer); slow, or slow@500ms
    #[arg(long, value_name = "KIND:SHARE,...", default_value = "", hide_default_value = true)]
    pub(crate) fault: String,
    /// Accounts to begin with
    #[arg(long, default_value_t = 25)]
    pub(crate) people: usize,
}

impl Command {
    /// The verb and arguments of a user command.
    pub(crate) fn as_user_command(&self) -> Option<(Verb, &UserArgs, &str)> {
        match self {
            Self::IamGetUser(user) => Some((Verb::Get, user, "false")),
            Self::IamCreateUser(write) => Some((Verb::Create, &write.user, &write.allow_enable)),
            Self::IamUpdateUser(write) => Some((Verb::Update, &write.user, &write.allow_enable)),
            Self::IamDisableUser(user) => Some((Verb::Disable, user, "false")),
            Self::IamEnableUser(user) => Some((Verb::Enable, user, "false")),
            _ => None,
        }
    }
}
