//! Is what the system gave really the account that was asked for?
//!
//! Several real servers ignore filters and answer with everybody. Taking the first would
//! change the wrong person's account.

use provost_core::{Account, Code, Fault, FaultKind, InstanceName, LookUp};

/// How many accounts an error names.
const NAMED: usize = 5;

/// What a look-up came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Match {
    /// The account that was asked for.
    One(Account),
    /// The system knows nobody.
    Nobody,
    /// The system answered, but with this many other accounts.
    Others(usize),
}

impl Match {
    pub(crate) fn account(&self) -> Option<&Account> {
        match self {
            Self::One(account) => Some(account),
            Self::Nobody | Self::Others(_) => None,
        }
    }
}

/// The one account that carries the value, or none.
///
/// # Errors
/// Several accounts that fit, or several that do not show the attribute at all.
pub(crate) fn pick(found: Vec<Account>, look_up: &LookUp, instance: &InstanceName) -> Result<Match, Fault> {
    let given = found.len();
    let mut fitting: Vec<Account> = Vec::new();
    let (carrying, silent): (Vec<_>, Vec<_>) = found
        .into_iter()
        .filter(|account| !contradicts(account, look_up))
        .partition(|account| account.keys.contains_key(&look_up.attribute));
    // An account that shows the value is better than those that do not show the attribute.
    for account in if carrying.is_empty() { silent } else { carrying } {
        if !fitting.iter().any(|known| known.id == account.id) {
            fitting.push(account);
        }
    }
    match (fitting.len(), fitting.pop()) {
        (0 | 1, Some(account)) => Ok(Match::One(account)),
        (_, None) if given == 0 => Ok(Match::Nobody),
        (_, None) => Ok(Match::Others(given)),
        (_, Some(last)) => {
            fitting.push(last);
            Err(several(&fitting, look_up, instance))
        }
    }
}

/// Whether the account shows the attribute, but not the value asked for. Names and
/// addresses are compared without case, as systems do; ids are not.
fn contradicts(account: &Account, look_up: &LookUp) -> bool {
    let same = |shown: &String| match look_up.attribute.as_str() {
        "id" => *shown == look_up.value,
        _ => shown.to_lowercase() == look_up.value.to_lowercase(),
    };
    account.keys.get(&look_up.attribute).is_some_and(|shown| !shown.iter().any(same))
}

/// A create must not follow an answer that shows only other people: a system that ignores
/// the filter may have the account on a later page.
pub(crate) fn refuse_others(count: usize, look_up: &LookUp, instance: &InstanceName) -> Fault {
    let others = if count == 1 { "another account" } else { "other accounts" };
    let message = format!(
        "{instance} answered the search for {} = {} with {others} only, so that nothing is created",
        look_up.attribute, look_up.value
    );
    Fault::new(FaultKind::BadAnswer, message)
        .with_code(Code::Number(409))
        .with_hint("the system seems to ignore the filter; check the integration's `find` operation")
}

fn several(accounts: &[Account], look_up: &LookUp, instance: &InstanceName) -> Fault {
    let name = |account: &Account| match &account.username {
        Some(username) => format!("{} ({username})", account.id),
        None => account.id.to_string(),
    };
    let mut names: Vec<String> = accounts.iter().take(NAMED).map(name).collect();
    if accounts.len() > NAMED {
        names.push("...".to_owned());
    }
    let message = format!(
        "{} accounts in {instance} have {} = {}: {}",
        accounts.len(),
        look_up.attribute,
        look_up.value,
        names.join(", ")
    );
    Fault::new(FaultKind::SeveralMatches, message)
        .with_code(Code::Number(409))
        .with_hint("give the profile the `id` of the right one, or mend the duplicates in the system")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use provost_core::Attributes;

    use super::*;

    fn account(id: &str, email: Option<&str>) -> Account {
        let values = |email: &str| if email.is_empty() { vec![] } else { vec![email.to_owned()] };
        let keys = email.map(|email| ("email".to_owned(), values(email)));
        Account {
            id: id.into(),
            username: None,
            email: None,
            active: None,
            unfinished: false,
            keys: BTreeMap::from_iter(keys),
            attributes: Attributes::new(),
        }
    }

    fn picked(found: Vec<Account>) -> Result<String, String> {
        let look_up = LookUp { attribute: "email".to_owned(), value: "ann@x".to_owned() };
        match pick(found, &look_up, &"app".into()) {
            Ok(Match::One(account)) => Ok(account.id.to_string()),
            Ok(other) => Ok(format!("{other:?}")),
            Err(fault) => Err(fault.message),
        }
    }

    #[test]
    fn only_the_account_asked_for_is_taken() {
        let (ann, upper, bob, silent) = (
            account("1", Some("ann@x")),
            account("1", Some("ANN@X")),
            account("2", Some("bob@x")),
            account("3", None),
        );
        let id = |id: &str| Ok(id.to_owned());
        assert_eq!(picked(vec![]), id("Nobody"));
        assert_eq!(picked(vec![ann.clone()]), id("1"));
        assert_eq!(picked(vec![upper]), id("1"));
        assert_eq!(picked(vec![bob.clone()]), id("Others(1)"), "a server that ignores the filter");
        assert_eq!(picked(vec![account("6", Some(""))]), id("Others(1)"), "shown as empty");
        assert_eq!(picked(vec![bob.clone(), ann.clone()]), id("1"));
        assert_eq!(picked(vec![ann.clone(), ann.clone()]), id("1"), "the same one twice");
        assert_eq!(picked(vec![silent.clone()]), id("3"), "it cannot be checked, but it is the only one");
        assert_eq!(picked(vec![silent.clone(), ann.clone()]), id("1"));
        let twice = picked(vec![ann, account("4", Some("ann@x")), bob]);
        assert_eq!(twice, Err("2 accounts in app have email = ann@x: 1, 4".to_owned()));
        assert!(picked(vec![silent, account("5", None)]).is_err());
    }
}
