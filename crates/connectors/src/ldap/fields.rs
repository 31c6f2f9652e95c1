//! The attributes that accounts can have, from the directory's own schema.

use async_trait::async_trait;
use provost_core::{Context, Fault, FaultKind, Fields};

use super::LdapConnector;
use super::places::everything;
use super::schema::Schema;

#[async_trait]
impl Fields for LdapConnector {
    async fn fields(&self, cx: &Context) -> Result<Vec<(String, String)>, Fault> {
        let places = self.places(cx).await?;
        let hidden = || {
            Fault::new(FaultKind::Unsupported, "the directory does not show its schema")
                .with_hint("the service account needs the right to read `subschemaSubentry`")
        };
        let schema = places.schema.clone().ok_or_else(hidden)?;
        let kinds = ["attributeTypes", "objectClasses", "dITContentRules"];
        let attributes = kinds.map(str::to_owned).to_vec();
        let entry = self.read(cx, schema, &everything()?, attributes).await?.ok_or_else(hidden)?;
        let [types, classes, rules] = kinds.map(|kind| entry.texts(kind));
        let schema = Schema::read(types, classes, rules);
        let own: Vec<&str> = self.shape.classes.iter().map(String::as_str).collect();
        let fields = schema.attributes_of(&own).into_iter().map(|field| (field.name, field.description));
        Ok(fields.collect())
    }
}
