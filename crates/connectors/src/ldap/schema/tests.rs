use super::*;

/// As `OpenLDAP` writes them.
const OPENLDAP: [&str; 8] = [
    "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
    "( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )",
    "( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'What it is called' SUP name )",
    "( 2.5.4.4 NAME ( 'sn' 'surname' ) SUP name )",
    "( 2.5.4.6 NAME ( 'c' 'countryName' ) SUP name SINGLE-VALUE )",
    "( 1.1.1 NAME 'homeCountry' SUP countryName )",
    "( 2.5.4.35 NAME 'userPassword' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40{128} )",
    "( 1.1.2 NAME 'shoeSize' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE USAGE userApplications )",
];

const OPENLDAP_CLASSES: [&str; 4] = [
    "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
    "( 2.5.6.6 NAME 'person' DESC 'Somebody' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ 1.1.1 ) )",
    "( 1.2.1 NAME 'employee' SUP person STRUCTURAL MUST COMMONNAME MAY ( shoeSize $ badge ) )",
    "( 1.2.2 NAME 'traveller' SUP top AUXILIARY MAY c )",
];

/// As 389 Directory Server writes them: with quotes around OIDs, and where they come from.
const DS389: [&str; 2] = [
    "( 1.1.3 NAME 'nsRoleDN' DESC '389's own' SYNTAX '1.3.6.1.4.1.1466.115.121.1.12' X-ORIGIN '389 DS' )",
    "( nsFlag-oid NAME 'nsFlag' DESC '' SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE \
     X-ORIGIN ( '389 DS' 'user defined' ) )",
];

/// As AD and Samba write them, where classes have content rules and few attributes SUP.
const AD: [&str; 5] = [
    "( 2.5.4.3 NAME 'cn' SYNTAX '1.3.6.1.4.1.1466.115.121.1.15' SINGLE-VALUE )",
    "( 1.4.221 NAME 'sAMAccountName' SYNTAX '1.3.6.1.4.1.1466.115.121.1.15' SINGLE-VALUE )",
    "( 1.4.96 NAME 'pwdLastSet' SYNTAX '1.2.840.113556.1.4.906' SINGLE-VALUE )",
    "( 1.4.146 NAME 'objectSid' SYNTAX '1.3.6.1.4.1.1466.115.121.1.40' SINGLE-VALUE NO-USER-MODIFICATION )",
    "( 1.4.2 NAME 'whenCreated' SYNTAX '1.3.6.1.4.1.1466.115.121.1.24' SINGLE-VALUE NO-USER-MODIFICATION )",
];

const AD_CLASSES: [&str; 4] = [
    "( 2.5.6.0 NAME 'top' ABSTRACT MUST (objectClass ) MAY (cn $ whenCreated ) )",
    "( 1.5.9 NAME 'user' SUP organizationalPerson STRUCTURAL MAY (pwdLastSet ) )",
    "( 1.5.6 NAME 'securityPrincipal' SUP top AUXILIARY MUST (objectSid $ sAMAccountName ) )",
    "( 1.5.46 NAME 'mailRecipient' AUXILIARY MAY (mail $ secretary ) )",
];

const AD_RULES: [&str; 2] = [
    "( 1.5.9 NAME 'user' AUX ( securityPrincipal $ mailRecipient ) MUST (upn ) MAY (photo ) NOT (secretary ) )",
    "( 1.5.8 NAME 'group' MAY (member ) )",
];

