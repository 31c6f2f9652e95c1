//! Any text as a native mapper.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| provost_fuzz::check_mapper("fuzz.yaml", text));
