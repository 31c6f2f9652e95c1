//! Where a command goes.

use serde::{Deserialize, Serialize};

/// Which instances a command goes to. Without names these are all that can run it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Selection {
    /// Only the instances of these names.
    pub using: Vec<String>,
    /// Only instances of these brands.
    pub using_brand: Vec<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_spelled_as_options_and_may_be_absent() {
        let brands: Selection = serde_json::from_value(json!({"using-brand": ["IAM HR"]})).unwrap();
        assert_eq!(brands, Selection { using: Vec::new(), using_brand: vec!["IAM HR".to_owned()] });
        assert_eq!(serde_json::to_value(&brands).unwrap(), json!({"using": [], "using-brand": ["IAM HR"]}));
    }
}
