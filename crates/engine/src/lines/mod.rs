//! What the lines of a file ask for: a user profile or a whole command on each line of JSON,
//! or a table in CSV with a header.
//!
//! No file is opened here: whoever has the lines hands them over. A line that cannot be
//! understood is a flaw of that line alone, told as a text.

mod reader;
mod row;
mod table;
mod task;
mod who;

pub use reader::{Format, Numbered, Reader};
pub use table::{HeaderError, Table};
pub use task::{Defaults, Task, verb_of};
pub use who::lane;
