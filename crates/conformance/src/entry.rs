//! What is true of every entry, whatever a case expects of it (contract 1.2 and 1.3).

use serde_json::Value;

/// The keys of a vendor record, in their order.
const RECORD: [&str; 13] = [
    "brand",
    "instanceName",
    "action",
    "success",
    "active",
    "id",
    "username",
    "email",
    "errorCode",
    "errorMessage",
    "details",
    "skipped",
    "reason",
];

/// The context paths of an entry with their merge conditions.
const CONTEXT: [&str; 2] = [
    "IAM.UserProfile(val.email && val.email == obj.email)",
    "IAM.Vendor(val.instanceName && val.instanceName == obj.instanceName && val.email && val.email == obj.email)",
];

/// Entry types.
const ERROR: u8 = 4;

/// In which ways the entry is none. An answer that is no record has no rules.
pub(crate) fn flaws(entry: &Value) -> Vec<String> {
    let record = &entry["Contents"];
    if record.get("action").is_none() {
        return Vec::new();
    }
    let checks = [
        (keys(record) == RECORD, "the record's keys are not the 13 in their order"),
        (keys(&entry["EntryContext"]) == CONTEXT, "the context's keys are others"),
        (entry["ContentsFormat"] == "json", "the contents are not called JSON"),
        (
            entry.get("HumanReadable").is_none() == (entry["Type"] == ERROR),
            "only error entries have no table",
        ),
        (record["success"] == false || record["errorMessage"] == "", "a success has an error text"),
        (record["skipped"] == true || record["reason"] == "", "there is a reason, but nothing was skipped"),
        (record["success"] == true || record["errorMessage"] != "", "a failure does not say why"),
    ];
    checks.iter().filter(|(holds, _)| !holds).map(|(_, flaw)| (*flaw).to_owned()).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|members| members.keys().map(String::as_str).collect()).unwrap_or_default()
}
