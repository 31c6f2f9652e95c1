//! One connection. Whoever sends slowly is cut off before others have to wait.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::Peer;
use super::places::Place;

/// How long somebody may take to agree on keys, and to send the head of a request.
const KEYS: Duration = Duration::from_secs(10);
const HEAD: Duration = Duration::from_secs(10);
/// How large the head of a request is, in bytes.
const LARGEST_HEAD: usize = 64 << 10;

pub(super) async fn serve(
    stream: TcpStream,
    (peer, place): (Peer, Place),
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: CancellationToken,
) {
    // An answer is not held back to be sent together with the next one.
    let _ = stream.set_nodelay(true);
    let place = Arc::new(place);
    let Some(tls) = tls else { return talk(stream, (peer, place), router, stop).await };
    let agreed = tokio::select! {
        agreed = tokio::time::timeout(KEYS, tls.accept(stream)) => agreed,
        () = place.leave.cancelled() => return,
    };
    if let Ok(Ok(stream)) = agreed {
        talk(stream, (peer, place), router, stop).await;
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    (peer, place): (Peer, Arc<Place>),
    router: Router,
    stop: CancellationToken,
) {
    let own = Arc::clone(&place);
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        own.hear();
        request.extensions_mut().insert(peer);
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(connection);
    tokio::select! {
        // How a connection ends is its peer's business.
        _ = &mut connection => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
        () = place.leave.cancelled() => {
            if !place.is_heard() {
                return;
            }
            connection.as_mut().graceful_shutdown();
        }
    }
    let _ = connection.await;
}
