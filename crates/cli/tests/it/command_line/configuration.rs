//! Mistakes in the files that people write: where, what, and what was meant.

use super::refusals::check;
use super::{KNOWN, with_instances};
use crate::provost::Provost;

const GOOD: &str = "\
instances:
  app:
    integration: hello-iam-world
    url: http://127.0.0.1:1
    credentials:
      username: app
      password: env:APP_PASSWORD
";

/// A manifest without a mistake, for the folder `integrations/tiny`.
const MANIFEST: &str = "\
integration: tiny
brand: Tiny
parameters:
  url: {type: url, required: true, help: Address of the system, example: \"https://tiny.example.com\"}
http:
  base: \"{{ params.url }}\"
account: {id: id, active: active}
lookup: [email]
operations:
  test: {get: /test}
  find: {get: /users, query: {\"{{ attribute }}\": \"{{ value }}\"}}
  disable: {patch: \"/users/{{ id }}\", body: {active: false}}
";

#[tokio::test]
async fn mistakes_in_the_configuration_have_a_place_and_a_hint() {
    let cases: [(&str, &str, &[&str]); 12] = [
        (
            "instances:",
            "instanses:",
            &["unknown key `instanses`", "provost.yaml:1:1", "did you mean `instances`?"],
        ),
        ("    url:", "    urll:", &["no setting `urll`", "provost.yaml:4:", "did you mean `url`?"]),
        (
            "    url:",
            "    timout: 3\n    url:",
            &["no setting `timout`", "provost.yaml:4:", "did you mean `timeout`?"],
        ),
        (
            "hello-iam-world",
            "hello-iam-word",
            &["no integration `hello-iam-word`", "provost.yaml:", "did you mean `hello-iam-world`?"],
        ),
        ("    integration: hello-iam-world\n", "", &["names no `integration`", "provost.yaml:"]),
        ("    url: http://127.0.0.1:1\n", "", &["needs `url`", "provost.yaml:", "https://hello.example.com"]),
        ("    credentials:", "    credential:", &["no setting `credential`", "did you mean `credentials`?"]),
        ("      password: env:APP_PASSWORD\n", "", &["`credentials` must be", "username", "provost.yaml:"]),
        ("http://127.0.0.1:1", "127.0.0.1", &["address", "`https://`", "provost.yaml:"]),
        ("    url:", "    timeout: soon\n    url:", &["number of seconds", "provost.yaml:4:14"]),
        (
            "    url:",
            "    create-user-enabled: perhaps\n    url:",
            &["`true` or `false`", "provost.yaml:4:26"],
        ),
        ("    url:", "    mapper-in: Nobody's mapper\n    url:", &["no mapper named `Nobody's mapper`"]),
    ];
    for (good, bad, expected) in cases {
        let text = GOOD.replacen(good, bad, 1);
        assert_ne!(text, GOOD, "{good}");
        check(&Provost::configured(&text), &["iam-get-user", KNOWN], expected).await;
    }
}

#[tokio::test]
async fn what_is_no_yaml_is_an_error_with_a_line() {
    let cases = [
        ("instances: [", ":1:"),
        ("instances:\n  app: {integration: x\n", "provost.yaml:"),
        ("instances:\n\tapp:\n", ":2:"),
        ("instances:\n  app: canary-password\n", ":2:"),
        ("instances:\n  app: {}\n  app: {}\n", "provost.yaml:"),
        ("- canary-password\n", ":1:"),
        ("\"canary-password", "provost.yaml"),
    ];
    for (text, place) in cases {
        check(&Provost::configured(text), &["instance", "list"], &["error:", place]).await;
    }
}

#[tokio::test]
async fn mistakes_in_a_manifest_have_a_place_and_a_hint() {
    let cases: [(&str, &str, &[&str]); 9] = [
        ("lookup:", "lookpu:", &["unknown key `lookpu`", "integration.yaml:8:1", "did you mean `lookup`?"]),
        (
            "find: {get:",
            "find: {gett:",
            &["unknown key `gett`", "integration.yaml:11:10", "did you mean `get`?"],
        ),
        (
            "{{ attribute }}",
            "{{ atribute }}",
            &["`atribute`", "integration.yaml:11:", "did you mean `attribute`?"],
        ),
        ("/users/{{ id }}", "/users/{{ id", &["integration.yaml:12:"]),
        ("{type: url,", "{type: uri,", &["unknown word `uri`", "integration.yaml:4:", "did you mean `url`?"]),
        ("lookup: [email]", "lookup: []", &["`lookup` needs at least one attribute", "integration.yaml:8:"]),
        ("  find:", "  fnd:", &["unknown key `fnd`", "integration.yaml:11:3", "did you mean `find`?"]),
        ("brand: Tiny\n", "", &["the key `brand` is missing"]),
        ("integration: tiny", "integration: small", &["`integration` is `small`, but the folder is `tiny`"]),
    ];
    for (good, bad, expected) in cases {
        let text = MANIFEST.replacen(good, bad, 1);
        assert_ne!(text, MANIFEST, "{good}");
        check(&tiny(&text), &["iam-get-user", KNOWN], expected).await;
    }
    let works = tiny(MANIFEST).run(&["instance", "show", "app"]).await.ended(0);
    assert!(works.stdout.contains("get, disable"), "{works:#?}");
}

#[tokio::test]
async fn an_integration_without_the_verb_is_left_out_or_says_so() {
    let provost = tiny(MANIFEST);
    let words = ["iam-create-user", KNOWN];
    check(&provost, &words, &["no enabled instance", "can run iam-create-user"]).await;
    let words = ["iam-enable-user", KNOWN, "--using=app", "-o", "json"];
    let record = provost.run(&words).await.ended(1).json()["IAM.Vendor"].clone();
    assert_eq!(record["success"], false, "{record:#}");
}

#[tokio::test]
async fn mistakes_in_a_mapper_have_a_place_too() {
    let mapper = "mapper: Ours\ndirection: outgoing\nfields:\n  email: email | lowr\n";
    let provost = Provost::configured(&GOOD.replace("    url:", "    mapper-out: maps/out.yaml\n    url:"))
        .file("maps/out.yaml", mapper);
    let printed = provost.run(&["iam-get-user", KNOWN]).await;
    assert_ne!(printed.exit, 0, "{printed:#?}");
    assert!(printed.holds("lowr"), "{printed:#?}");
    let provost = provost.file("maps/out.yaml", &mapper.replace("fields:", "feilds:"));
    check(
        &provost,
        &["iam-get-user", KNOWN],
        &["unknown key `feilds`", "out.yaml:3:1", "did you mean `fields`?"],
    )
    .await;
    let provost = with_instances(&[("app", "http://127.0.0.1:1\n    mapper-out: maps/none.yaml")]);
    check(&provost, &["iam-get-user", KNOWN], &["maps/none.yaml"]).await;
}

fn tiny(manifest: &str) -> Provost {
    Provost::configured("instances:\n  app:\n    integration: tiny\n    url: http://127.0.0.1:1\n")
        .file("integrations/tiny/integration.yaml", manifest)
}
