//! What is remembered of the provider, so that it is not asked for everything each time.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use provost_core::{Fault, FaultKind};
use tokio::sync::Mutex;

use super::key::{self, Key};
use super::metadata::Metadata;
use super::token::Token;
use super::{LogIn, Refusal};

/// How long what it says of itself is believed, and how long its keys are: so long a key that
/// it has taken back still works here.
const METADATA_LASTS: Duration = Duration::from_hours(1);
const KEYS_LAST: Duration = Duration::from_mins(10);
/// How long a provider that is down is left alone.
const FAILURE_LASTS: Duration = Duration::from_secs(5);
/// How often it is asked for keys because a token names one that nobody knows.
const AGAIN: Duration = Duration::from_secs(10);
/// How long one question may take, whoever answers it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was answered last, and when. One asks while the others wait for the answer.
type Slot<T> = Mutex<Option<Answered<T>>>;
type Answered<T> = (Timestamp, Result<Arc<T>, Fault>);

#[derive(Default)]
pub(super) struct Known {
    metadata: Slot<Metadata>,
    keys: Slot<Vec<Key>>,
    /// When keys were asked for because of an unknown one.
    asked_again: Mutex<Option<Timestamp>>,
}

impl LogIn {
    /// What the provider says of itself.
    pub(super) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, Refusal> {
        let mut slot = self.known.metadata.lock().await;
        let issuer = &self.settings.issuer;
        let ask = async || Metadata::read(self.provider.discover(issuer).await?, issuer);
        let found = remembered(&mut slot, METADATA_LASTS, now, ask).await;
        found.map_err(|fault| Refusal::away("the identity provider cannot be asked", &fault))
    }

    /// The key that a token names. Where there is none, the keys are asked for once more: the
    /// provider may have begun to sign with a new one.
    pub(super) async fn key(
        &self,
        token: &Token<'_>,
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<Key, Refusal> {
        let find = |keys: &[Key]| key::find(keys, token.key.as_deref(), token.algorithm).cloned();
        if let Some(key) = find(&self.keys(metadata, KEYS_LAST, now).await?) {
            return Ok(key);
        }
        let may_ask = self.may_ask_again(now).await;
        let again = if may_ask { find(&self.keys(metadata, Duration::ZERO, now).await?) } else { None };
        again.ok_or_else(|| {
            Refusal::denied("the ID token is signed with a key that the provider does not have")
        })
    }

    async fn keys(
        &self,
        metadata: &Metadata,
        lasts: Duration,
        now: Timestamp,
    ) -> Result<Arc<Vec<Key>>, Refusal> {
        let mut slot = self.known.keys.lock().await;
        let ask = async || {
            let document = self.provider.keys(&metadata.keys).await?;
            key::read(&document)
                .ok_or_else(|| Fault::new(FaultKind::BadAnswer, "the document with its keys has none"))
        };
        let found = remembered(&mut slot, lasts, now, ask).await;
        found.map_err(|fault| Refusal::away("the identity provider's keys cannot be had", &fault))
    }

    async fn may_ask_again(&self, now: Timestamp) -> bool {
        let mut asked = self.known.asked_again.lock().await;
        let may = asked.is_none_or(|before| before + AGAIN <= now);
        if may {
            *asked = Some(now);
        }
        may
    }
}

/// What was answered a while ago, or is answered now.
async fn remembered<T>(
    slot: &mut Option<Answered<T>>,
    lasts: Duration,
    now: Timestamp,
    ask: impl AsyncFnOnce() -> Result<T, Fault>,
) -> Result<Arc<T>, Fault> {
    if let Some((at, answer)) = &*slot {
        let lasts = if answer.is_ok() { lasts } else { FAILURE_LASTS };
        if *at + lasts > now {
            return answer.clone();
        }
    }
    let answer = in_time(ask()).await.map(Arc::new);
    *slot = Some((now, answer.clone()));
    answer
}

/// An answer that comes in time.
pub(super) async fn in_time<T>(answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let slow = || Fault::new(FaultKind::AnswerLost, "there was no answer in time");
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| Err(slow()))
}
