//! `provost audit verify`: the log is held against its hashes.

use std::process::ExitCode;

use provost_store::{Broken, Head, Store, StoreError};
use serde_json::json;

use crate::args::{AuditVerify, Format};
use crate::commands::at_store::answer;
use crate::commands::serve::told;
use crate::output::{self, BAD, Meter, hint, styled};

const BEFORE: &str = "everything before it is as it was written; compare the rest with a backup or an export";
const DAMAGED: &str = "the file itself is damaged: restore a backup into a new store";

pub(super) async fn run(format: Format, store: &Store, arguments: &AuditVerify) -> anyhow::Result<ExitCode> {
    let meter = Meter::new("events read");
    let verified = store.verify(arguments.known.as_ref(), &|count| meter.show(count)).await;
    drop(meter);
    match verified {
        Ok(Ok(verified)) => Ok(whole(format, store, &verified.head)),
        Ok(Err(broken)) => Ok(is_broken(format, store, &broken)),
        Err(StoreError::Damaged(what)) => Ok(is_damaged(format, store, &what)),
        Err(error) => Err(told(error)),
    }
}

fn whole(format: Format, store: &Store, head: &Head) -> ExitCode {
    let place = store.location();
    let text = match head.seq {
        0 => format!("The audit log in {place} has no events yet."),
        count => format!(
            "The audit log in {place} is whole: {count} {}.\n\n\
             Keep its head elsewhere, and give it to a later check by --known:\n\n  {head}",
            if count == 1 { "event" } else { "events" }
        ),
    };
    let data =
        json!({"store": place.to_string(), "whole": true, "events": head.seq, "head": head.to_string()});
    answer(format, &data, &output::clean(&text));
    ExitCode::SUCCESS
}

fn is_broken(format: Format, store: &Store, broken: &Broken) -> ExitCode {
    let place = store.location().to_string();
    let text = styled(BAD, &format!("The audit log in {place} is not whole. The first place is {broken}."));
    let data = json!({"store": place, "whole": false, "broken": {"seq": broken.seq, "what": broken.what}});
    answer(format, &data, &text);
    hint(BEFORE);
    ExitCode::FAILURE
}

fn is_damaged(format: Format, store: &Store, what: &str) -> ExitCode {
    let place = store.location().to_string();
    let text = styled(BAD, &format!("The audit log in {place} cannot be read: {what}."));
    answer(format, &json!({"store": place, "whole": false, "broken": {"what": what}}), &text);
    hint(DAMAGED);
    ExitCode::FAILURE
}
