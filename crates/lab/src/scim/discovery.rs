//! What the server says of itself (RFC 7643, section 5; RFC 7644, section 4).

use provost_scim::{ENTERPRISE_SCHEMA, GROUP, GROUP_SCHEMA, ResourceType, Schema, USER, USER_SCHEMA};
use serde_json::{Value, json};

use super::list::{LARGEST_PAGE, PAGE};
use super::refusal::Refusal;
use super::{Dialect, Filtering};

const TYPES: [&ResourceType; 2] = [&USER, &GROUP];
const SCHEMAS: [&Schema; 3] = [&USER_SCHEMA, &ENTERPRISE_SCHEMA, &GROUP_SCHEMA];

/// `/ServiceProviderConfig`
pub(super) fn provider(dialect: Dialect, base: &str) -> Value {
    let supported = |supported: bool| json!({"supported": supported});
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": supported(!dialect.is_without_patch),
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": dialect.filtering == Filtering::Full, "maxResults": LARGEST_PAGE},
        "changePassword": supported(true),
        "sort": supported(true),
        "etag": supported(true),
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": PAGE,
            "maxPageSize": LARGEST_PAGE,
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token in the header Authorization (RFC 6750).",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": meta("ServiceProviderConfig", &format!("{base}/ServiceProviderConfig")),
    })
}

/// `/ResourceTypes`, or one of them.
pub(super) fn types(name: Option<&str>, base: &str) -> Result<Value, Refusal> {
    let shown = |resource: &ResourceType| {
        let location = format!("{base}/ResourceTypes/{}", resource.name);
        with_meta(resource.to_json(), "ResourceType", &location)
    };
    match name {
        None => Ok(list(&TYPES.map(shown))),
        Some(name) => TYPES
            .iter()
            .find(|resource| resource.name == name)
            .map(|resource| shown(resource))
            .ok_or_else(|| Refusal::no_such("ResourceType", name)),
    }
}

/// `/Schemas`, or one of them.
pub(super) fn schemas(id: Option<&str>, base: &str) -> Result<Value, Refusal> {
    let shown =
        |schema: &Schema| with_meta(schema.to_json(), "Schema", &format!("{base}/Schemas/{}", schema.id));
    match id {
        None => Ok(list(&SCHEMAS.map(shown))),
        Some(id) => SCHEMAS
            .iter()
            .find(|schema| schema.id == id)
            .map(|schema| shown(schema))
            .ok_or_else(|| Refusal::no_such("Schema", id)),
    }
}

fn with_meta(mut shown: Value, kind: &str, location: &str) -> Value {
    shown["meta"] = meta(kind, location);
    shown
}

fn meta(kind: &str, location: &str) -> Value {
    json!({"resourceType": kind, "location": location})
}

fn list(resources: &[Value]) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": resources.len(),
        "itemsPerPage": resources.len(),
        "startIndex": 1,
        "Resources": resources,
    })
}
