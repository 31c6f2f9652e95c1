//! Commands that are not about one person.
