//! Whether an account is in use, and what else there is to know about its being let in.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use provost_core::Attributes;
use provost_net::ldap::Entry;
use serde_json::Value;

use super::dn::Dn;
use super::shape::ActiveBy;

/// The bits of `userAccountControl` (`[MS-ADTS]`, 2.2.16).
pub(super) const DISABLED: i64 = 0x2;
const LOCKED_OUT: i64 = 0x10;
pub(super) const NORMAL: i64 = 0x200;
const NEVER_EXPIRES: i64 = 0x1_0000;
const PASSWORD_EXPIRED: i64 = 0x80_0000;

/// The lock of a password policy that no time ends (the draft on password policies, 5.3.3).
pub(super) const LOCKED_FOR_GOOD: &str = "000001010000Z";

/// Times of Active Directory count from 1601 in tenths of microseconds (`[MS-DTYP]`, 2.3.3).
const SECONDS_FROM_1601_TO_1970: i64 = 11_644_473_600;
const PARTS_OF_A_SECOND: i64 = 10_000_000;
/// A time that is none, besides 0.
const NEVER: i64 = i64::MAX;

/// Whether an entry shows that it is in use; `None` where that is not in the entry itself.
pub(super) fn shown(active_by: &ActiveBy, entry: &Entry) -> Option<bool> {
    match active_by {
        ActiveBy::ControlBit => number(entry, "userAccountControl").map(|bits| bits & DISABLED == 0),
        ActiveBy::Ppolicy => Some(entry.text("pwdAccountLockedTime") != Some(LOCKED_FOR_GOOD)),
        ActiveBy::Attribute(attribute) => {
            Some(!entry.text(attribute.as_str()).is_some_and(|value| value.eq_ignore_ascii_case("TRUE")))
        }
        ActiveBy::Place(place) => Dn::parse(&entry.dn).ok().map(|dn| !dn.is_within(place)),
        ActiveBy::Group(_) => None,
    }
}

/// The bits of an account, with the one that disables it as wanted and every other as it is.
pub(super) fn bits(before: i64, enabled: bool) -> i64 {
    if enabled { before & !DISABLED } else { before | DISABLED }
}

/// Lock, expiry and the password's age in plain words, where the entry shows them.
pub(super) fn told(entry: &Entry) -> Attributes {
    let mut told = Attributes::new();
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(name.to_owned(), value);
        }
    };
    let bits = number(entry, "userAccountControl");
    let computed = number(entry, "msDS-User-Account-Control-Computed");
    let has = |bits: Option<i64>, bit: i64| bits.map(|bits| Value::from(bits & bit != 0));
    tell("disabled", has(bits, DISABLED));
    tell("lockedOut", has(computed, LOCKED_OUT).or_else(|| locked_by_policy(entry)));
    tell("passwordExpired", has(computed, PASSWORD_EXPIRED));
    tell("passwordNeverExpires", has(bits, NEVER_EXPIRES));
    let last_set = number(entry, "pwdLastSet");
    tell("passwordMustChange", last_set.map(|time| (time == 0).into()));
    tell("passwordLastSet", last_set.and_then(file_time).or_else(|| general_time(entry, "pwdChangedTime")));
    tell("passwordExpires", number(entry, "msDS-UserPasswordExpiryTimeComputed").and_then(file_time));
    tell(
        "accountExpires",
        number(entry, "accountExpires").map(|time| file_time(time).unwrap_or("never".into())),
    );
    tell("lastLogon", number(entry, "lastLogonTimestamp").and_then(file_time));
    told
}

fn locked_by_policy(entry: &Entry) -> Option<Value> {
    let locked = entry.text("pwdAccountLockedTime")?;
    Some((locked != LOCKED_FOR_GOOD).into())
}

fn number(entry: &Entry, attribute: &str) -> Option<i64> {
    entry.text(attribute)?.parse().ok()
}

