//! What a directory says of its own attributes (RFC 4512, section 4.2): which there are,
//! and which an entry of some classes may have.
//!
//! The texts are read in `schema/definition.rs`. What cannot be read is left out: a schema
//! is for help and hints, the server itself decides what it takes.

use std::collections::HashMap;

use definition::Definition;

mod definition;
mod syntax;

/// The schema of a server, or what of it could be read.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    attributes: Index,
    classes: Index,
    /// Content rules, by the OID of their structural class.
    rules: Index,
}

/// An attribute that entries may have, with words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) description: String,
}

/// Definitions that are found by their OID and all their names, without regard to case.
#[derive(Debug, Default)]
struct Index {
    definitions: Vec<Definition>,
    places: HashMap<String, usize>,
}

/// What classes say of one attribute, whatever they call it.
struct Allowed<'a> {
    name: &'a str,
    is_required: bool,
}

impl Schema {
    /// Reads the values of `attributeTypes`, `objectClasses` and `dITContentRules`.
    pub(crate) fn read<'a>(
        attribute_types: impl Iterator<Item = &'a str>,
        object_classes: impl Iterator<Item = &'a str>,
        content_rules: impl Iterator<Item = &'a str>,
    ) -> Self {
        Self {
            attributes: Index::read(attribute_types),
            classes: Index::read(object_classes),
            rules: Index::read(content_rules),
        }
    }

    /// Whether the attribute, or one that it is derived from, has one value at most; `None`
    /// where it is not known.
    pub(crate) fn is_single_valued(&self, name: &str) -> Option<bool> {
        self.attributes.get(name)?;
        Some(self.attributes.with_superiors(&[name]).iter().any(|known| known.has_flag("SINGLE-VALUE")))
    }

    /// What entries of these classes must and may have, by the classes, those above them and
    /// those that content rules add, sorted by name.
    pub(crate) fn attributes_of(&self, classes: &[&str]) -> Vec<Field> {
        let mut found: Vec<(String, Field)> =
            self.allowed(classes).into_iter().map(|(key, allowed)| (key, self.field(&allowed))).collect();
        found.sort_unstable_by(|(key, _), (other, _)| key.cmp(other));
        found.into_iter().map(|(_, field)| field).collect()
    }

    fn allowed(&self, classes: &[&str]) -> HashMap<String, Allowed<'_>> {
        let (classes, rules) = self.classes_and_rules(classes);
        let mut allowed = HashMap::new();
        for definition in classes.iter().chain(&rules) {
            for (key, is_required) in [("MUST", true), ("MAY", false)] {
                for name in definition.values(key) {
                    let name = self.attributes.get(name).map_or(name.as_str(), Definition::name);
                    let known =
                        allowed.entry(lowercase(name)).or_insert(Allowed { name, is_required: false });
                    known.is_required |= is_required;
                }
            }
        }
        for name in rules.iter().flat_map(|rule| rule.values("NOT")) {
            let name = self.attributes.get(name).map_or(name.as_str(), Definition::name);
            allowed.remove(&lowercase(name));
        }
        allowed
    }

    /// The classes with those above them and those that content rules add, and these rules.
    /// In AD a rule stands for subclasses too, so those of all classes are taken.
    fn classes_and_rules(&self, names: &[&str]) -> (Vec<&Definition>, Vec<&Definition>) {
        let mut names = names.to_vec();
        if !names.is_empty() {
            // Every entry is of it (RFC 4512, section 2.4.1), also where no SUP leads there.
            names.push("top");
        }
        loop {
            let classes = self.classes.with_superiors(&names);
            let rules: Vec<_> = classes.iter().filter_map(|class| self.rules.get(&class.oid)).collect();
            let before = names.len();
            for added in rules.iter().flat_map(|rule| rule.values("AUX")) {
                if !names.iter().any(|name| name.eq_ignore_ascii_case(added)) {
                    names.push(added);
                }
            }
            if names.len() == before {
                return (classes, rules);
            }
        }
    }

    fn field(&self, allowed: &Allowed) -> Field {
        let written = self.attributes.get(allowed.name).and_then(Definition::description);
        let description = written.map_or_else(|| self.described(allowed), str::to_owned);
        Field { name: allowed.name.to_owned(), description }
    }

    /// What can be said of an attribute that has no description.
    fn described(&self, allowed: &Allowed) -> String {
        let syntax = self.syntax(allowed.name).and_then(syntax::word);
        let required = allowed.is_required.then_some("required");
        let several = (self.is_single_valued(allowed.name) == Some(false)).then_some("several values");
        [syntax, required, several].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// The OID of the attribute's syntax, its own or inherited.
    fn syntax(&self, name: &str) -> Option<&str> {
        let types = self.attributes.with_superiors(&[name]);
        types.into_iter().find_map(|known| known.values("SYNTAX").first()).map(String::as_str)
    }
}

impl Index {
    fn read<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        for definition in texts.filter_map(Definition::parse) {
            let place = index.definitions.len();
            for name in std::iter::once(&definition.oid).chain(definition.values("NAME")) {
                index.places.entry(lowercase(name)).or_insert(place);
            }
            index.definitions.push(definition);
        }
        index
    }

    fn get(&self, name: &str) -> Option<&Definition> {
        self.place(name).map(|place| &self.definitions[place])
    }

    fn place(&self, name: &str) -> Option<usize> {
        let plain = name.split_once(';').map_or(name, |(plain, _)| plain);
        self.places.get(&lowercase(plain)).copied()
    }

    /// The known ones of these, and those above them, each once, the nearest first.
    fn with_superiors(&self, names: &[&str]) -> Vec<&Definition> {
        let mut places: Vec<usize> = Vec::new();
        let mut next = 0;
        let mut wanted: Vec<&str> = names.to_vec();
        while let Some(name) = wanted.get(next) {
            next += 1;
            let Some(place) = self.place(name).filter(|place| !places.contains(place)) else { continue };
            places.push(place);
            wanted.extend(self.definitions[place].values("SUP").iter().map(String::as_str));
        }
        places.into_iter().map(|place| &self.definitions[place]).collect()
    }
}

fn lowercase(name: &str) -> String {
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
