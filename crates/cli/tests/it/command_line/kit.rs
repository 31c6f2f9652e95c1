//! Integrations that stand on SCIM pass the conformance kit at the emulated SCIM server, with the
//! habits that their vendors document.

use provost_conformance::{PASSWORD, PASSWORD_VARIABLE, made_up};
use provost_connectors::Catalogue;
use provost_lab::scim::{self, Dialect, Options};
use serde_json::{Value, json};

use crate::contract::INTEGRATIONS;
use crate::provost::Provost;

/// An integration, the base of its paths, what its vendor's server does in a way of its own, and
/// the checks that its vendor's API leaves without meaning.
struct At {
    integration: &'static str,
    base: &'static str,
    dialect: Dialect,
    undeclared: &'static [&'static str],
    /// Checks that fail here because the vendor's server has what the standard has not.
    beyond: &'static [&'static str],
}

const STANDARD: Dialect = Dialect {
    is_without_patch: false,
    filtering: scim::Filtering::Full,
    has_textual_active: false,
    has_html_errors: false,
    is_without_location: false,
    is_silent_after_patch: false,
};

const AT: [At; 6] = [
    At {
        integration: "github-iam",
        base: "/scim/v2/organizations/app",
        dialect: STANDARD,
        undeclared: &["enable", "enable-twice", "group-nobody", "group"],
        beyond: &[],
    },
    At {
        integration: "slack-iam",
        base: "/scim/v2",
        dialect: STANDARD,
        undeclared: &[],
        beyond: &["fields"],
    },
    At {
        integration: "aws-ilm",
        base: "",
        dialect: Dialect { has_textual_active: true, ..STANDARD },
        undeclared: &[],
        beyond: &[],
    },
    At {
        integration: "atlassian-iam",
        base: "/scim/directory/app",
        dialect: STANDARD,
        undeclared: &[],
        beyond: &[],
    },
    At { integration: "oracle-by-token", base: "/admin/v1", dialect: STANDARD, undeclared: &[], beyond: &[] },
    At {
        integration: "envoy-iam",
        base: "/scim/v2",
        dialect: Dialect { is_without_patch: true, ..STANDARD },
        undeclared: &["group-nobody", "group"],
        beyond: &[],
    },
];

#[tokio::test]
async fn what_stands_on_scim_passes_the_kit() {
    let mut differences = Vec::new();
    for at in AT {
        differences.extend(at.differences().await);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

impl At {
    async fn differences(&self) -> Vec<String> {
        let token = PASSWORD.to_owned();
        let (base, dialect) = (self.base.to_owned(), self.dialect);
        let options = Options { token, base, dialect, people: 5, ..Options::default() };
        let server = scim::start(options).await.expect("a port");
        let manifest =
            Catalogue::new(vec![INTEGRATIONS.into()]).open(self.integration).expect("it is there").manifest;
        let mut settings = made_up(&manifest, &server.url());
        settings.insert("integration".to_owned(), self.integration.into());
        let program = Provost::configured(
            &json!({"integrations": INTEGRATIONS, "instances": {"app": settings}}).to_string(),
        );
        let program = program.variable(PASSWORD_VARIABLE, PASSWORD);
        let printed =
            program.run(&["integration", "test", "--instance", "app", "--yes", "-o", "jsonl"]).await;
        let found = printed.json_lines();
        assert!(found.len() > 20 && !printed.holds(PASSWORD), "{}: {printed:#?}", self.integration);
        found.iter().filter_map(|finding| self.difference(finding)).collect()
    }

    fn difference(&self, finding: &Value) -> Option<String> {
        let check = finding["check"].as_str().unwrap_or_default();
        let wanted = match check {
            _ if self.undeclared.contains(&check) => "not declared",
            _ if self.beyond.contains(&check) => "failed",
            _ => "ok",
        };
        let is_other = finding["result"] != wanted;
        is_other
            .then(|| format!("{}: `{check}` is {}: {}", self.integration, finding["result"], finding["note"]))
    }
}
