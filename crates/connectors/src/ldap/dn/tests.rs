use std::hash::{BuildHasher as _, RandomState};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn dn(text: &str) -> Dn {
    Dn::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn name(text: &str) -> AttributeName {
    AttributeName::parse(text).expect(text)
}

/// Texts with much of what is syntax in DNs, and any character of Unicode.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[,+\"\\\\;<>= #\\x00\n\r\t\\x7f\\u{85}]",
        1 => Just("\\2C".to_owned()),
        1 => Just("#04".to_owned()),
        2 => any::<char>().prop_map(String::from),
        2 => "[a-zA-Z0-9]",
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn any_pair() -> impl Strategy<Value = Pair> {
    let value = prop_oneof![
        5 => any_text().prop_map(Value::Text),
        1 => "#([0-9a-fA-F]{2}){1,4}".prop_map(Value::Encoded),
    ];
    let attribute = "[a-zA-Z][a-zA-Z0-9-]{0,4}|2\\.5\\.4\\.[1-9]".prop_map(|text| name(&text));
    (attribute, value).prop_map(|(attribute, value)| Pair { attribute, value })
}

fn any_dn() -> impl Strategy<Value = Dn> {
    let rdn = (any_pair(), vec(any_pair(), 0..3)).prop_map(|(first, others)| Rdn { first, others });
    vec(rdn, 0..4).prop_map(Dn)
}

/// Everything of a DN, case and order too.
fn exactly(dn: &Dn) -> String {
    format!("{dn:?}")
}

/// The same RDN, from back to front and in capitals.
fn turned(rdn: &Rdn) -> Rdn {
    let mut pairs: Vec<Pair> = rdn.pairs().cloned().collect();
    for pair in &mut pairs {
        pair.attribute = name(&pair.attribute.as_str().to_ascii_uppercase());
        let (Value::Text(text) | Value::Encoded(text)) = &mut pair.value;
        text.make_ascii_uppercase();
    }
    let first = pairs.pop().expect("an RDN is never empty");
    pairs.reverse();
    Rdn { first, others: pairs }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(dn in any_dn()) {
        let again = Dn::parse(&dn.to_string());
        prop_assert_eq!(again.as_ref().map(exactly), Ok(exactly(&dn)));
        prop_assert_eq!(again, Ok(dn));
    }

    #[test]
    fn a_child_is_one_step_below_whatever_its_value(base in any_dn(), value in any_text()) {
        let child = base.child(&name("cn"), &value);
        let read = Dn::parse(&child.to_string());
        prop_assert_eq!(read.as_ref(), Ok(&child));
        let read = read.expect("compared above");
        prop_assert_eq!(read.0.len(), base.0.len() + 1);
        prop_assert_eq!(exactly(&read.parent().expect("a base")), exactly(&base));
        let rdn = read.rdn().expect("an RDN");
        prop_assert_eq!((rdn.first.attribute.as_str(), rdn.value()), ("cn", value.as_str()));
        prop_assert!(rdn.others.is_empty());
        prop_assert!(read.is_within(&base) && !base.is_within(&read));
    }

    #[test]
    fn what_another_implementation_escapes_is_read(value in any_text()) {
        let read = Dn::parse(&format!("cn={},dc=test", ldap3::dn_escape(value.as_str())));
        prop_assert_eq!(read.as_ref().map(exactly), Ok(exactly(&dn("dc=test").child(&name("cn"), &value))));
    }

    #[test]
    fn no_control_character_is_written(dn in any_dn()) {
        prop_assert!(!dn.to_string().contains(char::is_control));
    }

    #[test]
    fn equal_ones_have_equal_hashes(dn in any_dn()) {
        let turned = Dn(dn.0.iter().map(turned).collect());
        prop_assert_eq!(&turned, &dn);
        let hasher = RandomState::new();
        prop_assert_eq!(hasher.hash_one(&turned), hasher.hash_one(&dn));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([a-c=,+;\"\\\\# é<>\\x00]|\\\\C3|\\\\A9|cn=){0,12}") {
        if let Ok(dn) = Dn::parse(&text) {
            prop_assert_eq!(Dn::parse(&dn.to_string()), Ok(dn));
        }
    }
}

#[test]
fn dns_are_read_in_every_form() {
    let rows = [
        ("", ""),
        ("  ", ""),
        // The examples of RFC 4514, section 4.
        ("UID=jsmith,DC=example,DC=net", "UID=jsmith,DC=example,DC=net"),
        ("OU=Sales+CN=J.  Smith,DC=example,DC=net", "OU=Sales+CN=J.  Smith,DC=example,DC=net"),
        (r#"CN=James \"Jim\" Smith\, III,DC=net"#, r#"CN=James \"Jim\" Smith\, III,DC=net"#),
        (r"CN=Before\0dAfter,DC=net", r"CN=Before\0DAfter,DC=net"),
        ("1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=#04024869"),
        (r"CN=Lu\C4\8Di\C4\87", "CN=Lučić"),
        // Spaces around separators, and those that are escaped.
        (" cn = Ann , dc = test ", "cn=Ann,dc=test"),
        ("cn=a + sn = b", "cn=a+sn=b"),
        (r"cn=\ a\20 ,dc=x", r"cn=\ a\ ,dc=x"),
        (r"cn=a\ \  ", r"cn=a \ "),
        (r"cn=\  ", r"cn=\ "),
        ("cn=#04 , dc=x", "cn=#04,dc=x"),
        (r"cn=\#04", r"cn=\#04"),
        // Escapes by a sign and by digits.
        (r"cn=a\2Cb\,c\5c\\", r"cn=a\,b\,c\\\\"),
        (r"cn=\+\;\<\>\=\#\ x", r"cn=\+\;\<\>\=# x"),
        (r"cn=\C3\a9", "cn=é"),
        (r"cn=a\00", r"cn=a\00"),
        ("cn=a\nb", r"cn=a\0Ab"),
        // What need not be escaped, or is not by some servers.
        ("cn=a=b#c", r"cn=a\=b#c"),
        ("cn=<a>", r"cn=\<a\>"),
        ("cn=", "cn="),
        ("cn= ,dc=x", "cn=,dc=x"),
        // Older forms.
        (r#"cn="a,b" , dc=x"#, r"cn=a\,b,dc=x"),
        (r#"cn=" a\"\2C+ ";dc=x"#, r#"cn=\ a\"\,\+\ ,dc=x"#),
        ("cn=\"#04\"", r"cn=\#04"),
        ("cn=a;dc=x", "cn=a,dc=x"),
    ];
    for (text, written) in rows {
        assert_eq!(dn(text).to_string(), written, "{text}");
    }
}

#[test]
fn an_error_tells_what_is_wrong_and_where() {
    let rows = [
        ("Ann", "`=` and a value are missing, at character 1"),
        ("cn=Ann,", "`=` and a value are missing, at character 8"),
        ("cn=é, Bob", "`=` and a value are missing, at character 7"),
        ("cn=a+,dc=x", "`,dc` is no name of an attribute"),
        ("=a", "`` is no name of an attribute"),
        ("a_b=c", "`a_b` is no name of an attribute"),
        ("cn;binary=c", "`cn;binary` is no name of an attribute"),
        ("<GUID=0a>;cn=x", "`<GUID` is no name of an attribute"),
        ("cn=a\"b", "`\"` must be escaped in a value as `\\\"`, at character 5"),
        ("cn=a\0", "NUL must be escaped in a value as `\\00`, at character 5"),
        (r"cn=é\g", "after `\\` two hexadecimal digits or one of"),
        (r"cn=é\g", "must follow, at character 5 of the DN `cn=é\\g`"),
        (r"cn=\4", "after `\\` two hexadecimal digits"),
        (r"cn=\4é", "after `\\` two hexadecimal digits"),
        (r"cn=a\", "after `\\` two hexadecimal digits"),
        ("cn=\"a", "the quote is not closed, at character 4"),
        ("cn=\"a\\\"", "the quote is not closed, at character 4"),
        ("cn=\"a\" b", "after a quoted or hexadecimal value `,` or `+` must follow, at character 8"),
        ("cn=#04 05", "after a quoted or hexadecimal value `,` or `+` must follow, at character 8"),
        ("cn=#", "`#` must be followed by pairs of hexadecimal digits"),
        ("cn=#045", "`#` must be followed by pairs of hexadecimal digits"),
        (r"cn=\C3", "the escaped bytes of the value are no UTF-8, at character 4"),
        (r#"cn="\FF""#, "the escaped bytes of the value are no UTF-8, at character 4"),
        (r"cn=\C3,dc=\A9", "the escaped bytes of the value are no UTF-8, at character 4"),
    ];
    for (text, told) in rows {
        let error = Dn::parse(text).expect_err(text).to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn equality_is_without_regard_to_what_does_not_matter() {
    let equal = [
        ("CN=Ann,DC=Test", "cn=ANN , dc=test"),
        ("cn=a+sn=b", "SN=B+CN=A"),
        ("cn=É", r"cn=\C3\A9"),
        ("cn=ΑΣ", "cn=ασ"),
        (r#"cn="a,b""#, r"cn=a\2Cb"),
        ("cn=#0A", "CN=#0a"),
    ];
    for (one, other) in equal {
        assert_eq!(dn(one), dn(other));
    }
    let unequal = [
        ("cn=a", "sn=a"),
        ("cn=a", "cn=a,dc=x"),
        ("cn=a,cn=b", "cn=b,cn=a"),
        ("cn=a+sn=b", "cn=a,sn=b"),
        ("cn=a+cn=a", "cn=a"),
        ("cn=a  b", "cn=a b"),
        (r"cn=\#0A", "cn=#0A"),
        ("cn=ss", "cn=ß"),
        ("cn=é", "cn=e\u{301}"),
    ];
    for (one, other) in unequal {
        assert_ne!(dn(one), dn(other));
    }
}

#[test]
fn a_dn_is_within_itself_and_those_above() {
    let rows = [
        ("cn=Ann,ou=People,dc=test", "OU=people,DC=test", true),
        ("ou=People,dc=test", "ou=People,dc=test", true),
        ("dc=test", "", true),
        ("", "", true),
        ("", "dc=test", false),
        ("dc=test", "ou=People,dc=test", false),
        (r"cn=Ann\,ou=People,dc=test", "ou=People,dc=test", false),
        ("cn=Ann,ou=More People,dc=test", "ou=People,dc=test", false),
        ("cn=Ann,ou=People,dc=test", "cn=Ann,ou=People", false),
    ];
    for (text, base, is_within) in rows {
        assert_eq!(dn(text).is_within(&dn(base)), is_within, "{text} in {base}");
    }
}

#[test]
fn dns_are_joined_and_taken_apart() {
    let (people, base) = (dn("cn=Ann,ou=People"), dn("dc=example,dc=test"));
    let whole = people.within(&base);
    assert_eq!(whole.to_string(), "cn=Ann,ou=People,dc=example,dc=test");
    assert_eq!(dn("").within(&base).to_string(), base.to_string());
    assert_eq!(base.within(&dn("")).to_string(), base.to_string());

    assert_eq!(whole.parent().expect("a parent").to_string(), "ou=People,dc=example,dc=test");
    assert_eq!(dn("dc=test").parent(), Some(Dn::default()));
    assert_eq!(dn("").parent(), None);
    assert!(dn("").rdn().is_none() && dn("").0.is_empty() && !dn("dc=test").0.is_empty());

    let several = dn(r"uid=a\,b+cn=Ann,dc=test");
    let first = several.rdn().expect("an RDN");
    assert_eq!((first.first.attribute.as_str(), first.value()), ("uid", "a,b"));
    assert_eq!(first.to_string(), r"uid=a\,b+cn=Ann");
    assert_eq!(dn("cn=#0aFF").rdn().expect("an RDN").value(), "#0aFF");
}

#[test]
fn extended_names_are_taken_apart() {
    let rows = [
        ("<GUID=0a1b>;<SID=01>;CN=Ann,DC=test", Some("0a1b"), "CN=Ann,DC=test"),
        ("<GUID=0a1b>;CN=Ann", Some("0a1b"), "CN=Ann"),
        ("<SID=01>;<GUID=0a1b>;CN=Ann", Some("0a1b"), "CN=Ann"),
        ("<SID=01>;CN=Ann", None, "CN=Ann"),
        ("CN=Ann,DC=test", None, "CN=Ann,DC=test"),
        ("CN=<GUID=0a1b>", None, "CN=<GUID=0a1b>"),
        ("<GUID=0a1b>", Some("0a1b"), ""),
        ("<GUID=0a1b", None, "<GUID=0a1b"),
        ("", None, ""),
    ];
    for (text, guid, dn) in rows {
        assert_eq!(extended(text), (guid, dn), "{text}");
    }
}
