//! `provost store info`.

use std::process::ExitCode;

use provost_store::{Figures, Head, Node, Store};
use serde_json::{Map, Value, json};

use crate::args::{Format, StoreArgs};
use crate::commands::at_store::{answer, servers};
use crate::commands::serve::{key, told};
use crate::output::{self, Cell};

/// What is found out.
struct Info {
    place: String,
    figures: Figures,
    head: Head,
    nodes: Vec<Node>,
    /// The master key that is there, if one is.
    key: Option<String>,
}

pub(super) async fn run(format: Format, store: &Store, arguments: &StoreArgs) -> anyhow::Result<ExitCode> {
    let info = found(store, arguments).await?;
    let table = output::table(&["", ""], &info.rows());
    // Nothing stands over the columns.
    let rows = table.split_once('\n').map_or("", |(_, rows)| rows);
    answer(format, &info.data(), rows);
    for id in info.missing_keys() {
        output::warn(&format!("some secrets are sealed with the master key {id}, which is not here"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn found(store: &Store, arguments: &StoreArgs) -> anyhow::Result<Info> {
    Ok(Info {
        place: store.location().to_string(),
        figures: store.figures().await.map_err(told)?,
        head: store.head().await.map_err(told)?,
        nodes: servers(store).await?,
        key: key::present(arguments, store.location())?.map(|key| key.id().to_owned()),
    })
}

impl Info {
    fn missing_keys(&self) -> impl Iterator<Item = &String> {
        self.figures.key_ids.iter().filter(|id| Some(*id) != self.key.as_ref())
    }

    fn data(&self) -> Value {
        let counts: Map<String, Value> =
            self.figures.counts.iter().map(|(name, count)| ((*name).to_owned(), (*count).into())).collect();
        let node = |node: &Node| json!({"id": node.id, "started": node.started.to_string(), "seen": node.seen.to_string()});
        json!({
            "store": self.place,
            "form": self.figures.form,
            "bytes": self.figures.bytes,
            "head": self.head.to_string(),
            "counts": counts,
            "servers": self.nodes.iter().map(node).collect::<Vec<_>>(),
            "key-id": self.key,
            "sealed-with": self.figures.key_ids,
        })
    }

    fn rows(&self) -> Vec<Vec<Cell>> {
        let servers = self.nodes.iter().map(|node| node.id.as_str()).collect::<Vec<_>>();
        let mut rows = vec![
            ("store", self.place.clone()),
            ("form", self.figures.form.to_string()),
            ("size", size(self.figures.bytes)),
            ("head", self.head.to_string()),
            ("master key", self.key.clone().unwrap_or_else(|| "not here".to_owned())),
            ("servers", if servers.is_empty() { "none".to_owned() } else { servers.join(", ") }),
        ];
        rows.extend(self.figures.counts.iter().map(|(name, count)| (*name, count.to_string())));
        rows.into_iter().map(|(name, value)| vec![name.replace('-', " ").into(), value.into()]).collect()
    }
}

/// A size as people say it.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match UNITS.iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_said_in_units() {
        for (bytes, expected) in [(12, "12 bytes"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB")] {
            assert_eq!(super::size(bytes), expected);
        }
    }
}
