//! The command line of `provost mapper`: its commands in the order in which one meets them,
//! each with examples.

use std::path::PathBuf;

use clap::{Arg, Args, Subcommand, ValueEnum};

/// What is shown below the list of commands.
pub(super) const EXAMPLES: &str = "\
Examples:
  provost mapper check mappers/my-app-out.yaml
  provost mapper run mappers/my-app-out.yaml ann.json
  provost mapper explain mappers/my-app-out.yaml ann.json --field login
  provost mapper COMMAND --help               the options of a command, with examples

docs/mappers.md is the guide.";

const CHECK: &str = "\
Examples:
  provost mapper check mappers/my-app-out.yaml
  provost mapper check mappers/*.yaml --deny-warnings
  provost mapper check mappers/my-app-out.yaml --instance my-app
  provost mapper check mappers/my-app-out.yaml -o jsonl

Exit status: 0 no errors, 1 an error (with --deny-warnings a warning), 2 a file could not be read.";

const RUN: &str = "\
Examples:
  provost mapper run mappers/my-app-out.yaml ann.json
  provost mapper run mappers/my-app-out.yaml ann.json --on update
  echo '{\"email\": \"ann@example.com\"}' | provost mapper run 'User Profile - Okta (Outgoing)'
  provost mapper run mappers/my-app-out.yaml people.jsonl --jsonl > mapped.jsonl

Exit status: 0 all was mapped, 1 a field or a line failed, 2 the mapper or the input could not be read.";

const EXPLAIN: &str = "\
Examples:
  provost mapper explain mappers/my-app-out.yaml ann.json
  provost mapper explain mappers/my-app-out.yaml ann.json --field login --on update
  echo '{\"email\": \"ann@example.com\"}' | provost mapper explain mappers/my-app-out.yaml -

Exit status: 0 all was mapped, 1 a field failed, 2 the mapper or the input could not be read.";

const TEST: &str = "\
Examples:
  provost mapper test mappers/my-app-out.yaml
  provost mapper test mappers/*.yaml

Exit status: 0 all passed, 1 some failed, 2 a mapper could not be read.";

const DIFF: &str = "\
Examples:
  provost mapper diff mappers/my-app-out.yaml mappers/my-app-new.yaml --over people.jsonl
  provost mapper diff old.json new.yaml --over people.jsonl --on update --all
  provost mapper diff old.json new.yaml --over people.jsonl -o jsonl > changes.jsonl

Exit status: 0 nothing changes, 1 something changes, 2 not all of it could be compared.";

const CONVERT: &str = "\
Examples:
  provost mapper convert mappers/my-app-out.json
  provost mapper convert mappers/my-app-out.json --out mappers/my-app-out.yaml
  provost mapper convert mappers/my-app-out.yaml --to xsoar

Exit status: 0 it is written, 1 parts have no equivalent, 2 the mapper could not be read.";

const CLASSIFY: &str = "\
Examples:
  provost mapper classify events.json event.json
  provost mapper classify events.json events.jsonl --jsonl

Exit status: 0 it was classified, 1 a transformer or a line failed, 2 a file could not be read.";

const OPERATORS: &str = "\
Examples:
  provost mapper operators
  provost mapper operators concat";

const FIELDS: &str = "\
Examples:
  provost mapper fields
  provost mapper fields 'Manager Email'";

const SCHEMA: &str = "\
Example:
  provost mapper schema > mapper.schema.json";

/// Where the form of output means nothing: what stands before a command, and commands that
/// print text only.
const WITHOUT_OUTPUT: [&str; 4] = ["", "test", "convert", "schema"];

/// The options of every command, with the meaning that they have here.
pub(super) fn with_options(command: clap::Command, options: &[Arg]) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = names.into_iter().fold(command, |command, name| {
        let told = options.iter().map(|option| told(option.clone(), &name)).collect::<Vec<_>>();
        command.mut_subcommand(name, |sub| sub.args(told))
    });
    command.args(options.iter().map(|option| told(option.clone(), "")))
}

fn told(option: Arg, name: &str) -> Arg {
    match option.get_id().as_str() {
        "output" if !WITHOUT_OUTPUT.contains(&name) => {
            let option = option.hide_possible_values(true).value_name("table|json|jsonl");
            option.help("For people, or data for programs: one document, or one a line")
        }
        "config" => option,
        _ => option.hide(true),
    }
}

#[derive(Subcommand)]
pub(crate) enum MapperCommand {
    /// Show every mistake in mappers with its place, and what is hardly meant
    #[command(after_help = CHECK)]
    Check(MapperCheck),
    /// Map a document, or with --jsonl a document a line
    #[command(after_help = RUN)]
    Run(MapperRun),
    /// Show how each field of a document comes by its value, step by step
    #[command(after_help = EXPLAIN)]
    Explain(MapperExplain),
    /// Run the tests in mappers' own files
    #[command(after_help = TEST)]
    Test {
        /// The mappers: files, or names of mappers that integrations ship
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Show which people and attributes another mapper would change
    #[command(after_help = DIFF)]
    Diff(MapperDiff),
    /// Write an XSOAR mapper as a native one, or a native one as an XSOAR mapper
    #[command(after_help = CONVERT)]
    Convert(MapperConvert),
    /// Print the type of incident that a classifier gives a document, if it gives one
    #[command(after_help = CLASSIFY)]
    Classify(MapperClassify),
    /// List the operators of filters and transformers, or explain one
    #[command(after_help = OPERATORS)]
    Operators {
        /// The operator
        name: Option<String>,
    },
    /// List the fields of user profiles, those of provost.yaml included, or show one
    #[command(after_help = FIELDS)]
    Fields {
        /// The field: its name, label or other name
        name: Option<String>,
    },
    /// Print the JSON Schema of native mappers, for editors
    #[command(after_help = SCHEMA)]
    Schema,
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
pub(crate) struct MapperExplain {
    /// The mapper: a file, or the name of one that an integration ships
    pub(crate) mapper: String,
    /// The document; standard input without it
    pub(crate) input: Option<PathBuf>,
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
pub(crate) struct MapperClassify {
    /// The classifier: an XSOAR file of the type classification, or an old combined one
    pub(crate) classifier: String,
    /// The document; standard input without it
    pub(crate) input: Option<PathBuf>,
    /// The input is a document a line; a line without a type is empty
    #[arg(long)]
    pub(crate) jsonl: bool,
}

#[cfg(test)]
mod tests {
    /// The commands in a text of examples that a shell would hand over word for word.
    fn examples(text: &str) -> impl Iterator<Item = &str> {
        let commands =
            text.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.contains('\''));
        commands.map(|line| line.split(" > ").next().unwrap_or(line))
    }

    #[test]
    fn every_command_has_examples_and_they_are_right() {
        let program = crate::args::command();
        let mapper = program.find_subcommand("mapper").expect("it is there");
        for command in mapper.get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let name = command.get_name();
            assert!(help.contains(&format!("  provost mapper {name}")), "{name}");
            for example in examples(&help) {
                let parsed = crate::args::command().try_get_matches_from(example.split(' '));
                assert!(parsed.is_ok(), "{example}: {parsed:?}");
            }
        }
    }
}
