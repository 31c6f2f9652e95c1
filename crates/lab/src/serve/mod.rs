//! Serving: a listener on loopback, its connections and their end. All emulators of the
//! lab are served from here; what a request means is theirs.

mod asked;
mod connection;
mod cut;
mod drip;
mod memory;
pub(crate) mod reply;
mod spoil;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

pub(crate) use self::asked::{Asked, Vendor, router};
use self::memory::Memory;
use crate::Faults;
use crate::faults::Dice;

/// How long a stopping server waits for the requests in flight.
const GRACE: Duration = Duration::from_secs(1);
/// How long the listener rests when the system has no connection left to give.
const REST: Duration = Duration::from_millis(20);

/// Says no in a vendor's own words.
pub(crate) type Refuse = fn(StatusCode, &str) -> Response;

/// Says on an answer with status 429 when to come again, in a vendor's own header.
pub(crate) type ComeAgain = fn(Response) -> Response;

/// What answers the requests of a server.
pub(crate) struct Front {
    /// The vendor.
    router: Router,
    /// The vendor's error body, for what does not reach the router.
    refuse: Refuse,
    /// The vendor's word for when to come again.
    come_again: ComeAgain,
    /// The faults.
    dice: Dice,
    /// What was answered, where a fault needs it.
    memory: Option<Memory>,
}

impl Front {
    /// A vendor with faults.
    pub(crate) fn new(router: Router, refuse: Refuse, faults: Faults) -> Self {
        let dice = Dice::new(faults);
        let memory = dice.looks_back().then(Memory::default);
        Self { router, refuse, come_again: in_a_second, dice, memory }
    }

    /// The same with a header of the vendor's own in the place of `Retry-After`.
    pub(crate) fn saying(mut self, come_again: ComeAgain) -> Self {
        self.come_again = come_again;
        self
    }
}

/// Most vendors use the standard's header.
fn in_a_second(response: Response) -> Response {
    reply::with(response, "retry-after", "1")
}

/// A started server. It ends when this is stopped or dropped.
pub struct Running {
    address: SocketAddr,
    stopping: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as the start of a URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening and ends once the requests in flight are answered; after about a
    /// second they are cut off.
    pub async fn stop(mut self) {
        self.stopping.send_replace(());
        // Late connections go down with the task, when `self` is dropped.
        let _ = tokio::time::timeout(GRACE, &mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a server; port 0 takes a free one.
///
/// # Errors
/// An address that is not loopback, or that cannot be bound.
pub(crate) async fn start(address: SocketAddr, front: Front) -> io::Result<Running> {
    if !address.ip().is_loopback() {
        let text = format!("the lab listens on loopback addresses only, not on {address}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("could not listen on {address}: {error}")))?;
    let address = listener.local_addr()?;
    let (stopping, stop) = watch::channel(());
    let task = tokio::spawn(accept(listener, Arc::new(front), stop));
    Ok(Running { address, stopping, task })
}

/// Takes connections until told to stop, then waits for those that are open. They are
/// tasks of this one: its end is theirs.
async fn accept(listener: TcpListener, front: Arc<Front>, mut stop: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection::serve(stream, front.clone(), stop.clone()));
                }
                Err(_) => tokio::time::sleep(REST).await,
            },
            Some(_) = connections.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}
