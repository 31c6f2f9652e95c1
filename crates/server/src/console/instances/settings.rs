//! Settings of an instance as a form, and back.

use serde_json::{Map, Value, json};

use crate::Problem;
use crate::console::fields::Fields;
use crate::console::shown::plain;
use crate::fleet::{InstanceView, IntegrationView, ParameterView};

/// A setting as a form asks for it.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) r#type: String,
    pub(super) required: bool,
    pub(super) help: String,
    pub(super) example: String,
    /// What it is; of a secret, where it is kept.
    pub(super) value: String,
    /// The user name beside a password.
    pub(super) username: String,
    pub(super) default: String,
}

impl Input {
    /// Whether it is a secret that is there already.
    pub(super) fn is_kept(&self) -> bool {
        is_secret(&self.r#type) && !self.value.is_empty()
    }
}

/// The common settings that are shown under these names with other values than they are written
/// with: they are left out, or have words of their own.
const SHOWN_ONLY: [&str; 7] =
    ["instance", "integration", "brand", "enabled", "commands", "looks-up-by", "parameters"];
/// What stands for a mapper that is not named.
const UNNAMED: [&str; 2] = ["the integration's own", "none"];

/// What a form asks for.
pub(super) fn inputs(kind: &IntegrationView, before: Option<&InstanceView>) -> Vec<Input> {
    kind.parameters.iter().map(|parameter| input(parameter, before)).collect()
}

fn input(parameter: &ParameterView, before: Option<&InstanceView>) -> Input {
    let given = before.map_or(&Value::Null, |view| &view.settings["parameters"][&parameter.name]);
    let value = match (parameter.r#type.as_str(), given) {
        ("basic", given) => plain(&given["password"]),
        (_, Value::Array(items)) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        (_, given) => plain(given),
    };
    Input {
        name: parameter.name.clone(),
        r#type: parameter.r#type.clone(),
        // A secret that is there stays where nothing is written.
        required: parameter.required && (value.is_empty() || !is_secret(&parameter.r#type)),
        help: parameter.help.clone(),
        example: parameter.example.clone(),
        value,
        username: plain(&given["username"]),
        default: parameter.default.as_ref().map(plain).unwrap_or_default(),
    }
}

fn is_secret(r#type: &str) -> bool {
    matches!(r#type, "secret" | "basic")
}

/// The common settings that differ from the usual, as JSON.
pub(super) fn further(before: &InstanceView) -> String {
    let settings = before.settings.as_object().into_iter().flatten();
    let mut further: Map<String, Value> = settings
        .filter(|(name, value)| {
            let is_mapper = name.starts_with("mapper-");
            let is_unnamed = value.as_str().is_some_and(|text| UNNAMED.contains(&text));
            let is_usual = is_mapper && is_unnamed;
            !is_usual && !SHOWN_ONLY.contains(&name.as_str())
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (verb, is_on) in before.settings["commands"].as_object().into_iter().flatten() {
        if is_on == false {
            further.insert(format!("{verb}-user-enabled"), json!(false));
        }
    }
    if further.is_empty() { String::new() } else { format!("{:#}", Value::Object(further)) }
}

/// The settings that a form says.
pub(super) fn settings(
    fields: &Fields,
    kind: &IntegrationView,
    before: Option<&InstanceView>,
) -> Result<Value, Problem> {
    let mut settings = match fields.text("further") {
        None => Map::new(),
        Some(text) => serde_json::from_str(text).map_err(|error| {
            Problem::invalid(format!("the further settings are no JSON object: {error}"))
                .hint("for example {\"timeout\": 20}")
        })?,
    };
    settings.insert("integration".to_owned(), json!(kind.name));
    settings.insert("enabled".to_owned(), json!(fields.is_set("enabled")));
    for parameter in &kind.parameters {
        let before = before.map_or(&Value::Null, |view| &view.settings["parameters"][&parameter.name]);
        if let Some(value) = value(fields, parameter, before)? {
            settings.insert(parameter.name.clone(), value);
        }
    }
    Ok(Value::Object(settings))
}

fn value(fields: &Fields, parameter: &ParameterView, before: &Value) -> Result<Option<Value>, Problem> {
    let name = format!("p.{}", parameter.name);
    let text = fields.text(&name);
    let secret = |before: &Value| text.map(Value::from).or_else(|| before.as_str().map(Value::from));
    Ok(match parameter.r#type.as_str() {
        "secret" => secret(before),
        "basic" => {
            let username = fields.text(&format!("{name}.username"));
            let password = secret(&before["password"]);
            username.map(|username| json!({"username": username, "password": password}))
        }
        "boolean" => text.map(|text| json!(text == "true")),
        "number" => text.map(|text| number(&parameter.name, text)).transpose()?,
        "list" => text.map(|text| {
            let items = text.split([',', '\n']).map(str::trim).filter(|item| !item.is_empty());
            json!(items.collect::<Vec<_>>())
        }),
        _ => text.map(Value::from),
    })
}

fn number(name: &str, text: &str) -> Result<Value, Problem> {
    let number = serde_json::from_str::<Value>(text).ok().filter(Value::is_number);
    number.ok_or_else(|| Problem::invalid(format!("`{name}` is a number, not `{text}`")))
}
