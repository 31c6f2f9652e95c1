//! Advice beside records: whom it is about, and each piece once.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::hint;

/// Advice that is told while other instances are still asked.
#[derive(Default)]
pub(crate) struct Hints(HashSet<String>);

impl Hints {
    /// Tells an instance's advice, unless the same was told before.
    pub(crate) fn tell(&mut self, instance: &str, hints: &[String]) {
        for text in hints {
            if self.0.insert(text.clone()) {
                hint(&format!("{instance}: {text}"));
            }
        }
    }
}

/// Tells the advice of all instances, the same for several of them in one line.
pub(crate) fn tell_hints<'a>(hints: impl Iterator<Item = (&'a str, &'a [String])>) {
    let mut instances: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for (instance, texts) in hints {
        for text in texts {
            instances.entry(text).or_default().push(instance);
        }
    }
    for (text, instances) in instances {
        hint(&format!("{}: {text}", instances.join(", ")));
    }
}
