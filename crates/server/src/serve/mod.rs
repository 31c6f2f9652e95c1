//! Serving: the listener, its connections, and their end.

mod connection;
mod headers;
mod heart;
mod places;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::Parts;
use crate::{App, Problem, access, console, jobs, rest};

use self::places::{Place, Places};

/// How large a body is read, besides those of batches.
pub(crate) const LARGEST_BODY: usize = 1 << 20;
/// How long the listener rests when the system has no connection left to give.
const REST: Duration = Duration::from_millis(20);
/// How long answers that are ready may take to be sent when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
}

/// A server that was put together.
pub struct Server {
    app: Arc<App>,
    router: Router,
}

impl Server {
    /// Puts a server together. Nothing listens yet.
    pub fn new(parts: Parts) -> Self {
        let app = App::new(parts);
        let router = router(&app);
        Self { app, router }
    }

    /// Says in the store that the server is there. Whoever started it may be told after this.
    ///
    /// # Errors
    /// The store cannot be written to.
    pub async fn begin(&self) -> Result<(), provost_store::StoreError> {
        heart::begin(&self.app).await
    }

    /// Serves until it is told to stop; then what is under way is finished, or left for others
    /// where that takes too long.
    pub async fn serve(
        self,
        listener: TcpListener,
        tls: Option<TlsAcceptor>,
        stop: impl Future<Output = ()>,
    ) {
        let app = self.app;
        let beating = tokio::spawn(heart::beat(Arc::clone(&app)));
        let working = tokio::spawn(jobs::dispatch(Arc::clone(&app)));
        let closing = CancellationToken::new();
        let places = Places::new(app.options.connections);
        let accepting = tokio::spawn(accept(listener, places, tls, self.router, closing.clone()));
        stop.await;
        app.stopping.cancel();
        closing.cancel();
        app.running.close();
        let is_finished = tokio::time::timeout(app.options.grace, app.running.wait()).await.is_ok();
        let _ = tokio::time::timeout(LAST_ANSWERS, accepting).await;
        beating.abort();
        working.abort();
        heart::end(&app, is_finished).await;
    }
}

fn router(app: &Arc<App>) -> Router {
    rest::router()
        .merge(console::router())
        .merge(access::oidc::router())
        .fallback(async || Problem::not_found("there is nothing at this address").into_response())
        .method_not_allowed_fallback(async || {
            Problem::wrong_method("the address is right, and the method is not").into_response()
        })
        .layer(from_fn_with_state(Arc::clone(app), access::guard))
        .layer(from_fn(console::problems))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(headers::add))
        .with_state(Arc::clone(app))
}

/// Takes connections until told to stop, then waits for those that are open.
async fn accept(
    listener: TcpListener,
    places: Places,
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = next(&listener, &places) => accepted,
            () = stop.cancelled() => break,
        };
        let Some((place, stream, address)) = accepted else {
            // The system has none left to give.
            places.make_room();
            tokio::time::sleep(REST).await;
            continue;
        };
        let peer = Peer { address };
        connections.spawn(connection::serve(
            stream,
            (peer, place),
            tls.clone(),
            router.clone(),
            stop.clone(),
        ));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// The next connection, with its place.
async fn next(listener: &TcpListener, places: &Places) -> Option<(Place, TcpStream, SocketAddr)> {
    let (stream, address) = listener.accept().await.ok()?;
    Some((places.take(address.ip()).await, stream, address))
}
