//! One command at one instance, from mapping to record. It always ends in a record.

use provost_core::{
    Account, Accounts, Attributes, Change, ChangeKind, Context, Decision, Fault, FaultKind, LookUp, Reason,
    Stage, Trace, UserCommand, Verb, Verbs,
};
use provost_mapper::Answers;
use serde_json::{Value, json};

use crate::book::Book;
use crate::effects::Oracle;
use crate::execute::{Writer, describe, execute};
use crate::flow::{Ask, Known, Seen, Step, decide};
use crate::mapping::{self, MappedProfile};
use crate::matching::{self, Match};
use crate::outcome::{Outcome, Recorder};
use crate::veil::{Shade, Veil};
use crate::{Conditions, Instance, Mode, look_up};

/// Runs a user command at an instance.
pub async fn run(instance: &Instance, command: &UserCommand) -> Outcome {
    run_under(instance, command, &Conditions::default()).await
}

/// The same under these conditions. The record's steps are those of the trace.
pub(crate) async fn run_under(
    instance: &Instance,
    command: &UserCommand,
    conditions: &Conditions,
) -> Outcome {
    let cx = Context { verb: Some(command.verb), trace: conditions.trace.clone() };
    let recorder = Recorder::new(instance, &command.profile, cx.trace.clone());
    let mut run = Run { instance, command, conditions, cx, views: Vec::new() };
    match run.carry_out(&recorder).await {
        Ok(outcome) => outcome,
        Err(fault) => {
            let action = command.verb;
            recorder.failed(action, fault, run.views.last().map(|view| &view.mapped))
        }
    }
}

/// Asks the instance's system whether it is there and knows us.
///
/// # Errors
/// What is wrong with it.
pub async fn test(instance: &Instance, trace: &Trace) -> Result<(), Fault> {
    instance.connector.test(&Context { verb: None, trace: trace.clone() }).await
}

/// The attributes of the system's accounts, as `get-mapping-fields` answers them:
/// `{"User Profile": {name: description}}`.
///
/// # Errors
/// What kept them from being read.
pub async fn mapping_fields(instance: &Instance, trace: &Trace) -> Result<Value, Fault> {
    let Some(fields) = instance.connector.fields() else {
        return Err(Fault::unsupported(instance.connector.brand(), "does not describe its fields"));
    };
    let fields = fields.fields(&Context { verb: None, trace: trace.clone() }).await?;
    let members: serde_json::Map<_, _> =
        fields.into_iter().map(|(name, description)| (name, Value::from(description))).collect();
    Ok(json!({"User Profile": members}))
}

struct Run<'a> {
    instance: &'a Instance,
    command: &'a UserCommand,
    conditions: &'a Conditions,
    cx: Context,
    /// What each look-up was made with, in the order in which they were made.
    views: Vec<View>,
}

/// The profile as one verb sees it, and the account that this found.
struct View {
    mapped: MappedProfile,
    look_up: LookUp,
    found: Match,
}

