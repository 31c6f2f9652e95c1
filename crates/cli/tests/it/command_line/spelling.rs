//! Names: which are the same, and which are none.

use super::refusals::check;
use super::{KNOWN, NOWHERE, with_instances, with_system};
use crate::provost::Provost;

#[tokio::test]
async fn two_spellings_of_one_name_are_refused() {
    let provost = with_instances(&[("crm_prod", NOWHERE), ("app", NOWHERE), ("CRM-prod", NOWHERE)]);
    let expected = &["`crm_prod` and `CRM-prod`", "provost.yaml:10:3", "dashes and underscores are alike"];
    check(&provost, &["iam-create-user", KNOWN], expected).await;
    check(&provost, &["instance", "list"], expected).await;
}

#[tokio::test]
async fn two_spellings_of_one_setting_are_refused() {
    for (first, second) in [("mapper_in: none", "mapper-in: none"), ("url: x", "URL: y")] {
        let text =
            format!("instances:\n  app:\n    integration: hello-iam-world\n    {first}\n    {second}\n");
        let names = [first, second].map(|line| line.split(':').next().expect("a name"));
        let message = format!("`{}` and `{}` are one setting", names[0], names[1]);
        let expected = ["instance `app`", message.as_str(), "provost.yaml:5:5"];
        check(&Provost::configured(&text), &["iam-get-user", KNOWN], &expected).await;
    }
}

#[tokio::test]
async fn what_yaml_takes_for_nothing_is_no_name() {
    for name in ["null", "~"] {
        let provost = Provost::configured(&format!("instances:\n  {name}: {{integration: x}}\n"));
        check(&provost, &["instance", "list"], &["a name is missing here", ":2:3"]).await;
    }
    let deep = format!("instances:\n  app: {{x: {}{}}}\n", "[".repeat(5000), "]".repeat(5000));
    check(&Provost::configured(&deep), &["instance", "list"], &["this is more than is read"]).await;
}

#[tokio::test]
async fn underscores_in_names_of_files_and_instances_stay() {
    let (_system, provost) = with_system().await;
    let text = provost.read("provost.yaml").replace("app:", "iam_hr:");
    let provost = Provost::new().file("iam_Conf.yaml", &text);
    let words = ["--config", "iam_Conf.yaml", "iam_get_user", KNOWN, "--using_brand", "Hello IAM World"];
    let found = provost.run(&words).await.ended(0);
    assert!(found.stdout.contains("iam_hr"), "{found:#?}");
    let words = ["instance", "remove", "iam_hr", "--yes", "--config", "iam_Conf.yaml"];
    let removed = provost.run(&words).await.ended(0);
    assert!(removed.stdout.contains("`iam_hr` is no longer configured in iam_Conf.yaml"), "{removed:#?}");
    let added = Provost::new()
        .run(&[
            "instance",
            "add",
            "iam_hr",
            "--integration=hello-iam-world",
            "--set=url=http://127.0.0.1:1",
            "--set=credentials.username=iam_x",
            "--set=credentials.password=env:APP_PASSWORD",
        ])
        .await
        .ended(0);
    assert!(added.stdout.contains("`iam_hr` is configured"), "{added:#?}");
}

#[tokio::test]
async fn a_folder_of_integrations_must_be_there() {
    for written in ["nowhere", "[., nowhere]"] {
        let provost = Provost::configured(&format!("instances: {{}}\nintegrations: {written}\n"));
        check(&provost, &["instance", "list"], &["no folder `./nowhere`", "provost.yaml:2:15"]).await;
    }
}
