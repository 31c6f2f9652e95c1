//! Referrals (RFC 4511, sections 4.1.10 and 4.5.3): other servers that should be asked.

use percent_encoding::percent_decode_str;
use provost_core::{Fault, FaultKind, Stage, Trace};
use url::Url;

use super::connection::{Connection, Failed};
use super::failure::explain;
use super::operation::{Operation, Reply};
use super::refusal::Refusal;
use super::{Can, Directory};

/// How often an operation is sent on. A directory whose servers refer to each other would go on
/// for ever.
const MOST_HOPS: usize = 5;

impl Directory {
    /// Asks the server that this one refers to, if that is allowed.
    pub(super) async fn follow(
        &self,
        operation: &Operation,
        refusal: &Refusal,
        trace: &Trace,
    ) -> Result<Reply, Fault> {
        if !self.follow_referrals {
            return Err(refused(refusal, self.setup.read));
        }
        let mut referrals = refusal.referrals.clone();
        for _ in 0..MOST_HOPS {
            match self.ask_there(operation, &referrals, trace).await? {
                Ok(reply) => return Ok(reply),
                Err(next) if next.referrals.is_empty() => return Err((self.setup.read)(&next)),
                Err(next) => referrals = next.referrals,
            }
        }
        Err(refused(refusal, self.setup.read).with_hint("the servers refer to each other without end"))
    }

    /// Adds what other servers have of a search, if that is allowed.
    pub(super) async fn follow_references(
        &self,
        operation: &Operation,
        reply: &mut Reply,
        trace: &Trace,
    ) -> Result<(), Fault> {
        for reference in std::mem::take(&mut reply.references) {
            if !self.follow_referrals {
                trace.explain(Stage::Ldap, || format!("not followed: {reference}"));
                continue;
            }
            let there = self.ask_there(operation, std::slice::from_ref(&reference), trace).await?;
            let there = there.map_err(|refusal| (self.setup.read)(&refusal))?;
            reply.entries.extend(there.entries);
        }
        Ok(())
    }

    /// Carries the operation out at the first of the addresses that can be reached.
    async fn ask_there(
        &self,
        operation: &Operation,
        addresses: &[String],
        trace: &Trace,
    ) -> Result<Result<Reply, Refusal>, Fault> {
        let mut last = None;
        for address in addresses {
            let Some((url, dn)) = parsed(address) else { continue };
            let operation = operation.at(dn.as_deref().unwrap_or(operation.dn()));
            trace.explain(Stage::Ldap, || format!("referred to {url}: {operation}"));
            let mut connection = match Connection::open(&url, &self.login, &self.setup).await {
                Ok(connection) => connection,
                Err(failed) => {
                    last = Some(explain(failed, &url, &self.setup));
                    continue;
                }
            };
            return match connection.carry_out(&operation, Can::default()).await {
                Ok(reply) => Ok(Ok(reply)),
                Err(Failed::Refused(refusal)) => Ok(Err(refusal)),
                Err(failed) => Err(explain(failed, &url, &self.setup)),
            };
        }
        Err(last.unwrap_or_else(|| Fault::new(FaultKind::BadAnswer, "the referral names no server")))
    }
}

fn refused(refusal: &Refusal, read: fn(&Refusal) -> Fault) -> Fault {
    let servers = refusal.referrals.join(", ");
    let fault = read(refusal);
    Fault { message: format!("{} (the server refers to {servers})", fault.message), ..fault }
        .with_hint("name that server in `url`, or set `follow-referrals: true`, which tells it the password")
}

/// The server of an LDAP address (RFC 4516) and the entry in it, where it names one.
fn parsed(address: &str) -> Option<(Url, Option<String>)> {
    let mut url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "ldap" | "ldaps"))?;
    url.host_str().filter(|host| !host.is_empty())?;
    let dn = percent_decode_str(url.path().trim_start_matches('/')).decode_utf8().ok()?.into_owned();
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Some((url, Some(dn).filter(|dn| !dn.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_server_and_an_entry() {
        let cases = [
            (
                "ldap://dc2.example.com/ou=A%20B,dc=x??sub?(a=b)",
                Some(("ldap://dc2.example.com", Some("ou=A B,dc=x"))),
            ),
            ("ldaps://dc2:6360", Some(("ldaps://dc2:6360", None))),
            ("ldap:///dc=x", None),
            ("http://dc2/dc=x", None),
            ("dc2", None),
        ];
        for (address, expected) in cases {
            let found = parsed(address);
            let found = found.as_ref().map(|(url, dn)| (url.as_str(), dn.as_deref()));
            assert_eq!(found, expected, "{address}");
        }
    }
}