impl Run<'_> {
    async fn carry_out(&mut self, recorder: &Recorder<'_>) -> Result<Outcome, Fault> {
        let accounts = self.instance.connector.accounts().ok_or_else(|| {
            Fault::unsupported(self.instance.connector.brand(), "has no accounts of people")
        })?;
        let verb = self.command.verb;
        if !accounts.verbs().contains(verb) {
            let what = format_args!("cannot {verb} accounts");
            return Err(Fault::unsupported(self.instance.connector.brand(), what));
        }
        let ask = self.ask(accounts.verbs());
        let mut known = Known::default();
        let decision = loop {
            match decide(&ask, &known) {
                Step::LookUp(verb) => known.add(verb, self.look_up(accounts, verb).await?),
                Step::Decided(decision) => break decision,
            }
        };
        self.note(&decision);
        self.finish(accounts, recorder, decision).await
    }

    /// What is asked, without what the system cannot do on the way of another command: an
    /// update neither enables nor creates where there is no such operation.
    fn ask(&self, verbs: Verbs) -> Ask {
        let mut switches = self.instance.switches;
        switches.create_if_not_exists &= verbs.contains(Verb::Create);
        let allow_enable = self.command.allow_enable && verbs.contains(Verb::Enable);
        Ask { verb: self.command.verb, allow_enable, switches }
    }

    /// Maps the profile for the verb and looks the account up, unless the same question
    /// was asked before.
    async fn look_up(&mut self, accounts: &dyn Accounts, verb: Verb) -> Result<Seen, Fault> {
        let profile = &self.command.profile;
        let mapped = self.map(accounts, verb)?;
        let chosen = look_up::choose(accounts.look_up(), profile, &mapped, verb == Verb::Update);
        let look_up = chosen.as_ref().ok().cloned().unwrap_or_default();
        self.views.push(View { mapped, look_up: look_up.clone(), found: Match::Nobody });
        chosen?;
        let before = &self.views[..self.views.len() - 1];
        let found = match before.iter().find(|view| view.look_up == look_up) {
            Some(view) => view.found.clone(),
            None => self.search(accounts, &look_up).await?,
        };
        if let (Verb::Create, Match::Others(count)) = (verb, &found) {
            return Err(matching::refuse_others(*count, &look_up, &self.instance.name));
        }
        let account = found.account().cloned();
        let mut attributes = Attributes::new();
        if let Some(view) = self.views.last_mut() {
            attributes = view.mapped.for_account(account.as_ref());
            view.found = found;
        }
        Ok(Seen { attributes, account })
    }

    fn map(&self, accounts: &dyn Accounts, verb: Verb) -> Result<MappedProfile, Fault> {
        let (profile, answers) = (&self.command.profile, Answers::default());
        mapping::outgoing(self.instance, &self.cx, profile, verb, accounts.look_up(), &answers)
    }

    async fn search(&self, accounts: &dyn Accounts, look_up: &LookUp) -> Result<Match, Fault> {
        let found = accounts.find(&self.cx, look_up).await?;
        let found = matching::pick(found, look_up, &self.instance.name)?;
        self.cx.trace.explain(Stage::LookUp, || {
            let result = match &found {
                Match::One(account) => format!("account {}, {}", account.id, state_word(account.active)),
                Match::Others(count) => format!("nobody: {count} answered, all with another value"),
                Match::Nobody => "nobody".to_owned(),
            };
            let note = format!("{} = {} finds {result}", look_up.attribute, look_up.value);
            self.instance.connector.redactor().text(&note)
        });
        Ok(found)
    }

    async fn finish(
        &self,
        accounts: &dyn Accounts,
        recorder: &Recorder<'_>,
        decision: Decision,
    ) -> Result<Outcome, Fault> {
        let last = self.views.last();
        Ok(match decision {
            Decision::Show(account) => {
                let profile = mapping::incoming(self.instance, &self.cx, &account)?;
                recorder.shown(&account, profile)
            }
            Decision::Absent => recorder.absent(&last.map(|view| view.mapped.clone()).unwrap_or_default()),
            Decision::Skip { action, reason, account } => {
                let mapped = match last {
                    Some(view) => view.mapped.clone(),
                    None => self.map(accounts, action)?,
                };
                recorder.skipped(action, reason.as_str(), account.as_ref(), Some(&mapped))
            }
            Decision::Write { action, changes } => self.write(accounts, recorder, action, changes).await?,
        })
    }

    /// Carries the changes out, or in a dry run describes them.
    async fn write(
        &self,
        accounts: &dyn Accounts,
        recorder: &Recorder<'_>,
        action: Verb,
        changes: Vec<Change>,
    ) -> Result<Outcome, Fault> {
        let Some(view) = self.views.last() else {
            return Err(Fault::new(FaultKind::Bug, "a write was decided without a look-up"));
        };
        let target = changes.first().and_then(|change| change.account.as_ref());
        let accounts_seen = self.views.iter().filter_map(|view| view.found.account());
        let found = accounts_seen.rev().find(|account| Some(&account.id) == target);
        if let Some(Err(fault)) = found.map(|account| accounts.permit(account)) {
            return Ok(recorder.failed(action, fault, Some(&view.mapped)));
        }
        let (changes, settled) = match self.settle(accounts, changes, found).await {
            Ok((changes, settled)) => (changes, settled.unwrap_or_else(|| view.mapped.clone())),
            Err(fault) => return Ok(recorder.failed(action, fault, Some(&view.mapped))),
        };
        let is_there = |change: &Change, found: &Account| {
            change.kind == ChangeKind::Update
                && self.instance.switches.skip_unchanged
                && self.conditions.mode != Mode::WriteAnyway
                && accounts.has(found, &change.after)
        };
        let mut changes = changes;
        // The create that was not finished wrote the values: what is left is to enable.
        if let Some(found) = found.filter(|found| found.unfinished && changes.len() > 1) {
            changes.retain(|change| !is_there(change, found));
        }
        if let (Some(found), [only]) = (found, &changes[..])
            && is_there(only, found)
        {
            self.cx
                .trace
                .note(Stage::Decide, format!("skip the {action}: {}", Reason::NothingToUpdate.as_str()));
            return Ok(recorder.unchanged(action, found, &settled));
        }
        if self.conditions.mode == Mode::DryRun {
            let would =
                |change| self.cx.trace.explain(Stage::Decide, || format!("would {}", describe(change)));
            changes.iter().for_each(would);
            return Ok(recorder.planned(action, &changes, found, &settled));
        }
        let book = self.book(&settled, found, &view.look_up);
        let (instance, look_up) = (self.instance, &view.look_up);
        let writer = Writer { instance, accounts, found, look_up, book: &book };
        let mut outcome = match execute(&writer, &changes).await {
            Ok(account) => recorder.written(action, &self.with_state(action, account), &settled),
            Err(fault) => recorder.failed(action, fault, Some(&settled)),
        };
        outcome.hints.extend(book.hint());
        Ok(outcome)
    }

    /// What writes the changes down.
    fn book(&self, settled: &MappedProfile, found: Option<&Account>, look_up: &LookUp) -> Book<'_> {
        let (instance, profile) = (self.instance, &self.command.profile);
        let veil = Veil::new(instance, profile.as_given(), &settled.secrets);
        let mut shade = Shade::new(veil, &instance.private);
        shade.learn(profile.as_given());
        if let Some(account) = found {
            shade.learn(&account.attributes);
        }
        let subject = profile.email().unwrap_or(&look_up.value);
        Book::open(instance, self.conditions, &self.cx, shade, Some(subject))
    }

    /// The changes with everything in them that the mapper had to ask for, and the profile
    /// that they were taken from.
    async fn settle(
        &self,
        accounts: &dyn Accounts,
        mut changes: Vec<Change>,
        found: Option<&Account>,
    ) -> Result<(Vec<Change>, Option<MappedProfile>), Fault> {
        let mut settled = None;
        if self.views.last().is_none_or(|view| view.mapped.requests.is_empty()) {
            return Ok((changes, settled));
        }
        let (instance, cx) = (self.instance, &self.cx);
        for change in &mut changes {
            let verb = match change.kind {
                ChangeKind::Create => Verb::Create,
                ChangeKind::Update => Verb::Update,
                ChangeKind::Enable | ChangeKind::Disable => continue,
            };
            let oracle = Oracle { instance, accounts, cx, own: change.account.as_ref() };
            let mapped = oracle.settle(&self.command.profile, verb).await?;
            change.after = mapped.for_account(found);
            settled = Some(mapped);
        }
        Ok((changes, settled))
    }

    /// An update whose answer says nothing of the state leaves the account in use where
    /// it may be enabled.
    fn with_state(&self, action: Verb, account: Account) -> Account {
        let may_enable = self.command.allow_enable && self.instance.switches.enable;
        let assumed = (action == Verb::Update && may_enable).then_some(true);
        Account { active: account.active.or(assumed), ..account }
    }

    fn note(&self, decision: &Decision) {
        let text = match decision {
            Decision::Show(_) => "show the account".to_owned(),
            Decision::Absent => "there is no account to show".to_owned(),
            Decision::Skip { action, reason, .. } => format!("skip the {action}: {}", reason.as_str()),
            Decision::Write { changes, .. } => {
                let kinds: Vec<&str> = changes.iter().map(|change| change.kind.as_str()).collect();
                kinds.join(", then ")
            }
        };
        self.cx.trace.note(Stage::Decide, text);
    }
}

fn state_word(active: Option<bool>) -> &'static str {
    match active {
        Some(true) => "active",
        Some(false) => "disabled",
        None => "its state unsaid",
    }
}
