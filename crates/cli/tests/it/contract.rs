//! Cases as data: each file in `contract/` and each `integrations/*/cases/*.yaml` is run
//! against a server that plays the case's exchanges and nothing else.

mod fetch;
pub(crate) mod files;
mod large;

use std::path::{Path, PathBuf};

use provost_conformance::{Played, Player};
use provost_connectors::{Catalogue, Manifest};
use provost_lab::case::{Case, parse_cases};

/// The integrations that exist for tests only.
pub(crate) const INTEGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/integrations");

/// A file of cases and the integration that they are about.
#[derive(Clone)]
pub(crate) struct CaseFile {
    path: PathBuf,
    pub(crate) integration: String,
}

impl CaseFile {
    /// A file of this folder.
    pub(crate) fn here(name: &str, integration: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/contract");
        Self { path: folder.join(name), integration: integration.to_owned() }
    }

    pub(crate) fn cases(&self) -> Vec<Case> {
        let text = std::fs::read_to_string(&self.path).expect("the file of cases can be read");
        parse_cases(&self.path, &text).unwrap_or_else(|complaint| panic!("{complaint}"))
    }

    /// Runs the case whose id in lower case is this.
    fn run(&self, id: &str) {
        let cases = self.cases();
        let case = cases.iter().find(|case| case.id.to_lowercase() == id);
        let case = case.unwrap_or_else(|| panic!("{} has no case {id}", self.path.display()));
        let differences = differences(runtime().block_on(play(case, &self.integration)));
        assert!(differences.is_empty(), "{}\n{}", case.about, differences.join("\n"));
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// In which ways a case went differently.
fn differences(played: Played) -> Vec<String> {
    let Played { mut differences, printed, .. } = played;
    if !differences.is_empty() {
        differences.push(format!("{printed:#?}"));
    }
    differences
}

/// The manifest of an integration, shipped or for tests.
fn manifest(integration: &str) -> Manifest {
    let package = Catalogue::new(vec![INTEGRATIONS.into()]).open(integration);
    package.unwrap_or_else(|error| panic!("{integration}: {error}")).manifest
}

/// Plays a case.
pub(crate) async fn play(case: &Case, integration: &str) -> Played {
    let manifest = manifest(integration);
    let (program, integrations) = (Path::new(env!("CARGO_BIN_EXE_provost")), &[PathBuf::from(INTEGRATIONS)]);
    let player = Player { program, integrations, manifest: &manifest };
    player.play(case).await.expect("the case can be played")
}
