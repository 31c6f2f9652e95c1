//! Cases are read, and entries are compared with them.

use serde_json::json;

use super::*;

const CASES: &str = "
- id: H1
  about: An active account is found by its mail address.
  command: iam-get-user
  arguments: {user-profile: {email: ann@example.com}}
  instance: {create-user-enabled: false}
  exchanges:
    - request: GET /api/now/users?email=ann%40example.com
      answer: {body: {result: [{user_id: mock_id, user_name: mock_user_name, active: true}]}}
  expect:
    exit: 0
    record: {success: true, active: true}
    profile: {email: ann@example.com}
    columns: [brand, instanceName, success]
    entry-type: 1
- id: MB14
  about: A profile that is no JSON ends in an error entry.
  command: iam-get-user
  arguments: {user-profile: '{\"email\":}'}
  expect:
    exit: 2
    message: Unable to parse JSON string.
";

fn complaint(text: &str) -> Diagnostic {
    *parse_cases(Path::new("cases.yaml"), text).expect_err(text)
}

/// A successful entry with a record.
fn entry() -> Value {
    let record = json!({"brand": "Hello IAM World", "instanceName": "hello", "success": true, "active": true,
                        "errorMessage": "", "details": {"city": "Town", "zip": "1"}});
    json!({
        "ContentsFormat": "json",
        "Contents": record,
        "Type": 1,
        "HumanReadable": "### Get User Results (Hello IAM World)\n|brand|instanceName|success|\n|---|---|---|\n| a | b | true |\n",
        "EntryContext": {
            "IAM.UserProfile(val.email && val.email == obj.email)": {"email": "ann@example.com", "surname": "Example"},
            "IAM.Vendor(val.instanceName && val.instanceName == obj.instanceName)": record,
        },
    })
}

/// The differences to an expectation written as JSON.
fn differences(expect: Value, entry: &Value, exit: i32, stderr: &str) -> Vec<String> {
    let expect: Expect = serde_json::from_value(expect).expect("an expectation");
    expect.check(entry, exit, stderr)
}

#[test]
fn a_file_of_cases_is_read() {
    let cases = parse_cases(Path::new("cases.yaml"), CASES).expect("two cases");
    assert_eq!(cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["H1", "MB14"]);
    let [first, second] = &cases[..] else { panic!("two cases") };
    assert_eq!(first.arguments["user-profile"], json!({"email": "ann@example.com"}));
    assert_eq!(first.instance["create-user-enabled"], json!(false));
    assert_eq!(first.exchanges[0].request, "GET /api/now/users?email=ann%40example.com");
    assert_eq!(first.exchanges[0].answer.status, 200);
    assert_eq!(first.exchanges[0].answer.body["result"][0]["active"], json!(true));
    assert_eq!(first.expect.check(&entry(), 0, ""), Vec::<String>::new());
    assert_eq!(second.arguments["user-profile"], json!("{\"email\":}"));
    assert_eq!((second.expect.exit, second.expect.record.is_none()), (2, true));
}

#[test]
fn what_is_no_case_has_a_place() {
    let misspelled = complaint(&CASES.replace("columns:", "colums:"));
    assert_eq!((misspelled.line, misspelled.hint.as_deref()), (14, Some("did you mean `columns`?")));
    let broken = complaint(&CASES.replace("GET /api", "GET api"));
    assert!(broken.message.contains("METHOD /path"), "{broken}");
    assert_eq!(broken.line, 8, "{broken}");
    let twice = complaint(&CASES.replace("MB14", "H1"));
    assert_eq!((twice.line, twice.message.as_str()), (16, "the id `H1` is there twice"));
    assert!(complaint("- id: H1\n").message.contains("about"));
}

#[test]
fn equal_members_pass() {
    let expect = json!({
        "record": {"success": true, "details": {"zip": "1", "city": "Town"}},
        "profile": {"surname": "Example"},
        "columns": ["brand", "instanceName", "success"],
        "entry-type": 1,
    });
    assert_eq!(differences(expect, &entry(), 0, ""), Vec::<String>::new());
    let note = json!({"Contents": {"User Profile": {"city": "City"}}, "Type": 1});
    assert_eq!(differences(json!({"answer": {"User Profile": {"city": "City"}}}), &note, 0, ""), [""; 0]);
}

#[test]
fn every_difference_is_named() {
    let expect = json!({
        "record": {"success": false, "id": null, "details": {"city": "Village", "state": "S"}},
        "profile": {"email": "user0001@example.com"},
        "columns": ["brand", "reason"],
        "entry-type": 4,
        "message": "gone",
    });
    let found = differences(expect, &entry(), 1, " no such instance\n");
    assert_eq!(
        found,
        [
            "exit: wanted 0, got 1, saying `no such instance`",
            "record.success: wanted false, got true",
            "record.id: wanted null, got nothing",
            "record.details.city: wanted \"Village\", got \"Town\"",
            "record.details.state: wanted \"S\", got nothing",
            "record.details.zip: wanted nothing, got \"1\"",
            "profile.email: wanted \"user0001@example.com\", got \"ann@example.com\"",
            "columns: wanted brand, reason, got brand, instanceName, success",
            "entry type: wanted 4, got 1",
            "message: wanted `gone`, got `no such instance`",
        ]
    );
}

#[test]
fn an_entry_without_record_fails_in_words() {
    let error = json!({"ContentsFormat": "text", "Contents": "It broke.", "Type": 4});
    let expect = json!({"record": {"success": true}, "profile": {"email": "x"}, "columns": ["brand"]});
    assert_eq!(
        differences(expect, &error, 0, ""),
        [
            "record: the entry has none, its contents are \"It broke.\"",
            "profile: the entry's context has no IAM.UserProfile",
            "columns: the entry has no table",
        ]
    );
    let expect = json!({"answer": {}, "message": "x"});
    assert_eq!(
        differences(expect, &Value::Null, 0, ""),
        ["answer: wanted {}, got nothing", "message: wanted `x`, got no error text"]
    );
}

#[test]
fn the_record_in_the_context_must_be_the_same() {
    let mut other = entry();
    other["EntryContext"]["IAM.Vendor(val.instanceName && val.instanceName == obj.instanceName)"] =
        json!({"success": false});
    let found = differences(json!({"record": {"success": true}}), &other, 0, "");
    assert_eq!(found, ["record: IAM.Vendor in the context is another one: {\"success\":false}"]);
    other["EntryContext"] = json!({});
    let found = differences(json!({"record": {}}), &other, 0, "");
    assert_eq!(found, ["record: the entry's context has no IAM.Vendor"]);
}

#[test]
fn a_message_is_found_wherever_errors_stand() {
    let expect = || json!({"message": "not exist"});
    let in_record = json!({"Contents": {"errorMessage": "User does not exist"}});
    let in_entry = json!({"Contents": "User does not exist"});
    assert_eq!(differences(expect(), &in_record, 0, ""), [""; 0]);
    assert_eq!(differences(expect(), &in_entry, 0, ""), [""; 0]);
    assert_eq!(differences(expect(), &Value::Null, 0, "the file does not exist"), [""; 0]);
}
