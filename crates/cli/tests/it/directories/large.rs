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

async fn everybody_comes(directory: &Directory, class: &str) {
    let name = directory.name;
    fill(directory, class, "many").await;
    let members = members(directory, "many").await;
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

/// A batch makes everybody once, and a second one finds nothing left to do.
async fn a_batch_is_done_once(name: &'static str) {
    const LINES: usize = 60;
    let Some(directory) = Directory::there(name) else { return };
    let line = |number| {
        let address = format!("batch-{number}@example.com");
        json!({"email": address, "username": address, "surname": "Batch", "title": "Clerk"}).to_string()
            + "\n"
    };
    let people: String = (0..LINES).map(line).collect();
    let program = directory.program(&Map::new()).file("people.jsonl", &people);
    for (journal, action, skipped) in [("first", "create", false), ("second", "update", true)] {
        let words =
            ["batch", "--file=people.jsonl", "--allow-enable=false", "--output=jsonl", "--journal", journal];
        let printed = program.run(&words).await;
        assert_eq!(printed.exit, 0, "{name}: {}", printed.stderr);
        let records = printed.json_lines();
        let is_so = |record: &&Value| {
            let record = record.get("IAM.Vendor").unwrap_or(record);
            record["action"] == action && record["success"] == true && record["skipped"] == skipped
        };
        assert_eq!(records.iter().filter(is_so).count(), LINES, "{name}: {journal}: {:?}", records.first());
    }
}

#[tokio::test]
async fn a_batch_at_openldap_is_done_once() {
    a_batch_is_done_once("slapd").await;
}

#[tokio::test]
async fn a_batch_at_active_directory_is_done_once() {
    a_batch_is_done_once("samba-ad").await;
}

#[tokio::test]
async fn everybody_of_openldap_comes() {
    let Some(directory) = Directory::there("slapd") else { return };
    everybody_comes(&directory, "inetOrgPerson").await;

    // Half of a list must not pass for all of it.
    let limited =
        json!({"username": format!("cn=reader,{}", directory.base), "password": "env:APP_PASSWORD"});
    let program = directory.program(&Map::from_iter([("credentials".to_owned(), limited)]));
    let printed = program.run(&["iam-list-users", "-o", "jsonl"]).await;
    assert_eq!(printed.exit, 1, "{}", printed.stderr);
    assert!(printed.stderr.contains("the search finds more than the server gives"), "{}", printed.stderr);
}

#[tokio::test]
async fn everybody_of_active_directory_comes() {
    let Some(directory) = Directory::there("samba-ad") else { return };
    everybody_comes(&directory, "user").await;
}
