//! What the server counts, by names that are written here and nowhere else.
//!
//! Names and units follow Prometheus; labels have few values: no person, no account and no
//! path that somebody made up is among them.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "provost_http_requests_total";
const REQUEST_SECONDS: &str = "provost_http_request_duration_seconds";
const COMMANDS: &str = "provost_commands_total";
const COMMAND_SECONDS: &str = "provost_command_duration_seconds";
const TASKS_WAITING: &str = "provost_tasks_waiting";
const INTENTS_OPEN: &str = "provost_intents_open";
const EVENTS: &str = "provost_audit_events";
const RUNNING: &str = "provost_runs_running";
const BUILD: &str = "provost_build_info";

/// Upper bounds of durations, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The process has one set of counts.
fn handle() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(install).as_ref()
}

fn install() -> Option<PrometheusHandle> {
    let suffix = Matcher::Suffix("_seconds".to_owned());
    let handle =
        PrometheusBuilder::new().set_buckets_for_metric(suffix, &BUCKETS).ok()?.install_recorder().ok()?;
    describe_counter!(REQUESTS, "Requests that were answered, by route, method and status");
    describe_histogram!(REQUEST_SECONDS, "How long answers took, by route");
    describe_counter!(COMMANDS, "Records of commands, by command, instance and result");
    describe_histogram!(COMMAND_SECONDS, "How long commands took, by command");
    describe_gauge!(TASKS_WAITING, "Tasks of batches that wait");
    describe_gauge!(INTENTS_OPEN, "Intended changes whose end is not written");
    describe_gauge!(EVENTS, "Events in the audit log");
    describe_gauge!(RUNNING, "Runs that are under way at this server");
    describe_gauge!(BUILD, "1, with the version as a label");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Some(handle)
}

/// Makes the counts, so that nothing is counted in vain.
pub(crate) fn begin() {
    handle();
}

/// A request that was answered.
pub(crate) fn request(route: &str, method: &str, status: u16, took: Duration) {
    let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
    counter!(REQUESTS, &labels).increment(1);
    histogram!(REQUEST_SECONDS, "route" => route.to_owned()).record(took.as_secs_f64());
}

/// A record of a command.
pub(crate) fn command(command: &str, instance: &str, result: &str) {
    let labels =
        [("command", command.to_owned()), ("instance", instance.to_owned()), ("result", result.to_owned())];
    counter!(COMMANDS, &labels).increment(1);
}

/// A command that has ended.
pub(crate) fn command_took(command: &str, took: Duration) {
    histogram!(COMMAND_SECONDS, "command" => command.to_owned()).record(took.as_secs_f64());
}

/// What is read off the store when somebody asks.
pub(crate) struct Levels {
    pub(crate) tasks_waiting: u64,
    pub(crate) intents_open: u64,
    pub(crate) events: u64,
    pub(crate) running: usize,
}

/// All counts, as Prometheus reads them.
pub(crate) fn render(levels: &Levels) -> String {
    #[expect(clippy::cast_precision_loss, reason = "nobody counts so far")]
    let set = |name: &'static str, value: u64| gauge!(name).set(value as f64);
    set(TASKS_WAITING, levels.tasks_waiting);
    set(INTENTS_OPEN, levels.intents_open);
    set(EVENTS, levels.events);
    set(RUNNING, levels.running as u64);
    handle().map(|handle| handle.render()).unwrap_or_default()
}
