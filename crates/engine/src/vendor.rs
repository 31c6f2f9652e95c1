//! A command that only one kind of system has, at one instance.

use provost_core::{Context, Fault, Trace, VendorAnswer, VendorCall};

use crate::Instance;

/// Carries out such a command.
///
/// # Errors
/// A system without this command, arguments that do not fit, what the system says.
pub async fn run_vendor(
    instance: &Instance,
    trace: &Trace,
    call: &VendorCall<'_>,
) -> Result<VendorAnswer, Fault> {
    let cx = Context { verb: None, trace: trace.clone() };
    match instance.connector.commands() {
        Some(commands) if commands.has(call.name) => commands.run(&cx, call).await,
        _ => {
            let what = format_args!("has no command `{}`", call.name);
            Err(Fault::unsupported(instance.connector.brand(), what))
        }
    }
}
