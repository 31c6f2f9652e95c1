//! Addresses in `provost.yaml`: what is one, and how it is shown.

use url::Url;

/// Reads an `http:` or `https:` address.
pub(crate) fn parse(text: &str) -> Option<Url> {
    // The parser alone would take `https:host` too.
    let is_written_out = text.starts_with("https://") || text.starts_with("http://");
    is_written_out.then(|| Url::parse(text).ok()).flatten()
}

/// The address of a system, without slashes at its end; the error says what it must be.
pub(crate) fn base(text: &str) -> Result<String, &'static str> {
    let url = parse(text.trim()).ok_or("an address that begins with `https://` or `http://`")?;
    if user(text).is_some() {
        return Err("an address without a user name in it; the credentials have a setting of their own");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address without `?` and `#`; the integration adds what it asks for");
    }
    Ok(text.trim().trim_end_matches('/').to_owned())
}

/// The address of a directory's server; the error says what it must be.
pub(crate) fn directory(text: &str) -> Result<String, &'static str> {
    const WANTED: &str = "addresses that begin with `ldaps://` or `ldap://`";
    let is_written_out = text.starts_with("ldaps://") || text.starts_with("ldap://");
    let url = is_written_out.then(|| Url::parse(text).ok()).flatten();
    let url = url.filter(|url| url.host_str().is_some_and(|host| !host.is_empty())).ok_or(WANTED)?;
    if user(text).is_some() {
        return Err("addresses without a user name in them; the credentials have a setting of their own");
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err("addresses of servers, without a DN; where people are is `base`");
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// An address as people may see it: a user name in it could be followed by a password.
pub(crate) fn masked(text: &str) -> String {
    match user(text) {
        Some(user) => text.replacen(user, "[secret]", 1),
        None => text.to_owned(),
    }
}

/// The part of an address before its host.
fn user(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.rsplit_once('@').map(|(user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_has_no_slash_at_its_end_and_nothing_after_its_path() {
        for (text, expected) in [
            ("https://h.example.com", "https://h.example.com"),
            (" https://h.example.com// ", "https://h.example.com"),
            ("http://127.0.0.1:8070/api/", "http://127.0.0.1:8070/api"),
        ] {
            assert_eq!(base(text).as_deref(), Ok(expected), "{text}");
        }
        for (text, expected) in [
            ("https://h?a=b", "`?`"),
            ("https://h/#top", "`#`"),
            ("https://ann:x@h", "user name"),
            ("https://", "begins with"),
            ("https:h", "begins with"),
            ("https://h:99999", "begins with"),
            ("ftp://h", "begins with"),
            ("h.example.com", "begins with"),
        ] {
            assert!(base(text).is_err_and(|wanted| wanted.contains(expected)), "{text}");
        }
    }

    #[test]
    fn a_directorys_address_is_a_server_and_nothing_more() {
        for (text, expected) in [
            ("ldaps://dc1.example.com", "ldaps://dc1.example.com"),
            ("ldap://127.0.0.1:1389/", "ldap://127.0.0.1:1389"),
        ] {
            assert_eq!(directory(text).as_deref(), Ok(expected), "{text}");
        }
        for (text, expected) in [
            ("https://dc1", "begin with"),
            ("ldap:dc1", "begin with"),
            ("ldaps://", "begin with"),
            ("ldap://dc1/dc=example,dc=com", "without a DN"),
            ("ldap://ann:x@dc1", "user name"),
        ] {
            assert!(directory(text).is_err_and(|wanted| wanted.contains(expected)), "{text}");
        }
    }
}
