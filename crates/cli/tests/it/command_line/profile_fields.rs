//! The fields of user profiles: those of everybody and those that a configuration adds.

use serde_json::json;

use crate::provost::Provost;

const CONFIGURATION: &str = "\
profile-fields:
  shoesize: {label: Shoe Size, type: number, aliases: boots, about: For safety shoes.}
  badge:
instances:
  preview:
    integration: hello-iam-world
    url: http://127.0.0.1:1
    credentials: {username: app, password: env:APP_PASSWORD}
    mapper-out: ./m.yaml
    create-user-enabled: false
    update-user-enabled: false
";

const MAPPER: &str = "\
mapper: Test (Outgoing)
direction: outgoing
fields:
  mail: email
  first: givenname
  boss: manageremailaddress
  shoe: shoesize
";

/// A person written as people write.
const ANN: &str = r#"{"E-Mail": "ann@example.com", "Given_Name": "Ann", "Manager Email": "bo@example.com", "Boots": 39, "email": "a@example.com"}"#;

#[tokio::test]
async fn fields_are_listed_and_shown() {
    let plain = Provost::new();
    let listed = plain.run(&["mapper", "fields"]).await.ended(0);
    for expected in ["FIELD", "givenname", "Manager Email Address", "manageremail", "Leave of Absence"] {
        assert!(listed.stdout.contains(expected), "{listed:?}");
    }
    assert!(!listed.stdout.contains("shoesize"), "{listed:?}");
    let unknown = plain.run(&["mapper", "fields", "givenam"]).await.ended(2);
    assert!(unknown.stderr.contains("did you mean `givenname`?"), "{unknown:?}");
    let configured = Provost::configured(CONFIGURATION);
    let one = configured.run(&["mapper", "fields", "Boots", "-o", "json"]).await.ended(0).json();
    let expected = json!([{
        "name": "shoesize", "label": "Shoe Size", "type": "number", "platformType": "number",
        "aliases": ["boots"], "values": [], "about": "For safety shoes.", "custom": true,
    }]);
    assert_eq!(one, expected);
    let lines = configured.run(&["mapper", "fields", "-o", "jsonl"]).await.ended(0).json_lines();
    assert_eq!(lines.last().map(|line| &line["label"]), Some(&json!("badge")));
    assert_eq!(lines.iter().filter(|line| line["custom"] == true).count(), 2);
}

#[tokio::test]
async fn fields_that_cannot_be_added_have_a_place_and_a_hint() {
    let cases: [(&str, &[&str]); 8] = [
        ("Shoe Size: {}", &["`Shoe Size` is no name of a field", ":2:3", "write `shoesize`"]),
        ("email:", &["`email` is a field already, with the label `Email`", ":2:3"]),
        ("manageremail:", &["`manageremail` is another name of `manageremailaddress`", ":2:3"]),
        ("a: {aliases: [b, city]}", &["`city` is a field already", ":2:16"]),
        ("a: {aliases: A B}", &["`A B` is no name of a field", "write `ab`"]),
        ("a: {type: nmber}", &["unknown word `nmber`", ":2:13", "did you mean `number`?"]),
        ("a: {lable: x}", &["unknown key `lable`", "did you mean `label`?"]),
        ("a: 7", &["this must be an object", ":2:6"]),
    ];
    for (line, expected) in cases {
        let provost = Provost::configured(&format!("profile-fields:\n  {line}\ninstances:\n"));
        let refused = provost.run(&["mapper", "fields"]).await.ended(2);
        for text in expected {
            assert!(refused.stderr.contains(text), "{line}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn the_bench_reads_a_profile_as_a_command_does() {
    let provost = Provost::configured(CONFIGURATION).file("m.yaml", MAPPER).file("ann.json", ANN);
    let expected = json!({"mail": "a@example.com", "first": "Ann", "boss": "bo@example.com", "shoe": 39});
    let mapped = provost.run(&["mapper", "run", "m.yaml", "ann.json"]).await.ended(0).json();
    assert_eq!(mapped, expected);
    let words = ["iam-create-user", "-o", "json", "--user-profile=@ann.json"];
    let record = provost.run(&words).await.ended(0).json();
    assert_eq!(record["IAM.Vendor"]["details"], expected);
    let refused = Provost::new().file("m.yaml", MAPPER).input("[1]").run(&["mapper", "run", "m.yaml"]).await;
    assert!(refused.ended(2).stderr.contains("a user profile is one JSON object, but this is a list"));
}

#[tokio::test]
async fn instances_are_added_beside_fields() {
    let provost = Provost::configured("profile-fields:\n  badge:\ninstances:\n");
    let words = [
        "instance",
        "add",
        "app",
        "--integration",
        "hello-iam-world",
        "--set",
        "url=http://127.0.0.1:1",
        "--set",
        "credentials.username=app",
        "--set",
        "credentials.password=env:APP_PASSWORD",
    ];
    provost.run(&words).await.ended(0);
    assert!(provost.read("provost.yaml").starts_with("profile-fields:\n  badge:\ninstances:\n  app:\n"));
}
