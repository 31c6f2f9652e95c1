//! A key for some instances or commands reaches these, whichever way is tried.

use serde_json::{Value, json};

use super::two::{Two, about};

/// The instances that answered, in their order.
fn instances(answer: &Value) -> Vec<&str> {
    let name = |result: &'_ Value| match result["instance"].as_str() {
        Some(_) => "instance",
        None => "IAM.Vendor",
    };
    let results = answer["results"].as_array().expect("results");
    let of = |result| match name(result) {
        "instance" => &result["instance"],
        _ => &result["IAM.Vendor"]["instanceName"],
    };
    results.iter().map(|result| of(result).as_str().expect("a name")).collect()
}

async fn batch(two: &Two, key: &str, query: &str, lines: &[Value]) -> String {
    let body = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let line = format!("POST /api/v1/batches?{query}");
    let begun = two.server.ask_as(key, &line, &[("Content-Type", "application/x-ndjson")], &body).await;
    begun.ended(202).json()["id"].as_str().expect("an id").to_owned()
}

/// The records of a batch, once it has ended.
async fn records(two: &Two, key: &str, id: &str) -> Vec<Value> {
    two.ended(key, id).await;
    let line = format!("GET /api/v1/runs/{id}/records");
    let page = two.ask(key, &line, &Value::Null).await.ended(200).json();
    page["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn of_instances() {
    let two = Two::start(&[]).await;
    let near = two.key("operator", json!({"instances": ["near"]}), &[]).await;
    let create = "POST /api/v1/commands/iam-create-user";
    // What is not named is not asked.
    let made = two.ask(&near, create, &about("ann@example.com")).await.ended(200).json();
    assert_eq!(instances(&made), ["near"]);
    let tested = two.ask(&near, "POST /api/v1/commands/test-module", &json!({})).await.ended(200).json();
    assert_eq!(instances(&tested), ["near"]);
    let brand = json!({"using-brand": "Okta IAM", "user-profile": about("ann@example.com")["user-profile"]});
    let by_brand = two.ask(&near, "POST /api/v1/commands/iam-get-user", &brand).await.ended(200).json();
    assert_eq!(instances(&by_brand), ["near"]);
    // Neither is what is named in any other way.
    for using in [json!("far"), json!(["near", "far"]), json!(" far "), json!("FAR"), json!(["far,near"])] {
        let mut body = about("ann@example.com");
        body["using"] = using;
        let answer = two.ask(&near, create, &body).await;
        assert!([403, 404].contains(&answer.status), "{body}: {answer:#?}");
    }
    assert_eq!(two.written("ann@example.com").await.map(|count| count > 0), [true, false]);
}

#[tokio::test]
async fn of_instances_in_what_was_done() {
    let two = Two::start(&[]).await;
    let near = two.key("viewer", json!({"instances": ["near"]}), &[]).await;
    let (root, create) = (two.server.key().to_owned(), "POST /api/v1/commands/iam-create-user");
    let both = two.ask(&root, create, &about("ann@example.com")).await.ended(200).json();
    assert_eq!(instances(&both), ["near", "far"]);
    let mut body = about("bo@example.com");
    body["using"] = json!("far");
    let far = two.ask(&root, create, &body).await.ended(200).json();
    let line =
        |run: &Value, rest: &str| format!("GET /api/v1/runs/{}{rest}", run["run"].as_str().expect("an id"));
    for (key, count) in [(&near, 1), (&root, 2)] {
        let page = two.ask(key, &line(&both, "/records"), &Value::Null).await.ended(200).json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(count), "{page:#}");
    }
    for rest in ["", "/records"] {
        two.ask(&near, &line(&far, rest), &Value::Null).await.ended(404);
        two.ask(&root, &line(&far, rest), &Value::Null).await.ended(200);
    }
    let runs = two.ask(&near, "GET /api/v1/runs", &Value::Null).await.ended(200);
    assert!(!runs.body.contains("bo@example.com") && runs.body.contains("ann@example.com"), "{runs:#?}");
    let audit = two.ask(&near, "GET /api/v1/audit?limit=500", &Value::Null).await.ended(200);
    assert!(!audit.body.contains("\"far\"") && audit.body.contains("\"near\""), "{audit:#?}");
    let all = two.ask(&root, "GET /api/v1/audit?instance=far", &Value::Null).await.ended(200).json();
    for event in all["items"].as_array().expect("items") {
        let line = format!("GET /api/v1/audit/{}", event["seq"]);
        two.ask(&near, &line, &Value::Null).await.ended(404);
    }
}

#[tokio::test]
async fn of_instances_in_batches() {
    let two = Two::start(&[]).await;
    let near = two.key("operator", json!({"instances": ["near"]}), &[]).await;
    let line = |email: &str, using: Value| {
        let profile = about(email)["user-profile"].clone();
        json!({"command": "iam-create-user", "user-profile": profile, "using": using})
    };
    let (ann, bo) = ("ann@example.com", "bo@example.com");
    let lines = [line(ann, json!([])), line(bo, json!(["far"])), line(bo, json!("near,far"))];
    let id = batch(&two, &near, "", &lines).await;
    let records = records(&two, &near, &id).await;
    let failed: Vec<_> = records.iter().filter(|record| record["IAM.Vendor"]["success"] == false).collect();
    assert_eq!((records.len(), failed.len()), (3, 2), "{records:#?}");
    assert!(failed.iter().all(|record| record.to_string().contains("may not ask")), "{failed:#?}");
    assert_eq!(two.written(ann).await.map(|count| count > 0), [true, false]);
    assert_eq!(two.written(bo).await, [0, 0]);
    two.server
        .ask_as(
            &near,
            "POST /api/v1/batches?using=far",
            &[("Content-Type", "text/csv")],
            "email\na@example.com\n",
        )
        .await
        .ended(403);
}

