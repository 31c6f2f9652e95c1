//! `provost integration test`: an integration's mappers, its recorded cases and, at an
//! instance, the conformance kit.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use provost_conformance::{Played, Player};
use provost_connectors::{Catalogue, Package};
use provost_lab::case::Case;

use super::cases::{self, CaseFile};
use super::kit;
use crate::args::{Global, IntegrationTest};
use crate::output::{self, BAD, GOOD, Hinted};

pub(super) async fn run(global: &Global, arguments: &IntegrationTest) -> anyhow::Result<ExitCode> {
    let mut is_good = true;
    if let Some(folder) = &arguments.folder {
        is_good &= at_rest(global, folder).await?;
    } else if arguments.instance.is_none() {
        let nothing = Hinted::new("there is nothing to test");
        return Err(nothing.hint("name an integration's folder, or a system with `--instance NAME`").into());
    }
    if let Some(name) = &arguments.instance {
        is_good &= kit::run(global, name, arguments).await?;
    }
    Ok(ExitCode::from(u8::from(!is_good)))
}

/// What can be tested without a system.
async fn at_rest(global: &Global, folder: &str) -> anyhow::Result<bool> {
    if !Path::new(folder).is_dir() {
        let message = format!("there is no folder `{folder}`");
        return Err(Hinted::new(message).hint("cases are in an integration's folder").into());
    }
    let (package, catalogue) = super::open(global, folder)?;
    let files = cases::read(folder)?;
    let are_mappers_good = mappers(folder, &package)?;
    if files.is_empty() && !package.manifest.is_http() {
        output::hint("a directory has no recorded exchanges; --instance runs the conformance kit at one");
        return Ok(are_mappers_good);
    }
    if files.is_empty() {
        output::warn(&format!("`{folder}` has no cases"));
        output::hint("they are in `cases/*.yaml`; `provost integration init DIR` shows some");
        return Ok(false);
    }
    Ok(recorded(global, &package, &catalogue, folder, &files).await? && are_mappers_good)
}

fn mappers(folder: &str, package: &Package) -> anyhow::Result<bool> {
    let (mut tests, mut failing) = (0, 0);
    for mapper in super::mappers(package)? {
        for failure in mapper.failing_tests() {
            output::complain(&mapper.name, &failure);
            failing += 1;
        }
        tests += mapper.tests.len();
    }
    output::say(&format!("{folder}: {} tests of mappers passed, {failing} failed", tests - failing));
    Ok(failing == 0)
}

async fn recorded(
    global: &Global,
    package: &Package,
    catalogue: &Catalogue,
    folder: &str,
    files: &[CaseFile],
) -> anyhow::Result<bool> {
    let program = std::env::current_exe().context("could not find this program itself")?;
    // The program runs in another folder.
    let folders = catalogue.folders().iter().filter_map(|folder| folder.canonicalize().ok());
    let integrations: Vec<PathBuf> = folders.collect();
    let manifest = &package.manifest;
    let player = Player { program: &program, integrations: &integrations, manifest };
    let (mut passed, mut failed) = (0, 0);
    let mut unprovoked: Vec<&str> = manifest.fault_words().collect();
    for (file, case) in files.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case))) {
        let played = match player.play(case).await {
            Ok(played) => played,
            Err(error) => {
                output::complain(&format!("{} {}", file.path.display(), case.id), &error.to_string());
                failed += 1;
                continue;
            }
        };
        let is_good = played.differences.is_empty();
        *(if is_good { &mut passed } else { &mut failed }) += 1;
        unprovoked.retain(|words| !played.printed.holds(words));
        if !is_good || global.verbose {
            tell(file, case, &played);
        }
    }
    output::say(&format!("{folder}: {passed} cases passed, {failed} failed"));
    match unprovoked.as_slice() {
        [] => output::say(&format!("{folder}: every word of the fault table is provoked by a case")),
        missing => {
            output::say(&format!("{folder}: no case provokes what the fault table says here:"));
            output::tell(&indented(&missing.join("\n")));
        }
    }
    Ok(failed == 0)
}

fn tell(file: &CaseFile, case: &Case, played: &Played) {
    let (word, style) = if played.differences.is_empty() { ("ok", GOOD) } else { ("failed", BAD) };
    let title = format!("{} {}: {}", file.path.display(), case.id, case.about.trim());
    output::tell_styled(&format!("{} {}", output::styled(style, word), output::clean(&title)));
    for difference in &played.differences {
        output::tell(&format!("    {difference}"));
    }
    if !played.differences.is_empty() && !played.printed.stderr.is_empty() {
        output::tell(&format!("  it said:\n{}", indented(&played.printed.stderr)));
    }
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
