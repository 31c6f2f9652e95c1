//! A system that answers what it is told to, and a ledger that keeps what it is given. Both
//! note in one diary when they were asked.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use provost_core::{
    Account, Accounts, Attributes, AuditResult, Brand, Clock, Commands, Connector, Context, Ending, Fault,
    FaultKind, Groups, Intent, Ledger, LookUp, Private, Profile, Random, Redactor, Stage, Trace, UserCommand,
    VendorAnswer, VendorCall, Verb, Verbs,
};
use serde_json::{Value, json};

use crate::{Conditions, Instance, Outcome, Switches, run_guarded};

pub(super) type Diary = Arc<Mutex<Vec<String>>>;

/// What the system answers to writes.
pub(super) type Answer = Result<Account, Fault>;

pub(super) struct System {
    brand: Brand,
    redactor: Redactor,
    look_up: Vec<String>,
    /// What is found, by the look-ups in their order; nobody after the last.
    pub(super) found: Mutex<VecDeque<Vec<Account>>>,
    pub(super) answers: Mutex<VecDeque<Answer>>,
    pub(super) diary: Diary,
    requests: AtomicUsize,
}

impl System {
    pub(super) fn write(&self, cx: &Context, word: &str) {
        self.diary.lock().unwrap().push(word.to_owned());
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        cx.trace.answered(Stage::Http, || (word.to_owned(), Some(format!("request-{number}"))));
    }

    fn answer(&self) -> Answer {
        self.answers.lock().unwrap().pop_front().expect("no such write was expected")
    }
}

#[async_trait]
impl Connector for System {
    fn brand(&self) -> &Brand {
        &self.brand
    }

    fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    async fn test(&self, _: &Context) -> Result<(), Fault> {
        Ok(())
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn groups(&self) -> Option<&dyn Groups> {
        Some(self)
    }

    fn commands(&self) -> Option<&dyn Commands> {
        Some(self)
    }
}

#[async_trait]
impl Accounts for System {
    fn verbs(&self) -> Verbs {
        Verb::ALL.into_iter().collect()
    }

    fn look_up(&self) -> &[String] {
        &self.look_up
    }

    async fn find(&self, cx: &Context, _: &LookUp) -> Result<Vec<Account>, Fault> {
        self.write(cx, "find");
        Ok(self.found.lock().unwrap().pop_front().unwrap_or_default())
    }

    async fn create(&self, cx: &Context, attributes: &Attributes) -> Answer {
        self.write(cx, "create");
        // It repeats what it does not like.
        let phrase = attributes.get("phrase").and_then(Value::as_str).unwrap_or_default();
        self.answer().map_err(|fault| Fault { message: fault.message.replace("PHRASE", phrase), ..fault })
    }

    async fn update(&self, cx: &Context, _: &Account, _: &Attributes) -> Answer {
        self.write(cx, "update");
        self.answer()
    }

    async fn set_enabled(&self, cx: &Context, _: &Account, enabled: bool) -> Answer {
        self.write(cx, if enabled { "enable" } else { "disable" });
        self.answer()
    }
}

#[async_trait]
impl Commands for System {
    fn has(&self, _: &str) -> bool {
        true
    }

    fn writes(&self, name: &str) -> bool {
        name != "app-list"
    }

    async fn run(&self, cx: &Context, call: &VendorCall<'_>) -> Result<VendorAnswer, Fault> {
        self.write(cx, call.name);
        self.answer()?;
        Ok(VendorAnswer { result: provost_core::CommandResult::default(), store: None, hints: Vec::new() })
    }
}

/// What the ledger was given.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Event {
    Intended(Intent),
    Ended(u64, Ending),
}

#[derive(Default)]
pub(super) struct Recording {
    diary: Diary,
    events: Mutex<Vec<Event>>,
    /// How many intents are taken; all where nothing is said.
    takes: Option<u64>,
    loses_ends: bool,
}

#[async_trait]
impl Ledger for Recording {
    async fn intend(&self, intent: Intent) -> Result<u64, Fault> {
        self.diary.lock().unwrap().push(format!("intend {}", intent.what));
        let mut events = self.events.lock().unwrap();
        let number = events.iter().filter(|event| matches!(event, Event::Intended(_))).count() as u64;
        if self.takes.is_some_and(|most| number >= most) {
            let fault = Fault::new(FaultKind::AnswerLost, "the disk is full");
            return Err(Fault { treatment: provost_core::Treatment::Skip("odd".to_owned()), ..fault });
        }
        events.push(Event::Intended(intent));
        Ok(number)
    }

