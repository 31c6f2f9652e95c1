//! A manifest on top of another one: what is not said here is said there.

use indexmap::IndexMap;
use provost_core::dashed;
use provost_core::yaml::Located;

use super::{File, Groups, Http, Operations, Parameter};

/// What a directory can be without.
const OF_DIRECTORIES: [&str; 7] = ["list", "create", "update", "enable", "disable", "fields", "groups"];

impl File {
    /// This manifest, its gaps filled from the one that it extends. Its fault rows come first.
    ///
    /// # Errors
    /// The first word of `without` that is nothing of the base.
    pub(in crate::manifest) fn over(self, base: Self) -> Result<Self, Located<String>> {
        let without = base.without(&self.without)?;
        let mut parameters = without.parameters;
        parameters.extend(self.parameters);
        let mut permissions = without.permissions;
        permissions.extend(self.permissions);
        let mut commands = without.commands;
        commands.extend(self.commands);
        let operations = without.operations;
        Ok(Self {
            integration: self.integration,
            extends: None,
            without: Vec::new(),
            left_out: without
                .left_out
                .into_iter()
                .chain(self.without.into_iter().map(|word| word.value))
                .collect(),
            brand: self.brand,
            summary: self.summary,
            parameters,
            ldap: self.ldap.or(without.ldap),
            http: self.http.over(without.http),
            account: self.account.or(without.account),
            lookup: self.lookup.or(without.lookup),
            system: self.system.or(without.system),
            operations: self.operations.over(operations),
            groups: over_groups(self.groups, without.groups),
            commands,
            events: self.events.or(without.events),
            permissions,
            faults: self.faults.into_iter().chain(without.faults).collect(),
        })
    }

    fn without(mut self, names: &[Located<String>]) -> Result<Self, Located<String>> {
        let operations = &mut self.operations;
        for name in names {
            self.permissions.shift_remove(&name.value);
            match name.value.as_str() {
                word if self.ldap.is_some() && OF_DIRECTORIES.contains(&word) => {}
                "list" => operations.list = None,
                "create" => operations.create = None,
                "update" => operations.update = None,
                "enable" => operations.enable = None,
                "disable" => operations.disable = None,
                "fields" => operations.fields = None,
                "system" => self.system = None,
                "groups" => self.groups = None,
                "events" => self.events = None,
                "faults" => self.faults.clear(),
                command if self.commands.shift_remove(command).is_some() => {}
                parameter if take_out(&mut self.parameters, parameter) => {}
                _ => return Err(name.clone()),
            }
        }
        Ok(self)
    }
}

/// Takes a parameter out, in whichever spelling; whether it was there.
fn take_out(parameters: &mut IndexMap<String, Parameter>, name: &str) -> bool {
    let before = parameters.len();
    parameters.retain(|known, _| dashed(known) != dashed(name));
    parameters.len() < before
}

impl Http {
    fn over(self, base: Self) -> Self {
        Self {
            base: self.base.or(base.base),
            auth: self.auth.or(base.auth),
            headers: base.headers.into_iter().chain(self.headers).collect(),
            limits: self.limits.or(base.limits),
            good: if self.good.0.is_empty() { base.good } else { self.good },
            fault: super::FaultText {
                when: self.fault.when.or(base.fault.when),
                code: self.fault.code.or(base.fault.code),
                message: self.fault.message.or(base.fault.message),
            },
        }
    }
}

impl Operations {
    fn over(self, base: Self) -> Self {
        Self {
            test: self.test.or(base.test),
            find: self.find.or(base.find),
            list: self.list.or(base.list),
            create: self.create.or(base.create),
            update: self.update.or(base.update),
            enable: self.enable.or(base.enable),
            disable: self.disable.or(base.disable),
            fields: self.fields.or(base.fields),
            get: self.get.or(base.get),
        }
    }
}

fn over_groups(own: Option<Located<Groups>>, base: Option<Located<Groups>>) -> Option<Located<Groups>> {
    let (own, base) = match (own, base) {
        (Some(own), Some(base)) => (own, base.value),
        (own, base) => return own.or(base),
    };
    let (referenced, defined, own) = (own.referenced, own.defined, own.value);
    let merged = Groups {
        id: own.id.or(base.id),
        name: own.name.or(base.name),
        member: own.member.or(base.member),
        batch: own.batch.or(base.batch),
        find: own.find.or(base.find),
        get: own.get.or(base.get),
        members: own.members.or(base.members),
        create: own.create.or(base.create),
        add: own.add.or(base.add),
        remove: own.remove.or(base.remove),
        delete: own.delete.or(base.delete),
    };
    Some(Located::new(merged, referenced, defined))
}
