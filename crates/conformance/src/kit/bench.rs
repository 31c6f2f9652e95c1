//! What every check works with: people, commands, and an eye on what is printed.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use provost_core::{Accounts, Attributes, FaultKind, Profile, Stage, UserCommand, VendorRecord, Verb, Verbs};
use provost_engine::{Conditions, Outcome, run_guarded};
use serde_json::{Value, json};

use super::{Finding, Kit, Need, Verdict, ensure};

/// How often something is looked at until it is as it must be.
const AGAIN: Duration = Duration::from_millis(250);

/// One run of the kit.
pub(super) struct Bench<'a> {
    pub(super) kit: &'a Kit<'a>,
    seen: Mutex<Seen>,
}

/// What happened so far.
#[derive(Default)]
struct Seen {
    /// The profiles of those who were, or may have been, made.
    made: Vec<Attributes>,
    /// Whether nothing more can be asked.
    is_hopeless: bool,
    /// How many texts were searched for secrets.
    texts: usize,
    /// Where a secret was found.
    leaks: Vec<String>,
}

impl Seen {
    fn note(&mut self, person: &Attributes) {
        if !self.made.iter().any(|known| known.get("email") == person.get("email")) {
            self.made.push(person.clone());
        }
    }
}

impl<'a> Bench<'a> {
    pub(super) fn new(kit: &'a Kit<'a>) -> Self {
        Self { kit, seen: Mutex::default() }
    }

    /// What the integration does not declare of what a check needs.
    pub(super) fn lacks(&self, need: Need) -> Option<String> {
        let connector = &self.kit.instance.connector;
        match need {
            Need::Nothing => None,
            Need::Verbs(needed) => self.lacks_one(needed),
            Need::SkipsUnchanged if !self.kit.instance.switches.skip_unchanged => {
                Some("`skip-unchanged` is switched off".to_owned())
            }
            Need::SkipsUnchanged => self.lacks_one(&[Verb::Create, Verb::Update]),
            Need::List => connector.listing().is_none().then(|| "there is no `iam-list-users`".to_owned()),
            Need::Fields => {
                connector.fields().is_none().then(|| "there is no `get-mapping-fields`".to_owned())
            }
            Need::Groups => connector.groups().is_none().then(|| "there are no group commands".to_owned()),
        }
    }

    fn lacks_one(&self, needed: &[Verb]) -> Option<String> {
        let is_off = |verb: &&Verb| !self.kit.instance.switches.allow(**verb);
        let mut all = needed.iter().chain(&[Verb::Get]);
        let missing = all.find(|verb| !self.verbs().contains(**verb));
        let missing = missing.map(|verb| format!("there is no `{}`", verb.command()));
        let off = || needed.iter().find(is_off).map(|verb| format!("`{}` is switched off", verb.command()));
        missing.or_else(off)
    }

    /// The user commands that the integration declares.
    pub(super) fn verbs(&self) -> Verbs {
        self.kit.instance.connector.accounts().map(Accounts::verbs).unwrap_or_default()
    }

    /// A person for a check.
    pub(super) fn person(&self, check: &str) -> Attributes {
        let Kit { run, domain, profile, .. } = self.kit;
        let address = format!("provost-{run}-{check}@{domain}");
        let person = json!({
            "email": address, "username": address, "givenname": "Provost",
            "surname": "Check", "displayname": "Provost Check",
        });
        let own = person.as_object().cloned().unwrap_or_default();
        let mut person = own.clone();
        person.extend(profile.clone());
        // By what was given for all, all would be one, and perhaps somebody who is there.
        for name in ["email", "username"] {
            person.insert(name.to_owned(), own[name].clone());
        }
        person.shift_remove("id");
        person
    }

    /// The same person under another surname, in all that is made of it.
    pub(super) fn renamed(person: &Attributes, surname: &str) -> Attributes {
        let mut person = person.clone();
        person.insert("surname".to_owned(), surname.into());
        person.insert("displayname".to_owned(), format!("Provost {surname}").into());
        person
    }

    /// Runs a command, which may put the account back in use.
    pub(super) async fn run(&self, verb: Verb, person: &Attributes) -> Result<Outcome, String> {
        self.run_with(verb, person, true).await
    }

    pub(super) async fn run_with(
        &self,
        verb: Verb,
        person: &Attributes,
        allow_enable: bool,
    ) -> Result<Outcome, String> {
        let profile =
            Profile::from_value(Value::Object(person.clone())).map_err(|error| error.to_string())?;
        let command = UserCommand { verb, profile, allow_enable };
        if matches!(verb, Verb::Create | Verb::Update) {
            // Noted before: what fails may have happened all the same.
            self.seen().note(person);
        }
        let outcome = run_guarded(self.kit.instance, &command, &Conditions::default()).await;
        self.look_at(&verb.command(), &text_of(&outcome));
        Ok(outcome)
    }

    /// Runs a command that must succeed.
    pub(super) async fn done(&self, verb: Verb, person: &Attributes) -> Result<Outcome, String> {
        let outcome = self.run(verb, person).await?;
        if outcome.record.success { Ok(outcome) } else { Err(failure(&outcome.record)) }
    }

