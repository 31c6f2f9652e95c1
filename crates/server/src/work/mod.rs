//! Carrying commands out with everything around them: who may, one at a time for each person,
//! written down before and after.

mod backlog;
mod bench;
mod keep;
mod keys;
mod lanes;
mod ledger;
mod live;
mod other;
mod subject;
mod user;

pub(crate) use backlog::Backlog;
pub(crate) use bench::{Trial, Tried, load, try_out};
pub(crate) use keys::{KeyRequest, make_key, revoke_key};
pub(crate) use lanes::Lanes;
pub(crate) use ledger::RunLedger;
pub(crate) use live::{Live, UnderWay};
pub(crate) use other::{Answer, Errand, LONGEST_LIST, Question, other_command, refuse_viewers};
pub(crate) use subject::{subject, subject_of, without_secrets};
pub(crate) use user::{Done, Order, Told, user_command};
