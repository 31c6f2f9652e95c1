//! The console, as a browser and as plain requests see it.
//!
//! `browser` drives Chromium through `driver`, `rules` are what holds on every page, `pages` does the main thing
//! on each of them, `plain` are requests without a browser.

mod browser;
mod driver;
mod pages;
mod plain;
mod rules;
