//! The conformance kit at directories, in each way in which an account can be out of use.

use serde_json::{Map, Value, json};

use super::bed::Directory;

/// Runs the kit; every check must hold.
async fn kit(name: &'static str, settings: Value) {
    let Some(directory) = Directory::there(name) else { return };
    let settings: Map<String, Value> = settings.as_object().cloned().expect("settings");
    let settings = settings.into_iter().map(|(name, value)| {
        let filled = value.as_str().map(|text| Value::from(directory.filled(text)));
        (name, filled.unwrap_or(value))
    });
    let program = directory.program(&settings.collect());
    let words = ["integration", "test", "--instance", "app", "--yes", "-o", "jsonl"];
    let printed = program.run(&words).await;
    let findings = printed.json_lines();
    assert_eq!(findings.len(), 24, "{}", printed.stderr);
    let failed: Vec<&Value> = findings.iter().filter(|finding| finding["result"] != "ok").collect();
    assert!(failed.is_empty(), "{name}: {failed:#?}");
    assert!(!printed.holds(&directory.password), "it shows the password");
}

#[tokio::test]
async fn openldap_by_the_lock_of_a_policy_over_start_tls() {
    kit("slapd", json!({"url": "LDAP_URL"})).await;
}

#[tokio::test]
async fn openldap_by_an_attribute_as_389_directory_server_has_it() {
    kit(
        "slapd",
        json!({"active-by": "nsAccountLock", "object-classes": ["provostAccount", "inetOrgPerson"]}),
    )
    .await;
}

#[tokio::test]
async fn openldap_by_an_attribute_as_edirectory_has_it() {
    kit(
        "slapd",
        json!({"active-by": "loginDisabled", "object-classes": ["provostAccount", "inetOrgPerson"]}),
    )
    .await;
}

#[tokio::test]
async fn openldap_by_a_group() {
    kit("slapd", json!({"active-by": "group", "disabled-group": "cn=disabled,ou=groups,BASE"})).await;
}

#[tokio::test]
async fn openldap_by_a_place() {
    kit("slapd", json!({"active-by": "ou", "disabled-ou": "ou=disabled,BASE"})).await;
}

#[tokio::test]
async fn active_directory() {
    kit("samba-ad", json!({"group-cn": "Terminated"})).await;
}
