//! Where somebody goes after the log-in.

/// Longer addresses make the cookie too long for browsers.
const LONGEST: usize = 1000;

/// An address of this server, or the first page. What begins with two slashes, of either kind,
/// is another server to a browser; blanks and the like are taken out by it.
pub(super) fn local(next: &str) -> &str {
    let is_plain = next.len() <= LONGEST && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_local = next.starts_with('/') && !next.starts_with("//");
    if is_plain && is_local { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/", "/runs?state=failed&a=b#c", "/people/ann%40example%2Ecom"] {
            assert_eq!(local(good), good);
        }
        let long = format!("/{}", "a".repeat(LONGEST));
        for bad in [
            "",
            "runs",
            "//example.com",
            "/\\example.com",
            "/\t/example.com",
            "https://example.com",
            "/a\n",
            &long,
        ] {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }
}
