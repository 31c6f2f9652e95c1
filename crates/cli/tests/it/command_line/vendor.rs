//! Commands that manifests add: how they are found, spelled and shown.

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};

use crate::provost::{PASSWORD_VARIABLE, Provost};

fn configured(instances: &[(&str, &str)]) -> Provost {
    let instance = |url: &str| json!({"integration": "okta-iam", "url": url, "api-token": format!("env:{PASSWORD_VARIABLE}")});
    let instances: serde_json::Map<String, Value> =
        instances.iter().map(|(name, url)| ((*name).to_owned(), instance(url))).collect();
    Provost::configured(&json!({"instances": instances}).to_string())
}

fn logs(query: &str, events: &Value) -> Exchange {
    Exchange::new(format!("GET /api/v1/logs?{query}"), Answer::new(200, events.clone()))
}

#[tokio::test]
async fn every_spelling_is_the_same_command() {
    let spellings: [&[&str]; 5] = [
        &["okta-get-logs", "--sort-order=DESCENDING", "--limit", "5"],
        &["okta-get-logs", "--sortOrder=DESCENDING", "--limit=5", "--using=okta"],
        &["okta_get_logs", "--sort_order", "DESCENDING", "--limit=5"],
        &["!okta-get-logs sortOrder=DESCENDING limit=\"5\" using=\"okta\""],
        &["!okta-get-logs", "sort_order=DESCENDING", "limit=5"],
    ];
    let events = json!([{"uuid": "e1", "eventType": "x"}]);
    let script = spellings.iter().map(|_| logs("sortOrder=DESCENDING&limit=5", &events)).collect();
    let server = Server::start(script).await.expect("the script can be played");
    let provost = configured(&[("okta", &server.url())]);
    for words in spellings {
        let printed = provost.run(&[words, &["--output=json"]].concat()).await.ended(0);
        assert_eq!(printed.json(), json!({"Okta.Logs.Events": events}), "{words:?}");
    }
    server.finish().await.expect("each asks once");
}

#[tokio::test]
async fn every_form_of_output_is_there() {
    let events = json!([{"uuid": "e1", "eventType": "x", "actor": {"alternateId": "ann@example.com"}}]);
    let script = (0..4).map(|_| logs("limit=100", &events)).chain([logs("limit=100", &json!([]))]).collect();
    let server = Server::start(script).await.expect("the script can be played");
    let provost = configured(&[("okta", &server.url())]);
    let run = async |form: &str| provost.run(&["okta-get-logs", "--output", form]).await.ended(0);
    assert_eq!(run("jsonl").await.json_lines(), [events[0].clone()]);
    let table = run("table").await.stdout;
    assert_eq!(table, " EVENTTYPE  ACTOR            UUID\n x          ann@example.com  e1\n");
    let markdown = run("markdown").await.stdout;
    assert!(markdown.starts_with("### Okta Log Events:\n|eventType|actor|uuid|\n"), "{markdown}");
    let entry = run("entry").await.json();
    let context = &entry["EntryContext"]["Okta.Logs.Events(val.uuid && val.uuid == obj.uuid)"];
    assert_eq!((context, &entry["Contents"]), (&events, &events));
    assert_eq!(run("table").await.stdout, "No logs found.\n");
    server.finish().await.expect("each asks once");
}

#[tokio::test]
async fn one_instance_that_fails_does_not_silence_the_other() {
    let denied = json!({"errorCode": "E0000006", "errorSummary": "No"});
    let bad = Exchange::new("GET /api/v1/logs?limit=100", Answer::new(403, denied));
    let bad = Server::start(vec![bad]).await.expect("playable");
    let good = Server::start(vec![logs("limit=100", &json!([{"uuid": "e1"}]))]).await.expect("playable");
    let provost = configured(&[("bad", &bad.url()), ("good", &good.url())]);
    let printed = provost.run(&["okta-get-logs", "--output=json"]).await.ended(1);
    let answer = printed.json();
    assert_eq!(answer["Okta.Logs.Events"], json!([{"uuid": "e1"}]));
    assert_eq!(answer["error"], json!({"instanceName": "bad", "code": "E0000006", "message": "No. "}));
    assert!(printed.stderr.contains("bad: E0000006 No."), "{printed:#?}");
    bad.finish().await.expect("it was asked");
    good.finish().await.expect("it was asked");
}

