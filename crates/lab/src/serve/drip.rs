//! A body that comes in drops.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How many drops a body has.
const DROPS: u32 = 10;

/// A whole body, slowly.
pub(super) struct DripBody {
    rest: Bytes,
    drop: usize,
    interval: Interval,
}

impl DripBody {
    /// The body over a time.
    pub(super) fn over(whole: Bytes, time: Duration) -> Self {
        let drop = whole.len().div_ceil(DROPS as usize).max(1);
        let mut interval = interval((time / DROPS).max(Duration::from_nanos(1)));
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick comes at once.
        interval.reset();
        Self { rest: whole, drop, interval }
    }
}

impl Body for DripBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.interval.poll_tick(context));
        let length = self.drop.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
