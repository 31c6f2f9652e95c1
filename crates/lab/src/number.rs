//! Ids that look drawn by lot and are the same in every run: numbers, shuffled.

/// A number in the place of another; no two share one.
fn shuffled(number: u64) -> u64 {
    // The finisher of MurmurHash3, which only moves numbers about.
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53_u64] {
        mixed = (mixed ^ (mixed >> 33)).wrapping_mul(factor);
    }
    mixed ^ (mixed >> 33)
}

/// So many hexadecimal digits; sixteen of them are a number's own.
pub(crate) fn hexadecimal(number: u64, digits: usize) -> String {
    let mut text = format!("{:016x}{:016x}", shuffled(number), shuffled(!number));
    text.truncate(digits);
    text
}

/// Letters and digits after a prefix; with it they are twenty.
pub(crate) fn alphanumeric(prefix: &str, number: u64) -> String {
    const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    // A hundred bits fill seventeen signs, and the lower ones are the number's own.
    let mut rest = u128::from(shuffled(!number) >> 28) << 64 | u128::from(shuffled(number));
    let mut text = prefix.to_owned();
    while text.len() < 20 {
        text.push(char::from(SIGNS[usize::try_from(rest % 62).unwrap_or_default()]));
        rest /= 62;
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_numbers_share_an_id() {
        let ids: HashSet<String> = (0..10_000)
            .flat_map(|number| {
                [hexadecimal(number, 32), hexadecimal(number, 16), alphanumeric("00u", number)]
            })
            .collect();
        assert_eq!(ids.len(), 30_000);
        assert_eq!((hexadecimal(1, 32).len(), alphanumeric("00u", 1).len()), (32, 20));
    }
}
