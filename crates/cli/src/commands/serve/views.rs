//! Instances, integrations and mappers as the server shows them.

use provost_connectors::{Manifest, Package, Parameter, ParameterType};
use provost_core::{GroupVerb, Verb};
use provost_server::{InstanceView, IntegrationView, ParameterView};
use serde_json::{Value, json};

use crate::commands::instance::show;
use crate::commands::selection;
use crate::compose;
use crate::config::Config;
use crate::output;

/// An instance, whatever is wrong with it.
pub(super) fn instance(config: &Config, name: &str, revision: Option<u64>) -> InstanceView {
    let integration = config.setting(name, "integration").and_then(Value::as_str).unwrap_or_default();
    let package = config.catalogue.open(integration).ok();
    let settings = config.instance(name);
    let flaw = match &settings {
        Ok(settings) => compose::check(config, settings).err(),
        Err(error) => Some(anyhow::anyhow!("{}", output::in_words(error).0)),
    };
    let shown = match (&settings, &package) {
        (Ok(settings), Some(package)) => show::described(settings, package),
        _ => json!({}),
    };
    InstanceView {
        name: name.to_owned(),
        integration: integration.to_owned(),
        brand: selection::shown_brand(config, name).to_string(),
        enabled: !selection::is_off(config, name),
        commands: package.as_ref().map(|package| commands(&package.manifest)).unwrap_or_default(),
        flaw: flaw.map(|error| output::in_words(&error).0),
        settings: shown,
        revision,
    }
}

/// What can be asked of a system.
fn commands(manifest: &Manifest) -> Vec<String> {
    let verbs = Verb::ALL.into_iter().filter(|verb| manifest.verbs().contains(*verb)).map(Verb::command);
    let groups = [GroupVerb::Get, GroupVerb::Create, GroupVerb::Update, GroupVerb::Delete];
    let groups = groups.into_iter().filter(|verb| manifest.has_groups(*verb)).map(GroupVerb::command);
    let others = [("iam-list-users", manifest.can_list()), ("get-mapping-fields", manifest.has_fields())];
    let others = others.into_iter().filter(|(_, can)| *can).map(|(name, _)| name.to_owned());
    verbs.chain(groups).chain(others).collect()
}

/// A kind of system.
pub(super) fn integration(package: &Package) -> IntegrationView {
    let manifest = &package.manifest;
    IntegrationView {
        name: manifest.name.to_string(),
        brand: manifest.brand.to_string(),
        summary: manifest.summary.clone(),
        commands: commands(manifest),
        parameters: manifest.parameters.iter().map(|(name, given)| parameter(name, given)).collect(),
    }
}

fn parameter(name: &str, parameter: &Parameter) -> ParameterView {
    ParameterView {
        name: name.to_owned(),
        r#type: kind(parameter.r#type).to_owned(),
        required: parameter.required,
        help: parameter.help.clone(),
        default: parameter.default.clone(),
        example: parameter.example.clone(),
    }
}

fn kind(kind: ParameterType) -> &'static str {
    match kind {
        ParameterType::Url => "url",
        ParameterType::Ldap => "ldap",
        ParameterType::List => "list",
        ParameterType::Text => "text",
        ParameterType::Secret => "secret",
        ParameterType::Basic => "basic",
        ParameterType::Boolean => "boolean",
        ParameterType::Number => "number",
    }
}
