//! The accounts and the two ways to find one without looking at all.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::change::Change;
use super::refusal::Refusal;
use super::schema::{ATTRIBUTES, COUNT, place_of};

/// The number of the first account.
const FIRST_ID: usize = 1001;

/// Where an account keeps its mail address.
const EMAIL: usize = place_of("email").expect("the table of attributes has a mail address");

/// The departments that the first accounts belong to, in turn.
const DEPARTMENTS: [&str; 3] = ["Engineering", "Finance", "Sales"];

/// One account. A row of texts and not a JSON object, so that very many fit.
#[derive(Debug)]
pub(super) struct Account {
    id: usize,
    user_name: String,
    active: bool,
    attributes: [Option<Box<str>>; COUNT],
}

impl Account {
    /// The account as the API shows it; attributes without a value are left out.
    pub(super) fn to_json(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("user_id".to_owned(), self.id.to_string().into());
        shown.insert("user_name".to_owned(), self.user_name.as_str().into());
        shown.insert("active".to_owned(), self.active.into());
        for (attribute, value) in ATTRIBUTES.iter().zip(&self.attributes) {
            if let Some(text) = value {
                shown.insert(attribute.name.to_owned(), Value::from(&**text));
            }
        }
        Value::Object(shown)
    }
}

/// What an account can be looked up by. Each value belongs to one account at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// The id, exactly as it was given out.
    Id,
    /// The log-in name, in any case of letters.
    UserName,
    /// The mail address, in any case of letters.
    Email,
}

/// All accounts. None is ever deleted, so an account's place follows from its id.
#[derive(Debug, Default)]
pub(super) struct Directory {
    accounts: Vec<Account>,
    by_user_name: HashMap<String, usize>,
    by_email: HashMap<String, usize>,
}

impl Directory {
    /// A directory with so many accounts.
    pub(super) fn with_people(count: usize) -> Self {
        let mut directory = Self::default();
        for number in 1..=count {
            directory.create(person(number)).expect("numbered people differ");
        }
        directory
    }

    /// Makes an account.
    ///
    /// # Errors
    /// No mail address, or one that is taken, or a log-in name that is taken.
    pub(super) fn create(&mut self, change: Change) -> Result<&Account, Refusal> {
        let email = change.attribute(EMAIL).unwrap_or_default();
        if email.trim().is_empty() {
            return Err(Refusal::invalid("the attribute `email` is required"));
        }
        let user_name = change.user_name.clone().unwrap_or_else(|| self.free_user_name(email));
        let place = self.accounts.len();
        self.check(place, Some(&user_name), Some(email))?;
        let attributes = [const { None }; COUNT];
        self.accounts.push(Account {
            id: FIRST_ID + place,
            user_name: String::new(),
            active: true,
            attributes,
        });
        Ok(self.write(place, Change { user_name: Some(user_name), ..change }))
    }

    /// Writes to an account.
    ///
    /// # Errors
    /// No such account, or a mail address or log-in name that is empty or taken.
    pub(super) fn update(&mut self, id: &str, change: Change) -> Result<&Account, Refusal> {
        let place = self.place(Key::Id, id).ok_or_else(|| Refusal::no_such_user(id))?;
        self.check(place, change.user_name.as_deref(), change.attribute(EMAIL))?;
        Ok(self.write(place, change))
    }

    /// The account with this id, log-in name or mail address.
    pub(super) fn find(&self, key: Key, value: &str) -> Option<&Account> {
        self.place(key, value).map(|place| &self.accounts[place])
    }

    /// The account that has all of these.
    pub(super) fn find_by_all(&self, wanted: &[(Key, String)]) -> Option<&Account> {
        let mut places = wanted.iter().map(|(key, value)| self.place(*key, value));
        let first = places.next()??;
        places.all(|place| place == Some(first)).then(|| &self.accounts[first])
    }

    /// How many accounts there are.
    pub(super) fn count(&self) -> usize {
        self.accounts.len()
    }

    /// Some accounts in the order of their ids.
    pub(super) fn page(&self, offset: usize, limit: usize) -> &[Account] {
        let start = offset.min(self.accounts.len());
        let end = start.saturating_add(limit).min(self.accounts.len());
        &self.accounts[start..end]
    }

    fn place(&self, key: Key, value: &str) -> Option<usize> {
        match key {
            Key::Id => self.place_of_id(value),
            Key::UserName => self.by_user_name.get(&folded(value)).copied(),
            Key::Email => self.by_email.get(&folded(value)).copied(),
        }
    }

    fn place_of_id(&self, id: &str) -> Option<usize> {
        let place = id.parse::<usize>().ok()?.checked_sub(FIRST_ID)?;
        // `+1001` and `01001` are numbers too, but not the id.
        self.accounts.get(place).filter(|account| account.id.to_string() == id).map(|_| place)
    }

    /// Checks that the account at a place may have these.
    fn check(&self, place: usize, user_name: Option<&str>, email: Option<&str>) -> Result<(), Refusal> {
        for (name, index, value) in
            [("email", &self.by_email, email), ("user_name", &self.by_user_name, user_name)]
        {
            let Some(value) = value else { continue };
            if value.trim().is_empty() {
                return Err(Refusal::invalid(format!("the attribute `{name}` must not be empty")));
            }
            if index.get(&folded(value)).is_some_and(|owner| *owner != place) {
                return Err(Refusal::conflict(format!("another user has the {name} `{value}`")));
            }
        }
        Ok(())
    }

