//! Ids of Active Directory as people write them: GUIDs and SIDs.

use std::fmt::Write as _;

/// Where each byte of a GUID's text is in the value: its first three numbers are stored with
/// the least byte first (`[MS-DTYP]`, 2.3.4.2).
const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
/// After how many bytes a hyphen stands.
const HYPHENS: [usize; 4] = [4, 6, 8, 10];

/// The text of a GUID, such as `f81d4fae-7dec-11d0-a765-00a0c91e6bf6`.
pub(super) fn text(value: &[u8]) -> Option<String> {
    let value: &[u8; 16] = value.try_into().ok()?;
    let mut text = String::with_capacity(36);
    for (count, at) in ORDER.into_iter().enumerate() {
        if HYPHENS.contains(&count) {
            text.push('-');
        }
        let _ = write!(text, "{:02x}", value[at]);
    }
    Some(text)
}

/// The value of a GUID's text, with or without braces.
pub(super) fn value(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_start_matches('{').trim_end_matches('}');
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let is_guid = digits.len() == 32 && text.len() == 36 && digits.iter().all(u8::is_ascii_hexdigit);
    let pair =
        |at: usize| u8::from_str_radix(std::str::from_utf8(&digits[2 * at..2 * at + 2]).ok()?, 16).ok();
    let mut value = vec![0; 16];
    for (count, at) in ORDER.into_iter().enumerate().filter(|_| is_guid) {
        value[at] = pair(count)?;
    }
    is_guid.then_some(value)
}

/// The text of a security id, such as `S-1-5-21-1-2-3-500` (`[MS-DTYP]`, 2.4.2).
pub(super) fn sid(value: &[u8]) -> Option<String> {
    let [revision, count, authority @ ..] = value else { return None };
    let (authority, parts) = authority.split_at_checked(6)?;
    if parts.len() != usize::from(*count) * 4 {
        return None;
    }
    let authority = authority.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let mut text = format!("S-{revision}-{authority}");
    for part in parts.chunks_exact(4) {
        let number = u32::from_le_bytes(part.try_into().ok()?);
        let _ = write!(text, "-{number}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_guid_is_written_as_windows_does() {
        let bytes: Vec<u8> = (0..16).collect();
        let written = "03020100-0504-0706-0809-0a0b0c0d0e0f";
        assert_eq!(text(&bytes).as_deref(), Some(written));
        assert_eq!(value(&format!("{{{}}}", written.to_uppercase())), Some(bytes));
        for other in
            ["", "ann", "03020100-0504-0706-0809-0a0b0c0d0e0", "03020100-0504-0706-0809-0a0b0c0d0e0g"]
        {
            assert_eq!(value(other), None, "{other}");
        }
        assert_eq!(text(&[1, 2]), None);
    }

    #[test]
    fn a_sid_is_its_numbers() {
        let administrator = [
            1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xf4, 1, 0,
            0,
        ];
        assert_eq!(sid(&administrator).as_deref(), Some("S-1-5-21-1-2-4294967295-500"));
        assert_eq!(sid(&administrator[..20]), None);
        assert_eq!(sid(&[1]), None);
    }

    proptest! {
        #[test]
        fn a_guid_comes_back(bytes in prop::array::uniform16(any::<u8>())) {
            prop_assert_eq!(value(&text(&bytes).expect("a text")), Some(bytes.to_vec()));
        }
    }
}
