//! Ctrl-C and the request to end: a command that is interrupted still says what it did.

/// Signals that are listened for, from the moment on that this is made.
#[cfg(unix)]
pub(crate) struct Interrupt(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Interrupt {
    pub(crate) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        // Where a signal cannot be listened for it ends the program, as it always did.
        Self(kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect())
    }

    /// Waits for one of them.
    pub(crate) async fn received(&mut self) {
        let signals = &mut self.0;
        std::future::poll_fn(|cx| {
            let is_there = |signal: &mut tokio::signal::unix::Signal| signal.poll_recv(cx).is_ready();
            if signals.iter_mut().any(is_there) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
}

/// Ctrl-C, where there are no other signals.
#[cfg(not(unix))]
pub(crate) struct Interrupt;

#[cfg(not(unix))]
impl Interrupt {
    pub(crate) fn listen() -> Self {
        Self
    }

    /// Waits for it.
    pub(crate) async fn received(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
