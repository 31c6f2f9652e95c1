//! Where a store is.

use std::fmt;
use std::path::PathBuf;

/// A file, or a database of a PostgreSQL server.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of SQLite.
    File(PathBuf),
    /// The address of a database, with its password if it has one.
    Postgres(String),
}

impl Location {
    /// Reads `postgres://...` as an address and everything else as a path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            Self::File(text.into())
        }
    }
}

/// Shows no password: of an address only what stands behind the log-in.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Postgres(address) => {
                let place = address.split_once("://").map_or("", |(_, place)| place);
                let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
                write!(f, "postgres://{}", place.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_log_in() {
        for (address, shown) in [
            (
                "postgres://app:hush@db.example:5432/provost?sslmode=require",
                "postgres://db.example:5432/provost",
            ),
            ("postgresql://db.example/provost", "postgres://db.example/provost"),
            ("postgres://a:p%40q@h/d", "postgres://h/d"),
            ("provost.db", "provost.db"),
        ] {
            assert_eq!(Location::parse(address).to_string(), shown);
        }
    }
}