#[tokio::test]
async fn of_instances_in_batches_of_others() {
    let two = Two::start(&["--workers", "0"]).await;
    let near = two.key("operator", json!({"instances": ["near"]}), &[]).await;
    let getter = two.key("operator", json!({"commands": ["iam-get-user"]}), &[]).await;
    let root = two.server.key().to_owned();
    let id =
        batch(&two, &root, "command=iam-create-user", &[about("ann@example.com")["user-profile"].clone()])
            .await;
    for what in ["cancel", "resume"] {
        let line = format!("POST /api/v1/batches/{id}/{what}");
        for stranger in [&near, &getter] {
            two.ask(stranger, &line, &Value::Null).await.ended(403);
        }
        two.ask(&root, &line, &Value::Null).await.ended(200);
    }
    let far = batch(&two, &root, "using=far", &[about("ann@example.com")["user-profile"].clone()]).await;
    for rest in ["", "/progress"] {
        two.ask(&near, &format!("GET /api/v1/batches/{far}{rest}"), &Value::Null).await.ended(404);
    }
}

#[tokio::test]
async fn of_commands() {
    let two = Two::start(&[]).await;
    let getter = two.key("operator", json!({"commands": ["iam-get-user"]}), &[]).await;
    for name in ["iam-create-user", "iam-update-user", "iam-disable-user", "iam-create-group", "test-module"]
    {
        // The second way is the route for every other command, which must not lead to the same.
        for way in [name.to_owned(), name.replace('-', "%2D"), name.to_uppercase()] {
            let body = if name.ends_with("-user") && way == name {
                about("ann@example.com")
            } else {
                json!({"arguments": {}})
            };
            let answer = two.ask(&getter, &format!("POST /api/v1/commands/{way}"), &body).await;
            assert!([400, 403].contains(&answer.status), "{way}: {answer:#?}");
        }
    }
    two.ask(&getter, "POST /api/v1/commands/iam-get-user", &about("ann@example.com")).await.ended(200);
    let profile = about("ann@example.com")["user-profile"].clone();
    let lines = [json!({"command": "iam-create-user", "user-profile": profile}), profile.clone()];
    let id = batch(&two, &getter, "command=iam-get-user", &lines).await;
    let records = records(&two, &getter, &id).await;
    assert!(records.iter().any(|record| record.to_string().contains("may not run")), "{records:#?}");
    let query = "POST /api/v1/batches?command=iam-create-user";
    let kind = [("Content-Type", "application/x-ndjson")];
    two.server.ask_as(&getter, query, &kind, &profile.to_string()).await.ended(403);
    assert_eq!(two.written("ann@example.com").await, [0, 0]);
}

#[tokio::test]
async fn nobody_gives_a_key_that_reaches_further() {
    let two = Two::start(&[]).await;
    let near = two.key("admin", json!({"instances": ["near"], "commands": ["iam-*"]}), &[]).await;
    for scopes in [
        json!({}),
        json!({"instances": ["near"]}),
        json!({"instances": ["*"], "commands": ["iam-*"]}),
        json!({"instances": ["near", "far"], "commands": ["iam-*"]}),
        json!({"instances": ["near*"], "commands": ["iam-*"]}),
        json!({"instances": ["near"], "commands": ["*"]}),
    ] {
        let body = json!({"name": "more", "role": "viewer", "scopes": scopes});
        two.ask(&near, "POST /api/v1/keys", &body).await.ended(403);
    }
    let body = json!({"name": "less", "role": "viewer",
        "scopes": {"instances": ["near"], "commands": ["iam-get-user"]}});
    two.ask(&near, "POST /api/v1/keys", &body).await.ended(201);
}

#[tokio::test]
async fn a_viewer_writes_nothing() {
    let two = Two::start(&[]).await;
    let viewer = two.key("viewer", json!({}), &[]).await;
    let group = json!({"arguments": {"scim": {"displayName": "Sales"}}});
    for name in ["iam-create-group", "iam-update-group", "iam-delete-group", "okta-get-app-user-assignment"] {
        for way in [name.to_owned(), name.replace('-', "%2d"), name.to_uppercase()] {
            let body = if name.contains("delete") || name.contains("update") {
                json!({"arguments": {"scim": {"id": "1", "displayName": "Sales"}}})
            } else {
                group.clone()
            };
            two.ask(&viewer, &format!("POST /api/v1/commands/{way}"), &body).await.ended(403);
        }
    }
    for way in ["iam%2Dcreate%2Duser", "IAM-CREATE-USER", "iam-create-user%20", "iam-create-user%00"] {
        let body = json!({"arguments": about("ann@example.com")});
        two.ask(&viewer, &format!("POST /api/v1/commands/{way}"), &body).await.ended(403);
    }
    let kind = [("Content-Type", "application/x-ndjson")];
    for command in ["iam-get-user", "iam-create-user"] {
        let line = format!("POST /api/v1/batches?command={command}");
        two.server.ask_as(&viewer, &line, &kind, "{\"email\": \"ann@example.com\"}\n").await.ended(403);
    }
    assert_eq!(two.written("ann@example.com").await, [0, 0]);
}
