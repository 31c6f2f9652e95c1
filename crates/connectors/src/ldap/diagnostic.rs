//! What a directory's refusals mean, in words. Servers say it by a number, some in a text that
//! only their makers understand.

use provost_core::{Code, Fault, FaultKind};
use provost_net::ldap::{PolicyError, Refusal};

/// What a code means: the kind of fault, in words, and what to do about it.
type Meaning = (FaultKind, &'static str, &'static str);

use FaultKind::{AlreadyExists, Configuration, InvalidValue, NotFound, PermissionDenied, Unauthenticated};

/// Why Active Directory refuses a log-in: the `data` of its text, a Windows error in
/// hexadecimal.
const LOG_INS: [(&str, Meaning); 10] = [
    ("525", (Unauthenticated, "there is no such user", "check the user name in `credentials`")),
    ("52e", (Unauthenticated, "the user name or the password is wrong", "check `credentials`")),
    ("530", (Unauthenticated, "the account may not sign in at this time", "look at its log-on hours")),
    (
        "531",
        (Unauthenticated, "the account may not sign in from this machine", "look at its log-on workstations"),
    ),
    (
        "532",
        (
            Unauthenticated,
            "the password has expired",
            "set a new one; those of service accounts should not expire",
        ),
    ),
    ("533", (Unauthenticated, "the account is disabled", "enable it, or sign in with another one")),
    ("568", (Unauthenticated, "the account is in too many groups", "take it out of some")),
    ("701", (Unauthenticated, "the account has expired", "give it a later end, or sign in with another one")),
    (
        "773",
        (Unauthenticated, "the password must be changed before the account can be used", "set a new one"),
    ),
    (
        "775",
        (
            Unauthenticated,
            "the account is locked after wrong passwords",
            "unlock it, then mend `credentials`",
        ),
    ),
];

/// Why Active Directory refuses an operation: the Windows error, in hexadecimal, that its text
/// begins with.
const OPERATIONS: [(&str, Meaning); 22] = [
    ("00000005", (PermissionDenied, "the service account may not do this", RIGHTS)),
    ("0000001F", (InvalidValue, "passwords are only set over a protected connection", PROTECTED)),
    ("00000056", (InvalidValue, "the old password is wrong", "")),
    ("00000057", (InvalidValue, "an attribute has a value or a name that it cannot have", FIELDS)),
    ("00000524", (AlreadyExists, "another account has this `sAMAccountName`", OTHER_LOGIN)),
    (
        "0000052D",
        (
            InvalidValue,
            "the password policy refuses the password, or the lack of one",
            "give the account a longer or less simple password",
        ),
    ),
    ("00000561", (NotFound, "it is not a member of the group", "")),
    ("00000562", (AlreadyExists, "it is a member of the group already", "")),
    ("0000200A", (InvalidValue, "the attribute has no such value", "")),
    ("0000200B", (InvalidValue, "the value does not fit the attribute", FIELDS)),
    ("0000200C", (InvalidValue, "there is no such attribute", FIELDS)),
    ("0000200D", (InvalidValue, "the attribute has this value already, or takes one only", FIELDS)),
    ("00002014", (InvalidValue, "entries of this class cannot be so", FIELDS)),
    ("0000202F", (InvalidValue, "a value breaks a rule of the directory", FIELDS)),
    ("00002071", (AlreadyExists, TAKEN, OTHER_NAME)),
    ("00002081", (InvalidValue, "the attribute takes one value only", FIELDS)),
    ("00002083", (InvalidValue, "the attribute has this value already", "")),
    ("00002089", (NotFound, NO_PLACE, OTHER_PLACE)),
    ("0000208D", (NotFound, NO_PLACE, OTHER_PLACE)),
    ("0000208F", (InvalidValue, "the name of the entry is none", FIELDS)),
    ("00002098", (PermissionDenied, "the service account may not do this", RIGHTS)),
    ("000021C8", (AlreadyExists, "another account has this `userPrincipalName`", OTHER_LOGIN)),
];

/// What Samba says in words, with the number of something more general.
const SAMBA: [(&[&str], &str); 3] = [
    (&["samaccountname", "already in use"], "00000524"),
    (&["userprincipalname", "already in use"], "000021C8"),
    (&["parent does not exist"], "00002089"),
];

const RIGHTS: &str = "the integration's page lists the rights that it needs";
const PROTECTED: &str = "use an `ldaps:` address, or leave `start-tls` as it is";
const FIELDS: &str = "`provost get-mapping-fields` shows the attributes that there are";
const OTHER_LOGIN: &str = "let the mapper give another one, for example with `unique`";
const TAKEN: &str = "there is an entry of this name in this place already";
const OTHER_NAME: &str = "somebody else has the name (`cn`) in this OU; let the mapper give another one, for \
                          example with the log-in name in it";
const NO_PLACE: &str = "there is no such entry";
const OTHER_PLACE: &str = "is the OU spelled right, and is it there?";

const POLICY: [(PolicyError, &str); 9] = [
    (PolicyError::PasswordExpired, "the password has expired"),
    (PolicyError::AccountLocked, "the account is locked"),
    (PolicyError::ChangeAfterReset, "the password must be changed before the account can be used"),
    (PolicyError::PasswordModNotAllowed, "the password may not be changed"),
    (PolicyError::MustSupplyOldPassword, "the old password must be given too"),
    (PolicyError::InsufficientPasswordQuality, "the password is too simple"),
    (PolicyError::PasswordTooShort, "the password is too short"),
    (PolicyError::PasswordTooYoung, "the password was changed too recently"),
    (PolicyError::PasswordInHistory, "the password was used before"),
];

