//! The instances as the server sees them. Whoever starts the server says where they come from.

use std::sync::Arc;

use async_trait::async_trait;
use provost_core::{AuditEvent, Brand, Schema, Selection};
use provost_engine::Instance;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::Problem;

/// What kept something from being done, in words, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

/// An instance that a command goes to.
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Its brand.
    pub brand: Brand,
    /// The instance, or what is wrong with it.
    pub opened: Result<Arc<Instance>, Trouble>,
}

/// An instance, for people who look at it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct InstanceView {
    /// Its name.
    #[schema(example = "okta-prod")]
    pub name: String,
    /// The kind of system.
    #[schema(example = "okta-iam")]
    pub integration: String,
    /// The display name of the kind in results.
    #[schema(example = "Okta IAM")]
    pub brand: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// What can be asked of it.
    pub commands: Vec<String>,
    /// What is wrong with its settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flaw: Option<String>,
    /// Its settings; of secrets only where they come from.
    #[schema(value_type = Object)]
    pub settings: Value,
    /// The number of its newest change; none where it is written in `provost.yaml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
}

/// A kind of system, for people who look at it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct IntegrationView {
    /// Its name.
    pub name: String,
    /// Its display name in results.
    pub brand: String,
    /// What it is, in a sentence.
    pub summary: String,
    /// What can be asked of it.
    pub commands: Vec<String>,
    /// Its settings.
    pub parameters: Vec<ParameterView>,
}

/// A setting of a kind of system.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// `url`, `text`, `secret`, `basic`, `boolean`, `number`, `list` or `ldap`.
    pub r#type: String,
    /// Whether an instance cannot do without it.
    pub required: bool,
    /// What it is for.
    pub help: String,
    /// What stands for it where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value, required = false)]
    pub default: Option<Value>,
    /// An example.
    pub example: String,
}

/// A mapper, for people who look at it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub struct MapperView {
    /// Its name.
    pub name: String,
    /// `incoming` or `outgoing`.
    pub direction: String,
    /// Where it comes from: the name of an integration, a file, or `store`.
    pub source: String,
    /// The number of its newest change; none where it is not kept in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// Its text; in lists it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The instances, integrations and mappers.
#[async_trait]
pub trait Fleet: Send + Sync {
    /// The instances that a command goes to, connected. Nothing is sent to them yet.
    async fn choose(&self, asked: &Selection, command: &str) -> Result<Vec<Chosen>, Problem>;

    /// All instances, in the order of the configuration.
    async fn instances(&self) -> Result<Vec<InstanceView>, Problem>;

    /// The kinds of systems.
    async fn integrations(&self) -> Result<Vec<IntegrationView>, Problem>;

    /// The mappers, without their texts.
    async fn mappers(&self) -> Result<Vec<MapperView>, Problem>;

    /// A mapper with its text.
    async fn mapper(&self, name: &str) -> Result<Option<MapperView>, Problem>;

    /// The fields of profiles.
    async fn schema(&self) -> Result<Arc<Schema>, Problem>;

    /// Makes an instance, or changes the one of this revision, together with the event that
    /// tells of it. Secrets are sealed.
    async fn put_instance(
        &self,
        name: &str,
        settings: Value,
        revision: Option<u64>,
        event: AuditEvent,
    ) -> Result<(), Problem>;

    /// Settings of an instance as they would be shown: of secrets only that there are some.
    async fn shown(&self, name: &str, settings: Value) -> Result<Value, Problem>;

    /// Takes an instance out, together with the event.
    async fn remove_instance(&self, name: &str, event: AuditEvent) -> Result<(), Problem>;

    /// Keeps a mapper, or changes the one of this revision, together with the event.
    async fn put_mapper(
        &self,
        name: &str,
        text: &str,
        revision: Option<u64>,
        event: AuditEvent,
    ) -> Result<(), Problem>;

    /// Takes a mapper out, together with the event.
    async fn remove_mapper(&self, name: &str, event: AuditEvent) -> Result<(), Problem>;

    /// Whether instances and mappers are written in files, and cannot be changed here.
    fn is_read_only(&self) -> bool;
}
