//! `provost integration check`: all that can be said without asking anybody.

use std::process::ExitCode;

use provost_mapper::Around;

use super::cases;
use crate::args::Global;
use crate::config;
use crate::mapper_files;
use crate::output;

pub(super) fn run(global: &Global, integration: &str) -> anyhow::Result<ExitCode> {
    let (package, _) = super::open(global, integration)?;
    let profile = config::schema(global.config.as_deref())?;
    let around = Around { profile: &profile, system: None };
    let (mut complaints, mut mappers) = (0, 0);
    for (file, text) in package.mapper_in.iter().chain(&package.mapper_out) {
        let checked = mapper_files::check(file, text, &around);
        checked.complaints.iter().for_each(output::tell_diagnostic);
        complaints += checked.complaints.len();
        mappers += 1;
    }
    let cases = cases::read(integration)?.iter().map(|file| file.cases.len()).sum::<usize>();
    if complaints > 0 {
        output::say(&format!("{integration}: {complaints} complaints about its mappers"));
        return Ok(ExitCode::FAILURE);
    }
    let name = &package.manifest.name;
    output::say(&format!("{name}: the manifest, {mappers} mappers and {cases} cases are fine"));
    Ok(ExitCode::SUCCESS)
}
