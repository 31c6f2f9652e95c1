//! Several instances side by side: none holds up or spoils another.

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{KNOWN, NOWHERE, system, with_instances};

const LOOK_UP: &str = "GET /api/now/users?email=user0001%40example.com";

/// A system that takes so many milliseconds for the one answer that it gives.
async fn slow(delay: u64) -> Server {
    let account = json!({"result": [{"user_id": "7", "user_name": "slow", "active": true}]});
    let answer = Answer { delay: Some(delay), ..Answer::new(200, account) };
    Server::start(vec![Exchange::new(LOOK_UP, answer)]).await.expect("the server starts")
}

#[tokio::test]
async fn a_record_is_printed_while_another_instance_is_waited_for() {
    let (slow, quick) = (slow(600_000).await, system().await);
    let provost = with_instances(&[("slow", &slow.url()), ("quick", &quick.url())]);
    let mut child = provost.start(&["iam-get-user", KNOWN, "--output=jsonl"]);
    let stdout = child.stdout.take().expect("standard output is a pipe");
    let first = BufReader::new(stdout).lines().next_line().await.expect("readable").expect("a line");
    let record: Value = serde_json::from_str(&first).expect("a record");
    assert_eq!((&record["instanceName"], &record["success"]), (&json!("quick"), &json!(true)));
    assert_eq!(child.try_wait().expect("a state"), None, "the slow one is still waited for");
    child.kill().await.expect("it can be ended");
}

#[tokio::test]
async fn lines_come_as_they_are_ready_and_lists_in_the_order_of_the_file() {
    let quick = system().await;
    for (format, expected) in [("jsonl", ["quick", "slow"]), ("json", ["slow", "quick"])] {
        let slow = slow(400).await;
        let provost = with_instances(&[("slow", &slow.url()), ("quick", &quick.url())]);
        let printed = provost.run(&["iam-get-user", KNOWN, "-o", format]).await.ended(0);
        let records = match format {
            "json" => printed.json()["IAM.Vendor"].as_array().expect("a list").clone(),
            _ => printed.json_lines(),
        };
        let names: Vec<&Value> = records.iter().map(|record| &record["instanceName"]).collect();
        assert_eq!(names, expected, "{format}");
        assert_eq!(slow.finish().await, Ok(()));
    }
}

#[tokio::test]
async fn a_dead_system_spoils_only_its_own_record() {
    let alive = system().await;
    let provost = with_instances(&[("dead", NOWHERE), ("alive", &alive.url())]);
    let records = provost.run(&["iam-get-user", KNOWN, "-o", "jsonl"]).await.ended(1).json_lines();
    let seen: Vec<(&Value, &Value)> =
        records.iter().map(|record| (&record["instanceName"], &record["success"])).collect();
    assert_eq!(seen, [(&json!("alive"), &json!(true)), (&json!("dead"), &json!(false))]);
    assert_eq!(records[1]["errorCode"], Value::Null);
}

#[tokio::test]
async fn an_instance_that_cannot_work_keeps_its_place_in_the_list() {
    let alive = system().await;
    let good = |name: &str| {
        format!(
            "  {name}:\n    integration: hello-iam-world\n    url: {}\n    \
             credentials: {{username: app, password: \"env:APP_PASSWORD\"}}\n",
            alive.url()
        )
    };
    let broken = good("broken").replace("APP_PASSWORD", "UNSET");
    let text = format!("instances:\n{}{broken}{}", good("first"), good("last"));
    let provost = crate::provost::Provost::configured(&text);
    let words = ["iam-get-user", KNOWN, "-o", "json"];
    let answer = provost.run(&words).await.ended(1).json();
    let records = answer["IAM.Vendor"].as_array().expect("a list");
    let seen: Vec<(&Value, &Value)> =
        records.iter().map(|record| (&record["instanceName"], &record["success"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(seen, [(&json!("first"), &yes), (&json!("broken"), &no), (&json!("last"), &yes)]);
    assert!(records[1]["errorMessage"].as_str().is_some_and(|text| text.contains("`UNSET` is not set")));
}
