//! What the syntaxes of attributes are, in a word (RFC 4517, section 3.3, and AD's own).

/// What the values are, each with the OIDs of syntaxes of such values. Of the OIDs below
/// 1.3.6.1.4.1.1466.115.121.1 only the last number stands here.
const WORDS: [(&str, &[&str]); 6] = [
    (
        "text",
        &[
            "6",
            "11",
            "14",
            "15",
            "22",
            "26",
            "36",
            "38",
            "39",
            "41",
            "44",
            "50",
            "51",
            "52",
            // UUIDs, and both of RFC 2307.
            "1.3.6.1.1.16.1",
            "1.3.6.1.1.1.0.0",
            "1.3.6.1.1.1.0.1",
            // AD: of any case, with case, and an address of X.400.
            "1.2.840.113556.1.4.905",
            "1.2.840.113556.1.4.1362",
            "1.2.840.113556.1.4.1221",
        ],
    ),
    // AD: a number of 64 bits.
    ("number", &["27", "1.2.840.113556.1.4.906"]),
    ("time", &["24", "53"]),
    ("yes or no", &["7"]),
    // AD: DNs with bytes or with a text.
    ("DN", &["12", "34", "1.2.840.113556.1.4.903", "1.2.840.113556.1.4.904"]),
    // AD: who may do what.
    ("bytes", &["4", "5", "8", "9", "10", "23", "28", "40", "49", "1.2.840.113556.1.4.907"]),
];

/// What values of this syntax are, where it is known.
pub(super) fn word(oid: &str) -> Option<&'static str> {
    let oid = oid.split_once('{').map_or(oid, |(oid, _)| oid);
    let oid = oid.strip_prefix("1.3.6.1.4.1.1466.115.121.1.").unwrap_or(oid);
    WORDS.iter().find(|(_, oids)| oids.contains(&oid)).map(|(word, _)| *word)
}