fn file_time(time: i64) -> Option<Value> {
    if time == 0 || time == NEVER {
        return None;
    }
    let moment = Timestamp::from_second(time / PARTS_OF_A_SECOND - SECONDS_FROM_1601_TO_1970).ok()?;
    Some(moment.to_string().into())
}

/// A time of LDAP (RFC 4517, section 3.3.13), as servers write them: in UTC, to the second.
fn general_time(entry: &Entry, attribute: &str) -> Option<Value> {
    let digits = entry.text(attribute)?.get(..14)?;
    let time = DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
    Some(TimeZone::UTC.to_timestamp(time).ok()?.to_string().into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(attributes: &[(&str, &str)]) -> Entry {
        let attributes =
            attributes.iter().map(|(name, value)| ((*name).to_owned(), vec![value.as_bytes().to_vec()]));
        Entry { dn: "cn=ann,ou=leavers,dc=x".to_owned(), attributes: attributes.collect() }
    }

    #[test]
    fn only_the_one_bit_changes() {
        for before in [512, 514, 66048, 66050, 0x1_0220, 0x40_0202] {
            assert_eq!(bits(before, true) & DISABLED, 0);
            assert_eq!(bits(before, false) & DISABLED, DISABLED);
            assert_eq!(bits(before, true) & !DISABLED, before & !DISABLED, "every other bit stays");
            assert_eq!(bits(before, false) & !DISABLED, before & !DISABLED, "every other bit stays");
        }
    }

    #[test]
    fn each_way_says_whether_an_account_is_in_use() {
        let attribute = || super::super::filter::AttributeName::parse("loginDisabled").expect("a name");
        let place = |dn: &str| ActiveBy::Place(Dn::parse(dn).expect("a DN"));
        let cases = [
            (ActiveBy::ControlBit, entry(&[("userAccountControl", "66048")]), Some(true)),
            (ActiveBy::ControlBit, entry(&[("userAccountControl", "514")]), Some(false)),
            (ActiveBy::ControlBit, entry(&[]), None),
            (ActiveBy::Ppolicy, entry(&[]), Some(true)),
            (ActiveBy::Ppolicy, entry(&[("pwdAccountLockedTime", LOCKED_FOR_GOOD)]), Some(false)),
            (ActiveBy::Ppolicy, entry(&[("pwdAccountLockedTime", "20260101000000Z")]), Some(true)),
            (ActiveBy::Attribute(attribute()), entry(&[("logindisabled", "true")]), Some(false)),
            (ActiveBy::Attribute(attribute()), entry(&[("loginDisabled", "FALSE")]), Some(true)),
            (place("OU=Leavers,DC=X"), entry(&[]), Some(false)),
            (place("ou=people,dc=x"), entry(&[]), Some(true)),
        ];
        for (by, entry, expected) in cases {
            assert_eq!(shown(&by, &entry), expected, "{by:?} {entry:?}");
        }
    }

    #[test]
    fn times_and_locks_are_told_in_plain_words() {
        let told = told(&entry(&[
            ("userAccountControl", "66050"),
            ("msDS-User-Account-Control-Computed", "16"),
            ("pwdLastSet", "0"),
            ("accountExpires", "9223372036854775807"),
            ("lastLogonTimestamp", "133485408000000000"),
        ]));
        let expected = json!({
            "disabled": true, "lockedOut": true, "passwordExpired": false, "passwordNeverExpires": true,
            "passwordMustChange": true, "accountExpires": "never", "lastLogon": "2024-01-01T00:00:00Z",
        });
        assert_eq!(Value::Object(told), expected);
        let policy = super::told(&entry(&[
            ("pwdChangedTime", "20260102030405Z"),
            ("pwdAccountLockedTime", "20260101000000Z"),
        ]));
        assert_eq!(
            Value::Object(policy),
            json!({"lockedOut": true, "passwordLastSet": "2026-01-02T03:04:05Z"})
        );
    }
}
