//! Arguments that are a text, a file or standard input.

use std::io::Read as _;

use anyhow::Context as _;

/// The argument's text: as it is, of `@FILE`, or of standard input for `-`. `what` is its
/// name in complaints.
pub(crate) fn read(argument: &str, what: &str) -> anyhow::Result<String> {
    if argument == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .with_context(|| format!("could not read {what} from standard input"))?;
        return Ok(text);
    }
    match argument.strip_prefix('@') {
        Some(file) => {
            std::fs::read_to_string(file).with_context(|| format!("could not read {what} from `{file}`"))
        }
        None => Ok(argument.to_owned()),
    }
}
