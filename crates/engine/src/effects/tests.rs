//! What a secret that was made here must never do: be seen.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use provost_core::{
    Account, AccountId, Accounts, Attributes, Brand, Clock, Connector, Context, Fault, FaultKind, LookUp,
    Private, Profile, Random, Redactor, Stage, UserCommand, Verb, Verbs,
};
use provost_mapper::Mapper;
use serde_json::json;

use crate::{Instance, Switches};

const MAPPER: &str = "\
mapper: T
direction: outgoing
fields:
  email: email
  phrase: {generate: {length: 12, classes: [lower, digit]}}
";

/// A system that shows whatever it is sent, and says in errors what it did not like.
struct Gossip {
    brand: Brand,
    redactor: Redactor,
    look_up: Vec<String>,
    refuses: bool,
    sent: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Connector for Gossip {
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
}

#[async_trait]
impl Accounts for Gossip {
    fn verbs(&self) -> Verbs {
        Verb::ALL.into_iter().collect()
    }

    fn look_up(&self) -> &[String] {
        &self.look_up
    }

    async fn find(&self, _: &Context, _: &LookUp) -> Result<Vec<Account>, Fault> {
        Ok(Vec::new())
    }

    async fn create(&self, cx: &Context, attributes: &Attributes) -> Result<Account, Fault> {
        let phrase = attributes["phrase"].as_str().unwrap_or_default().to_owned();
        self.sent.lock().expect("nobody panicked").push(phrase.clone());
        cx.trace.note(Stage::Http, format!("sent {phrase}"));
        if self.refuses {
            return Err(Fault::new(FaultKind::InvalidValue, format!("`{phrase}` is too weak")));
        }
        Ok(Account { attributes: attributes.clone(), ..Account::known_by(AccountId::from("1")) })
    }

    async fn update(&self, _: &Context, _: &Account, _: &Attributes) -> Result<Account, Fault> {
        unreachable!("there is nobody to update")
    }

    async fn set_enabled(&self, _: &Context, _: &Account, _: bool) -> Result<Account, Fault> {
        unreachable!("there is nobody to enable")
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

#[test]
fn a_secret_is_sent_and_never_shown() {
    for refuses in [false, true] {
        let sent = Arc::default();
        let connector = Gossip {
            brand: "Gossip".into(),
            redactor: Redactor::default(),
            look_up: vec!["email".to_owned()],
            refuses,
            sent: Arc::clone(&sent),
        };
        let instance = Instance {
            name: "app".into(),
            connector: Box::new(connector),
            mapper_in: None,
            mapper_out: Some(Mapper::load(Path::new("m.yaml"), MAPPER).expect("valid")),
            switches: Switches::default(),
            clock: Arc::new(Fixed),
            random: Arc::new(Fixed),
            private: Private::default(),
        };
        let profile = Profile::from_value(json!({"email": "ann@example.com"})).expect("an object");
        let command = UserCommand { verb: Verb::Create, profile, allow_enable: true };
        let outcome = crate::run(&instance, &command).now_or_never().expect("it does not wait");
        let sent = sent.lock().expect("nobody panicked").clone();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].len(), 12);
        assert_eq!(outcome.record.success, !refuses);
        let shown = format!("{outcome:?}");
        assert!(!shown.contains(&sent[0]) && shown.contains("[secret]"), "{shown}");
    }
}
