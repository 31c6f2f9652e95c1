//! The schemas of RFC 7643 as tables, and what a resource is made of.
//!
//! Start at [`USER`] and [`GROUP`]; [`Schema::to_json`] is what `/Schemas` shows.

mod attribute;
mod user;

use serde_json::{Value, json};

use attribute::find;
pub use attribute::{Attribute, Kind};

/// The name of the schema of schemas.
const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// A schema: attributes under a name.
#[derive(Debug)]
pub struct Schema {
    /// Its name, a URN.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it is of.
    pub description: &'static str,
    /// Its attributes.
    pub attributes: &'static [Attribute],
}

/// What a kind of resource is made of: a schema of its own, and schemas that extend it.
#[derive(Debug)]
pub struct ResourceType {
    /// The name, such as `User`.
    pub name: &'static str,
    /// Its place below the base address, such as `/Users`.
    pub endpoint: &'static str,
    /// The schema whose attributes stand at the top.
    pub schema: &'static Schema,
    /// The schemas whose attributes stand under the schema's name.
    pub extensions: &'static [&'static Schema],
}

/// What every resource has (RFC 7643, section 3.1).
const COMMON: &[Attribute] = &[
    Attribute::text("id", "The id that the server gave.").case_exact().read_only(),
    Attribute::text("externalId", "The id that the client gave.").case_exact(),
    Attribute::complex("meta", "Facts about the resource.", META).read_only(),
    Attribute {
        is_multi_valued: true,
        ..Attribute::new("schemas", Kind::Reference, "The schemas.").read_only()
    },
];

const META: &[Attribute] = &[
    Attribute::text("resourceType", "The kind of resource.").case_exact().read_only(),
    Attribute::new("created", Kind::Moment, "When it was made.").read_only(),
    Attribute::new("lastModified", Kind::Moment, "When it was changed.").read_only(),
    Attribute::new("location", Kind::Reference, "Its address.").read_only(),
    Attribute::text("version", "Its version.").case_exact().read_only(),
];

const MEMBER: &[Attribute] = &[
    Attribute::text("value", "The member's id.").immutable(),
    Attribute::new("$ref", Kind::Reference, "The member's address.").to(&["User", "Group"]).immutable(),
    Attribute::text("type", "The kind of member.").one_of(&["User", "Group"]).immutable(),
    Attribute::text("display", "The member's name."),
];

/// The schema of users.
pub static USER_SCHEMA: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:User",
    name: "User",
    description: "A person's account.",
    attributes: user::USER,
};

/// What enterprises add to users.
pub static ENTERPRISE_SCHEMA: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    name: "Enterprise User",
    description: "A person's place in an enterprise.",
    attributes: user::ENTERPRISE,
};

/// The schema of groups.
pub static GROUP_SCHEMA: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:Group",
    name: "Group",
    description: "A group of accounts.",
    attributes: &[
        Attribute::text("displayName", "The group's name.").required(),
        Attribute::list("members", "Who is in the group.", MEMBER),
    ],
};

/// Users.
pub static USER: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    schema: &USER_SCHEMA,
    extensions: &[&ENTERPRISE_SCHEMA],
};

/// Groups.
pub static GROUP: ResourceType =
    ResourceType { name: "Group", endpoint: "/Groups", schema: &GROUP_SCHEMA, extensions: &[] };

impl ResourceType {
    /// The attribute of this name at the top of a resource, in any case of letters.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.schema.attributes, name).or_else(|| find(COMMON, name))
    }

    /// The extension of this name.
    pub fn extension(&self, id: &str) -> Option<&'static Schema> {
        self.extensions.iter().find(|schema| schema.id.eq_ignore_ascii_case(id)).copied()
    }

    /// Whether a name is that of the schema itself.
    pub(crate) fn is_own_schema(&self, id: &str) -> bool {
        self.schema.id.eq_ignore_ascii_case(id)
    }

    /// The type as `/ResourceTypes` shows it (RFC 7643, section 6).
    pub fn to_json(&self) -> Value {
        let extensions = self.extensions.iter();
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": self.name,
            "name": self.name,
            "endpoint": self.endpoint,
            "description": self.schema.description,
            "schema": self.schema.id,
            "schemaExtensions": extensions.map(|schema| json!({"schema": schema.id, "required": false})).collect::<Value>(),
        })
    }
}

impl Schema {
    /// The attribute of this name, in any case of letters.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        find(self.attributes, name)
    }

    /// The schema as `/Schemas` shows it (RFC 7643, section 7).
    pub fn to_json(&self) -> Value {
        json!({
            "schemas": [SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes.iter().map(Attribute::to_json).collect::<Value>(),
        })
    }
}
