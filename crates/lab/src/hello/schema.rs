//! The attributes of an account.

/// One attribute: the key on the wire and what people call it.
pub(super) struct Attribute {
    /// The key.
    pub(super) name: &'static str,
    /// The words for people.
    pub(super) description: &'static str,
}

const fn attribute(name: &'static str, description: &'static str) -> Attribute {
    Attribute { name, description }
}

/// The log-in name. It is kept apart from the others, since every account has one.
pub(super) const USER_NAME: Attribute = attribute("user_name", "Log-in name");

/// How many attributes there are beside the log-in name.
pub(super) const COUNT: usize = 15;

/// The attributes, in the order in which an account shows them.
pub(super) const ATTRIBUTES: [Attribute; COUNT] = [
    attribute("city", "City"),
    attribute("cost_center", "Cost center that pays for the account"),
    attribute("country", "Country"),
    attribute("department", "Department"),
    attribute("name", "Full name, as shown to others"),
    attribute("email", "Mail address, unique"),
    attribute("employee_number", "Number of the employee"),
    attribute("first_name", "Given name"),
    attribute("last_name", "Surname"),
    attribute("manager", "Name of the manager"),
    attribute("mobile_phone", "Mobile phone number"),
    attribute("state", "State or province"),
    attribute("street", "Street and house number"),
    attribute("title", "Job title"),
    attribute("zip", "Postal code"),
];

/// The place of an attribute in the table.
pub(super) const fn place_of(name: &str) -> Option<usize> {
    let mut place = 0;
    while place < COUNT {
        if is_same(ATTRIBUTES[place].name, name) {
            return Some(place);
        }
        place += 1;
    }
    None
}

/// Text equality that the compiler can work out.
const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}
