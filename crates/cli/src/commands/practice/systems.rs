//! The systems that can be emulated: their names, their places and their configuration.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use clap::ValueEnum;
use provost_lab::{Faults, Running, hello, okta, scim, servicenow};

use crate::output::Hinted;

/// The file that holds the lab's password and tokens, beside the configuration.
pub(crate) const SECRET_FILE: &str = "lab-password";
/// Who the lab's password is for.
const USERNAME: &str = "admin";

/// A system that can be emulated. Its name is that of its instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum System {
    /// Hello IAM World
    Hello,
    /// Okta
    Okta,
    /// ServiceNow
    Servicenow,
    /// SCIM 2.0
    Scim,
}

/// How the emulators are to be.
pub(crate) struct Wanted {
    pub(crate) systems: Vec<System>,
    /// The port of the first system; the others have the ports after it. 0 takes free ones.
    pub(crate) port: u16,
    pub(crate) secret: String,
    pub(crate) faults: Faults,
    pub(crate) people: usize,
    /// How many requests are answered in a system's window of time.
    pub(crate) limit: Option<u32>,
}

/// An emulator that runs.
pub(crate) struct Emulator {
    pub(crate) system: System,
    pub(crate) running: Running,
}

impl System {
    /// The instance's name.
    pub(crate) fn instance(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Okta => "okta",
            Self::Servicenow => "servicenow",
            Self::Scim => "scim",
        }
    }

    /// The system's name.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Hello => "Hello IAM World",
            Self::Okta => "Okta",
            Self::Servicenow => "ServiceNow",
            Self::Scim => "SCIM 2.0",
        }
    }

    /// The system's port: each keeps its own, whichever others run.
    fn address(self, port: u16) -> SocketAddr {
        let offset = if port == 0 { 0 } else { self as u16 };
        SocketAddr::from((Ipv4Addr::LOCALHOST, port.saturating_add(offset)))
    }

    /// The lines of the instance in `provost.yaml`. The emulator is on this machine, where
    /// no proxy leads.
    pub(crate) fn block(self, url: &str) -> String {
        let lines = match self {
            Self::Hello => format!(
                "integration: hello-iam-world\nurl: {url}\n\
                 credentials: {{username: {USERNAME}, password: \"file:{SECRET_FILE}\"}}"
            ),
            Self::Okta => format!("integration: okta-iam\nurl: {url}\napi-token: \"file:{SECRET_FILE}\""),
            Self::Servicenow => format!(
                "integration: servicenow-iam\nurl: {url}\n\
                 credentials: {{username: {USERNAME}, password: \"file:{SECRET_FILE}\"}}"
            ),
            Self::Scim => format!("integration: scim\nurl: {url}/scim/v2\ntoken: \"file:{SECRET_FILE}\""),
        };
        lines + "\nproxy: false"
    }

    async fn start(self, wanted: &Wanted) -> io::Result<Running> {
        let address = self.address(wanted.port);
        let (people, limit) = (wanted.people, wanted.limit);
        let (faults, secret) = (wanted.faults.clone(), wanted.secret.clone());
        match self {
            Self::Hello => {
                let user = USERNAME.to_owned();
                hello::start(hello::Options { address, user, password: secret, faults, people }).await
            }
            Self::Okta => {
                let options =
                    okta::Options { address, token: secret, faults, people, limit, ..Default::default() };
                okta::start(options).await
            }
            Self::Servicenow => {
                let user = USERNAME.to_owned();
                let options = servicenow::Options {
                    address,
                    user,
                    password: secret,
                    faults,
                    people,
                    limit,
                    ..Default::default()
                };
                servicenow::start(options).await
            }
            Self::Scim => {
                let options =
                    scim::Options { address, token: secret, faults, people, limit, ..Default::default() };
                scim::start(options).await
            }
        }
    }
}

/// Starts the emulators. If one cannot, none stays.
pub(crate) async fn start(wanted: &Wanted) -> anyhow::Result<Vec<Emulator>> {
    let mut emulators = Vec::new();
    for system in &wanted.systems {
        let running = system.start(wanted).await.map_err(|error| unable(*system, wanted.port, error))?;
        emulators.push(Emulator { system: *system, running });
    }
    Ok(emulators)
}

fn unable(system: System, port: u16, error: io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::AddrInUse {
        let port = system.address(port).port();
        return Hinted::new(format!("port {port} is in use"))
            .hint("name another with --port, or 0 for free ones")
            .into();
    }
    anyhow::Error::new(error).context(format!("could not start {}", system.title()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_keeps_its_port() {
        let ports =
            |port| System::value_variants().iter().map(|one| one.address(port).port()).collect::<Vec<_>>();
        assert_eq!(ports(8070), [8070, 8071, 8072, 8073]);
        assert_eq!(ports(0), [0; 4]);
        assert_eq!(ports(65_534), [65_534, 65_535, 65_535, 65_535], "which then is in use");
    }
}
