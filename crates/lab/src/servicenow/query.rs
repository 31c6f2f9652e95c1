//! Encoded queries: `active=true^emailLIKEexample^ORuser_nameSTARTSWITHann^ORDERBYname`.

use super::columns::{Definition, Kind, TABLES, table};

/// A query: alternatives of all of some of these, and an order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// Each alternative is a list of groups; of each group one condition must hold.
    pub(super) alternatives: Vec<Vec<Vec<Condition>>>,
    /// Columns to order by, and whether the largest comes first.
    pub(super) order: Vec<(Path, bool)>,
    /// Whether a part of it makes no sense.
    pub(super) has_invalid_part: bool,
}

/// The numbers of columns: references to follow, and the column that is meant.
pub(super) type Path = Vec<usize>;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) path: Path,
    pub(super) operator: Operator,
    pub(super) value: String,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Contains,
    ContainsNot,
    StartsWith,
    EndsWith,
    In,
    NotIn,
    Empty,
    NotEmpty,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// The operators, the longer before those that they begin with.
const OPERATORS: [(&str, Operator); 15] = [
    ("ISNOTEMPTY", Operator::NotEmpty),
    ("ISEMPTY", Operator::Empty),
    ("STARTSWITH", Operator::StartsWith),
    ("ENDSWITH", Operator::EndsWith),
    ("NOT LIKE", Operator::ContainsNot),
    ("NOTLIKE", Operator::ContainsNot),
    ("LIKE", Operator::Contains),
    ("NOT IN", Operator::NotIn),
    ("IN", Operator::In),
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

impl Query {
    /// Reads a query. What makes no sense is left out, and noted.
    pub(super) fn parse(text: &str, definition: &Definition) -> Self {
        let mut query = Self { alternatives: vec![Vec::new()], ..Self::default() };
        for part in parts(text) {
            query.take(&part, definition);
        }
        query
    }

    fn take(&mut self, part: &str, definition: &Definition) {
        if let Some(name) = part.strip_prefix("ORDERBYDESC") {
            return self.order_by(name, true, definition);
        }
        if let Some(name) = part.strip_prefix("ORDERBY") {
            return self.order_by(name, false, definition);
        }
        match part {
            "" | "EQ" => {}
            part if part.starts_with("NQ") => {
                self.alternatives.push(Vec::new());
                self.condition(&part[2..], false, definition);
            }
            part if part.starts_with("OR") => self.condition(&part[2..], true, definition),
            part => self.condition(part, false, definition),
        }
    }

    fn order_by(&mut self, name: &str, is_descending: bool, definition: &Definition) {
        match path(name, definition) {
            Some(path) => self.order.push((path, is_descending)),
            None => self.has_invalid_part = true,
        }
    }

    fn condition(&mut self, text: &str, is_alternative: bool, definition: &Definition) {
        let Some(condition) = Condition::parse(text, definition) else {
            self.has_invalid_part = true;
            return;
        };
        let Some(groups) = self.alternatives.last_mut() else { return };
        match groups.last_mut().filter(|_| is_alternative) {
            Some(group) => group.push(condition),
            None => groups.push(vec![condition]),
        }
    }
}

impl Condition {
    fn parse(text: &str, definition: &Definition) -> Option<Self> {
        let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        let end = text.find(|c| !is_of_name(c))?;
        let (name, rest) = text.split_at(end);
        let rest = rest.trim_start();
        let (word, operator) = OPERATORS.iter().find(|(word, _)| rest.starts_with(word))?;
        Some(Self {
            path: path(name, definition)?,
            operator: *operator,
            value: rest[word.len()..].to_owned(),
        })
    }
}

/// The parts between single `^`; two of them are the sign itself.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let last = parts.len() - 1;
        match sign {
            '^' if signs.next_if_eq(&'^').is_some() => parts[last].push('^'),
            '^' => parts.push(String::new()),
            other => parts[last].push(other),
        }
    }
    parts
}

/// How many references a name may follow.
const STEPS: usize = 5;

/// The columns of a name such as `user.user_name`.
pub(super) fn path(name: &str, definition: &Definition) -> Option<Path> {
    if name.matches('.').count() > STEPS {
        return None;
    }
    let (head, rest) = match name.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (name, None),
    };
    let column = definition.column(head)?;
    let mut found = vec![column];
    if let Some(rest) = rest {
        let Kind::Reference(target) = definition.columns[column].kind else { return None };
        found.extend(path(rest, &TABLES[table(target)?])?);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_part_by_part() {
        let users = &TABLES[0];
        let email = path("email", users).expect("a column");
        let condition =
            |operator, value: &str| Condition { path: email.clone(), operator, value: value.to_owned() };
        let cases = [
            ("", vec![vec![]]),
            ("email=a", vec![vec![vec![condition(Operator::Equal, "a")]]]),
            ("email=a^^b", vec![vec![vec![condition(Operator::Equal, "a^b")]]]),
            (
                "emailLIKEa^OR email=x^ORemail!=b^emailISEMPTY^EQ",
                vec![vec![
                    vec![condition(Operator::Contains, "a"), condition(Operator::NotEqual, "b")],
                    vec![condition(Operator::Empty, "")],
                ]],
            ),
            (
                "emailINa,b^NQemailSTARTSWITHc",
                vec![
                    vec![vec![condition(Operator::In, "a,b")]],
                    vec![vec![condition(Operator::StartsWith, "c")]],
                ],
            ),
        ];
        for (text, alternatives) in cases {
            assert_eq!(Query::parse(text, users).alternatives, alternatives, "{text}");
        }
        let ordered = Query::parse("ORDERBYDESCemail^ORDERBYmanager.name", users);
        assert_eq!(ordered.order.len(), 2);
        assert!(ordered.order[0].1 && !ordered.order[1].1 && !ordered.has_invalid_part);
        for invalid in [
            "nobody=1",
            "email",
            "email~a",
            "city.name=a",
            "ORDERBYnobody",
            "email=a^x",
            "manager.manager.manager.manager.manager.manager.name=a",
        ] {
            assert!(Query::parse(invalid, users).has_invalid_part, "{invalid}");
        }
    }
}