fn schema(attributes: &[&'static str], classes: &[&'static str], rules: &[&'static str]) -> Schema {
    let texts = [attributes, classes, rules].map(|texts| texts.iter().copied());
    let [attributes, classes, rules] = texts;
    Schema::read(attributes, classes, rules)
}

fn described(schema: &Schema, classes: &[&str]) -> Vec<String> {
    schema
        .attributes_of(classes)
        .into_iter()
        .map(|field| format!("{}: {}", field.name, field.description))
        .collect()
}

#[test]
fn a_class_has_what_those_above_it_have() {
    let schema = schema(&OPENLDAP, &OPENLDAP_CLASSES, &[]);
    let person = [
        "cn: What it is called",
        "homeCountry: text",
        "objectClass: text, required, several values",
        "sn: text, required, several values",
        "userPassword: bytes, several values",
    ];
    let with = |more: &[&'static str]| {
        let mut all = [&person, more].concat();
        all.sort_unstable();
        all
    };
    let rows: [(&[&str], Vec<&str>); 7] = [
        (&["person"], with(&[])),
        (&["PERSON"], with(&[])),
        (&["2.5.6.6"], with(&[])),
        (&["person", "top", "Person", "unknown"], with(&[])),
        (&["person", "traveller"], with(&["c: text"])),
        (&["employee"], with(&["badge: ", "shoeSize: number"])),
        (&[], vec![]),
    ];
    for (classes, fields) in rows {
        assert_eq!(described(&schema, classes), fields, "{classes:?}");
    }
}

#[test]
fn an_attribute_is_named_once_by_its_first_name_and_required_if_it_is_anywhere() {
    let classes = [
        "( 1.2.1 NAME 'a' MUST ( SN $ commonname $ Badge ) MAY ( surname $ 2.5.4.4 $ badge $ telephone ) )",
        "( 1.2.2 NAME 'b' MAY ( cn $ BADGE ) )",
    ];
    let fields =
        ["Badge: required", "cn: What it is called", "sn: text, required, several values", "telephone: "];
    assert_eq!(described(&schema(&OPENLDAP, &classes, &[]), &["a", "b"]), fields);
}

#[test]
fn content_rules_add_and_take_away() {
    let schema = schema(&AD, &AD_CLASSES, &AD_RULES);
    let fields = [
        "cn: text",
        "mail: ",
        "objectClass: required",
        "objectSid: bytes, required",
        "photo: ",
        "pwdLastSet: number",
        "sAMAccountName: text, required",
        "upn: required",
        "whenCreated: time",
    ];
    assert_eq!(described(&schema, &["user"]), fields);
    assert_eq!(described(&schema, &["mailRecipient"])[1..], fields_without_rules());
}

/// `top` is above a class that names none, and rules of other classes do not count.
fn fields_without_rules() -> [&'static str; 4] {
    ["mail: ", "objectClass: required", "secretary: ", "whenCreated: time"]
}

#[test]
fn what_a_type_is_derived_from_counts() {
    let schema = schema(&[OPENLDAP.as_slice(), &DS389].concat(), &[], &[]);
    let rows = [
        ("cn", Some(false)),
        ("commonName", Some(false)),
        ("c", Some(true)),
        ("homeCountry", Some(true)),
        ("HOMECOUNTRY", Some(true)),
        ("1.1.1", Some(true)),
        ("userPassword;x-a", Some(false)),
        ("shoeSize", Some(true)),
        ("nsRoleDN", Some(false)),
        ("nsFlag", Some(true)),
        ("hat", None),
        ("", None),
    ];
    for (name, is_single_valued) in rows {
        assert_eq!(schema.is_single_valued(name), is_single_valued, "{name}");
    }
}

#[test]
fn descriptions_are_written_or_made() {
    let class = ["( 1.2 NAME 'x' MUST nsFlag MAY nsRoleDN )"];
    let schema = schema(&DS389, &class, &[]);
    assert_eq!(described(&schema, &["x"]), ["nsFlag: yes or no, required", "nsRoleDN: 389's own"]);
}

#[test]
fn what_goes_in_a_circle_ends() {
    let attributes = ["( 1.1 NAME 'a' SUP b )", "( 1.2 NAME 'b' SUP a )"];
    let classes = ["( 2.1 NAME 'x' SUP y MAY a )", "( 2.2 NAME 'y' SUP ( x $ y ) MAY b )"];
    let rules = ["( 2.1 AUX y )", "( 2.2 AUX ( X $ y $ 2.1 ) )"];
    let schema = schema(&attributes, &classes, &rules);
    assert_eq!(schema.is_single_valued("a"), Some(false));
    assert_eq!(described(&schema, &["x"]), ["a: several values", "b: several values"]);
}

#[test]
fn what_cannot_be_read_is_left_out() {
    let attributes = ["( 1.1 NAME 'a", "nonsense", "", "( 1.2 NAME 'b' )"];
    let schema = schema(&attributes, &["("], &[")"]);
    assert!(schema.is_single_valued("b").is_some() && schema.is_single_valued("a").is_none());
    assert!(schema.attributes_of(&["top"]).is_empty());
}

#[test]
fn syntaxes_have_a_word() {
    let rows = [
        ("1.3.6.1.4.1.1466.115.121.1.15", Some("text")),
        ("1.3.6.1.4.1.1466.115.121.1.15{256}", Some("text")),
        ("1.3.6.1.4.1.1466.115.121.1.27", Some("number")),
        ("1.3.6.1.4.1.1466.115.121.1.53", Some("time")),
        ("1.3.6.1.4.1.1466.115.121.1.7", Some("yes or no")),
        ("1.3.6.1.4.1.1466.115.121.1.12", Some("DN")),
        ("1.3.6.1.4.1.1466.115.121.1.28", Some("bytes")),
        ("1.2.840.113556.1.4.906", Some("number")),
        ("1.2.840.113556.1.4.907", Some("bytes")),
        ("1.3.6.1.4.1.1466.115.121.1.999", None),
        ("", None),
    ];
    for (oid, word) in rows {
        assert_eq!(syntax::word(oid), word, "{oid}");
    }
}
