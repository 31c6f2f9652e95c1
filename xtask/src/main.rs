//! Everything about this project that is not cargo's own: run as `cargo xtask NAME`.

mod profiles;

use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

type Task = fn() -> anyhow::Result<()>;

/// What can be run: its name, what it does, and how.
const TASKS: [(&str, &str, Task); 4] = [
    ("test", "run every test", test),
    ("check", "format, lints and documentation, as CI does", check),
    ("tidy", "format the code", tidy),
    ("profiles", "write made-up profiles for the bench", profiles::write),
];

fn main() -> anyhow::Result<ExitCode> {
    let name = std::env::args().nth(1).unwrap_or_default();
    if let Some((_, _, task)) = TASKS.iter().find(|(known, ..)| *known == name) {
        task()?;
        return Ok(ExitCode::SUCCESS);
    }
    let list: Vec<String> = TASKS.iter().map(|(name, about, _)| format!("  {name:<8} {about}")).collect();
    bail!("usage: cargo xtask NAME\n{}", list.join("\n"));
}

/// The tests need nothing but cargo: every server that they speak to is in the workspace.
fn test() -> anyhow::Result<()> {
    cargo(&["test", "--workspace", "--all-targets"])?;
    cargo(&["test", "--workspace", "--doc"])
}

fn check() -> anyhow::Result<()> {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    cargo_with(&["doc", "--workspace", "--no-deps"], ("RUSTDOCFLAGS", "-D warnings"))
}

fn tidy() -> anyhow::Result<()> {
    cargo(&["fmt", "--all"])
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    cargo_with(arguments, ("CARGO_TERM_COLOR", "auto"))
}

fn cargo_with(arguments: &[&str], (name, value): (&str, &str)) -> anyhow::Result<()> {
    let line = format!("cargo {}", arguments.join(" "));
    let status = Command::new("cargo")
        .args(arguments)
        .env(name, value)
        .status()
        .with_context(|| format!("could not run `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}
