//! The conformance kit at an instance: it makes people there, so it asks first.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use provost_conformance::kit::{Finding, Kit, Verdict};
use provost_core::{Attributes, Selection};
use serde_json::{Value, json};

use crate::args::{Format, Global, IntegrationTest};
use crate::commands::{asking, input, selection};
use crate::compose;
use crate::config::Config;
use crate::interrupt::Interrupt;
use crate::output::{self, BAD, GOOD, Hinted, SKIPPED};

/// How long it may take until a write is seen.
const PATIENCE: Duration = Duration::from_secs(10);

/// How those are found.
const LEFT: &str = "their addresses begin with `provost-`";

/// Runs the kit; whether every check that means something holds.
pub(super) async fn run(global: &Global, name: &str, arguments: &IntegrationTest) -> anyhow::Result<bool> {
    if !matches!(global.output, Format::Table | Format::Jsonl) {
        let other = Hinted::new("the kit prints `table` or `jsonl`");
        return Err(other.hint("for example `--output jsonl`").into());
    }
    let profile = profile(arguments)?;
    let config = Config::open(global.config.as_deref())?;
    let selection = Selection { using: vec![name.to_owned()], using_brand: Vec::new() };
    let mut candidates = selection::choose(&config, &selection, "the conformance kit", None)?;
    let candidate = candidates.remove(0);
    confirm(name, arguments)?;
    let instance = Box::pin(asking::connect(Arc::new(config), candidate, compose::PATIENCE)).await?;
    let domain = arguments.domain.clone();
    let kit = Kit {
        instance: &instance,
        profile,
        domain,
        run: run_name()?,
        patience: PATIENCE,
        stopped: AtomicBool::new(false),
    };
    let mut ends = Vec::new();
    let mut take = |finding: Finding| {
        ends.push(finding.verdict.as_str());
        print(global.output, &finding);
    };
    check(&kit, &mut take).await?;
    let count = |word| ends.iter().filter(|end| **end == word).count();
    let [good, failed, absent] = ["ok", "failed", "not declared"].map(count);
    if global.output == Format::Table {
        output::say(&format!("{name}: {good} checks passed, {failed} failed, {absent} not declared"));
    }
    Ok(failed == 0 && !kit.stopped.load(Ordering::Relaxed))
}

/// Carries out the checks. Told to stop, it ends the one that is begun and puts away what was made.
async fn check(kit: &Kit<'_>, take: &mut dyn FnMut(Finding)) -> Result<(), Hinted> {
    let checked = kit.check(take);
    tokio::pin!(checked);
    let mut interrupt = Interrupt::listen();
    loop {
        tokio::select! {
            () = &mut checked => return Ok(()),
            () = interrupt.received() => {
                if kit.stopped.swap(true, Ordering::Relaxed) {
                    return Err(Hinted::new("accounts that the kit made may be in use").hint(LEFT));
                }
                output::tell("Stopping: what was made is taken out of use. Ctrl-C again ends at once.");
            }
        }
    }
}

fn profile(arguments: &IntegrationTest) -> anyhow::Result<Attributes> {
    let Some(profile) = &arguments.profile else { return Ok(Attributes::new()) };
    let text = input::read(profile, "the profile")?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Hinted::new("`--profile` is no JSON object")
            .hint("for example --profile '{\"department\": \"Sales\"}'")
            .into()),
    }
}

/// Nobody makes accounts in a system by a slip.
fn confirm(name: &str, arguments: &IntegrationTest) -> anyhow::Result<()> {
    if arguments.yes {
        return Ok(());
    }
    let what = format!("about 20 accounts and a group are made at `{name}`, and taken out of use again");
    if !std::io::stdin().is_terminal() {
        return Err(Hinted::new(what).hint("say `--yes` if that is meant").into());
    }
    output::tell(&format!("With this {what}."));
    let typed = inquire::Text::new(&format!("Type `{name}` to go on:")).prompt()?;
    if typed.trim() == name { Ok(()) } else { Err(Hinted::new("nothing was done").into()) }
}

/// What tells this run's people from those of others.
fn run_name() -> anyhow::Result<String> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:08x}", u32::from_be_bytes(bytes)))
}

fn print(format: Format, finding: &Finding) {
    let Finding { check, about, verdict } = finding;
    if format != Format::Table {
        let result = verdict.as_str();
        output::say(
            &json!({"check": check, "about": about, "result": result, "note": verdict.note()}).to_string(),
        );
        return;
    }
    let style = match verdict {
        Verdict::Holds(_) => GOOD,
        Verdict::Fails(_) => BAD,
        Verdict::NotDeclared(_) => SKIPPED,
    };
    let word = output::styled(style, &format!("{:12}", verdict.as_str()));
    let note = verdict.note().split_whitespace().collect::<Vec<_>>().join(" ");
    output::say(&format!("{word} {check:18} {}", output::clean(&format!("{about} ({note})"))));
}
