//! Many people: groups that are read in parts, and lists that come on pages.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::bed::Directory;
use super::independent;

/// More than a domain controller shows of a group at once, and more than a search gives in
/// OpenLDAP.
const MANY: usize = 1600;

async fn fill(directory: &Directory, class: &str, group: &str) -> String {
    let base = &directory.base;
    let (mut people, mut members) = (String::new(), String::new());
    for number in 0..MANY {
        let dn = format!("cn=many-{number},ou=people,{base}");
        let _ = write!(people, "dn: {dn}\nobjectClass: {class}\ncn: many-{number}\nsn: Many\n");
        let name = if class == "user" { "sAMAccountName" } else { "uid" };
        let _ = write!(people, "{name}: many-{number}\n\n");
        let _ = writeln!(members, "member: {dn}");
    }
    let dn = format!("cn={group},ou=groups,{base}");
    let class = if class == "user" { "group" } else { "groupOfNames" };
    let _ = write!(people, "dn: {dn}\nobjectClass: {class}\ncn: {group}\n{members}\n");
    independent::change(directory, &people).await;
    dn
}

async fn members(directory: &Directory, group: &str) -> Vec<Value> {
    let scim = format!("--scim={}", json!({"displayName": group}));
    let program = directory.program(&Map::new());
    let printed = program.run(&["iam-get-group", &scim, "-o", "json"]).await;
    assert_eq!(printed.exit, 0, "{} {}", printed.stdout, printed.stderr);
    let shown: Value = serde_json::from_str(&printed.stdout).expect("JSON");
    let members = shown.pointer("/GetGroup/details/members").or(shown.pointer("/GetGroup/members"));
    members
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_else(|| panic!("no members: {:.500}", printed.stdout))
}

async fn everybody_comes(name: &'static str, class: &str) {
    let Some(directory) = Directory::there(name) else { return };
    fill(&directory, class, "many").await;
    let members = members(&directory, "many").await;
    let mut ids: Vec<&str> = members.iter().filter_map(|member| member["value"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), MANY, "{name}: {:?}", members.first());
    let is_id = |id: &&str| id.len() == 36 && id.bytes().filter(|byte| *byte == b'-').count() == 4;
    assert!(ids.iter().all(is_id), "{name}: {:?}", ids.first());

    let program = directory.program(&Map::from_iter([("page-size".to_owned(), json!(100))]));
    let printed = program.run(&["iam-list-users", "-o", "jsonl"]).await;
    assert_eq!(printed.exit, 0, "{name}: {}", printed.stderr);
    let listed = printed.stdout.matches("\"many-").count();
    assert!(listed >= MANY, "{name}: {listed} of {MANY} are in the list");
}

#[tokio::test]
async fn everybody_of_openldap_comes() {
    everybody_comes("slapd", "inetOrgPerson").await;
}

#[tokio::test]
async fn everybody_of_active_directory_comes() {
    everybody_comes("samba-ad", "user").await;
}
