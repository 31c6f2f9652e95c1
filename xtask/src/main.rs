//! Everything about this project that is not cargo's own: run as `cargo xtask NAME`.

mod beds;
mod profiles;
mod test_extra;

use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

type Task = fn() -> anyhow::Result<()>;

/// What can be run: its name, what it does, and how.
const TASKS: [(&str, &str, Task); 7] = [
    ("test", "run every test, with servers and clients that others wrote", beds::test),
    ("beds", "run those servers until Ctrl-C and print how tests reach them", beds::serve),
    (
        "test-extra",
        "kill servers again and again; fuzz for a minute a target, --seconds N for longer",
        test_extra::test_extra,
    ),
    ("check", "format, lints, fuzz targets and documentation, as CI does", check),
    ("tidy", "format the code", tidy),
    ("schemas", "write the JSON Schemas of our files", schemas),
    ("profiles", "write made-up profiles for the bench", profiles::write),
];

fn main() -> anyhow::Result<ExitCode> {
    let name = std::env::args().nth(1).unwrap_or_default();
    if let Some((_, _, task)) = TASKS.iter().find(|(known, ..)| *known == name) {
        task()?;
        return Ok(ExitCode::SUCCESS);
    }
    let list: Vec<String> = TASKS.iter().map(|(name, about, _)| format!("  {name:<10} {about}")).collect();
    bail!("usage: cargo xtask NAME\n{}", list.join("\n"));
}

fn check() -> anyhow::Result<()> {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    // A workspace of its own, which the line above does not see.
    cargo(&["check", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target/fuzz"])?;
    cargo_with(&["doc", "--workspace", "--no-deps"], ("RUSTDOCFLAGS", "-D warnings"))
}

fn tidy() -> anyhow::Result<()> {
    cargo(&["fmt", "--all"])
}

/// What is written is committed; a test fails where it is out of date.
fn schemas() -> anyhow::Result<()> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/mapper.schema.json");
    let text = format!("{:#}\n", provost_mapper::schema());
    std::fs::write(file, text).with_context(|| format!("could not write `{file}`"))
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    cargo_with(arguments, ("CARGO_TERM_COLOR", "auto"))
}

fn cargo_with(arguments: &[&str], (name, value): (&str, &str)) -> anyhow::Result<()> {
    run(Command::new("cargo").args(arguments).env(name, value))
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let status = command.status().with_context(|| format!("could not run `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}
