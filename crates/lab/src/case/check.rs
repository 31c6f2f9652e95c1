//! Compares a printed entry with what a case expects of it.

use serde_json::Value;

use provost_core::Attributes;

use super::Expect;

/// Context paths; in an entry a merge condition in parentheses follows each.
const PROFILE_PATH: &str = "IAM.UserProfile";
const VENDOR_PATH: &str = "IAM.Vendor";

impl Expect {
    /// Compares with the entry that a command printed, its exit status and what it wrote to
    /// its error stream. Returns every difference in words; none means that the case passed.
    pub fn check(&self, entry: &Value, exit: i32, stderr: &str) -> Vec<String> {
        let printed = Printed { entry, stderr };
        let mut found = Vec::new();
        if self.exit != exit {
            found.push(format!("exit: wanted {}, got {exit}{}", self.exit, printed.remark()));
        }
        if let Some(wanted) = &self.record {
            printed.check_record(wanted, &mut found);
        }
        if let Some(wanted) = &self.profile {
            match printed.context(PROFILE_PATH) {
                Some(profile) => compare_members("profile", wanted, profile, &mut found),
                None => found.push(format!("profile: the entry's context has no {PROFILE_PATH}")),
            }
        }
        for (path, wanted) in self.outputs.iter().flatten() {
            match (wanted, printed.context(path)) {
                (Value::Object(wanted), Some(got)) => compare_members(path, wanted, got, &mut found),
                (wanted, got) => compare(path, wanted, got, &mut found),
            }
        }
        if let Some(wanted) = &self.answer {
            compare("answer", wanted, entry.get("Contents"), &mut found);
        }
        if let Some(wanted) = &self.columns {
            printed.check_columns(wanted, &mut found);
        }
        if let Some(wanted) = self.entry_type {
            compare("entry type", &wanted.into(), entry.get("Type"), &mut found);
        }
        if let Some(wanted) = &self.message {
            printed.check_message(wanted, &mut found);
        }
        found
    }
}

/// What a command left behind.
struct Printed<'a> {
    entry: &'a Value,
    stderr: &'a str,
}

impl Printed<'_> {
    /// The record stands in the entry twice; both must be the same.
    fn check_record(&self, wanted: &Attributes, found: &mut Vec<String>) {
        let record = &self.entry["Contents"];
        if !record.is_object() {
            found.push(format!("record: the entry has none, its contents are {record}"));
            return;
        }
        compare_members("record", wanted, record, found);
        match self.context(VENDOR_PATH) {
            None => found.push(format!("record: the entry's context has no {VENDOR_PATH}")),
            Some(context) if context != record => {
                found.push(format!("record: {VENDOR_PATH} in the context is another one: {context}"));
            }
            Some(_) => {}
        }
    }

    fn check_columns(&self, wanted: &[String], found: &mut Vec<String>) {
        match self.columns() {
            None => found.push("columns: the entry has no table".to_owned()),
            Some(got) if got != *wanted => {
                found.push(format!("columns: wanted {}, got {}", wanted.join(", "), got.join(", ")));
            }
            Some(_) => {}
        }
    }

    /// The error text is the contents of an error entry, a member of a record, or all that
    /// a command without an entry says.
    fn check_message(&self, wanted: &str, found: &mut Vec<String>) {
        let contents = &self.entry["Contents"];
        let texts = [contents.as_str(), contents["errorMessage"].as_str(), Some(self.stderr)];
        if texts.iter().flatten().any(|text| text.contains(wanted)) {
            return;
        }
        let got: Vec<&str> =
            texts.into_iter().flatten().map(str::trim).filter(|text| !text.is_empty()).collect();
        let got = if got.is_empty() { "no error text".to_owned() } else { format!("`{}`", got.join("`, `")) };
        found.push(format!("message: wanted `{wanted}`, got {got}"));
    }

    /// What the entry would write below a context path.
    fn context(&self, path: &str) -> Option<&Value> {
        let context = self.entry["EntryContext"].as_object()?;
        let is_at = |key: &str| key.split('(').next() == Some(path);
        context.iter().find(|(key, _)| is_at(key)).map(|(_, value)| value)
    }

    /// The header of the table: the first line with a bar at its start.
    fn columns(&self) -> Option<Vec<&str>> {
        let table = self.entry["HumanReadable"].as_str()?;
        let header = table.lines().find(|line| line.starts_with('|'))?;
        Some(header.trim_matches('|').split('|').map(str::trim).collect())
    }

    fn remark(&self) -> String {
        let said = self.stderr.trim();
        if said.is_empty() { String::new() } else { format!(", saying `{said}`") }
    }
}

/// Every wanted member must be there and equal; others do not matter.
fn compare_members(place: &str, wanted: &Attributes, got: &Value, found: &mut Vec<String>) {
    for (name, wanted) in wanted {
        compare(&format!("{place}.{name}"), wanted, got.get(name), found);
    }
}

/// Values must be equal. Objects are gone through, so that a difference is named by its
/// place and not by two long lines of JSON.
fn compare(place: &str, wanted: &Value, got: Option<&Value>, found: &mut Vec<String>) {
    match (wanted, got) {
        (wanted, Some(got)) if wanted == got => {}
        (Value::Object(wanted), Some(Value::Object(got))) => {
            for (name, wanted) in wanted {
                compare(&format!("{place}.{name}"), wanted, got.get(name), found);
            }
            let unwanted = got.iter().filter(|(name, _)| !wanted.contains_key(*name));
            found.extend(unwanted.map(|(name, got)| format!("{place}.{name}: wanted nothing, got {got}")));
        }
        (wanted, Some(got)) => found.push(format!("{place}: wanted {wanted}, got {got}")),
        (wanted, None) => found.push(format!("{place}: wanted {wanted}, got nothing")),
    }
}
