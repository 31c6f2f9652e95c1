//! How a line may go on.

/// The arguments of user commands, as far as they are always the same.
const ARGUMENTS: [&str; 5] = [
    "user-profile=`{\"email\": \"ann@example.com\"}`",
    "using=\"",
    "allow-enable=false",
    "dry-run=true",
    "reason=\"",
];
/// The arguments whose value is an instance.
const OF_INSTANCE: &str = "using=";

/// Whole lines that begin with what was written. `commands` are those that may be run.
pub(super) fn completions(line: &str, commands: &[String], instances: &[String]) -> Vec<String> {
    let line = line.trim_start();
    let is_quoted = line.matches('`').count() % 2 == 1;
    let Some(place) = line.rfind(char::is_whitespace).filter(|_| !is_quoted) else {
        return if is_quoted { Vec::new() } else { of_commands(line, commands) };
    };
    let (before, word) = line.split_at(place + 1);
    if let Some(name) = word.strip_prefix(OF_INSTANCE) {
        let begin = name.trim_matches('"');
        let fitting = instances.iter().filter(|name| name.starts_with(begin));
        return fitting.map(|name| format!("{before}{OF_INSTANCE}\"{name}\" ")).collect();
    }
    let is_new = |argument: &&&str| {
        let name = argument.split_once('=').map_or(**argument, |(name, _)| name);
        argument.starts_with(word) && !before.contains(&format!("{name}="))
    };
    ARGUMENTS.iter().filter(is_new).map(|argument| format!("{before}{argument}")).collect()
}

fn of_commands(line: &str, commands: &[String]) -> Vec<String> {
    let begin = line.trim_start_matches('!').replace('_', "-");
    let fitting = commands.iter().filter(|name| name.starts_with(&begin));
    fitting.map(|name| format!("!{name} ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_with_what_fits() {
        let commands = ["iam-get-user", "iam-get-group", "test-module"].map(str::to_owned);
        let instances = ["okta", "okta-2", "scim"].map(str::to_owned);
        for (line, expected) in [
            ("", vec!["!iam-get-user ", "!iam-get-group ", "!test-module "]),
            ("!iam_get_u", vec!["!iam-get-user "]),
            (
                "!test-module using=\"ok",
                vec!["!test-module using=\"okta\" ", "!test-module using=\"okta-2\" "],
            ),
            ("!x using=sc", vec!["!x using=\"scim\" "]),
            ("!x dry", vec!["!x dry-run=true"]),
            ("!x dry-run=true d", vec![]),
            ("!x user-profile=`{\"email\": ", vec![]),
            ("!unknown", vec![]),
        ] {
            assert_eq!(completions(line, &commands, &instances), expected, "{line}");
        }
    }
}
