//! Any text as a template, and as an expression.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use provost_fuzz::DOCUMENT;
use provost_mapper::{Environment, Expression, Scope, Template, View};

static SCOPE: LazyLock<Scope> = LazyLock::new(|| Scope::of_document(&DOCUMENT, &Environment::fixed()));

fuzz_target!(|text: &str| {
    if let Ok(template) = Template::parse(text) {
        let view = View::new(DOCUMENT.clone());
        let value = template.value(&view);
        assert_eq!(value, template.value(&view), "filling repeats");
        if !text.contains("{{") {
            assert_eq!(value, Ok(text.into()), "without a hole it is a text");
        }
    }
    if let Ok(expression) = Expression::parse(text) {
        let value = expression.evaluate(&SCOPE);
        assert_eq!(value, expression.evaluate(&SCOPE), "evaluating repeats");
    }
});