/// A second door must not open because the first answer was lost.
#[tokio::test]
async fn a_command_that_may_write_is_not_repeated() {
    let manifest = "integration: house\nbrand: House\nparameters: {url: {type: url, required: true}}\n\
                    http: {base: \"{{ params.url }}\"}\naccount: {id: id}\nlookup: [id]\n\
                    operations: {test: {get: /me}, find: {get: /users}}\ncommands:\n  \
                    house-open: {about: Open, operation: {post: /doors}}\n  \
                    house-look: {about: Look, operation: {get: /doors}}\n";
    let busy = |line: &str| Exchange::new(line, Answer::new(503, json!({})));
    let looked = Exchange::new("GET /doors", Answer::new(200, json!([])));
    let script = vec![busy("POST /doors"), busy("GET /doors"), looked];
    let server = Server::start(script).await.expect("playable");
    let instances = json!({"instances": {"home": {"integration": "house", "url": server.url()}}});
    let provost = Provost::configured(&instances.to_string());
    let provost = provost.file("integrations/house/integration.yaml", manifest);
    provost.run(&["house-open"]).await.ended(1);
    provost.run(&["house-look"]).await.ended(0);
    server.finish().await.expect("only the question is asked again");
}

#[tokio::test]
async fn what_one_command_keeps_another_shows() {
    let provost = configured(&[("Okta_Prod", "http://127.0.0.1:9")]);
    let set = r#"--configuration=[{"ApplicationID": "a1", "Instance": "hr"}]"#;
    let nothing = provost.run(&["okta-iam-get-configuration", "--output=json"]).await.ended(0).json();
    assert_eq!(nothing, json!({"Okta.IAMConfiguration": []}));
    let said = provost.run(&["okta-iam-set-configuration", set, "--output=json"]).await.ended(0).json();
    assert_eq!(said, json!({}));
    let kept = provost.run(&["okta-iam-get-configuration", "--output=json"]).await.ended(0).json();
    assert_eq!(kept, json!({"Okta.IAMConfiguration": [{"ApplicationID": "a1", "Instance": "hr"}]}));
    let file: Value = serde_json::from_str(&provost.read(".provost/okta-prod/store.json")).expect("JSON");
    assert_eq!(file["IAMConfiguration"][0]["ApplicationID"], "a1");
    let provost = provost.file("apps.json", "[]");
    provost.run(&["okta-iam-set-configuration", "--configuration=@apps.json"]).await.ended(0);
    let kept = provost.run(&["okta-iam-get-configuration", "--output=json"]).await.ended(0).json();
    assert_eq!(kept, json!({"Okta.IAMConfiguration": []}));
}

#[tokio::test]
async fn mistakes_are_told_with_what_was_meant() {
    let provost = configured(&[("okta", "http://127.0.0.1:9")]);
    let cases: [(&[&str], &str); 4] = [
        (&["okta-get-log"], "'okta-get-logs'"),
        (&["okta-get-logs", "--sinse=x"], "'--since'"),
        (&["okta-get-app-user-assignment", "--user_id=u1"], "--application-id <TEXT>"),
        (&["okta-get-logs", "--using=oktta"], "did you mean `okta`?"),
    ];
    for (words, expected) in cases {
        let printed = provost.run(words).await.ended(2);
        assert!(printed.stderr.contains(expected), "{words:?}: {printed:#?}");
    }
}

#[tokio::test]
async fn help_shows_commands_and_their_arguments() {
    let provost = Provost::new();
    let help = provost.run(&["--help"]).await.ended(0).stdout;
    assert!(help.contains("okta-get-logs") && help.contains("Read the system log"), "{help}");
    for words in [["okta-get-logs", "--help"], ["help", "okta-get-logs"]] {
        let help = provost.run(&words).await.ended(0).stdout;
        for expected in ["--sort-order <TEXT>", "--limit <N>", "[default: 100]", "--using"] {
            assert!(help.contains(expected), "{expected}: {help}");
        }
    }
    let page = provost.run(&["man"]).await.ended(0).stdout;
    assert!(page.contains("provost okta\\-get\\-logs"), "the manual page has them");
}

/// The user's own integrations add commands too; a mistake in one is told where it could be
/// the reason.
#[tokio::test]
async fn a_folder_of_the_users_adds_commands() {
    let manifest = "integration: own\nbrand: Own\nextends: okta-iam\ncommands:\n  own-hello:\n    about: Say hello\n    arguments: {who: {default: you}}\n    operation: {item: \"{{ {'Hello': args.who} }}\"}\n    output: {context: Own.Hello}\n";
    let instance = json!({"instances": {"own": {
        "integration": "own", "url": "http://127.0.0.1:9", "api-token": format!("env:{PASSWORD_VARIABLE}"),
    }}});
    let provost =
        Provost::configured(&instance.to_string()).file("integrations/own/integration.yaml", manifest);
    let said = provost.run(&["own-hello", "--output=json"]).await.ended(0).json();
    assert_eq!(said, json!({"Own.Hello": {"Hello": "you"}}));
    let broken = manifest.replace("about:", "abuot:");
    let provost = provost.file("integrations/own/integration.yaml", &broken);
    let printed = provost.run(&["own-hello"]).await.ended(2);
    assert!(printed.stderr.contains("unknown key `abuot`"), "{printed:#?}");
}
