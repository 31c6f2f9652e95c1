//! The program seen from outside: words and files in; output, requests and exit status
//! out. Nothing here knows how it works inside.
//!
//! `contract` runs the cases that are written as data, `command_line` is everything that
//! no data can say, `readme` follows the documents, `provost` starts the program.

mod at_store;
mod beds;
mod client;
mod command_line;
mod console;
mod contract;
mod directories;
mod pages;
mod provost;
mod readme;
mod serve;
