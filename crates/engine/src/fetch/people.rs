//! The profiles of the people whose events count.

use std::collections::HashMap;

use provost_core::{Attributes, Profile};

/// Profiles by mail address.
#[derive(Debug, Default)]
pub struct People(HashMap<String, Attributes>);

impl People {
    /// Adds a profile; `false` for one without a mail address.
    pub fn add(&mut self, profile: &Profile) -> bool {
        let Some(email) = profile.email() else { return false };
        self.0.insert(email.to_lowercase(), profile.fields());
        true
    }

    /// The profile of a mail address, however that is spelled.
    pub fn get(&self, email: &str) -> Option<&Attributes> {
        self.0.get(&email.to_lowercase())
    }
}
