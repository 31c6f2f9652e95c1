//! `provost integration list`.

use std::process::ExitCode;

use provost_connectors::{Catalogue, Manifest};
use serde_json::{Value, json};

use super::show::commands;
use crate::args::{Format, Global};
use crate::output::{self, Cell};

pub(super) fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let catalogue = super::catalogue(global)?;
    let (mut manifests, mut is_good) = (Vec::new(), true);
    for name in catalogue.names() {
        match catalogue.open(&name).map_err(super::in_words) {
            Ok(package) => manifests.push(package.manifest),
            Err(error) => {
                output::fail(&error);
                is_good = false;
            }
        }
    }
    print(global.output, &catalogue, &manifests);
    Ok(ExitCode::from(u8::from(!is_good)))
}

fn print(format: Format, catalogue: &Catalogue, manifests: &[Manifest]) {
    match format {
        Format::Json => output::say(&format!("{:#}", manifests.iter().map(data).collect::<Value>())),
        Format::Jsonl => manifests.iter().for_each(|manifest| output::say(&data(manifest).to_string())),
        _ => {
            let row = |manifest: &Manifest| -> Vec<Cell> {
                let place = if catalogue.is_of_user(manifest.name.as_str()) { "folder" } else { "program" };
                let words = [manifest.name.as_str(), manifest.brand.as_str(), place, &manifest.summary];
                words.map(Cell::from).into()
            };
            let rows: Vec<Vec<Cell>> = manifests.iter().map(row).collect();
            output::say(&output::table(&["integration", "brand", "from", "about"], &rows));
        }
    }
}

fn data(manifest: &Manifest) -> Value {
    let commands: Vec<String> = commands(manifest).into_iter().map(|(command, _)| command).collect();
    json!({
        "integration": manifest.name,
        "brand": manifest.brand,
        "summary": manifest.summary,
        "extends": manifest.extends,
        "commands": commands,
    })
}
