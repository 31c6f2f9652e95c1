//! A log-in that is under way: what was asked of the provider, kept in the browser that asked.
//!
//! It is in a sealed cookie and not in memory, because the browser may come back to another
//! server at the same store; all of them have the master key. Nobody can read or make one, and
//! an answer of the provider counts only together with the cookie of the same log-in.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use provost_core::Random;
use provost_store::{Sealed, Vault};
use serde::{Deserialize, Serialize};

use super::local::local;

/// How long somebody may take to log in.
pub(super) const LASTS: Duration = Duration::from_mins(10);

/// The place for which it is sealed. It cannot be opened as anything else.
const OWNER: &str = "/login/oidc";
const NAME: &str = "log-in under way";

/// What was asked.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Flow {
    /// Ties the answer to the browser.
    pub(super) state: String,
    /// Ties the ID token to the log-in.
    pub(super) nonce: String,
    /// Ties the code to the log-in (RFC 7636).
    pub(super) verifier: String,
    /// Where somebody wanted to go.
    pub(super) next: String,
    pub(super) begun: Timestamp,
}

impl Flow {
    /// A new one.
    pub(super) fn begin(next: &str, now: Timestamp, random: &dyn Random) -> Self {
        let word = || {
            let mut bytes = [0; 32];
            random.fill(&mut bytes);
            URL_SAFE_NO_PAD.encode(bytes)
        };
        Self { state: word(), nonce: word(), verifier: word(), next: local(next).to_owned(), begun: now }
    }

    /// What the provider is told of the verifier.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.as_bytes()))
    }

    /// The text of the cookie; `None` for what cannot be sealed.
    pub(super) fn seal(&self, vault: &Vault, random: &dyn Random) -> Option<String> {
        let text = serde_json::to_vec(self).ok()?;
        let sealed = vault.seal(OWNER, NAME, &text, random).ok()?;
        let [key, text] = [&sealed.data_key, &sealed.sealed].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        Some(format!("{}.{key}.{text}", sealed.key_id))
    }

    /// What a cookie holds, if it was sealed here and is not too old.
    pub(super) fn open(cookie: &str, vault: &Vault, now: Timestamp) -> Option<Self> {
        let mut parts = cookie.splitn(3, '.');
        let key_id = parts.next()?.to_owned();
        let mut bytes = || URL_SAFE_NO_PAD.decode(parts.next()?).ok();
        let (data_key, sealed) = (bytes()?, bytes()?);
        let sealed = Sealed { owner: OWNER.to_owned(), name: NAME.to_owned(), key_id, data_key, sealed };
        let flow: Self = serde_json::from_slice(&vault.open(&sealed).ok()?).ok()?;
        (flow.begun + LASTS > now).then_some(flow)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use provost_store::MasterKey;

    use super::*;

    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn vault(digit: &str) -> Vault {
        Vault::new(MasterKey::parse(&digit.repeat(64)).unwrap(), Vec::new())
    }

    #[test]
    fn a_cookie_is_opened_by_its_makers_in_time_only() {
        let (random, now) = (Counting(1.into()), Timestamp::from_second(1_800_000_000).unwrap());
        let flow = Flow::begin("/runs", now, &random);
        let cookie = flow.seal(&vault("a"), &random).unwrap();
        assert!(cookie.len() < 1000 && !cookie.contains(&flow.state), "{cookie}");
        assert_eq!(Flow::open(&cookie, &vault("a"), now).as_ref(), Some(&flow));
        assert_eq!(Flow::open(&cookie, &vault("a"), now + LASTS), None);
        assert_eq!(Flow::open(&cookie, &vault("b"), now), None);
        for bent in ["", "a.b.c", "..", &cookie[1..], &cookie[..cookie.len() - 2], &format!("{cookie}A")] {
            assert_eq!(Flow::open(bent, &vault("a"), now), None, "{bent}");
        }
    }

    #[test]
    fn all_words_of_a_log_in_differ_and_the_challenge_is_a_hash() {
        let flow = Flow::begin("//evil.example", Timestamp::UNIX_EPOCH, &Counting(1.into()));
        assert!(flow.state != flow.nonce && flow.nonce != flow.verifier && flow.state != flow.verifier);
        assert_eq!((flow.next.as_str(), flow.verifier.len()), ("/", 43));
        // The example of RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let flow = Flow { verifier, ..flow };
        assert_eq!(flow.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
