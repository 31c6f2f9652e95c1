//! What a bed is: what is installed for it, and what it is to the tests.

/// A bed.
#[derive(Clone, Copy)]
pub(super) struct Bed {
    /// Its name, in variables and in `target/beds/`.
    pub(super) name: &'static str,
    pub(super) package: Package,
    pub(super) serves: Serves,
}

/// What is installed, in `target/beds/NAME`. Beds may share it.
#[derive(Clone, Copy)]
pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Names, with versions except for [`Kind::Debian`].
    pub(super) packages: &'static [&'static str],
    /// A file of `xtask/beds` that is put beside the packages, where it finds them.
    pub(super) app: Option<&'static str>,
    /// What is run once when all is installed. `{home}` is where the package is.
    pub(super) prepare: &'static [&'static str],
}

/// Where packages come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Python,
    Node,
    /// The system's own, outside `target/beds`.
    Debian(System),
}

/// What the system must have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct System {
    /// Packages are installed where one of these is missing.
    pub(super) files: &'static [&'static str],
    pub(super) runs_as_root: bool,
    /// Files, and what is in them, that are there while the packages are installed, since what
    /// is asked for at the end of an installation can be said in no other way.
    pub(super) meanwhile: &'static [(&'static str, &'static str)],
}

/// What a bed is to the tests.
#[derive(Clone, Copy)]
pub(super) enum Serves {
    /// A server. In the words of its command `{home}` is where the package is, `{apps}` is
    /// `xtask/beds`; the environment has PORT and TOKEN, which are `{port}` and `{token}` here.
    Server { command: &'static [&'static str], path: &'static str },
    /// A server that judges requests by an API description, which is `{description}`.
    Judge { command: &'static [&'static str], description: &'static str },
    /// OpenLDAP.
    Slapd,
    /// A domain controller of Active Directory.
    SambaAd,
    /// PostgreSQL.
    Postgres,
    /// Programs that tests run themselves. `{home}` is where the package is.
    Programs(&'static [&'static str]),
    /// Python in which a client's library is installed.
    Client,
}

pub(super) const fn python(name: &'static str, packages: &'static [&'static str]) -> Package {
    Package { name, kind: Kind::Python, packages, app: None, prepare: &[] }
}

pub(super) const fn node(name: &'static str, packages: &'static [&'static str]) -> Package {
    Package { name, kind: Kind::Node, packages, app: None, prepare: &[] }
}

pub(super) const fn debian(name: &'static str, system: System, packages: &'static [&'static str]) -> Package {
    Package { name, kind: Kind::Debian(system), packages, app: None, prepare: &[] }
}
