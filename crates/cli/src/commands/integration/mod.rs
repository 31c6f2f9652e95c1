//! `provost integration`: what there is for systems, and what one of your own needs.

mod cases;
mod check;
mod init;
mod kit;
mod list;
mod show;
mod test;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use provost_connectors::{Catalogue, CatalogueError, Package};
use provost_mapper::Mapper;

use crate::args::{Global, IntegrationCommand};
use crate::config::{self, Config};
use crate::mapper_files;
use crate::output::Hinted;

/// Runs a command.
pub(crate) async fn run(global: &Global, command: IntegrationCommand) -> anyhow::Result<ExitCode> {
    match command {
        IntegrationCommand::List => list::run(global),
        IntegrationCommand::Show { integration } => show::run(global, &integration),
        IntegrationCommand::Check { integration } => check::run(global, &integration),
        IntegrationCommand::Init { folder } => init::run(&folder),
        IntegrationCommand::Test(arguments) => Box::pin(test::run(global, &arguments)).await,
    }
}

/// The integrations of the configuration, or those of the program where there is none.
fn catalogue(global: &Global) -> anyhow::Result<Catalogue> {
    Ok(match Config::read_if_any(global.config.as_deref())? {
        Some(config) => config.catalogue,
        // As beside a configuration.
        None => Catalogue::new(vec![config::INTEGRATIONS.into()]),
    })
}

/// An integration by its name, or by the folder that it is in, and where others are sought.
fn open(global: &Global, integration: &str) -> anyhow::Result<(Package, Catalogue)> {
    let folder = Path::new(integration);
    let is_name = !integration.contains(std::path::is_separator) && integration != ".";
    let (name, catalogue) = if folder.is_dir() || !is_name {
        let folder = folder.canonicalize().with_context(|| format!("there is no folder `{integration}`"))?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let above = folder.parent().map(Path::to_owned).unwrap_or_default();
        if !folder.join("integration.yaml").is_file() {
            let message = format!("`{integration}` holds no integration: it has no `integration.yaml`");
            return Err(Hinted::new(message).hint("`provost integration init DIR` makes one").into());
        }
        (name, catalogue(global)?.before(above))
    } else {
        (integration.to_owned(), catalogue(global)?)
    };
    Ok((catalogue.open(&name).map_err(in_words)?, catalogue))
}

fn in_words(error: CatalogueError) -> anyhow::Error {
    match error {
        CatalogueError::Unknown { ref hint, .. } => {
            let hint = hint.clone().unwrap_or_else(|| "`provost integration list` shows them all".to_owned());
            Hinted::new(error.to_string()).hint(hint).into()
        }
        CatalogueError::Manifest(diagnostic) => diagnostic.into(),
        CatalogueError::Read { .. } => error.into(),
    }
}

/// Both mappers, where the integration has them.
fn mappers(package: &Package) -> anyhow::Result<Vec<Mapper>> {
    let files = package.mapper_in.iter().chain(&package.mapper_out);
    files.map(|(file, text)| Ok(mapper_files::load(file, text)?)).collect()
}
