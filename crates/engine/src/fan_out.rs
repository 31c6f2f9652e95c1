//! Many instances side by side: how many at once, and what a bug of ours at one of them
//! may not do to the others.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::stream::{self, BufferUnordered};
use futures_util::{FutureExt as _, StreamExt as _};
use provost_core::{Fault, FaultKind, Trace, UserCommand};

use crate::outcome::Recorder;
use crate::run::run_under;
use crate::{Conditions, Instance, Outcome};

/// How many instances are asked at the same time. More would mean as many open
/// connections, which systems behind one gateway, and this machine, may refuse.
const AT_ONCE: usize = 64;

/// Tasks that run side by side. A slow or broken one holds up no other.
pub struct SideBySide<F: Future>(BufferUnordered<stream::Iter<std::vec::IntoIter<F>>>);

impl<F: Future> SideBySide<F> {
    /// Nothing runs before the first answer is waited for.
    pub fn new(tasks: Vec<F>) -> Self {
        Self(stream::iter(tasks).buffer_unordered(AT_ONCE))
    }

    /// The next answer that is there; `None` after the last. What is dropped while it
    /// waits loses nothing: the tasks go on with the next call.
    pub async fn next(&mut self) -> Option<F::Output> {
        self.0.next().await
    }
}

/// Runs a user command at an instance. A bug of ours becomes its failed record, so that it
/// does not take the others' records with it.
pub async fn run_guarded(instance: &Instance, command: &UserCommand, conditions: &Conditions) -> Outcome {
    AssertUnwindSafe(run_under(instance, command, conditions)).catch_unwind().await.unwrap_or_else(|_| {
        Recorder::new(instance, &command.profile, Trace::default()).failed(command.verb, bug(), None)
    })
}

/// The same for a question that is answered without a record.
///
/// # Errors
/// The question's own, or the bug.
pub async fn guarded<T>(question: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    AssertUnwindSafe(question).catch_unwind().await.unwrap_or_else(|_| Err(bug()))
}

fn bug() -> Fault {
    Fault::new(FaultKind::Bug, "this is a bug in Provost; the account's state is not known")
        .with_hint("please report it with the output of the same command and `-v`")
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::{pending, ready};

    use async_trait::async_trait;
    use provost_core::{Accounts, Brand, Connector, Context, Profile, Redactor, Verb};
    use serde_json::json;

    use super::*;
    use crate::Switches;

    /// A connector with a bug.
    struct Broken(Brand, Redactor);

    #[async_trait]
    impl Connector for Broken {
        fn brand(&self) -> &Brand {
            &self.0
        }

        fn redactor(&self) -> &Redactor {
            &self.1
        }

        async fn test(&self, _: &Context) -> Result<(), Fault> {
            panic!("a bug")
        }

        fn accounts(&self) -> Option<&dyn Accounts> {
            panic!("a bug")
        }
    }

    /// A clock that stands still.
    struct Stopped;

    impl provost_core::Clock for Stopped {
        fn now(&self) -> jiff::Timestamp {
            jiff::Timestamp::UNIX_EPOCH
        }
    }

    impl provost_core::Random for Stopped {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn a_bug_becomes_a_failed_record_or_a_fault() {
        let instance = Instance {
            name: "app".into(),
            connector: Box::new(Broken("Mock".into(), Redactor::default())),
            mapper_in: None,
            mapper_out: None,
            switches: Switches::default(),
            clock: std::sync::Arc::new(Stopped),
            random: std::sync::Arc::new(Stopped),
            private: provost_core::Private::default(),
        };
        let profile = Profile::from_value(json!({"email": "ann@example.com"})).unwrap();
        let command = UserCommand { verb: Verb::Disable, profile, allow_enable: false };
        let outcome = run_guarded(&instance, &command, &Conditions::default())
            .now_or_never()
            .expect("it does not wait");
        assert!(outcome.record.error_message.contains("a bug in Provost"), "{:?}", outcome.record);
        assert_eq!((outcome.record.action, outcome.record.success), (Verb::Disable, false));
        let trace = Trace::default();
        let answer = guarded(crate::test(&instance, &trace)).now_or_never().expect("it does not wait");
        assert_eq!(answer.map_err(|fault| fault.kind), Err(FaultKind::Bug));
    }

    #[test]
    fn no_more_than_the_limit_run_at_once() {
        let started = Cell::new(0);
        let task = |_| async {
            started.set(started.get() + 1);
            pending::<()>().await;
        };
        let mut running = SideBySide::new((0..AT_ONCE * 3).map(task).collect());
        assert_eq!(running.next().now_or_never(), None, "all of them hang");
        assert_eq!(started.get(), AT_ONCE);
    }

    #[test]
    fn every_task_has_its_turn() {
        let mut running = SideBySide::new((0..AT_ONCE * 3).map(ready).collect());
        let mut seen = Vec::new();
        while let Some(Some(answer)) = running.next().now_or_never() {
            seen.push(answer);
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..AT_ONCE * 3).collect::<Vec<_>>());
    }
}
