//! What is shown of the configuration, and what is not.

use serde_json::{Value, json};

use super::refusals::check;
use super::{KNOWN, NOWHERE, with_instances, with_system};
use crate::provost::{CANARY, Provost};

/// An instance `app` with these lines after the first two.
fn app(lines: &str) -> Provost {
    let lines = lines.replace("SECRET", CANARY);
    Provost::configured(&format!("instances:\n  app:\n    integration: hello-iam-world\n{lines}"))
}

#[tokio::test]
async fn a_complaint_shows_the_key_and_no_value() {
    let cases = [
        ("    url: https://h\n    credentials: \"admin:SECRET\"\n", "    credentials: ..."),
        ("    api-key: SECRET\n", "    api-key: ..."),
        ("    url: https://h\n    credentials: {username: a, passwd: SECRET}\n", "    credentials: ..."),
        (
            "    url: https://h\n    credentials: {username: a, passwd: SECRET, password: x}\n",
            "credentials: ...",
        ),
        ("    api-key: |\n      SECRET: x\n", "    api-key:"),
        ("    url: SECRET\n", "    url: ..."),
        ("    timeout: SECRET\n", "    timeout: ..."),
    ];
    for (lines, expected) in cases {
        check(&app(lines), &["iam-get-user", KNOWN], &[expected, "provost.yaml:"]).await;
    }
    let without_excerpt = [
        "    url: https://h\n    credentials: |\n      SECRET: x\n",
        "    url: https://h\n    credentials:\n      \"SECRET: x\"\n",
        "    url: https://h\n    credentials:\n      SECRET\n",
        "    api-key: a\n   SECRET: x\n",
        "    api-key: @SECRET\n",
        "    api-key: *SECRET\n",
        "    api-key: \"SECRET\n",
        "    {SECRET: x\n",
    ];
    for lines in without_excerpt {
        check(&app(lines), &["iam-get-user", KNOWN], &["provost.yaml:"]).await;
    }
    let flow = format!("instances: {{app: {{integration: hello-iam-world, passwd: {CANARY}, urll: x}}}}\n");
    check(&Provost::configured(&flow), &["iam-get-user", KNOWN], &["no setting `passwd`"]).await;
}

#[tokio::test]
async fn a_wrong_setting_is_named_with_its_instance() {
    let cases = [
        ("    timeout: soon\n", "instance `app`: `timeout` must be a number of seconds above 0"),
        ("    insecure: 7\n", "instance `app`: `insecure` must be `true` or `false`"),
        (
            "    proxy: socks5://127.0.0.1:1\n",
            "instance `app`: `proxy` must be `true`, `false` or an address",
        ),
        (
            "    private: [ssn, 7]\n",
            "instance `app`: `private` must be an attribute's name or a list of names",
        ),
        ("    private: \"-\"\n", "instance `app`: `private` must be an attribute's name or a list of names"),
        ("    proxy: proxy.example.com\n", "instance `app`: `proxy` must be"),
        ("    url: https://h?tenant=1\n", "instance `app`: `url` must be an address without `?`"),
        ("    url: https://h#top\n", "instance `app`: `url` must be an address without `?`"),
        ("    url: https://h\n    credentials: {username: 7, password: x}\n", "put the username in quotes"),
        (
            "    url: https://h\n    credentials: {username: a, password: \"envv:FOO\"}\n",
            "instance `app`: `envv:` is no kind of reference",
        ),
    ];
    for (lines, expected) in cases {
        check(&app(lines), &["iam-get-user", KNOWN], &[expected]).await;
    }
}

#[tokio::test]
async fn slashes_after_an_address_do_no_harm() {
    let (system, provost) = with_system().await;
    let text = provost.read("provost.yaml").replace(&system.url(), &format!("{}//", system.url()));
    Provost::configured(&text).run(&["iam-get-user", KNOWN]).await.ended(0);
}

