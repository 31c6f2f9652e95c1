//! Bounds on how often somebody may ask, and how often somebody may guess.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::Problem;

/// How many callers are remembered; the fullest buckets are forgotten first.
const MOST: usize = 10_000;

/// A bucket that fills with time: so many at once, and so many a second.
struct Bucket {
    left: f64,
    at: Timestamp,
}

/// Buckets by whoever they belong to.
struct Buckets<K> {
    most: f64,
    a_second: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Hash + Eq> Buckets<K> {
    fn new(most: f64, a_second: f64) -> Self {
        Self { most, a_second, buckets: Mutex::default() }
    }

    /// Takes one out, or says in how many seconds there is one.
    fn take(&self, key: K, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            let (most, rate) = (self.most, self.a_second);
            buckets.retain(|_, bucket| bucket.left + rate * seconds(bucket.at, now) < most);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: self.most, at: now });
        bucket.left = (bucket.left + self.a_second * seconds(bucket.at, now)).min(self.most);
        bucket.at = now;
        if bucket.left < 1.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is small and positive"
            )]
            return Err(((1.0 - bucket.left) / self.a_second).ceil() as u64);
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64().max(0.0)
}

/// The bounds of a server.
pub(crate) struct Limits {
    requests: Option<Buckets<String>>,
    guesses: Buckets<IpAddr>,
}

/// How many wrong keys an address may show at once, and how many a second.
const GUESSES: (f64, f64) = (20.0, 0.2);

impl Limits {
    /// `a_second`: how many requests each caller may send; `None` for no bound.
    pub(crate) fn new(a_second: Option<f64>) -> Self {
        Self {
            requests: a_second.map(|rate| Buckets::new((rate * 2.0).max(10.0), rate)),
            guesses: Buckets::new(GUESSES.0, GUESSES.1),
        }
    }

    /// Counts a request of somebody who is known.
    pub(crate) fn count(&self, caller: &str, now: Timestamp) -> Result<(), Problem> {
        let Some(requests) = &self.requests else { return Ok(()) };
        requests.take(caller.to_owned(), now).map_err(|seconds| {
            Problem::too_many("you send more requests than the server takes of one caller")
                .in_seconds(seconds)
        })
    }

    /// Counts a wrong key or a refused log-in, and tells an address that has shown too many of them
    /// to wait.
    pub(crate) fn count_guess(&self, address: IpAddr, now: Timestamp) -> Result<(), Problem> {
        self.guesses.take(address, now).map_err(|seconds| {
            Problem::too_many("too many wrong keys or refused log-ins came from your address")
                .in_seconds(seconds)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_fill_with_time() {
        let buckets = Buckets::new(2.0, 0.5);
        let start = Timestamp::UNIX_EPOCH;
        let at = |seconds: i64| start + jiff::SignedDuration::from_secs(seconds);
        assert_eq!([0, 0, 0].map(|second| buckets.take("a", at(second))), [Ok(()), Ok(()), Err(2)]);
        assert_eq!([2, 2].map(|second| buckets.take("a", at(second))), [Ok(()), Err(2)]);
        assert_eq!(buckets.take("b", at(2)), Ok(()), "everybody has their own");
        assert_eq!([100, 100, 100].map(|second| buckets.take("a", at(second))), [Ok(()), Ok(()), Err(2)]);
    }
}
