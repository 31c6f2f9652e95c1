//! The uniform answer: the vendor record, the entry around it and the table that people
//! read. Keys, order and titles are those of the original's generic IAM commands.

mod entry;
mod result;
mod table;
mod vendor;

pub use entry::Entry;
pub use result::{CommandResult, Shown, ShownTable};
pub use table::markdown_table;
pub use vendor::VendorRecord;
