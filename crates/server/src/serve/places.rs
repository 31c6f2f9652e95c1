//! The places of connections. When there is none left, those go who have not asked anything
//! yet: first the oldest one of whichever network holds most of these.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// How long to wait for a place before somebody else is told to go.
const PATIENCE: Duration = Duration::from_millis(20);

/// Connections by their numbers, which grow.
type Queue = BTreeMap<u64, CancellationToken>;

#[derive(Default)]
struct Known {
    newest: u64,
    /// Those of which no request has come yet.
    silent: HashMap<IpAddr, Queue>,
    /// The others.
    heard: Queue,
}

/// All places.
#[derive(Clone)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    known: Arc<Mutex<Known>>,
}

/// The place of one connection, which is free again when this is dropped.
pub(super) struct Place {
    number: u64,
    network: IpAddr,
    known: Arc<Mutex<Known>>,
    is_heard: AtomicBool,
    /// Whether it is to go.
    pub(super) leave: CancellationToken,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Places {
    pub(super) fn new(count: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(count)), known: Arc::default() }
    }

    /// A place, for which somebody else may have to go.
    pub(super) async fn take(&self, address: IpAddr) -> Place {
        let permit = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => self.permit().await,
        };
        let (network, leave) = (network(address), CancellationToken::new());
        let mut known = lock(&self.known);
        known.newest += 1;
        let number = known.newest;
        known.silent.entry(network).or_default().insert(number, leave.clone());
        let (is_heard, known) = (AtomicBool::new(false), Arc::clone(&self.known));
        Place { number, network, known, is_heard, leave, _permit: permit }
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            self.make_room();
            let free = Arc::clone(&self.free).acquire_owned();
            if let Ok(permit) = tokio::time::timeout(PATIENCE, free).await {
                return permit.ok();
            }
        }
    }

    /// Tells one connection to go.
    pub(super) fn make_room(&self) {
        let mut known = lock(&self.known);
        let fullest = known.silent.values_mut().max_by_key(|queue| queue.len());
        let oldest = match fullest.and_then(BTreeMap::pop_first) {
            Some(silent) => Some(silent),
            None => known.heard.pop_first(),
        };
        known.silent.retain(|_, queue| !queue.is_empty());
        if let Some((_, leave)) = oldest {
            leave.cancel();
        }
    }
}

impl Place {
    /// Notes that a request has come.
    pub(super) fn hear(&self) {
        if !self.is_heard.swap(true, Ordering::Relaxed) {
            let mut known = lock(&self.known);
            if let Some(leave) = known.forget_silent(self.network, self.number) {
                known.heard.insert(self.number, leave);
            }
        }
    }

    /// Whether a request has come.
    pub(super) fn is_heard(&self) -> bool {
        self.is_heard.load(Ordering::Relaxed)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut known = lock(&self.known);
        known.forget_silent(self.network, self.number);
        known.heard.remove(&self.number);
    }
}

impl Known {
    fn forget_silent(&mut self, network: IpAddr, number: u64) -> Option<CancellationToken> {
        let queue = self.silent.get_mut(&network)?;
        let leave = queue.remove(&number);
        if queue.is_empty() {
            self.silent.remove(&network);
        }
        leave
    }
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whoever has an address of IPv6 has all of its last 64 bits (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_silent_one_of_the_fullest_network_goes_first() {
        let places = Places::new(4);
        let [here, there] = ["10.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
        let first = places.take(there).await;
        let heard = places.take(here).await;
        heard.hear();
        let (older, newer) = (places.take(here).await, places.take(here).await);
        let went = |places: &[&Place]| -> Vec<bool> {
            places.iter().map(|place| place.leave.is_cancelled()).collect()
        };
        places.make_room();
        assert_eq!(went(&[&first, &heard, &older, &newer]), [false, false, true, false]);
        places.make_room();
        places.make_room();
        assert_eq!(went(&[&first, &heard, &older, &newer]), [true, false, true, true]);
        places.make_room();
        assert!(heard.leave.is_cancelled());
        drop(newer);
        // A place that became free is taken without anybody going.
        let next = places.take(here).await;
        drop((first, heard, older, next));
        let known = lock(&places.known);
        assert!(known.silent.is_empty() && known.heard.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_is_one_peer() {
        let [one, other] = ["2001:db8::1", "2001:db8::2:3"].map(|address| network(address.parse().unwrap()));
        assert_eq!(one, other);
        assert_eq!(network("::ffff:10.0.0.1".parse().unwrap()), network("10.0.0.1".parse().unwrap()));
    }
}
