//! Addresses of providers.

use std::net::IpAddr;

use axum::http::Uri;

/// Whether it is an address that a log-in may be entrusted to: TLS, or a server of this machine.
pub(super) fn is_trustworthy(address: &str) -> bool {
    parts(address).is_some_and(|(scheme, host)| scheme == "https" || scheme == "http" && is_loopback(&host))
}

/// Whether two addresses begin alike: a provider by TLS does not lead to a place without.
pub(super) fn have_same_scheme(one: &str, other: &str) -> bool {
    let scheme = |address| parts(address).map(|(scheme, _)| scheme);
    scheme(one).is_some() && scheme(one) == scheme(other)
}

/// Whether it is the address of a server, without a path.
pub(super) fn is_root(address: &str) -> bool {
    let is_root = |uri: Uri| uri.path() == "/" && uri.query().is_none() && !address.ends_with('/');
    parts(address).is_some() && address.parse().is_ok_and(is_root)
}

/// Scheme and host; nothing for what is no plain address of HTTP.
fn parts(address: &str) -> Option<(String, String)> {
    let uri: Uri = address.parse().ok()?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    // A fragment would swallow what is added.
    if address.contains('#') || authority.host().is_empty() {
        return None;
    }
    let scheme = uri.scheme_str().filter(|scheme| ["http", "https"].contains(scheme))?;
    Some((scheme.to_owned(), authority.host().to_ascii_lowercase()))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_travel_by_tls_or_not_at_all() {
        for good in [
            "https://id.example",
            "https://id.example:8443/a?b=c",
            "http://127.0.0.1:1/x",
            "http://[::1]",
            "http://localhost",
        ] {
            assert!(is_trustworthy(good), "{good}");
        }
        for bad in [
            "",
            "id.example",
            "http://id.example",
            "http://127.0.0.1.example",
            "ftp://127.0.0.1",
            "https://",
            "https://id.example/#a",
            "https://a@id.example",
            "http://localhost@id.example",
            "javascript:alert(1)",
            "https://id.example/a b",
            "//id.example",
            "/login",
        ] {
            assert!(!is_trustworthy(bad), "{bad}");
        }
    }

    #[test]
    fn the_address_of_a_server_has_no_path() {
        for (address, expected) in [
            ("https://p.example", true),
            ("http://p.example:80", true),
            ("https://p.example/", false),
            ("https://p.example/a", false),
            ("https://p.example?a", false),
            ("p.example", false),
        ] {
            assert_eq!(is_root(address), expected, "{address}");
        }
        assert!(have_same_scheme("https://a.example", "https://b.example/x"));
        assert!(!have_same_scheme("https://a.example", "http://127.0.0.1"));
    }
}
