//! Groups and the commands of one kind of system.

use async_trait::async_trait;
use provost_core::{
    Attributes, AuditResult, Context, Fault, FaultKind, Group, GroupId, GroupVerb, Groups, Member,
    MemberChange, Page, PageToken, VendorAnswer, VendorCall,
};
use serde_json::{Value, json};

use super::fake::{Scene, System, ann, fails, now};
use crate::{GroupCommand, GroupOutcome, Mode, run_group, run_vendor};

#[async_trait]
impl Groups for System {
    fn can(&self, _: GroupVerb) -> bool {
        true
    }

    fn batch(&self) -> usize {
        1
    }

    async fn find(&self, cx: &Context, _: &str) -> Result<Vec<Group>, Fault> {
        self.write(cx, "find");
        Ok(Vec::new())
    }

    async fn get(&self, _: &Context, _: &GroupId) -> Result<Option<Group>, Fault> {
        Ok(None)
    }

    async fn members(&self, _: &Context, _: &GroupId, _: Option<&PageToken>) -> Result<Page<Member>, Fault> {
        Ok(Page { items: Vec::new(), next: None, total: None })
    }

    async fn create(&self, cx: &Context, _: &Attributes) -> Result<Group, Fault> {
        self.write(cx, "create");
        let account = self.answers.lock().unwrap().pop_front().expect("a write was expected")?;
        let id = GroupId::from(account.id.as_str());
        Ok(Group { id, name: Some("Sales".to_owned()), attributes: Attributes::new() })
    }

    async fn change(&self, cx: &Context, _: &GroupId, _: MemberChange, _: &[String]) -> Result<(), Fault> {
        self.write(cx, "change");
        self.answers.lock().unwrap().pop_front().expect("a write was expected").map(drop)
    }

    async fn delete(&self, cx: &Context, _: &GroupId) -> Result<(), Fault> {
        self.write(cx, "delete");
        self.answers.lock().unwrap().pop_front().expect("a write was expected").map(drop)
    }
}

fn run(scene: &Scene, verb: GroupVerb, scim: Value, add: &[&str]) -> GroupOutcome {
    let Value::Object(scim) = scim else { unreachable!("an object") };
    let add = add.iter().map(|id| (*id).to_owned()).collect();
    let command = GroupCommand { verb, scim, include_members: false, add, remove: vec!["9".to_owned()] };
    now(run_group(&scene.instance, &command, &scene.conditions))
}

#[test]
fn a_group_is_made_between_its_events() {
    let scene = Scene::new(&[], [Ok(ann(true, json!({})))]);
    let outcome =
        run(&scene, GroupVerb::Create, json!({"displayName": "Sales", "apiToken": "canary-1"}), &[]);
    assert!(outcome.success && outcome.fault.is_none(), "{outcome:?}");
    assert_eq!(scene.diary(), ["find", "intend create-group", "create", "end 0"]);
    let intent = &scene.intents()[0];
    assert_eq!((intent.subject.as_deref(), &intent.account), (Some("Sales"), &None));
    assert_eq!(intent.after, Some(json!({"displayName": "Sales", "apiToken": "[secret]"})));
    let ending = &scene.endings()[0];
    assert_eq!((ending.result, &ending.account), (AuditResult::Success, &Some("7".into())));
    assert_eq!(ending.after, Some(json!({"displayName": "Sales"})));
    assert_eq!(ending.request_ids, ["request-2"]);
}

#[test]
fn a_group_whose_answer_means_nothing_is_looked_for() {
    for kind in [FaultKind::AnswerLost, FaultKind::BadAnswer] {
        let scene = Scene::new(&[], [fails(kind)]);
        let outcome = run(&scene, GroupVerb::Create, json!({"displayName": "Sales"}), &[]);
        assert_eq!(outcome.fault, Some(kind));
        assert_eq!(scene.diary(), ["find", "intend create-group", "create", "find", "end 0"]);
        assert_eq!(scene.results(), [AuditResult::Unknown]);
    }
}

