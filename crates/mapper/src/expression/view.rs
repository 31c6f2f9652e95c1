//! What a template sees: names with values as they stand, and a [`Scope`] of them, which is
//! only made for expressions that need the engine.

use std::sync::OnceLock;

use serde_json::Value;

use super::Scope;

/// Values by name.
pub trait Named: Send + Sync {
    /// The value of a name. `None` is no statement: what is not kept as it stands is in the
    /// scope all the same.
    fn named(&self, name: &str) -> Option<&Value>;

    /// All that is seen.
    fn scope(&self) -> Scope;
}

/// What one template after the other sees.
pub struct View<'a> {
    names: Box<dyn Named + 'a>,
    scope: OnceLock<Scope>,
}

impl<'a> View<'a> {
    /// A view of these names.
    pub fn new(names: impl Named + 'a) -> Self {
        Self { names: Box::new(names), scope: OnceLock::new() }
    }

    pub(crate) fn names(&self) -> &dyn Named {
        &*self.names
    }

    pub(crate) fn scope(&self) -> &Scope {
        self.scope.get_or_init(|| self.names.scope())
    }
}

/// The members of an object.
impl Named for Value {
    fn named(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }

    fn scope(&self) -> Scope {
        Scope::new(self)
    }
}
