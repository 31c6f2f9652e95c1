//! Statements with their parameters.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What stands for a NUL where none can be.
pub(crate) const NO_NUL: &str = "\u{fffd}";

/// A value that is sent beside a statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Param<'a> {
    Int(Option<i64>),
    Text(Option<Cow<'a, str>>),
    Bytes(Option<Cow<'a, [u8]>>),
}

/// A statement. Its text is put together of constants alone: values cannot come into it.
#[derive(Debug, Clone)]
pub(crate) struct Sql<'a> {
    text: Cow<'static, str>,
    params: Vec<Param<'a>>,
}

impl<'a> Sql<'a> {
    pub(crate) fn new(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), params: Vec::new() }
    }

    /// The next value: `$1`, then `$2`.
    #[must_use]
    pub(crate) fn bind(mut self, value: impl Into<Param<'a>>) -> Self {
        self.params.push(value.into());
        self
    }

    /// More text.
    #[must_use]
    pub(crate) fn add(mut self, text: &'static str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// More text, a value, and the text after it.
    #[must_use]
    pub(crate) fn with(
        mut self,
        before: &'static str,
        value: impl Into<Param<'a>>,
        after: &'static str,
    ) -> Self {
        self.params.push(value.into());
        let number = self.params.len();
        // Writing to memory does not fail.
        let _ = write!(self.text.to_mut(), "{before}${number}{after}");
        self
    }

    pub(super) fn with_all(text: String, params: Vec<Param<'a>>) -> Self {
        Self { text: Cow::Owned(text), params }
    }

    pub(super) fn text(&self) -> Cow<'static, str> {
        self.text.clone()
    }

    pub(super) fn params(&self) -> &[Param<'a>] {
        &self.params
    }
}

macro_rules! params {
    ($($type:ty => |$value:ident| $param:expr),* $(,)?) => {
        $(impl<'a> From<$type> for Param<'a> {
            fn from($value: $type) -> Self {
                $param
            }
        })*
    };
}

params!(
    i64 => |value| Self::Int(Some(value)),
    Option<i64> => |value| Self::Int(value),
    bool => |value| Self::Int(Some(value.into())),
    &'a str => |value| Self::Text(Some(Cow::Borrowed(value))),
    &'a String => |value| Self::Text(Some(Cow::Borrowed(value))),
    String => |value| Self::Text(Some(Cow::Owned(value))),
    Option<&'a str> => |value| Self::Text(value.map(Cow::Borrowed)),
    Option<String> => |value| Self::Text(value.map(Cow::Owned)),
    &'a [u8] => |value| Self::Bytes(Some(Cow::Borrowed(value))),
    Vec<u8> => |value| Self::Bytes(Some(Cow::Owned(value))),
);

/// A number that is not negative. None of ours comes near the limit.
impl From<u64> for Param<'_> {
    fn from(value: u64) -> Self {
        Self::Int(Some(i64::try_from(value).unwrap_or(i64::MAX)))
    }
}

impl From<Option<u64>> for Param<'_> {
    fn from(value: Option<u64>) -> Self {
        Self::Int(value.map(|value| i64::try_from(value).unwrap_or(i64::MAX)))
    }
}

/// A moment, in microseconds since 1970.
impl From<jiff::Timestamp> for Param<'_> {
    fn from(value: jiff::Timestamp) -> Self {
        Self::Int(Some(value.as_microsecond()))
    }
}

impl From<Option<jiff::Timestamp>> for Param<'_> {
    fn from(value: Option<jiff::Timestamp>) -> Self {
        Self::Int(value.map(jiff::Timestamp::as_microsecond))
    }
}