#[test]
fn members_that_were_changed_before_a_fault_are_told_of() {
    let scene = Scene::new(&[], [Ok(ann(true, json!({}))), fails(FaultKind::AnswerLost)]);
    let outcome =
        run(&scene, GroupVerb::Update, json!({"id": "g", "displayName": "Sales"}), &["1", "2", "3"]);
    assert_eq!((outcome.success, outcome.fault), (false, Some(FaultKind::AnswerLost)));
    let intent = &scene.intents()[0];
    assert_eq!((intent.what.as_str(), &intent.account), ("update-group", &Some("g".into())));
    assert_eq!(intent.before, Some(json!({"displayName": "Sales"})));
    let after = json!({"displayName": "Sales", "added": ["1", "2", "3"], "removed": ["9"]});
    assert_eq!(intent.after, Some(after));
    let ending = &scene.endings()[0];
    assert_eq!(ending.result, AuditResult::Unknown);
    assert_eq!(ending.message, "the system says no (1 members were changed before this)");
    assert_eq!(ending.request_ids, ["request-1", "request-2"]);
}

#[test]
fn a_group_is_not_deleted_where_it_cannot_be_written_down() {
    let scene = Scene::flawed(Some(0), &[], vec![]);
    let outcome = run(&scene, GroupVerb::Delete, json!({"id": "g"}), &[]);
    assert!(!outcome.success);
    let message = "nothing was written, because the audit log could not be: the disk is full";
    assert_eq!(outcome.result.outputs["errorMessage"], message);
    assert_eq!(scene.diary(), ["intend delete-group"]);
    let scene = Scene::flawed(None, &[], vec![Ok(ann(true, json!({})))]);
    let outcome = run(&scene, GroupVerb::Delete, json!({"id": "g"}), &[]);
    assert!(outcome.success && outcome.hints[0].contains("the store is gone"), "{outcome:?}");
}

#[test]
fn a_dry_run_of_a_group_writes_nothing() {
    let mut scene = Scene::new(&[], []);
    scene.conditions.mode = Mode::DryRun;
    for verb in [GroupVerb::Create, GroupVerb::Update, GroupVerb::Delete] {
        let outcome = run(&scene, verb, json!({"id": "g", "displayName": "Sales"}), &["1"]);
        assert_eq!(outcome.fault, Some(FaultKind::Unsupported));
    }
    assert!(call(&scene, "app-set", json!({})).is_err());
    assert!(scene.diary().is_empty());
}

fn call(scene: &Scene, name: &str, arguments: Value) -> Result<VendorAnswer, Fault> {
    let Value::Object(arguments) = arguments else { unreachable!("an object") };
    let call = VendorCall { name, arguments: &arguments, stored: &Attributes::new() };
    now(run_vendor(&scene.instance, &call, &scene.conditions))
}

#[test]
fn a_command_that_may_write_has_events_and_one_that_reads_has_none() {
    let answers = || Ok(ann(true, json!({})));
    let scene = Scene::new(&[], [answers(), answers()]);
    assert!(call(&scene, "app-list", json!({})).is_ok());
    assert_eq!(scene.diary(), ["app-list"]);
    let list = r#"[{"name": "x", "secret": "canary-1"}]"#;
    assert!(call(&scene, "app-set", json!({"list": list, "note": "it is canary-1"})).is_ok());
    assert_eq!(scene.diary()[1..], ["intend app-set", "app-set", "end 0"]);
    let after = json!({"list": [{"name": "x", "secret": "[secret]"}], "note": "it is [secret]"});
    assert_eq!(scene.intents()[0].after, Some(after));
    assert_eq!(scene.results(), [AuditResult::Success]);
}

#[test]
fn a_command_whose_end_is_not_written_down_says_so() {
    let scene = Scene::flawed(None, &[], vec![Ok(ann(true, json!({}))), fails(FaultKind::InvalidValue)]);
    let answer = call(&scene, "app-set", json!({})).expect("it was done");
    assert_eq!(answer.hints.len(), 1);
    let fault = call(&scene, "app-set", json!({})).expect_err("it failed");
    assert_eq!((fault.kind, fault.hints.len()), (FaultKind::InvalidValue, 1));
}
