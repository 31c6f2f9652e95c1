//! Batches: read into the queue of the store, worked on by whichever server has time.
//!
//! A batch is a run; each of its lines is a task for each instance that it goes to. A task is
//! leased, carried out like any other command, and ended in one transaction with its record.
//! What is begun a second time looks first, as every command does, so that nothing is made twice.

mod batch;
mod dispatch;
mod envelopes;
mod finish;
mod held;
mod line;
mod retry;

pub(crate) use batch::{BatchOrder, Reading};
pub(crate) use dispatch::{again, dispatch};
pub(crate) use envelopes::Envelopes;
pub(crate) use finish::{finish, finish_all};
pub(crate) use held::Held;
