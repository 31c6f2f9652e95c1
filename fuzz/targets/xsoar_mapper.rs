//! Any text as an XSOAR mapper file.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| provost_fuzz::check_mapper("fuzz.json", text));
