//! The original's own mapper files for Active Directory, unchanged, at a domain controller.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::bed::Directory;
use super::independent;
use crate::beds::bed::leave_out;

/// The files, which are no part of the project.
fn file(direction: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/xsoar-mappers");
    let folder = std::env::var_os("PROVOST_XSOAR_MAPPERS").map_or(beside, PathBuf::from);
    let name = format!("classifier-User_Profile_-_Active_Directory_({direction}).json");
    let file = std::path::absolute(folder.join(name)).ok().filter(|file| file.is_file());
    if file.is_none() {
        leave_out("the original's mapper files are not there");
    }
    file
}

#[tokio::test]
async fn they_make_find_and_rename_an_account() {
    let Some(directory) = Directory::there("samba-ad") else { return };
    let (Some(incoming), Some(outgoing)) = (file("Incoming"), file("Outgoing")) else { return };
    let settings = json!({"mapper-in": incoming, "mapper-out": outgoing});
    let program = directory.program(settings.as_object().expect("settings"));
    let base = &directory.base;
    let profile = |title: &str| {
        let profile = json!({
            "email": "orig.ann@example.com", "username": "orig.ann@corp.example.test", "givenname": "Ann",
            "surname": "Bell", "title": title, "locationregion": format!("OU=People,{base}"),
        });
        format!("--user-profile={profile}")
    };
    let made = program.run(&["iam-create-user", &profile("Clerk"), "-o", "json"]).await;
    assert_eq!(made.exit, 0, "{} {}", made.stdout, made.stderr);
    let entry =
        independent::entry(&directory, &format!("CN=orig.ann,OU=People,{base}")).await.expect("it is made");
    assert_eq!(
        (&entry["title"][0], &entry["useraccountcontrol"][0]),
        (&"Clerk".to_owned(), &"514".to_owned())
    );

    // The original's file gives another `cn` to an update than to a create: both names, without
    // a space.
    let updated = program.run(&["iam-update-user", &profile("Head"), "-o", "json"]).await;
    assert_eq!(updated.exit, 0, "{} {}", updated.stdout, updated.stderr);
    let entry =
        independent::entry(&directory, &format!("CN=AnnBell,OU=People,{base}")).await.expect("it is renamed");
    assert_eq!(
        (&entry["title"][0], &entry["useraccountcontrol"][0]),
        (&"Head".to_owned(), &"512".to_owned())
    );

    let got = program.run(&["iam-get-user", &profile(""), "-o", "entry"]).await;
    let shown: Value = serde_json::from_str(&got.stdout).expect("an entry");
    let context = shown["EntryContext"].as_object().expect("a context");
    let profile = context.iter().find(|(key, _)| key.starts_with("IAM.UserProfile")).map(|(_, value)| value);
    let profile = profile.expect("a profile");
    assert_eq!(
        (&profile["email"], &profile["title"]),
        (&json!("orig.ann@example.com"), &json!("Head")),
        "{profile}"
    );
}