/// What result codes mean where the server says nothing else that is understood.
const CODES: [(u32, &str, &str); 14] = [
    (3, "the search took longer than the server allows", "ask for less, or have the limit raised"),
    (
        4,
        "the search finds more than the server gives",
        "have the limit of paged searches raised for the service account",
    ),
    (8, "the server wants a protected connection", PROTECTED),
    (11, "the search takes more than the server allows", "have the attribute indexed, or the limit raised"),
    (13, "the server wants a protected connection", PROTECTED),
    (17, "there is no such attribute", FIELDS),
    (19, "a value breaks a rule of the directory", ""),
    (21, "a value does not fit its attribute", FIELDS),
    (32, NO_PLACE, OTHER_PLACE),
    (34, "the name of the entry is none", ""),
    (49, "the user name or the password is wrong", "check `credentials`"),
    (50, "the service account may not do this", RIGHTS),
    (65, "entries of this class cannot be so", "the text says which attribute is missing or not allowed"),
    (68, TAKEN, "let the mapper give another name"),
];

/// The fault of a refusal. Its code is the standard's result code; its message has the words
/// and, after them, what the server itself said.
pub(super) fn fault(refusal: &Refusal) -> Fault {
    let plain = refusal.fault();
    let Some((kind, words, hint)) = meaning(refusal) else { return plain };
    let detail = if refusal.text.is_empty() { refusal.name().to_owned() } else { refusal.text.clone() };
    let fault = Fault::new(kind, format!("{words} ({detail})")).with_code(Code::Number(refusal.code.into()));
    if hint.is_empty() { fault } else { fault.with_hint(hint) }
}

fn meaning(refusal: &Refusal) -> Option<Meaning> {
    let of_table = |table: &[(&str, Meaning)], code: &str| {
        table.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, meaning)| *meaning)
    };
    if let Some(error) = refusal.policy {
        let words = POLICY.iter().find(|(known, _)| *known == error).map(|(_, words)| *words)?;
        return Some((refusal.kind(), words, ""));
    }
    let text = refusal.text.to_lowercase();
    if let Some((_, code)) = SAMBA.iter().find(|(words, _)| words.iter().all(|word| text.contains(word))) {
        return of_table(&OPERATIONS, code);
    }
    let by_text = if refusal.code == 49 {
        windows_data(&refusal.text).and_then(|data| of_table(&LOG_INS, data))
    } else {
        windows_error(&refusal.text).and_then(|error| of_table(&OPERATIONS, error))
    };
    let by_code = || {
        let (_, words, hint) = CODES.iter().find(|(code, ..)| *code == refusal.code)?;
        let kind = if matches!(refusal.code, 8 | 13) { Configuration } else { refusal.kind() };
        Some((kind, *words, *hint))
    };
    by_text.or_else(by_code)
}

/// The `data` of the text of a refused log-in, as in `AcceptSecurityContext error, data 52e`.
fn windows_data(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("data ")?;
    let data = rest.split(|c: char| !c.is_ascii_hexdigit()).next()?;
    (!data.is_empty()).then_some(data)
}

/// The error that a text begins with, as in `00002071: UpdErr: DSID-...`.
fn windows_error(text: &str) -> Option<&str> {
    let (error, _) = text.split_once(':')?;
    (error.len() == 8 && error.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: u32, text: &str) -> Fault {
        fault(&Refusal { code, text: text.to_owned(), ..Refusal::default() })
    }

    #[test]
    fn the_data_of_a_refused_log_in_is_told_in_words() {
        let text = "80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data 52e, v3839";
        let fault = of(49, text);
        assert_eq!(fault.message, format!("the user name or the password is wrong ({text})"));
        assert_eq!((fault.kind, fault.code), (Unauthenticated, Some(Code::Number(49))));
        for (data, words) in [("532", "expired"), ("533", "disabled"), ("701", "expired"), ("775", "locked")]
        {
            let fault = of(49, &format!("80090308: LdapErr: DSID-0, comment: error, data {data}, v1"));
            assert!(
                fault.message.split(" (").next().is_some_and(|said| said.contains(words)),
                "{data}: {fault}"
            );
        }
        assert_eq!(of(49, "").message, "the user name or the password is wrong (invalidCredentials)");
        assert!(of(49, "data fff").message.starts_with("the user name"), "an unknown one is the code's");
    }

    #[test]
    fn a_windows_error_counts_before_the_code() {
        let weak = of(53, "0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0");
        assert!(
            weak.message.starts_with("the password policy refuses the password, or the lack of one ("),
            "{weak}"
        );
        assert_eq!(weak.kind, InvalidValue);
        let plain = of(53, "0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0");
        assert!(plain.hints[0].contains("ldaps"));
        assert_eq!(of(68, "00002071: UpdErr: DSID-031B0CF6, problem 6005").kind, AlreadyExists);
        let login = of(68, "00002071: samldb: samAccountName 'ann' already in use!");
        assert!(login.message.starts_with("another account has this `sAMAccountName`"), "{login}");
        let upn = of(19, "0000202F: samldb: userPrincipalName 'a@b' is already in use");
        assert!(upn.message.starts_with("another account has this `userPrincipalName`"), "{upn}");
        let two = of(20, "0000200D: SINGLE-VALUE attribute title on CN=a specified more than once");
        assert!(two.message.starts_with("the attribute has this value already, or takes one only"), "{two}");
    }

    #[test]
    fn what_nobody_knows_is_shown_as_it_came() {
        assert_eq!(of(80, "internal error 77").message, "other: internal error 77");
        assert_eq!(of(53, "no global superior knowledge").kind, InvalidValue);
    }

    #[test]
    fn a_password_policy_is_told_in_words() {
        let refusal = Refusal { code: 49, policy: Some(PolicyError::PasswordExpired), ..Refusal::default() };
        assert_eq!(fault(&refusal).message, "the password has expired (invalidCredentials)");
    }
}
