//! Our commands at directories that others wrote: OpenLDAP, and Samba as a domain controller of
//! Active Directory. `cargo xtask test` starts them.
//!
//! `bed` is such a server, `independent` its content past our program, `plan` is what is done
//! with it as data, `escapes` holds that no value is taken for anything else, `large` is about
//! many.

mod bed;
mod escapes;
mod independent;
mod kit;
mod large;
mod original;
mod plan;

#[tokio::test]
async fn openldap() {
    plan::run("slapd", include_str!("directories/openldap.yaml")).await;
}

#[tokio::test]
async fn active_directory() {
    plan::run("samba-ad", include_str!("directories/active-directory.yaml")).await;
}
