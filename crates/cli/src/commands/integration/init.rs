//! `provost integration init`: a folder to begin with.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::output::{self, Hinted};

/// The files. `my-app` and `My App` in them become the new integration's names.
const FILES: [(&str, &str); 5] = [
    ("integration.yaml", include_str!("template/integration.yaml")),
    ("mapper-out.yaml", include_str!("template/mapper-out.yaml")),
    ("mapper-in.yaml", include_str!("template/mapper-in.yaml")),
    ("cases/exchanges.yaml", include_str!("template/cases/exchanges.yaml")),
    ("README.md", include_str!("template/README.md")),
];

pub(super) fn run(folder: &Path) -> anyhow::Result<ExitCode> {
    let name = name(folder)?;
    let brand = brand(name);
    if folder.exists() {
        let message = format!("`{}` is there already", folder.display());
        return Err(Hinted::new(message).hint("name a folder that is not there").into());
    }
    let failed = || format!("could not write `{}`", folder.display());
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(above).with_context(failed)?;
    // All of it or nothing.
    let begun =
        tempfile::Builder::new().prefix(".new-integration-").tempdir_in(above).with_context(failed)?;
    for (file, text) in FILES {
        let path = begun.path().join(file);
        fs::create_dir_all(path.parent().unwrap_or(above)).with_context(failed)?;
        fs::write(&path, text.replace("my-app", name).replace("My App", &brand)).with_context(failed)?;
    }
    fs::rename(begun.keep(), folder).with_context(failed)?;
    let shown = folder.display();
    output::say(&format!("`{shown}` is an integration now: {}", FILES.map(|(file, _)| file).join(", ")));
    output::say(&format!("Next: provost integration test {shown}"));
    Ok(ExitCode::SUCCESS)
}

/// The integration's name, which is its folder's.
fn name(folder: &Path) -> Result<&str, Hinted> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.bytes().all(is_good) && name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Ok(name);
    }
    let message = format!("`{}` does not end in a name for an integration", folder.display());
    Err(Hinted::new(message).hint("small letters, digits and dashes, such as `integrations/my-app`"))
}

/// A name for people: `my-app` becomes `My App`.
fn brand(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    name.split('-').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_folders() {
        for (folder, expected) in [
            ("integrations/my-app", Some("my-app")),
            ("a1", Some("a1")),
            ("My-App", None),
            ("..", None),
            ("1a", None),
        ] {
            assert_eq!(name(Path::new(folder)).ok(), expected, "{folder}");
        }
        assert_eq!(brand("hr-2-app"), "Hr 2 App");
        assert_eq!(brand("a--b"), "A  B");
    }
}
