//! One attribute of a schema (RFC 7643, section 2 and section 7).

use serde_json::{Map, Value, json};

/// The type of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// A moment, as RFC 3339 writes it.
    Moment,
    /// The address of something.
    Reference,
    /// Bytes in base64.
    Binary,
    /// An object of sub-attributes.
    Complex,
}

impl Kind {
    /// The name in schemas.
    fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Boolean => "boolean",
            Self::Moment => "dateTime",
            Self::Reference => "reference",
            Self::Binary => "binary",
            Self::Complex => "complex",
        }
    }
}

/// An attribute as a schema describes it.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// Its name; clients may write it in any case of letters.
    pub name: &'static str,
    /// The type of its value, or of each of its values.
    pub kind: Kind,
    /// Whether it has many values.
    pub is_multi_valued: bool,
    /// Whether a resource must have it.
    pub is_required: bool,
    /// Whether values that differ in the case of letters are two.
    pub is_case_exact: bool,
    /// `readOnly`, `readWrite`, `immutable` or `writeOnly`.
    pub mutability: &'static str,
    /// `default`, `always`, `never` or `request`.
    pub returned: &'static str,
    /// `none`, `server` or `global`.
    pub uniqueness: &'static str,
    /// Values that are usual.
    pub canonical: &'static [&'static str],
    /// What a reference leads to.
    pub references: &'static [&'static str],
    /// What a complex value has.
    pub sub: &'static [Attribute],
    /// Words for people.
    pub description: &'static str,
}

impl Attribute {
    /// An attribute that anybody may write, of one value.
    pub(super) const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            description,
            is_multi_valued: false,
            is_required: false,
            is_case_exact: matches!(kind, Kind::Reference | Kind::Binary),
            mutability: "readWrite",
            returned: "default",
            uniqueness: "none",
            canonical: &[],
            references: &[],
            sub: &[],
        }
    }

    /// A text.
    pub(super) const fn text(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::Text, description)
    }

    /// An object of these.
    pub(super) const fn complex(
        name: &'static str,
        description: &'static str,
        sub: &'static [Attribute],
    ) -> Self {
        Self { sub, ..Self::new(name, Kind::Complex, description) }
    }

    /// A list of objects of these.
    pub(super) const fn list(
        name: &'static str,
        description: &'static str,
        sub: &'static [Attribute],
    ) -> Self {
        Self { is_multi_valued: true, ..Self::complex(name, description, sub) }
    }

    /// The same, needed.
    pub(super) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The same, of which no two resources have one value.
    pub(super) const fn unique(self) -> Self {
        Self { uniqueness: "server", ..self }
    }

    /// The same, compared letter by letter.
    pub(super) const fn case_exact(self) -> Self {
        Self { is_case_exact: true, ..self }
    }

    /// The same, set by the server.
    pub(super) const fn read_only(self) -> Self {
        Self { mutability: "readOnly", ..self }
    }

    /// The same, set once.
    pub(super) const fn immutable(self) -> Self {
        Self { mutability: "immutable", ..self }
    }

    /// The same, never shown.
    pub(super) const fn secret(self) -> Self {
        Self { mutability: "writeOnly", returned: "never", ..self }
    }

    /// The same with its usual values.
    pub(super) const fn one_of(self, canonical: &'static [&'static str]) -> Self {
        Self { canonical, ..self }
    }

    /// The same with what it leads to.
    pub(super) const fn to(self, references: &'static [&'static str]) -> Self {
        Self { references, ..self }
    }

    /// Whether only the server sets it.
    pub fn is_read_only(&self) -> bool {
        self.mutability == "readOnly"
    }

    /// The sub-attribute of this name, in any case of letters.
    pub fn sub_attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.sub, name)
    }

    /// The attribute as `/Schemas` shows it (RFC 7643, section 7).
    pub fn to_json(&self) -> Value {
        let mut shown = Map::new();
        let mut show = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        show("name", json!(self.name));
        show("type", json!(self.kind.name()));
        show("multiValued", json!(self.is_multi_valued));
        show("description", json!(self.description));
        show("required", json!(self.is_required));
        show("caseExact", json!(self.is_case_exact));
        show("mutability", json!(self.mutability));
        show("returned", json!(self.returned));
        show("uniqueness", json!(self.uniqueness));
        for (name, values) in [("canonicalValues", self.canonical), ("referenceTypes", self.references)] {
            if !values.is_empty() {
                show(name, json!(values));
            }
        }
        if self.kind == Kind::Complex {
            show("subAttributes", self.sub.iter().map(Attribute::to_json).collect());
        }
        Value::Object(shown)
    }
}

/// The attribute of this name, in any case of letters.
pub(super) fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}
