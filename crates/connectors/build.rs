//! Puts every folder of `integrations/` into the binary, so that adding an integration
//! touches nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The files of an integration that the binary needs.
const FILES: [&str; 3] = ["integration.yaml", "mapper-in.yaml", "mapper-out.yaml"];

fn main() -> io::Result<()> {
    let root = Path::new("../../integrations");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    folders.sort();
    let mut table = String::from("[\n");
    for file in folders.iter().flat_map(|folder| FILES.map(|name| folder.join(name))) {
        if file.is_file() {
            let name = file.strip_prefix(root).map_err(io::Error::other)?.display();
            let (name, source) = (name.to_string(), fs::canonicalize(&file)?.display().to_string());
            let _ = writeln!(table, "    ({name:?}, include_str!({source:?})),");
        }
    }
    table.push_str("]\n");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    fs::write(out.join("integrations.rs"), table)
}