#[tokio::test]
async fn a_list_has_a_row_for_an_instance_that_cannot_work() {
    let provost = with_instances(&[("app", NOWHERE)]);
    let more = "  odd: {integration: hello-iam-world, timeout: soon}\n  \
                off: {integration: hello-iam-world, timeout: soon, enabled: false}\n  \
                bare: {integration: hello-iam-world}\n  lost: {integration: helo}\n";
    let provost = Provost::configured(&format!("{}{more}", provost.read("provost.yaml")));
    let listed = provost.run(&["instance", "list", "-o", "json"]).await.ended(0).json();
    let seen: Vec<(&Value, &Value, &str)> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (&row["instance"], &row["enabled"], row["note"].as_str().expect("a note")))
        .collect();
    let soon = "`timeout` must be a number of seconds above 0";
    assert_eq!(
        seen,
        [
            (&json!("app"), &json!(true), ""),
            (&json!("odd"), &Value::Null, soon),
            (&json!("off"), &json!(false), soon),
            (&json!("bare"), &json!(true), "the instance `bare` needs `url`: Address of the system"),
            (&json!("lost"), &json!(true), "there is no integration `helo`"),
        ]
    );
    let table = provost.run(&["instance", "list"]).await.ended(0);
    assert!(table.stdout.contains("NOTE") && table.stdout.contains(soon), "{table:#?}");
    let asked = provost.run(&["iam-get-user", KNOWN, "-o", "jsonl"]).await.ended(1);
    assert!(!asked.holds("\"off\""), "{asked:#?}");
    let expected = ["`off` is switched off"];
    check(&provost, &["iam-get-user", KNOWN, "--using=off"], &expected).await;
}

#[tokio::test]
async fn programs_can_read_instances_too() {
    let provost = with_instances(&[("app", NOWHERE), ("plain", NOWHERE)]);
    let text = provost.read("provost.yaml");
    let (first, last) = text.split_at(text.find("  plain").expect("it is there"));
    let last = last.replace("env:APP_PASSWORD", CANARY);
    let provost = Provost::configured(&format!("{first}    disable-user-enabled: false\n{last}"));
    let lines = provost.run(&["instance", "list", "--output=jsonl"]).await.ended(0).json_lines();
    assert_eq!(
        lines[0],
        json!({
            "instance": "app", "integration": "hello-iam-world", "url": NOWHERE, "enabled": true,
            "commands-off": ["disable"], "note": "",
        })
    );
    let shown = provost.run(&["instance", "show", "app", "--output=json"]).await.ended(0).json();
    assert_eq!((&shown["timeout"], &shown["commands"]["disable"]), (&json!(60.0), &json!(false)));
    assert_eq!(
        shown["parameters"]["credentials"],
        json!({"username": "app", "password": "env:APP_PASSWORD"})
    );
    let shown = provost.run(&["instance", "show", "plain", "--output=jsonl"]).await.ended(0);
    assert_eq!(shown.json_lines()[0]["parameters"]["credentials"]["password"], "[plain text]");
    assert!(!shown.holds(CANARY), "{shown:#?}");
    check(&provost, &["instance", "list", "--output=entry"], &["no such form", "json"]).await;
    let none = Provost::configured("instances: {}\n");
    assert_eq!(none.run(&["instance", "list", "-o", "json"]).await.ended(0).json(), json!([]));
}

#[tokio::test]
async fn settings_that_are_unusual_are_shown() {
    let lines = "    url: https://h\n    credentials: {username: a, password: \"env:X\"}\n    insecure: true\n    \
                 proxy: http://ann:SECRET@proxy.example.com:3128\n    ca-file: our.pem\n    \
                 create-if-not-exists: false\n";
    let shown = app(lines).run(&["instance", "show", "app"]).await.ended(0);
    let rows: Vec<Vec<&str>> = shown.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    for row in [
        ["insecure", "yes"],
        ["proxy", "http://[secret]@proxy.example.com:3128"],
        ["ca-file", "our.pem"],
        ["create-if-not-exists", "no"],
    ] {
        assert!(rows.contains(&row.to_vec()), "{row:?}: {shown:#?}");
    }
    assert!(!shown.holds(CANARY), "{shown:#?}");
    let usual = with_instances(&[("app", NOWHERE)]).run(&["instance", "show", "app"]).await.ended(0);
    assert!(!usual.holds("insecure") && !usual.holds("proxy"), "{usual:#?}");
}
