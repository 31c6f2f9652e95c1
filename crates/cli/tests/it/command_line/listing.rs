//! `iam-list-users`: every page, as records.

use provost_lab::hello;
use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};

use crate::provost::Provost;

fn configured(url: &str) -> Provost {
    let instance = json!({
        "integration": "hello-iam-world", "url": url,
        "credentials": {"username": "lab", "password": "env:PASSWORD"},
    });
    Provost::configured(&json!({"instances": {"hello": instance}}).to_string()).variable("PASSWORD", "lab")
}

#[tokio::test]
async fn everybody_is_listed_once() {
    let people = 450;
    let running =
        hello::start(hello::Options { people, ..hello::Options::default() }).await.expect("it starts");
    let provost = configured(&running.url());
    let printed = provost.run(&["iam-list-users", "--output=jsonl"]).await.ended(0);
    let records: Vec<Value> =
        printed.stdout.lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect();
    let ids: Vec<&str> = records.iter().filter_map(|record| record["id"].as_str()).collect();
    let wanted: Vec<String> = (1001..1001 + people).map(|id| id.to_string()).collect();
    assert_eq!(ids, wanted);
    assert_eq!(records[0]["email"], "user0001@example.com");
    let printed = provost.run(&["iam-list-users", "--limit=1", "--output=json"]).await.ended(0);
    let answer: Value = serde_json::from_str(&printed.stdout).expect("JSON");
    assert_eq!(answer["IAM.Vendor"].as_array().map(Vec::len), Some(1), "one account is a list too");
    let printed = provost.run(&["iam-list-users", "--limit=2"]).await.ended(0);
    assert_eq!(printed.stdout.lines().count(), 3, "a head and two rows: {}", printed.stdout);
}

#[tokio::test]
async fn a_list_that_breaks_off_says_so() {
    let people: Vec<Value> = (0..200).map(|n| json!({"user_id": n.to_string(), "active": true})).collect();
    let page = Answer::new(200, json!({"result": people}));
    let exchanges = vec![
        Exchange::new("GET /api/now/users?offset=0&limit=200", page.clone()),
        Exchange::new("GET /api/now/users?offset=200&limit=200", page),
    ];
    let server = Server::start(exchanges).await.expect("the script can be played");
    let printed = configured(&server.url()).run(&["iam-list-users", "--output=jsonl"]).await.ended(1);
    assert!(printed.stderr.contains("the same page of its list again"), "{}", printed.stderr);
    server.finish().await.expect("two pages are asked for");
}
