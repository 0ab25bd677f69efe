//! Finding the bytes of a text that a format treats specially.

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// The first control character (below U+0020) or byte of `special` at or behind `from`; the length
/// of `bytes` if there is none. The special bytes are ASCII.
///
/// Eight bytes are tested at once: a byte `b` of a word has its high bit set in
/// `(word - ONES) & !word` only if it, or a byte before it, is zero.
#[inline(always)]
#[must_use]
pub fn find_special<const N: usize>(bytes: &[u8], from: usize, special: [u8; N]) -> usize {
    let mut position = from;
    let (words, rest) = bytes[from..].as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let mut found = word.wrapping_sub(ONES * 0x20) & !word;
        for byte in special {
            let zero = word ^ (ONES * u64::from(byte));
            found |= zero.wrapping_sub(ONES) & !zero;
        }
        found &= HIGHS;
        if found != 0 {
            return position + (found.trailing_zeros() / 8) as usize;
        }
        position += 8;
    }
    for &byte in rest {
        if byte < b' ' || special.contains(&byte) {
            break;
        }
        position += 1;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_byte_is_found_at_every_place() {
        let find = |bytes: &[u8], from| find_special(bytes, from, [b'"', b'\\']);
        for special in [b'"', b'\\', b'\n', 0, 0x1F] {
            for length in 0..40 {
                for place in 0..length {
                    let mut bytes = vec![b'\x7F'; length];
                    bytes[place] = special;
                    assert_eq!(find(&bytes, 0), place);
                    assert_eq!(find(&bytes, place), place);
                }
            }
        }
        let plain = "é\u{80}\u{2028} ~".repeat(5);
        assert_eq!(find(plain.as_bytes(), 0), plain.len());
    }
}