    /// Whether new accounts are in use at once.
    pub(super) fn starts_enabled(&self) -> bool {
        self.kit.instance.connector.accounts().is_none_or(Accounts::starts_enabled)
    }

    /// Makes a person who is in nobody's way and in use, and answers with the record.
    pub(super) async fn make(&self, check: &str) -> Result<(Attributes, VendorRecord), String> {
        let (person, record) = self.begin(check).await?;
        if !self.starts_enabled() && self.lacks(Need::Verbs(&[Verb::Enable])).is_none() {
            self.done(Verb::Enable, &person).await?;
        }
        Ok((person, record))
    }

    /// The same as the system makes it, which need not be in use.
    pub(super) async fn begin(&self, check: &str) -> Result<(Attributes, VendorRecord), String> {
        let person = self.person(check);
        let record = self.done(Verb::Create, &person).await?.record;
        ensure(record.id.is_some(), || "the record of the create has no id".to_owned())?;
        Ok((person, record))
    }

    /// Gets the person until the answer is as it must be: some systems show a write late.
    ///
    /// # Errors
    /// What is still wrong when the patience is at its end.
    pub(super) async fn until<T>(
        &self,
        person: &Attributes,
        judge: impl Fn(&Outcome) -> Result<T, String>,
    ) -> Result<T, String> {
        let begun = Instant::now();
        loop {
            match judge(&self.run(Verb::Get, person).await?) {
                Ok(good) => return Ok(good),
                Err(wrong) if begun.elapsed() >= self.kit.patience => return Err(wrong),
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    /// Searches a text that is printed for the instance's secrets.
    pub(super) fn look_at(&self, place: &str, text: &str) {
        let masked = self.kit.instance.connector.redactor().text(text);
        let mut seen = self.seen();
        seen.texts += 1;
        if masked != text {
            seen.leaks.push(place.to_owned());
        }
    }

    /// Notes that nothing more can be asked, if the fault is of that kind: wrong credentials
    /// that are sent a hundred times can lock a service account.
    pub(super) fn give_up_after(&self, kind: FaultKind) {
        use FaultKind::{Configuration, NotSent, PermissionDenied, Unauthenticated};
        self.seen().is_hopeless =
            matches!(kind, Configuration | NotSent | PermissionDenied | Unauthenticated);
    }

    /// Whether nothing more can be asked.
    pub(super) fn is_hopeless(&self) -> bool {
        self.seen().is_hopeless
    }

    /// Whether a secret was seen anywhere.
    pub(super) fn secrets(&self) -> Finding {
        let seen = self.seen();
        let verdict = if seen.leaks.is_empty() {
            Verdict::Holds(format!("none in {} answers with their steps", seen.texts))
        } else {
            Verdict::Fails(format!("a secret of the instance is shown by {}", seen.leaks.join(", ")))
        };
        Finding { check: "secrets", about: "No answer and no step shows a secret.", verdict }
    }

    /// Takes everybody who was made out of use.
    pub(super) async fn put_away(&self) -> Finding {
        let made = std::mem::take(&mut self.seen().made);
        let mut left = Vec::new();
        for person in &made {
            // Whether it went well shows in what is there afterwards.
            drop(self.run(Verb::Disable, person).await);
            // One for whom nothing helps is waited for, the others are looked at.
            let is_left = match left.as_slice() {
                [] => self.until(person, is_away).await.is_err(),
                _ => !self.run(Verb::Get, person).await.is_ok_and(|got| is_away(&got).is_ok()),
            };
            if is_left {
                left.push(person.get("email").and_then(Value::as_str).unwrap_or_default());
            }
        }
        let verdict = if left.is_empty() {
            Verdict::Holds(format!("{} people were made", made.len()))
        } else {
            Verdict::Fails(format!("still in use, or not known to be out of it: {}", left.join(", ")))
        };
        Finding { check: "put-away", about: "Everybody who was made is out of use again.", verdict }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nobody is there, or somebody out of use.
fn is_away(got: &Outcome) -> Result<(), String> {
    let is_away = has_code(&got.record, "404") || (got.record.success && got.record.active != Some(true));
    ensure(is_away, || "it is in use".to_owned())
}

/// All that is printed of an outcome.
fn text_of(outcome: &Outcome) -> String {
    let steps = outcome.trace.iter().map(|step| step.text.as_str());
    let parts = steps.chain(outcome.hints.iter().map(String::as_str)).collect::<Vec<_>>().join("\n");
    format!("{}\n{parts}", json!(outcome.entry()))
}

/// Whether a record has this error code.
pub(super) fn has_code(record: &VendorRecord, code: &str) -> bool {
    record.error_code.as_ref().is_some_and(|own| own.to_string() == code)
}

/// A failed record in a sentence.
pub(super) fn failure(record: &VendorRecord) -> String {
    let code = record.error_code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
    format!("{} failed: {code}{}", record.action, record.error_message.trim())
}

/// How often the steps say that something was written.
pub(super) fn writes(outcome: &Outcome) -> usize {
    outcome.trace.iter().filter(|step| step.stage == Stage::Write).count()
}
