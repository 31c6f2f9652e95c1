//! Resources as they are shown (RFC 7643, section 3.1; RFC 7644, section 3.9).

use provost_scim::{Path, ResourceType};
use serde_json::{Map, Value, json};

use super::Dialect;
use super::directory::{Directory, Kept, Kind};

/// Which attributes a client wants to see.
#[derive(Debug, Default)]
pub(super) struct Choice {
    only: Vec<Path>,
    but: Vec<Path>,
}

impl Choice {
    /// Reads the two lists of names.
    pub(super) fn parse(only: Option<&str>, but: Option<&str>) -> Self {
        let paths = |names: Option<&str>| {
            let names = names.unwrap_or_default().split(',').map(str::trim);
            names.filter_map(Path::parse).collect()
        };
        Self { only: paths(only), but: paths(but) }
    }

    fn apply(&self, resource: &ResourceType, shown: Map<String, Value>) -> Map<String, Value> {
        let mut chosen = if self.only.is_empty() { shown } else { self.picked(resource, &shown) };
        for path in &self.but {
            drop_path(resource, &mut chosen, path);
        }
        chosen
    }

    /// What was asked for, and what is always shown.
    fn picked(&self, resource: &ResourceType, shown: &Map<String, Value>) -> Map<String, Value> {
        let mut picked = Map::new();
        for name in ["schemas", "id"] {
            picked.insert(name.to_owned(), shown.get(name).cloned().unwrap_or_default());
        }
        for path in &self.only {
            pick(resource, shown, path, &mut picked);
        }
        picked
    }
}

fn pick(resource: &ResourceType, shown: &Map<String, Value>, path: &Path, picked: &mut Map<String, Value>) {
    if let Some(extension) = resource.extension(&path.to_string()) {
        picked.extend(shown.get(extension.id).map(|value| (extension.id.to_owned(), value.clone())));
        return;
    }
    let Some(found) = path.find(resource) else { return };
    let holder = match found.extension {
        Some(id) => shown.get(id).and_then(Value::as_object),
        None => Some(shown),
    };
    let Some(value) = holder.and_then(|holder| holder.get(found.attribute.name)) else { return };
    let value = found.sub.map_or_else(|| value.clone(), |sub| part(value, sub.name));
    let place = match found.extension {
        Some(id) => picked.entry(id).or_insert_with(|| json!({})).as_object_mut(),
        None => Some(picked),
    };
    if let Some(place) = place {
        merge(place.entry(found.attribute.name).or_insert(Value::Null), value);
    }
}

/// One sub-attribute of a value or of each of its values.
fn part(value: &Value, name: &str) -> Value {
    match value {
        Value::Array(values) => values.iter().map(|value| part(value, name)).collect(),
        value => value.get(name).map_or_else(|| json!({}), |inner| Value::from_iter([(name, inner.clone())])),
    }
}

fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => old.extend(new),
        (Value::Array(old), Value::Array(new)) => {
            old.iter_mut().zip(new).for_each(|(old, new)| merge(old, new));
        }
        (old, new) => *old = new,
    }
}

fn drop_path(resource: &ResourceType, shown: &mut Map<String, Value>, path: &Path) {
    if let Some(extension) = resource.extension(&path.to_string()) {
        shown.shift_remove(extension.id);
        return;
    }
    let Some(found) = path.find(resource).filter(|found| !["id", "schemas"].contains(&found.attribute.name))
    else {
        return;
    };
    let holder = match found.extension {
        Some(id) => shown.get_mut(id).and_then(Value::as_object_mut),
        None => Some(shown),
    };
    let Some(holder) = holder else { return };
    match found.sub {
        None => {
            holder.shift_remove(found.attribute.name);
        }
        Some(sub) => match holder.get_mut(found.attribute.name) {
            Some(Value::Object(members)) => drop(members.shift_remove(sub.name)),
            Some(Value::Array(values)) => {
                values
                    .iter_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(|members| drop(members.shift_remove(sub.name)));
            }
            _ => {}
        },
    }
}

/// Writes resources for one client.
pub(super) struct Shower<'a> {
    pub(super) directory: &'a Directory,
    pub(super) dialect: Dialect,
    /// What addresses begin with.
    pub(super) base: String,
    pub(super) choice: Choice,
}

impl Shower<'_> {
    /// The address of a resource.
    pub(super) fn location(&self, kind: Kind, id: &str) -> String {
        format!("{}{}/{id}", self.base, kind.resource().endpoint)
    }

    /// The resource.
    pub(super) fn show(&self, kept: &Kept) -> Value {
        let resource = kept.kind.resource();
        let mut shown = Map::new();
        shown.insert("schemas".to_owned(), schemas(kept));
        shown.insert("id".to_owned(), kept.id.as_str().into());
        let visible = kept.attributes.iter().filter(|(name, _)| *name != "password");
        shown.extend(visible.map(|(name, value)| (name.clone(), value.clone())));
        if kept.kind == Kind::Group {
            self.complete_members(&mut shown);
        } else {
            self.add_groups(kept, &mut shown);
        }
        if self.dialect.has_textual_active
            && let Some(Value::Bool(active)) = shown.get("active").cloned()
        {
            shown.insert("active".to_owned(), active.to_string().into());
        }
        shown.insert("meta".to_owned(), self.meta(kept));
        Value::Object(self.choice.apply(resource, shown))
    }

    fn meta(&self, kept: &Kept) -> Value {
        let mut meta = json!({
            "resourceType": kept.kind.resource().name,
            "created": kept.created.to_string(),
            "lastModified": kept.modified.to_string(),
            "version": kept.tag(),
        });
        if !self.dialect.is_without_location {
            meta["location"] = self.location(kept.kind, &kept.id).into();
        }
        meta
    }

    fn add_groups(&self, kept: &Kept, shown: &mut Map<String, Value>) {
        let groups: Vec<Value> = self.directory.groups_of(&kept.id).map(|group| self.group(group)).collect();
        if !groups.is_empty() {
            shown.insert("groups".to_owned(), groups.into());
        }
    }

    fn group(&self, group: &Kept) -> Value {
        json!({
            "value": group.id,
            "$ref": self.location(Kind::Group, &group.id),
            "display": group.attributes.get("displayName"),
            "type": "direct",
        })
    }

    /// Members have an address and a kind, whether the client gave them or not.
    fn complete_members(&self, shown: &mut Map<String, Value>) {
        let members = shown.get_mut("members").and_then(Value::as_array_mut);
        for member in members.into_iter().flatten() {
            let id = member["value"].as_str().unwrap_or_default().to_owned();
            let is_group = self.directory.find(Kind::Group, &id).is_ok();
            let kind = if is_group { Kind::Group } else { Kind::User };
            if member.get("type").is_none() {
                member["type"] = kind.resource().name.into();
            }
            if member.get("$ref").is_none() {
                member["$ref"] = self.location(kind, &id).into();
            }
        }
    }
}

/// The schemas of which the resource has attributes.
fn schemas(kept: &Kept) -> Value {
    let resource = kept.kind.resource();
    let extensions = resource.extensions.iter().map(|schema| schema.id);
    let used = extensions.filter(|id| kept.attributes.contains_key(*id));
    std::iter::once(resource.schema.id).chain(used).map(Value::from).collect()
}
