//! `iam-list-users`: everybody in a system.

use std::cell::RefCell;
use std::process::ExitCode;

use provost_core::Trace;
use provost_engine::{Instance, list};

use super::asking::{self, End};
use super::selection;
use crate::args::{Format, Global, ListArgs};
use crate::config::Config;
use crate::output::{self, Records};

/// Lists the accounts of the chosen instances. Those that cannot list are left out, unless
/// they are named.
pub(crate) async fn run(global: &Global, arguments: &ListArgs) -> anyhow::Result<ExitCode> {
    let config = Config::open(global.config.as_deref())?;
    let chosen = selection::choose_for_lists(&config, &arguments.selection.clone().into())?;
    let is_only = chosen.len() == 1;
    let places: Vec<String> = chosen.iter().map(|candidate| candidate.name.clone()).collect();
    let records = RefCell::new(Records::of_list(global));
    let ask = async |instance: &Instance| {
        let place = places.iter().position(|name| name == instance.name.as_str()).unwrap_or_default();
        let trace = Trace::default();
        let listed =
            list(instance, &trace, arguments.limit, &mut |found| records.borrow_mut().take(place, found))
                .await;
        (listed, trace)
    };
    let mut is_whole = true;
    asking::ask_all(config, chosen, global.output == Format::Table, ask, |who, end| {
        let fault = match end {
            End::Answered((listed, trace)) => {
                if global.verbose {
                    output::tell_steps(&who.name, &trace.steps());
                }
                listed.err()
            }
            End::Broken(error) => Some(asking::unable(&error)),
            End::Interrupted => Some(asking::interrupted()),
        };
        if let Some(fault) = fault {
            is_whole = false;
            let name = if is_only { "the list is not whole" } else { &who.name };
            output::complain(name, &fault.message);
            fault.hints.iter().for_each(|hint| output::hint(hint));
        }
    })
    .await?;
    records.into_inner().finish();
    Ok(ExitCode::from(u8::from(!is_whole)))
}
