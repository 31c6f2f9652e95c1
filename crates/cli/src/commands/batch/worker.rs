//! The work at one instance: some people at once, each by one command at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use provost_core::{UserCommand, VendorRecord, Verb};
use provost_engine::{Instance, Outcome, dry_run_guarded, run_guarded};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::lines::Task;

/// How a line ended at an instance.
pub(super) struct Ended {
    pub(super) number: u64,
    pub(super) outcome: Outcome,
}

impl Ended {
    /// A line that asked for nothing that could be done. It has no instance.
    pub(super) fn flaw(number: u64, text: String) -> Self {
        let blank = VendorRecord::new("".into(), "".into(), Verb::Get);
        let record = VendorRecord { success: false, error_message: text, ..blank };
        let (profile, hints, trace) = Default::default();
        Self { number, outcome: Outcome { record, profile, is_error_entry: false, hints, trace } }
    }
}

pub(super) struct Worker {
    instance: Arc<Instance>,
    limit: usize,
    is_dry: bool,
    running: JoinSet<(String, Ended)>,
    /// Those whose person is being worked on, by person.
    waiting: HashMap<String, VecDeque<Task>>,
}

impl Worker {
    pub(super) fn new(instance: Instance, limit: usize, is_dry: bool) -> Self {
        let instance = Arc::new(instance);
        Self { instance, limit, is_dry, running: JoinSet::new(), waiting: HashMap::new() }
    }

    /// Works until there are no more tasks.
    pub(super) async fn work(mut self, mut tasks: mpsc::Receiver<Task>, ended: mpsc::Sender<Ended>) {
        let mut is_open = true;
        while is_open || !self.running.is_empty() {
            tokio::select! {
                task = tasks.recv(), if is_open && self.has_room() => match task {
                    Some(task) => self.take(task),
                    None => is_open = false,
                },
                Some(done) = self.running.join_next() => {
                    let Ok((person, ending)) = done else { continue };
                    self.next_of(&person);
                    if ended.send(ending).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Whoever waits for a person counts too, or one person could fill the memory.
    fn has_room(&self) -> bool {
        let waiting: usize = self.waiting.values().map(VecDeque::len).sum();
        self.running.len() < self.limit && waiting < self.limit * 4
    }

    fn take(&mut self, task: Task) {
        let person = person(&task.command);
        if let Some(queue) = self.waiting.get_mut(&person) {
            queue.push_back(task);
        } else {
            self.waiting.insert(person.clone(), VecDeque::new());
            self.start(person, task);
        }
    }

    /// Begins the next task of a person whose last one ended.
    fn next_of(&mut self, person: &str) {
        match self.waiting.get_mut(person).and_then(VecDeque::pop_front) {
            Some(task) => self.start(person.to_owned(), task),
            None => drop(self.waiting.remove(person)),
        }
    }

    fn start(&mut self, person: String, task: Task) {
        let (instance, is_dry) = (Arc::clone(&self.instance), self.is_dry);
        self.running.spawn(async move {
            let outcome = if is_dry {
                dry_run_guarded(&instance, &task.command).await
            } else {
                run_guarded(&instance, &task.command).await
            };
            (person, Ended { number: task.number, outcome })
        });
    }
}

/// What tells people apart. Somebody who is named in two ways is two people here.
fn person(command: &UserCommand) -> String {
    let old = command.profile.old_user_data();
    let name = |profile: &provost_core::Profile| {
        ["email", "username", "id"].iter().find_map(|field| {
            let value = profile.get(field)?;
            Some(value.as_str().map_or_else(|| value.to_string(), str::to_lowercase))
        })
    };
    old.as_ref().and_then(name).or_else(|| name(&command.profile)).unwrap_or_default()
}