    /// Writes a change that was checked, and keeps the indexes true.
    fn write(&mut self, place: usize, change: Change) -> &Account {
        let account = &mut self.accounts[place];
        if let Some(user_name) = change.user_name {
            self.by_user_name.remove(&folded(&account.user_name));
            self.by_user_name.insert(folded(&user_name), place);
            account.user_name = user_name;
        }
        account.active = change.active.unwrap_or(account.active);
        for (attribute, text) in change.attributes {
            if attribute == EMAIL {
                if let Some(old) = &account.attributes[EMAIL] {
                    self.by_email.remove(&folded(old));
                }
                self.by_email.insert(folded(&text), place);
            }
            account.attributes[attribute] = Some(text);
        }
        account
    }

    /// The part of a mail address before the `@`, with a number where it is taken.
    fn free_user_name(&self, email: &str) -> String {
        let base = email.split('@').next().filter(|base| !base.is_empty()).unwrap_or("user");
        let numbered = (2..).map(|number: usize| format!("{base}{number}"));
        std::iter::once(base.to_owned())
            .chain(numbered)
            .find(|name| !self.by_user_name.contains_key(&folded(name)))
            .expect("there are more numbers than accounts")
    }
}

/// The form in which log-in names and mail addresses are compared.
fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// The values of a numbered person.
fn person(number: usize) -> Change {
    let digits = format!("{number:04}");
    let values = [
        ("department", DEPARTMENTS[number % DEPARTMENTS.len()].to_owned()),
        ("email", format!("user{digits}@example.com")),
        ("employee_number", digits.clone()),
        ("first_name", "User".to_owned()),
        ("last_name", digits.clone()),
        ("name", format!("User {digits}")),
    ];
    let attributes = values.into_iter().filter_map(|(name, text)| Some((place_of(name)?, text.into())));
    Change { attributes: attributes.collect(), ..Change::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(body: &Value) -> Change {
        Change::parse(body.to_string().as_bytes()).expect("a good body")
    }

    fn created(directory: &mut Directory, body: &Value) -> Value {
        directory.create(change(body)).expect("created").to_json()
    }

    #[test]
    fn user_names_come_from_the_mail_address_and_stay_unique() {
        let mut directory = Directory::default();
        let mut name =
            |email: &str| created(&mut directory, &serde_json::json!({"email": email}))["user_name"].clone();
        assert_eq!(name("ann@example.com"), "ann");
        assert_eq!(name("Ann@example.org"), "Ann2");
        assert_eq!(name("ann@example.net"), "ann3");
        assert_eq!(name("@example.com"), "user");
    }

    #[test]
    fn an_old_address_is_free_again_after_a_change() {
        let mut directory = Directory::default();
        created(&mut directory, &serde_json::json!({"email": "ann@example.com"}));
        let update = serde_json::json!({"email": "ann.example@example.com", "user_name": "annex"});
        directory.update("1001", change(&update)).expect("updated");
        assert!(directory.find(Key::Email, "ann@example.com").is_none());
        assert!(directory.find(Key::UserName, "ann").is_none());
        assert_eq!(directory.find(Key::Email, "ANN.EXAMPLE@example.com").map(|found| found.id), Some(1001));
        assert_eq!(directory.find(Key::UserName, "Annex").map(|found| found.id), Some(1001));
        assert_eq!(
            created(&mut directory, &serde_json::json!({"email": "ann@example.com"}))["user_id"],
            "1002"
        );
        let own = serde_json::json!({"email": "ANN@example.com", "user_name": "ANN"});
        let own = directory.update("1002", change(&own)).expect("its own address is not taken").to_json();
        assert_eq!((&own["email"], &own["user_name"]), (&"ANN@example.com".into(), &"ANN".into()));
    }

    #[test]
    fn a_refused_change_leaves_all_as_it_was() {
        let mut directory = Directory::with_people(2);
        for refused in [
            serde_json::json!({"city": "Town", "email": "USER0002@example.com"}),
            serde_json::json!({"city": "Town", "user_name": "User0002"}),
            serde_json::json!({"city": "Town", "email": " "}),
            serde_json::json!({"city": "Town", "user_name": ""}),
        ] {
            let before = directory.find(Key::Id, "1001").expect("seeded").to_json();
            directory.update("1001", change(&refused)).expect_err("refused");
            assert_eq!(directory.find(Key::Id, "1001").expect("seeded").to_json(), before);
            directory.create(change(&refused)).expect_err("refused");
        }
        assert_eq!(directory.count(), 2);
    }

    #[test]
    fn ids_are_exact() {
        let directory = Directory::with_people(1);
        assert!(directory.find(Key::Id, "1001").is_some());
        for id in ["1", "1000", "1002", "01001", "+1001", "1001 ", "", "x"] {
            assert!(directory.find(Key::Id, id).is_none(), "{id}");
        }
    }

    #[test]
    fn pages_never_run_past_the_end() {
        let directory = Directory::with_people(5);
        let ids = |offset, limit| directory.page(offset, limit).iter().map(|a| a.id).collect::<Vec<_>>();
        assert_eq!(ids(0, 2), [1001, 1002]);
        assert_eq!(ids(4, 2), [1005]);
        assert!(ids(5, 2).is_empty() && ids(usize::MAX, usize::MAX).is_empty());
    }

    #[test]
    fn a_hundred_thousand_people_are_found_at_once() {
        let directory = Directory::with_people(100_000);
        assert_eq!(directory.find(Key::Email, "user0001@example.com").map(|found| found.id), Some(1001));
        assert_eq!(directory.find(Key::UserName, "user100000").map(|found| found.id), Some(101_000));
    }
}
