//! Values of expressions as JSON, up to a size. Lists that are made as they are read, such
//! as `range(9)`, are made here.

use minijinja::value::{Value as Jinja, ValueKind};
use minijinja::{Error, ErrorKind};
use serde_json::{Map, Value};

use super::functions::Clear;

/// The most that a value may hold: the bytes of its texts, and so much more for each value
/// in it.
const LARGEST: usize = 16 << 20;
const EACH: usize = 16;

/// A value as JSON; what is missing is null.
///
/// # Errors
/// A value that JSON has not, or one that is too large.
pub(super) fn to_json(value: &Jinja) -> Result<Value, Error> {
    Budget(LARGEST).json(value)
}

/// How much more a value may hold.
struct Budget(usize);

impl Budget {
    fn json(&mut self, value: &Jinja) -> Result<Value, Error> {
        self.spend(EACH)?;
        match value.kind() {
            ValueKind::Undefined | ValueKind::None => Ok(Value::Null),
            ValueKind::String => self.text(value.as_str().unwrap_or_default()).map(Value::String),
            ValueKind::Seq | ValueKind::Iterable => value.try_iter()?.map(|item| self.json(&item)).collect(),
            ValueKind::Map => self.object(value).map(Value::Object),
            ValueKind::Plain if value.downcast_object_ref::<Clear>().is_some() => Ok(Value::Null),
            ValueKind::Plain => Err(no_json("a function is no value")),
            _ => serde_json::to_value(value)
                .map_err(|error| no_json(&format!("it has no JSON value: {error}"))),
        }
    }

    fn object(&mut self, value: &Jinja) -> Result<Map<String, Value>, Error> {
        let mut members = Map::new();
        for name in value.try_iter()? {
            let member = self.json(&value.get_item(&name)?)?;
            members.insert(self.text(&name.to_string())?, member);
        }
        Ok(members)
    }

    fn text(&mut self, text: &str) -> Result<String, Error> {
        self.spend(text.len())?;
        Ok(text.to_owned())
    }

    fn spend(&mut self, amount: usize) -> Result<(), Error> {
        self.0 = self.0.checked_sub(amount).ok_or_else(|| Error::from(ErrorKind::OutOfFuel))?;
        Ok(())
    }
}

fn no_json(problem: &str) -> Error {
    Error::new(ErrorKind::BadSerialization, problem.to_owned())
}
