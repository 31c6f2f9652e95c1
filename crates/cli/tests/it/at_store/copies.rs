//! `provost store`: info, backup, restore and rotate.

use std::fs;

use provost_store::{MasterKey, Sealed, Vault};
use serde_json::json;

use super::{store, tamper, with_events};
use crate::provost::{Provost, send};

const OLD: &str = "0011223344556677889900112233445566778899001122334455667788990011";
const NEW: &str = "ff11223344556677889900112233445566778899001122334455667788990011";

fn key(text: &str) -> MasterKey {
    MasterKey::parse(text).expect("a key")
}

/// The program beside a store with events and a secret that is sealed with the old key.
async fn with_secret() -> Provost {
    let provost = with_events(10).await.file("provost.key", OLD);
    let store = store(&provost).await;
    store.seal(&Vault::new(key(OLD), Vec::new()), "crm", "token", b"hush").await.expect("sealed");
    store.close().await;
    provost
}

async fn sealed(provost: &Provost) -> Sealed {
    let store = store(provost).await;
    let sealed = store.sealed(None).await.expect("readable").remove(0);
    store.close().await;
    sealed
}

fn files(provost: &Provost) -> Vec<String> {
    let names = provost.folder().read_dir().expect("a folder");
    let mut names: Vec<_> =
        names.map(|entry| entry.expect("an entry").file_name().into_string().expect("a text")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_store_says_what_is_in_it() {
    let provost = with_secret().await;
    let data = provost.run(&["store", "info", "-o", "json"]).await.ended(0).json();
    assert_eq!((&data["store"], &data["form"]), (&json!("provost.db"), &json!(1)));
    assert_eq!((&data["counts"]["events"], &data["counts"]["secrets"]), (&json!(10), &json!(1)));
    assert_eq!((&data["key-id"], &data["sealed-with"]), (&json!(key(OLD).id()), &json!([key(OLD).id()])));
    assert!(data["bytes"].as_u64().is_some_and(|bytes| bytes > 10_000), "{data}");
    assert!(data["head"].as_str().is_some_and(|head| head.starts_with("10:")), "{data}");
    let shown = provost.run(&["store", "info"]).await.ended(0);
    for expected in ["provost.db", "KiB", "10:", key(OLD).id(), "open changes"] {
        assert!(shown.stdout.contains(expected), "{shown:#?}");
    }
    fs::remove_file(provost.folder().join("provost.key")).expect("it goes");
    let shown = provost.run(&["store", "info"]).await.ended(0);
    assert!(shown.stderr.contains(key(OLD).id()), "{shown:#?}");
    assert!(!files(&provost).contains(&"provost.key".to_owned()), "no key is made");
}

#[tokio::test]
async fn nothing_is_made_where_no_store_is() {
    let provost = Provost::new();
    for words in [
        &["store", "info"][..],
        &["store", "backup", "b.db"],
        &["store", "rotate"],
        &["key", "list"],
        &["key", "revoke", "k1"],
    ] {
        let shown = provost.run(words).await.ended(2);
        assert!(shown.stderr.contains("there is no store at provost.db"), "{shown:#?}");
    }
    let shown = provost.run(&["store", "restore", "b.db", "--yes"]).await.ended(2);
    assert!(shown.stderr.contains("there is no backup `b.db`"), "{shown:#?}");
    assert!(files(&provost).is_empty());
}

#[tokio::test]
async fn a_backup_is_restored_into_a_new_store() {
    let provost = with_secret().await;
    let shown = provost.run(&["store", "backup", "monday.db"]).await.ended(0);
    assert!(shown.stdout.contains("is whole") && shown.stderr.contains("master key"), "{shown:#?}");
    assert_eq!(files(&provost), ["monday.db", "provost.db", "provost.key"]);
    let shown = provost.run(&["store", "backup", "monday.db"]).await.ended(2);
    assert!(shown.stderr.contains("is there already"), "{shown:#?}");

    let shown = provost.run(&["store", "restore", "monday.db", "--store", "new.db"]).await.ended(2);
    assert!(shown.stderr.contains("--yes"), "{shown:#?}");
    let shown = provost.run(&["store", "restore", "monday.db", "--yes"]).await.ended(2);
    assert!(shown.stderr.contains("in use") && shown.stderr.contains("--store"), "{shown:#?}");
    let shown = provost.run(&["store", "restore", "monday.db", "--store", "new.db", "--yes"]).await.ended(0);
    assert!(shown.stdout.contains("into new.db") && shown.stderr.contains("new.key"), "{shown:#?}");

    let data = provost.run(&["audit", "verify", "--store", "new.db", "-o", "json"]).await.ended(0).json();
    assert_eq!(data["events"], 11);
    let words = ["audit", "list", "--store", "new.db", "--kind", "configuration", "-o", "json"];
    let event = &provost.run(&words).await.ended(0).json()[0]["event"];
    assert_eq!((&event["what"], &event["after"]["from"]), (&json!("store restored"), &json!("monday.db")));
    let known = provost.run(&["audit", "verify", "-o", "json"]).await.ended(0).json();
    let head = known["head"].as_str().expect("a head");
    provost.run(&["audit", "verify", "--store", "new.db", "--known", head]).await.ended(0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let provost = with_secret().await;
    provost.run(&["store", "backup", "monday.db"]).await.ended(0);
    let mode = fs::metadata(provost.folder().join("monday.db")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_backup_of_a_log_that_is_not_whole_says_so() {
    let provost = with_events(10).await;
    tamper(&provost, "née 0007", "née 0070");
    let shown = provost.run(&["store", "backup", "b.db"]).await.ended(1);
    assert!(shown.stdout.contains("not whole: event 7"), "{shown:#?}");
    provost.run(&["audit", "verify", "--store", "b.db"]).await.ended(1);
}

#[tokio::test]
async fn a_new_key_takes_the_place_of_the_old_one() {
    let provost = with_secret().await;
    let shown = provost.run(&["store", "rotate"]).await.ended(0);
    let old = format!("provost.key.old-{}", key(OLD).id());
    assert!(shown.stdout.contains("1 secret is sealed anew") && shown.stdout.contains(&old), "{shown:#?}");
    assert_eq!(files(&provost), ["provost.db", "provost.key", &old]);
    assert_eq!(provost.read(&old), OLD);
    let new = provost.read("provost.key");
    assert!(!shown.holds(&new) && !shown.holds(OLD), "no key is printed");
    let vault = Vault::new(key(&new), Vec::new());
    assert_eq!(vault.open(&sealed(&provost).await).expect("it opens"), b"hush");
    let event =
        &provost.run(&["audit", "list", "--limit", "1", "-o", "json"]).await.ended(0).json()[0]["event"];
    assert_eq!((&event["kind"], &event["what"]), (&json!("configuration"), &json!("master key changed")));
    assert_eq!(event["before"]["key-id"], key(OLD).id());
    assert_eq!(event["after"]["key-id"], key(&new).id());
    provost.run(&["audit", "verify"]).await.ended(0);
}

#[tokio::test]
async fn a_rotation_that_was_interrupted_goes_on() {
    let provost = with_secret().await.file("provost.key.new", NEW);
    let store = store(&provost).await;
    store.rotate(&Vault::new(key(NEW), vec![key(OLD)])).await.expect("sealed");
    store.close().await;
    provost.run(&["store", "rotate"]).await.ended(0);
    assert_eq!(provost.read("provost.key"), NEW);
    assert!(!files(&provost).contains(&"provost.key.new".to_owned()));
}

#[tokio::test]
async fn keys_that_are_kept_elsewhere_are_named() {
    let provost = with_secret().await.variable("OLD_KEY", OLD).variable("NEW_KEY", NEW);
    let rotate = async |words: &[&str]| provost.run(&[&["store", "rotate"], words].concat()).await;
    let shown = rotate(&["--master-key", "env:OLD_KEY"]).await.ended(2);
    assert!(shown.stderr.contains("--new-key"), "{shown:#?}");
    let shown = rotate(&["--new-key", OLD]).await.ended(2);
    assert!(shown.stderr.contains("named by where it is") && !shown.holds(OLD), "{shown:#?}");
    let shown = rotate(&["--new-key", "env:OLD_KEY"]).await.ended(2);
    assert!(shown.stderr.contains("is the old one"), "{shown:#?}");
    let shown = rotate(&["--master-key", "env:NEW_KEY", "--new-key", "command:echo ${NEW_KEY%f11*}a"]).await;
    assert!(shown.ended(2).stderr.contains("64 hexadecimal digits"));
    let shown = rotate(&["--master-key", "env:OLD_KEY", "--new-key", "env:NEW_KEY"]).await.ended(0);
    assert!(shown.stderr.contains("--master-key env:NEW_KEY"), "{shown:#?}");
    assert_eq!(sealed(&provost).await.key_id, key(NEW).id());
    assert_eq!(provost.read("provost.key"), OLD, "nobody touched it");
    // The file beside the store has no key that opens the secret: nothing is changed.
    let shown = rotate(&[]).await.ended(2);
    assert!(shown.stderr.contains(key(NEW).id()), "{shown:#?}");
    assert_eq!(provost.read("provost.key"), OLD);
}

#[tokio::test]
async fn everything_works_while_a_server_is_at_the_store() {
    let provost = Provost::new();
    let mut child = provost.start(&["serve", "--lab", "--listen", "127.0.0.1:0"]);
    super::wait_for(&mut child, "Ctrl-C").await;
    let info = provost.run(&["store", "info", "-o", "json"]).await.ended(0).json();
    assert_eq!(info["servers"].as_array().map(Vec::len), Some(1));
    provost.run(&["audit", "verify"]).await.ended(0);
    provost.run(&["store", "backup", "b.db"]).await.ended(0);
    let added = provost.run(&["key", "add", "ci", "--role", "viewer"]).await.ended(0);
    assert!(added.stdout.starts_with("pv_"), "{added:#?}");
    let shown = provost.run(&["store", "rotate"]).await.ended(0);
    assert!(shown.stderr.contains("start again"), "{shown:#?}");
    send("INT", &child).await;
    assert!(child.wait().await.expect("it ends").success());
    let seen = provost.run(&["audit", "list", "-o", "json"]).await.ended(0).json();
    let whats: Vec<_> = seen.as_array().into_iter().flatten().map(|event| &event["event"]["what"]).collect();
    let expected = ["server stopped", "master key changed", "key made", "server started", "key made"];
    assert_eq!(whats, expected, "the first key is there before the server");
    provost.run(&["audit", "verify"]).await.ended(0);
}
