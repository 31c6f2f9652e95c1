//! A body that promises its whole length, gives half of it and breaks off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// The first half of a body.
pub(super) struct CutBody {
    promised: u64,
    half: Option<Bytes>,
    flushed: bool,
}

impl CutBody {
    /// The body that is cut.
    pub(super) fn of(whole: &Bytes) -> Self {
        let half = whole.slice(..whole.len() / 2);
        Self { promised: whole.len() as u64, half: Some(half), flushed: false }
    }
}

impl Body for CutBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        // An error now would drop what is not sent yet; a pause lets the half go out.
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::BrokenPipe, "the lab cuts this answer"))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
