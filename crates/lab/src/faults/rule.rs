//! A rule: a kind of fault, which requests it is for, and how often it meets them.

use std::fmt;
use std::str::FromStr;

use super::FaultsError;
use super::kind::FaultKind;

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    /// What goes wrong.
    pub(super) kind: FaultKind,
    /// How often.
    pub(super) when: When,
    /// For which requests.
    pub(super) scope: Scope,
}

/// How often a fault meets the requests that its rule is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum When {
    /// This share of them, by chance.
    Share(f64),
    /// The one of this number, counted from 1.
    Nth(u64),
    /// Each whose number is a multiple of this.
    Every(u64),
}

/// Which requests a rule is for.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Scope {
    /// Of this method only.
    pub(super) method: Option<String>,
    /// At paths that begin so only.
    pub(super) path: Option<String>,
}

impl Scope {
    /// Whether a request is within it.
    pub(super) fn has(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.path.as_deref().is_none_or(|start| path.starts_with(start))
    }
}

impl Rule {
    /// The share of the requests that this takes by chance.
    pub(super) fn share(&self) -> f64 {
        if let When::Share(share) = self.when { share } else { 0.0 }
    }
}

impl FromStr for Rule {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let mut parts = text.split(':').map(str::trim);
        let (Some(kind), Some(when)) = (parts.next(), parts.next()) else {
            return Err(FaultsError::Form(text.to_owned()));
        };
        let mut rule = Self { kind: kind.parse()?, when: when.parse()?, scope: Scope::default() };
        for part in parts {
            rule.scope.take(part)?;
        }
        Ok(rule)
    }
}

impl Scope {
    fn take(&mut self, part: &str) -> Result<(), FaultsError> {
        let is_method = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase());
        let place = match part.starts_with('/') {
            true => &mut self.path,
            false if is_method => &mut self.method,
            false => return Err(FaultsError::Scope(part.to_owned())),
        };
        match place.replace(part.to_owned()) {
            None => Ok(()),
            Some(_) => Err(FaultsError::Scope(part.to_owned())),
        }
    }
}

impl FromStr for When {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let count = |digits: &str| digits.parse().ok().filter(|count| *count > 0);
        let when = match text.split_at_checked(1) {
            Some(("#", digits)) => count(digits).map(Self::Nth),
            Some(("%", digits)) => count(digits).map(Self::Every),
            _ => text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).map(Self::Share),
        };
        when.ok_or_else(|| FaultsError::Share(text.to_owned()))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.kind)?;
        match self.when {
            When::Share(share) => write!(f, "{share}")?,
            When::Nth(number) => write!(f, "#{number}")?,
            When::Every(number) => write!(f, "%{number}")?,
        }
        let scope = [&self.scope.method, &self.scope.path];
        scope.into_iter().flatten().try_for_each(|part| write!(f, ":{part}"))
    }
}
