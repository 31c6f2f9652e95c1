//! Whoever asks.

use axum::http::Method;
use provost_core::Actor;

use super::routes::{Needs, needs};
use super::{Role, Scopes};
use crate::Problem;

/// Somebody who is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    pub(crate) role: Role,
    pub(crate) scopes: Scopes,
    /// The hash of the session's token, for somebody in a browser.
    pub(crate) session: Option<String>,
}

impl Caller {
    /// Whether the table of routes lets the caller use one.
    pub(crate) fn may_use(&self, method: &Method, route: &str) -> bool {
        match needs(method, route) {
            Some(Needs::Nothing) => true,
            Some(Needs::Role(role)) => self.role >= role,
            None => false,
        }
    }

    /// Refuses what the table of routes does not let the caller use.
    pub(crate) fn must_be_able(&self, method: &Method, route: &str) -> Result<(), Problem> {
        if self.may_use(method, route) {
            return Ok(());
        }
        let (name, role) = (&self.actor.name, self.role.as_str());
        Err(Problem::denied(format!("{name} is {role}, which is not enough for this")))
    }

    /// Refuses a command that is not among those of the caller.
    pub(crate) fn may_run(&self, command: &str) -> Result<(), Problem> {
        if self.scopes.has_command(command) {
            return Ok(());
        }
        Err(Problem::denied(format!("{} may not run `{command}`", self.actor.name)))
    }

    /// Refuses a caller who may only look.
    pub(crate) fn may_write(&self) -> Result<(), Problem> {
        if self.role >= Role::Operator {
            return Ok(());
        }
        Err(Problem::denied(format!("{} is {}; this needs operator", self.actor.name, self.role.as_str())))
    }

    /// Refuses an instance that is not among those of the caller.
    pub(crate) fn may_ask(&self, instance: &str) -> Result<(), Problem> {
        if self.scopes.has_instance(instance) {
            return Ok(());
        }
        Err(Problem::denied(format!("{} may not ask the instance `{instance}`", self.actor.name)))
    }

    /// Whether what was done at an instance may be seen. What has no instance is everybody's.
    pub(crate) fn may_see(&self, instance: Option<&str>) -> bool {
        instance.is_none_or(|name| name.is_empty() || self.scopes.has_instance(name))
    }

    /// Whether a run may be seen that asked these instances.
    pub(crate) fn may_see_any(&self, instances: &[String]) -> bool {
        instances.is_empty() || instances.iter().any(|name| self.scopes.has_instance(name))
    }
}
