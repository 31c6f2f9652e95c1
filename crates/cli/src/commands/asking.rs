//! The chosen instances, connected and asked side by side, until the last has answered or
//! somebody interrupts. Whoever reads records gets one for every instance.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use provost_core::{Brand, Fault, FaultKind};
use provost_engine::{Instance, SideBySide};
use tokio::time::{Instant, interval_at, timeout};

use super::selection::Candidate;
use crate::compose;
use crate::config::Config;
use crate::interrupt::Interrupt;
use crate::output::{Hinted, in_words, progress};

/// Why there is no answer of an instance that was still asked, and what to do.
pub(crate) const INTERRUPTED: &str = "interrupted; whether it was carried out is not known";
pub(crate) const LOOK_FIRST: &str = "look before repeating the command";

/// What kept an instance from being asked.
pub(super) fn unable(error: &anyhow::Error) -> Fault {
    let (message, hints) = in_words(error);
    Fault { hints, ..Fault::new(FaultKind::Configuration, message) }
}

/// Somebody did not wait for the answer.
pub(super) fn interrupted() -> Fault {
    Fault::new(FaultKind::AnswerLost, INTERRUPTED)
}

/// A secret's command has the instance's time-out as its limit. Its own error says more
/// than ours, so it goes first.
const GRACE: Duration = Duration::from_secs(1);

/// How long a silent terminal is no surprise, and how often the line is written anew.
const PATIENCE: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_secs(1);

/// An instance among the chosen ones.
pub(crate) struct Who {
    /// Its place in the order of the file.
    pub(crate) place: usize,
    pub(crate) name: String,
    pub(crate) brand: Brand,
}

/// What became of an instance.
pub(crate) enum End<T> {
    Answered(T),
    /// It could not be connected.
    Broken(anyhow::Error),
    /// It was not waited for any longer.
    Interrupted,
}

/// Connects and asks all, and hands over each end as soon as it is there. The line on the
/// terminal is for those who see nothing else meanwhile.
///
/// # Errors
/// The only instance cannot be connected: then the command cannot begin.
pub(crate) async fn ask_all<T>(
    config: Config,
    candidates: Vec<Candidate>,
    with_progress: bool,
    ask: impl AsyncFn(&Instance) -> T,
    mut take: impl FnMut(&Who, End<T>),
) -> anyhow::Result<()> {
    let config = Arc::new(config);
    let mut waiting = Waiting::of(&candidates);
    let is_only = candidates.len() == 1;
    // While a secret is read its command may speak on the terminal.
    let connecting = Cell::new(0_usize);
    let (ask, connecting) = (&ask, &connecting);
    let one = |(place, candidate): (usize, Candidate)| {
        let config = Arc::clone(&config);
        async move {
            connecting.set(connecting.get() + 1);
            let connected = connect(config, candidate, compose::PATIENCE).await;
            connecting.set(connecting.get() - 1);
            let end = match connected {
                Ok(instance) => End::Answered(ask(&instance).await),
                Err(error) => End::Broken(error),
            };
            (place, end)
        }
    };
    let mut running = SideBySide::new(candidates.into_iter().enumerate().map(one).collect());
    let mut interrupt = Interrupt::listen();
    let mut line = interval_at(Instant::now() + PATIENCE, AGAIN);
    let is_seen = with_progress && progress::is_seen();
    loop {
        tokio::select! {
            next = running.next() => match next {
                Some((_, End::Broken(error))) if is_only => return Err(error),
                Some((place, end)) => take(&waiting.done(place), end),
                None => break,
            },
            () = interrupt.received() => break,
            _ = line.tick(), if is_seen => if connecting.get() == 0 { waiting.show() },
        }
    }
    progress::clear();
    waiting.left.iter().for_each(|who| take(who, End::Interrupted));
    Ok(())
}

/// Those whose end is not known yet.
struct Waiting {
    left: Vec<Who>,
    asked: usize,
}

impl Waiting {
    fn of(candidates: &[Candidate]) -> Self {
        let who = |(place, candidate): (usize, &Candidate)| Who {
            place,
            name: candidate.name.clone(),
            brand: candidate.brand.clone(),
        };
        Self { left: candidates.iter().enumerate().map(who).collect(), asked: candidates.len() }
    }

    fn done(&mut self, place: usize) -> Who {
        let position = self.left.iter().position(|who| who.place == place);
        self.left.remove(position.expect("each instance ends once"))
    }

    fn show(&self) {
        let names: Vec<&str> = self.left.iter().map(|who| who.name.as_str()).collect();
        progress::show(&names, self.asked - names.len());
    }
}

/// Connects on a thread of its own, because reading a secret may take its time.
pub(super) async fn connect(
    config: Arc<Config>,
    candidate: Candidate,
    patience: Duration,
) -> anyhow::Result<Instance> {
    let (settings, package) = candidate.opened?;
    let (place, limit) = (settings.place.clone(), settings.common.timeout);
    let of_thread = Arc::clone(&config);
    let work =
        tokio::task::spawn_blocking(move || compose::connect(&of_thread, &settings, package, patience));
    let name = candidate.name;
    match timeout(limit.saturating_add(GRACE), work).await {
        Ok(Ok(connected)) => connected,
        Ok(Err(_)) => Err(Hinted::new(format!("instance `{name}`: this is a bug in Provost"))
            .hint("please report it with the settings of the instance, without secrets")
            .into()),
        Err(_) => {
            let message =
                format!("instance `{name}`: its settings could not be read within {} s", limit.as_secs_f32());
            let hint = "is one of its files on a system that is down?";
            Err(config.complain(&place, message).with_hint(hint).into())
        }
    }
}
