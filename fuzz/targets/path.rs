//! Any text as a path, and as a place in DT.

#![no_main]

use libfuzzer_sys::fuzz_target;
use provost_fuzz::DOCUMENT;
use provost_mapper::{Path, Place};

fuzz_target!(|text: &str| {
    let path = Path::parse(text);
    if let Ok(path) = &path {
        assert_eq!(path.source(), text);
        assert_eq!(Path::parse(path.source()).as_ref(), Ok(path));
        let found = path.resolve(&DOCUMENT);
        assert!(!found.is_some_and(|value| value.is_null()), "null is nothing");
    }
    // A place without JavaScript is the path of the same text.
    if let Ok(Place::Path(place)) = Place::parse(text) {
        assert_eq!(Ok(place), path);
    }
});
