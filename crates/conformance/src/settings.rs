//! Made-up settings for an instance, from what the integration's manifest asks for.

use provost_connectors::{Manifest, Parameter, ParameterType};
use provost_core::Attributes;
use serde_json::{Value, json};

/// The password of a made-up instance. Nothing that is printed may hold it.
pub const PASSWORD: &str = "canary-password";

/// The variable that holds it.
pub const PASSWORD_VARIABLE: &str = "APP_PASSWORD";

/// The variable that holds a private key.
pub const KEY_VARIABLE: &str = "APP_KEY";

/// What an instance of the integration needs: what is required, every address that there is,
/// all of them of the server at `url`, and something to sign in with.
pub fn made_up(manifest: &Manifest, url: &str) -> Attributes {
    let parameters = &manifest.parameters;
    let has_sign_in = parameters.values().any(|parameter| is_needed(parameter) && signs_in(parameter));
    let first = parameters.iter().find(|(_, parameter)| !has_sign_in && signs_in(parameter));
    let needed = parameters.iter().filter(|(_, parameter)| is_needed(parameter));
    needed.chain(first).map(|(name, parameter)| (name.clone(), value(name, parameter, url))).collect()
}

fn is_needed(parameter: &Parameter) -> bool {
    match parameter.r#type {
        ParameterType::Basic => true,
        ParameterType::Url => parameter.required || parameter.default.is_some(),
        _ => parameter.required,
    }
}

fn signs_in(parameter: &Parameter) -> bool {
    matches!(parameter.r#type, ParameterType::Basic | ParameterType::Secret)
}

fn value(name: &str, parameter: &Parameter, url: &str) -> Value {
    let password = format!("env:{PASSWORD_VARIABLE}");
    match parameter.r#type {
        ParameterType::Url => format!("{url}{}", path(parameter)).into(),
        ParameterType::Secret if name.ends_with("private-key") => format!("env:{KEY_VARIABLE}").into(),
        ParameterType::Secret => password.into(),
        ParameterType::Basic => json!({"username": "app", "password": password}),
        ParameterType::Ldap => "ldaps://directory.example.com".into(),
        ParameterType::Text | ParameterType::List => "app".into(),
        ParameterType::Number => 1.into(),
        ParameterType::Boolean => true.into(),
    }
}

/// The path of an address that is set if nobody sets another.
fn path(parameter: &Parameter) -> &str {
    let usual = parameter.default.as_ref().and_then(Value::as_str).unwrap_or_default();
    let host = usual.find("//").map_or(0, |at| at + 2);
    usual[host..].find('/').map_or("", |at| &usual[host + at..])
}
