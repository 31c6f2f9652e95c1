//! LDAP directories, spoken to in LDAP itself (RFC 4511).

#![cfg_attr(not(test), expect(dead_code, reason = "the connector that calls it is not here yet"))]

mod dn;
mod filter;
mod schema;
