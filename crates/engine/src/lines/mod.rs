//! What the lines of a file ask for: a user profile or a whole command on each line of JSON,
//! or a table in CSV with a header.
//!
//! No file is opened here: whoever has the bytes hands them over to a [`Reader`]. A line that
//! cannot be understood is a flaw of that line alone, told as a text.

mod lane;
mod reader;
mod row;
mod table;
mod task;
mod who;

pub use lane::lane;
pub use reader::{Asked, Format, Reader};
pub use table::{HeaderError, Table};
pub use task::{Defaults, Task, verb_of};

use provost_mapper::LONGEST_DOCUMENT;

/// Whether a line says nothing. One that is too long may have been cut, so that nobody knows.
fn is_blank(line: &[u8]) -> bool {
    line.len() <= LONGEST_DOCUMENT && line.trim_ascii().is_empty()
}
