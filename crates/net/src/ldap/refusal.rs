//! What a directory says when it does not do what it was asked for.

use ldap3::LdapResult;
use ldap3::asn1::{StructureTag, TagClass, parse_tag};
use provost_core::{Code, Fault, FaultKind};

/// The control by which password policies answer
/// ([draft-behera-ldap-password-policy](https://datatracker.ietf.org/doc/html/draft-behera-ldap-password-policy-11),
/// section 6).
pub(crate) const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";

/// A result that is no success (RFC 4511, section 4.1.9).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The result code.
    pub code: u32,
    /// The server's own words; there may be none.
    pub text: String,
    /// What the password policy has against it.
    pub policy: Option<PolicyError>,
    /// The servers that should be asked instead.
    pub referrals: Vec<String>,
}

/// What a password policy can have against something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyError {
    /// The password has expired.
    PasswordExpired,
    /// The account is locked.
    AccountLocked,
    /// The password must be changed first.
    ChangeAfterReset,
    /// The password may not be changed.
    PasswordModNotAllowed,
    /// The old password is missing.
    MustSupplyOldPassword,
    /// The password is too easy.
    InsufficientPasswordQuality,
    /// The password is too short.
    PasswordTooShort,
    /// The password was changed too recently.
    PasswordTooYoung,
    /// The password was used before.
    PasswordInHistory,
}

use PolicyError as P;

/// The errors by their numbers (the draft's section 6.2).
const POLICY_ERRORS: [PolicyError; 9] = [
    P::PasswordExpired,
    P::AccountLocked,
    P::ChangeAfterReset,
    P::PasswordModNotAllowed,
    P::MustSupplyOldPassword,
    P::InsufficientPasswordQuality,
    P::PasswordTooShort,
    P::PasswordTooYoung,
    P::PasswordInHistory,
];

impl Refusal {
    pub(crate) fn of(result: LdapResult) -> Self {
        let control = result.ctrls.iter().find(|control| control.1.ctype == PASSWORD_POLICY);
        Self {
            code: result.rc,
            text: result.text.trim_end_matches('\0').trim().to_owned(),
            policy: control.and_then(|control| policy_error(control.1.val.as_deref()?)),
            referrals: result.refs,
        }
    }

    /// The kind of fault that the code means (RFC 4511, appendix A.2).
    pub fn kind(&self) -> FaultKind {
        match self.code {
            // Nothing was done, and later it may be.
            51 | 52 => FaultKind::Unavailable,
            8 | 13 | 48 | 49 => FaultKind::Unauthenticated,
            50 => FaultKind::PermissionDenied,
            32 => FaultKind::NotFound,
            68 => FaultKind::AlreadyExists,
            16..=21 | 34 | 53 | 64..=67 | 69 => FaultKind::InvalidValue,
            2 | 7 | 12 => FaultKind::Unsupported,
            10 => FaultKind::Configuration,
            _ => FaultKind::Vendor,
        }
    }

    /// The name of the code (RFC 4511, appendix A).
    pub fn name(&self) -> &'static str {
        NAMES.iter().find(|(code, _)| *code == self.code).map_or("unknown result", |(_, name)| name)
    }

    /// The fault without more than the standard says.
    pub fn fault(&self) -> Fault {
        let name = self.name();
        let message = if self.text.is_empty() { name.to_owned() } else { format!("{name}: {}", self.text) };
        Fault::new(self.kind(), message).with_code(Code::Number(self.code.into()))
    }
}

/// The error in the value of a policy's response control.
fn policy_error(value: &[u8]) -> Option<PolicyError> {
    let (_, sequence) = parse_tag(value).ok()?;
    let is_error = |tag: &StructureTag| tag.class == TagClass::Context && tag.id == 1;
    let error = sequence.expect_constructed()?.into_iter().find(is_error)?;
    let number = *error.expect_primitive()?.first()?;
    POLICY_ERRORS.get(usize::from(number)).copied()
}

const NAMES: [(u32, &str); 35] = [
    (1, "operationsError"),
    (2, "protocolError"),
    (3, "timeLimitExceeded"),
    (4, "sizeLimitExceeded"),
    (7, "authMethodNotSupported"),
    (8, "strongerAuthRequired"),
    (10, "referral"),
    (11, "adminLimitExceeded"),
    (12, "unavailableCriticalExtension"),
    (13, "confidentialityRequired"),
    (16, "noSuchAttribute"),
    (17, "undefinedAttributeType"),
    (18, "inappropriateMatching"),
    (19, "constraintViolation"),
    (20, "attributeOrValueExists"),
    (21, "invalidAttributeSyntax"),
    (32, "noSuchObject"),
    (33, "aliasProblem"),
    (34, "invalidDNSyntax"),
    (36, "aliasDereferencingProblem"),
    (48, "inappropriateAuthentication"),
    (49, "invalidCredentials"),
    (50, "insufficientAccessRights"),
    (51, "busy"),
    (52, "unavailable"),
    (53, "unwillingToPerform"),
    (54, "loopDetect"),
    (64, "namingViolation"),
    (65, "objectClassViolation"),
    (66, "notAllowedOnNonLeaf"),
    (67, "notAllowedOnRDN"),
    (68, "entryAlreadyExists"),
    (69, "objectClassModsProhibited"),
    (71, "affectsMultipleDSAs"),
    (80, "other"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_says_what_it_has_against_something() {
        // SEQUENCE { [1] 6 }, then the same after a warning, then only a warning.
        assert_eq!(policy_error(&[0x30, 3, 0x81, 1, 6]), Some(PolicyError::PasswordTooShort));
        let warned = [0x30, 8, 0xa0, 3, 0x80, 1, 9, 0x81, 1, 0];
        assert_eq!(policy_error(&warned), Some(PolicyError::PasswordExpired));
        assert_eq!(policy_error(&[0x30, 5, 0xa0, 3, 0x80, 1, 9]), None);
        for senseless in [&[][..], &[0x30], &[0x30, 3, 0x81, 1, 77], &[0x04, 1, 1]] {
            assert_eq!(policy_error(senseless), None, "{senseless:?}");
        }
    }

    #[test]
    fn a_fault_has_the_code_its_name_and_the_servers_words() {
        let refusal = Refusal { code: 68, text: "taken".to_owned(), ..Refusal::default() };
        let fault = refusal.fault();
        assert_eq!(fault.message, "entryAlreadyExists: taken");
        assert_eq!((fault.kind, fault.code), (FaultKind::AlreadyExists, Some(Code::Number(68))));
        let refusal = Refusal { code: 4000, ..Refusal::default() };
        assert_eq!(refusal.fault().message, "unknown result");
    }
}
