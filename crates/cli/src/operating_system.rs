//! Who sits at the machine, as the operating system knows them.

#[cfg(unix)]
use std::fs;

/// The variables in which a shell says the name of whoever uses it.
const VARIABLES: [&str; 3] = ["LOGNAME", "USER", "USERNAME"];

/// The id and the name of whoever runs the program.
#[cfg(unix)]
pub(crate) fn user() -> (String, String) {
    let id = rustix::process::getuid().as_raw().to_string();
    // A variable can be set by anybody, so that the system's own list goes first.
    let table = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = listed(&table, &id).or_else(said).unwrap_or_else(|| id.clone());
    (id, name)
}

/// The id and the name of whoever runs the program.
#[cfg(not(unix))]
pub(crate) fn user() -> (String, String) {
    let name = said().unwrap_or_else(|| "unknown".to_owned());
    (name.clone(), name)
}

fn said() -> Option<String> {
    VARIABLES.iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty())
}

/// The name that belongs to an id.
#[cfg(unix)]
fn listed(table: &str, id: &str) -> Option<String> {
    table.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id).then(|| name.to_owned())
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_an_id() {
        let table = "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n";
        assert_eq!(listed(table, "1000").as_deref(), Some("ann"));
        assert_eq!(listed(table, "0").as_deref(), Some("root"));
        assert_eq!(listed(table, "7"), None);
    }
}
