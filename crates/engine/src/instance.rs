//! A configured integration, ready to be asked.

use std::sync::Arc;

use provost_core::{Clock, Connector, InstanceName, Private, Random, Verb};
use provost_mapper::Mapper;

/// A system with its mappers and switches.
pub struct Instance {
    /// Its name in results.
    pub name: InstanceName,
    /// The system.
    pub connector: Box<dyn Connector>,
    /// Account to profile; without it the profile shown is the account.
    pub mapper_in: Option<Mapper>,
    /// Profile to attributes; without it the system is sent the profile.
    pub mapper_out: Option<Mapper>,
    /// What may be done.
    pub switches: Switches,
    /// The time that mappers see.
    pub clock: Arc<dyn Clock>,
    /// Where the secrets of mappers come from.
    pub random: Arc<dyn Random>,
    /// The attributes whose values are in no event of the audit log. Records have them.
    pub private: Private,
}

/// The switches of an instance: the five of contract 2.5, and one of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent switches")]
pub struct Switches {
    /// `create-user-enabled`
    pub create: bool,
    /// `update-user-enabled`
    pub update: bool,
    /// `enable-user-enabled`; also governs whether an update may re-enable.
    pub enable: bool,
    /// `disable-user-enabled`
    pub disable: bool,
    /// `create-if-not-exists`: an update creates a missing account.
    pub create_if_not_exists: bool,
    /// `skip-unchanged`: an update of what is there already writes nothing.
    pub skip_unchanged: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            create: true,
            update: true,
            enable: true,
            disable: true,
            create_if_not_exists: true,
            skip_unchanged: true,
        }
    }
}

impl Switches {
    /// Whether the command may run at all.
    pub fn allow(&self, verb: Verb) -> bool {
        match verb {
            Verb::Get => true,
            Verb::Create => self.create,
            Verb::Update => self.update,
            Verb::Enable => self.enable,
            Verb::Disable => self.disable,
        }
    }
}
