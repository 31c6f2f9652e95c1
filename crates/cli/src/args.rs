//! The command line.

mod audit;
mod batch;
mod integration;
mod key;
mod mapper;
mod moment;
mod remote;
mod serve;
mod store;
mod vendor;
mod words;

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use provost_core::{GroupVerb, Verb};

use crate::commands::System;
use crate::commands::groups::Asked;
use crate::commands::user::Asked as UserAsked;

pub(crate) use self::audit::{AuditCommand, AuditExport, AuditList, AuditResolve, AuditVerify, EventArgs};
pub(crate) use self::batch::{BatchArgs, InputFormat};
pub(crate) use self::integration::{IntegrationCommand, IntegrationTest};
pub(crate) use self::key::{KeyAdd, KeyCommand};
pub(crate) use self::mapper::{
    MapperCheck, MapperClassify, MapperCommand, MapperConvert, MapperDiff, MapperExplain, MapperForm,
    MapperRun,
};
pub(crate) use self::moment::Moment;
pub(crate) use self::remote::{RemoteArgs, Why};
pub(crate) use self::serve::{ServeArgs, StoreArgs, StorePlace};
pub(crate) use self::store::{StoreCommand, StoreRestore, StoreRotate};
pub(crate) use self::vendor::VendorArgs;

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

impl Cli {
    /// Reads the arguments.
    pub(crate) fn of(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut cli = Self::from_arg_matches(matches)?;
        let chosen = matches.subcommand().and_then(|(_, matches)| matches.value_source("output"));
        cli.global.is_output_chosen = chosen == Some(ValueSource::CommandLine);
        Ok(cli)
    }
}

/// The commands for which the options of every command mean nothing.
const WITHOUT_OPTIONS: [&str; 4] = ["lab", "demo", "man", "completions"];

/// The table of arguments. Where an option means nothing, the help does not show it.
pub(crate) fn command() -> clap::Command {
    let command = Cli::command();
    let everywhere: Vec<Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    let hidden: Vec<Arg> = everywhere.iter().map(|arg| arg.clone().hide(true)).collect();
    let command = WITHOUT_OPTIONS
        .iter()
        .fold(command, |command, name| command.mut_subcommand(name, |without| without.args(hidden.clone())));
    command.mut_subcommand("mapper", |mapper| mapper::with_options(mapper, &everywhere))
}

/// The table with the commands that integrations add. One that has a name of ours is ours.
pub(crate) fn with_vendor(command: clap::Command, vendor: &[VendorArgs]) -> clap::Command {
    let is_ours = |name: &str| command.find_subcommand(name).is_some();
    let added: Vec<clap::Command> =
        vendor.iter().filter(|vendor| !is_ours(&vendor.name)).map(VendorArgs::command).collect();
    command.subcommands(added)
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
    /// Whether the form of output was asked for.
    #[arg(skip)]
    pub(crate) is_output_chosen: bool,
    /// Show the steps that led to each record
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) remote: RemoteArgs,
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
    IamDisableUser(SwitchArgs),
    /// Enable a person's account
    IamEnableUser(SwitchArgs),
    /// Run a command for everybody in a file
    #[command(after_help = batch::EXAMPLES)]
    Batch(BatchArgs),
    /// List the accounts of a system
    IamListUsers(ListArgs),
    /// Find a group and show it
    IamGetGroup {
        #[command(flatten)]
        group: GroupArgs,
        /// Whether to show who is in it
        #[arg(
            long,
            alias = "includeMembers",
            alias = "includemembers",
            value_name = "true|false",
            default_value = "true"
        )]
        include_members: String,
    },
    /// Create a group
    IamCreateGroup(GroupArgs),
    /// Change who is in a group
    IamUpdateGroup {
        #[command(flatten)]
        group: GroupArgs,
        #[command(flatten)]
        members: GroupMembers,
    },
    /// Delete a group
    IamDeleteGroup(GroupArgs),
    /// List the attributes that the accounts of a system have
    GetMappingFields(Selection),
    /// Print what happened in a system since the last run, one incident a line
    FetchIncidents(FetchArgs),
    /// Check that a system answers and accepts the credentials
    TestModule(Selection),
    /// Configure instances
    #[command(subcommand)]
    Instance(InstanceCommand),
    /// List, show, make and test integrations
    #[command(subcommand, after_help = integration::EXAMPLES)]
    Integration(IntegrationCommand),
    /// Check, run, explain, test, compare and convert mappers
    #[command(subcommand, after_help = mapper::EXAMPLES)]
    Mapper(MapperCommand),
    /// Run emulated systems on this machine to practise against
    Lab(LabArgs),
    /// Serve the API and the console
    #[command(after_help = serve::EXAMPLES)]
    Serve(ServeArgs),
    /// Read, prove and export the audit log
    #[command(subcommand, after_help = audit::EXAMPLES)]
    Audit(AuditCommand),
    /// Back up, restore and look after a server's store
    #[command(subcommand, after_help = store::EXAMPLES)]
    Store(StoreCommand),
    /// Give API keys and take them away
    #[command(subcommand, after_help = key::EXAMPLES)]
    Key(KeyCommand),
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
#[derive(Args, Clone)]
pub(crate) struct Selection {
    /// Only these instances, separated by commas
    #[arg(long, value_name = "INSTANCES", value_delimiter = ',')]
    pub(crate) using: Vec<String>,
    /// Only instances of these brands, separated by commas
    #[arg(long, value_name = "BRANDS", value_delimiter = ',')]
    pub(crate) using_brand: Vec<String>,
}

impl From<Selection> for provost_core::Selection {
    fn from(Selection { using, using_brand }: Selection) -> Self {
        Self { using, using_brand }
    }
}