    async fn end(&self, intent: u64, ending: Ending) -> Result<(), Fault> {
        self.diary.lock().unwrap().push(format!("end {intent}"));
        if self.loses_ends {
            return Err(Fault::new(FaultKind::NotSent, "the store is gone"));
        }
        self.events.lock().unwrap().push(Event::Ended(intent, ending));
        Ok(())
    }
}

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// A system and a ledger before a command.
pub(super) struct Scene {
    pub(super) instance: Instance,
    pub(super) conditions: Conditions,
    ledger: Arc<Recording>,
    diary: Diary,
}

impl Scene {
    /// A system where these accounts are found and which answers so to writes.
    pub(super) fn new(found: &[Account], answers: impl IntoIterator<Item = Answer>) -> Self {
        let found = (!found.is_empty()).then(|| found.to_vec());
        Self::with(Recording::default(), found, answers)
    }

    /// The same with a ledger that takes so many intents, or loses what ends them.
    pub(super) fn flawed(takes: Option<u64>, found: &[Account], answers: Vec<Answer>) -> Self {
        let ledger = Recording { takes, loses_ends: takes.is_none(), ..Recording::default() };
        Self::with(ledger, Some(found.to_vec()), answers)
    }

    /// What each look-up finds.
    pub(super) fn with(
        ledger: Recording,
        found: impl IntoIterator<Item = Vec<Account>>,
        answers: impl IntoIterator<Item = Answer>,
    ) -> Self {
        let diary = Diary::default();
        let ledger = Arc::new(Recording { diary: Arc::clone(&diary), ..ledger });
        let system = System {
            brand: "App".into(),
            redactor: Redactor::default(),
            look_up: vec!["email".to_owned()],
            found: Mutex::new(found.into_iter().collect()),
            answers: Mutex::new(answers.into_iter().collect()),
            diary: Arc::clone(&diary),
            requests: AtomicUsize::default(),
        };
        let instance = Instance {
            name: "app".into(),
            connector: Box::new(system),
            mapper_in: None,
            mapper_out: None,
            switches: Switches::default(),
            clock: Arc::new(Fixed),
            random: Arc::new(Fixed),
            private: Private::default(),
        };
        let conditions = Conditions { ledger: Some(ledger.clone()), ..Conditions::default() };
        Self { instance, conditions, ledger, diary }
    }

    pub(super) fn silent(mut self) -> Self {
        self.conditions.trace = Trace::silent();
        self
    }

    /// Runs a command for a person.
    pub(super) fn run(&self, verb: Verb, person: Value) -> Outcome {
        let profile = Profile::from_value(person).expect("an object");
        let command = UserCommand { verb, profile, allow_enable: true };
        now(run_guarded(&self.instance, &command, &self.conditions))
    }

    pub(super) fn diary(&self) -> Vec<String> {
        self.diary.lock().unwrap().clone()
    }

    pub(super) fn events(&self) -> Vec<Event> {
        self.ledger.events.lock().unwrap().clone()
    }

    pub(super) fn intents(&self) -> Vec<Intent> {
        let intent = |event| if let Event::Intended(intent) = event { Some(intent) } else { None };
        self.events().into_iter().filter_map(intent).collect()
    }

    pub(super) fn endings(&self) -> Vec<Ending> {
        let ending = |event| if let Event::Ended(_, ending) = event { Some(ending) } else { None };
        self.events().into_iter().filter_map(ending).collect()
    }

    pub(super) fn results(&self) -> Vec<AuditResult> {
        self.endings().iter().map(|ending| ending.result).collect()
    }
}

/// The end of what does not wait.
pub(super) fn now<T>(work: impl Future<Output = T>) -> T {
    work.now_or_never().expect("it does not wait")
}

/// An account of Ann's with these attributes.
pub(super) fn ann(active: bool, attributes: Value) -> Account {
    let keys = [("email".to_owned(), vec!["ann@example.com".to_owned()])];
    let Value::Object(attributes) = attributes else { unreachable!("an object") };
    Account { active: Some(active), keys: keys.into(), attributes, ..Account::known_by("7".into()) }
}

/// What is asked for Ann.
pub(super) fn person() -> Value {
    json!({"email": "ann@example.com", "title": "Lead"})
}

pub(super) fn fails(kind: FaultKind) -> Answer {
    Err(Fault::new(kind, "the system says no"))
}
