use ldap3::asn1::{OctetString, Sequence, Tag, TagClass};
use ldap3::parse_filter;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn name(text: &str) -> AttributeName {
    AttributeName::parse(text).expect(text)
}

/// How another implementation reads what is written here.
fn read(filter: &Filter) -> Tag {
    parse_filter(filter.to_string()).expect("a filter")
}

fn octets(inner: &[u8]) -> Tag {
    Tag::OctetString(OctetString { inner: inner.to_vec(), ..Default::default() })
}

fn context(id: u64, inner: &[u8]) -> Tag {
    Tag::OctetString(OctetString { class: TagClass::Context, id, inner: inner.to_vec() })
}

fn sequence(id: u64, inner: Vec<Tag>) -> Tag {
    Tag::Sequence(Sequence { class: TagClass::Context, id, inner })
}

/// The filter as it goes over the wire, with the numbers of RFC 4511, section 4.5.1.
fn meant(filter: &Filter) -> Tag {
    match filter {
        Filter::And(filters) => sequence(0, filters.iter().map(meant).collect()),
        Filter::Or(filters) => sequence(1, filters.iter().map(meant).collect()),
        Filter::Equal(attribute, value) => {
            sequence(3, vec![octets(attribute.as_str().as_bytes()), octets(value)])
        }
        Filter::Present(attribute) => context(7, attribute.as_str().as_bytes()),
    }
}

fn any_name() -> impl Strategy<Value = AttributeName> {
    "[a-zA-Z][a-zA-Z0-9-]{0,8}|[0-2](\\.(0|[1-9][0-9]{0,5})){1,5}".prop_map(|text| name(&text))
}

/// Values with much of what is syntax in filters, in UTF-8 and not.
fn any_value() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        r"[()*\\&|!=<>~:; \x00\r\n]".prop_map(String::into_bytes),
        Just(br"\2a".to_vec()),
        Just(b")(uid=*".to_vec()),
        ".".prop_map(String::into_bytes),
        any::<u8>().prop_map(|byte| vec![byte]),
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        4 => (any_name(), any_value()).prop_map(|(attribute, value)| Filter::Equal(attribute, value)),
        1 => any_name().prop_map(Filter::Present),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Filter::And), vec(inner, 0..4).prop_map(Filter::Or),]
    })
}

proptest! {
    #[test]
    fn a_value_is_one_match_of_exactly_its_bytes(attribute in any_name(), value in any_value()) {
        let whole = sequence(3, vec![octets(attribute.as_str().as_bytes()), octets(&value)]);
        prop_assert_eq!(read(&Filter::Equal(attribute, value)), whole);
    }

    #[test]
    fn another_parser_reads_what_was_meant(filter in any_filter()) {
        prop_assert_eq!(read(&filter), meant(&filter));
    }

    /// What takes a text as a name for a parser of filters takes it as a name alone.
    #[test]
    fn names_hold_no_syntax(text in r"[a-c2.0;=()*\\:&|! é-]{1,6}") {
        if let Ok(attribute) = AttributeName::parse(&text) {
            prop_assert_eq!(read(&Filter::Present(attribute)), context(7, text.as_bytes()));
        }
    }
}

#[test]
fn every_byte_is_itself_in_a_value() {
    let value: Vec<u8> = (0..=255).collect();
    let filter = Filter::Equal(name("cn"), value.clone());
    assert_eq!(read(&filter), sequence(3, vec![octets(b"cn"), octets(&value)]));
}

#[test]
fn filters_are_written_as_the_rfc_has_them() {
    let cn = || Filter::equal(name("cn"), "Ann");
    let rows = [
        (cn(), "(cn=Ann)"),
        (Filter::equal(name("mail"), "ann-b_c@example.com"), "(mail=ann-b_c@example.com)"),
        (Filter::equal(name("cn"), "*)(uid=*"), r"(cn=\2a\29\28uid\3d\2a)"),
        (Filter::equal(name("cn"), r"a\b "), r"(cn=a\5cb\20)"),
        (Filter::equal(name("sn"), "Ö"), r"(sn=\c3\96)"),
        (Filter::Equal(name("objectGUID"), vec![0, 4, 255]), r"(objectGUID=\00\04\ff)"),
        (Filter::equal(name("cn"), ""), "(cn=)"),
        (Filter::Present(name("2.5.4.3")), "(2.5.4.3=*)"),
        (Filter::And(vec![]), "(&)"),
        (Filter::Or(vec![]), "(|)"),
        (Filter::And(vec![cn(), cn()]), "(&(cn=Ann)(cn=Ann))"),
        (Filter::Or(vec![Filter::Present(name("a")), cn()]), "(|(a=*)(cn=Ann))"),
    ];
    for (filter, text) in rows {
        assert_eq!(filter.to_string(), text);
    }
}

#[test]
fn names_are_short_names_or_numbers() {
    for text in ["cn", "c", "userPassword", "x-a-1", "2.5.4.3", "0.9", "1.2.840.113556.1.4.803"] {
        assert_eq!(AttributeName::parse(text).expect(text).as_str(), text);
    }
    let wrong = [
        "",
        " cn",
        "cn ",
        "1",
        "1.",
        ".1",
        "1..2",
        "1.02",
        "01.2",
        "1a",
        "-a",
        "a_b",
        "a.b",
        "cn;binary",
        "cn=a",
        "cn)(a",
        "cn*",
        "a:dn",
        "é",
        "cé",
        "a\0",
        "a\n",
        "٣.٤",
    ];
    for text in wrong {
        assert_eq!(AttributeName::parse(text), Err(AttributeNameError(text.to_owned())));
    }
}

#[test]
fn options_are_for_lists_of_attributes() {
    let member = name("member");
    assert_eq!(member.range(0, Some(99)), "member;range=0-99");
    assert_eq!(member.range(1500, None), "member;range=1500-*");
    assert!(member.is("MEMBER") && !member.is("memberOf"));
}