/// Arguments of every user command.
#[derive(Args, Clone)]
pub(crate) struct UserArgs {
    /// The person: a JSON object, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    pub(crate) user_profile: String,
    /// Look the account up and decide, but write nothing
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        value_name = "true|false",
        default_value_t = false,
        default_missing_value = "true",
        hide_default_value = true,
        hide_possible_values = true,
        action = clap::ArgAction::Set
    )]
    pub(crate) dry_run: bool,
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
    #[command(flatten)]
    pub(crate) why: Why,
}

/// Arguments of a command that takes an account out of use, or puts it back.
#[derive(Args, Clone)]
pub(crate) struct SwitchArgs {
    #[command(flatten)]
    pub(crate) user: UserArgs,
    #[command(flatten)]
    pub(crate) why: Why,
}

/// Arguments of a list.
#[derive(Args, Clone)]
pub(crate) struct ListArgs {
    /// At most so many accounts of each system
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

/// Arguments of `fetch-incidents`.
#[derive(Args, Clone)]
pub(crate) struct FetchArgs {
    /// Where the state between two runs is kept [default: .provost/INSTANCE/last-run.json]
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Only events about these people: user profiles, a JSON object on each line. The profile
    /// is added to the event
    #[arg(long, value_name = "FILE")]
    pub(crate) profiles: Option<PathBuf>,
    /// At most so many incidents; the rest is for the next run
    #[arg(long, value_name = "N")]
    pub(crate) max_fetch: Option<usize>,
    /// How far back the first run looks, such as "12 hours"
    #[arg(long, value_name = "SPAN")]
    pub(crate) first_fetch: Option<String>,
    /// Print the events themselves, not {"rawJSON": "..."}
    #[arg(long)]
    pub(crate) bare: bool,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

/// Arguments of a command about a group.
#[derive(Args, Clone)]
pub(crate) struct GroupArgs {
    /// The group as SCIM has it, {"id": ...} or {"displayName": ...}: a JSON object, @FILE, or
    /// - for standard input
    #[arg(long, value_name = "JSON")]
    pub(crate) scim: String,
    #[command(flatten)]
    pub(crate) selection: Selection,
}

/// Who comes into a group and who goes.
#[derive(Args, Clone)]
pub(crate) struct GroupMembers {
    /// Ids of accounts to put into the group: a JSON array, or separated by commas
    #[arg(long, alias = "memberIdsToAdd", alias = "memberidstoadd", value_name = "IDS")]
    pub(crate) member_ids_to_add: Option<String>,
    /// Ids of accounts to take out of the group
    #[arg(long, alias = "memberIdsToDelete", alias = "memberidstodelete", value_name = "IDS")]
    pub(crate) member_ids_to_delete: Option<String>,
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

#[derive(Args)]
pub(crate) struct LabArgs {
    /// The folder for provost.yaml and the password file
    #[arg(long, default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Only these systems, separated by commas
    #[arg(long, value_enum, value_name = "SYSTEMS", value_delimiter = ',')]
    pub(crate) only: Vec<System>,
    /// The port of the first system; each has its own from there upwards; 0 takes free ones
    #[arg(long, default_value_t = 8070)]
    pub(crate) port: u16,
    /// Injected faults with their share of the requests, such as 429:0.1,reset:0.05.
    /// In the place of a share: #3 the third request, %3 every third. Behind it a method, a
    /// path or both, for some requests only: lost:#1:POST:/api.
    /// Kinds: a status from 400 to 599 such as 429 or 500 (429-bare says nothing of when to
    /// come again, 502-html is a web page); error (an error with status 200); html (a web
    /// page with status 200); reset (the connection); lost (no answer); cut (half an answer);
    /// slow, or slow@500ms; drip, or drip@500ms (a body in drops); stale (a read shows what
    /// it showed before the last write); again (a read shows the page before it)
    #[arg(long, value_name = "KIND:SHARE,...", default_value = "", hide_default_value = true)]
    pub(crate) fault: String,
    /// Accounts that each system begins with
    #[arg(long, default_value_t = 25)]
    pub(crate) people: usize,
    /// How many requests are answered: at Okta and SCIM a minute (Okta: of each end point), at
    /// ServiceNow an hour. More are refused with 429
    #[arg(long, value_name = "REQUESTS")]
    pub(crate) limit: Option<u32>,
}

impl Command {
    /// The arguments of a user command.
    pub(crate) fn as_user_command(&self) -> Option<UserAsked<'_>> {
        Some(match self {
            Self::IamGetUser(user) => UserAsked::of(Verb::Get, user),
            Self::IamCreateUser(write) => UserAsked::of_write(Verb::Create, write),
            Self::IamUpdateUser(write) => UserAsked::of_write(Verb::Update, write),
            Self::IamDisableUser(switch) => UserAsked::of_switch(Verb::Disable, switch),
            Self::IamEnableUser(switch) => UserAsked::of_switch(Verb::Enable, switch),
            _ => return None,
        })
    }

    /// The arguments of a command about a group.
    pub(crate) fn as_group_command(&self) -> Option<Asked<'_>> {
        let (verb, group, include_members, members) = match self {
            Self::IamGetGroup { group, include_members } => {
                (GroupVerb::Get, group, include_members.as_str(), None)
            }
            Self::IamCreateGroup(group) => (GroupVerb::Create, group, "", None),
            Self::IamUpdateGroup { group, members } => (GroupVerb::Update, group, "", Some(members)),
            Self::IamDeleteGroup(group) => (GroupVerb::Delete, group, "", None),
            _ => return None,
        };
        Some(Asked { verb, group, include_members, members })
    }
}
