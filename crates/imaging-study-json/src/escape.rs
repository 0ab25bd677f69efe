//! Finding the bytes of a string that end it or need an escape.

const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// The first quotation mark, backslash or control character at or behind `from`; the length of
/// `bytes` if there is none.
///
/// Eight bytes are tested at once: a byte `b` of a word has its high bit set in
/// `(word - ONES) & !word` only if it, or a byte before it, is zero.
#[inline(always)]
pub(crate) fn find_special(bytes: &[u8], from: usize) -> usize {
    let mut position = from;
    let (words, rest) = bytes[from..].as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let quote = word ^ (ONES * b'"' as u64);
        let quote = quote.wrapping_sub(ONES) & !quote;
        let backslash = word ^ (ONES * b'\\' as u64);
        let backslash = backslash.wrapping_sub(ONES) & !backslash;
        let found = (control | quote | backslash) & HIGHS;
        if found != 0 {
            return position + (found.trailing_zeros() / 8) as usize;
        }
        position += 8;
    }
    for &byte in rest {
        if byte < b' ' || byte == b'"' || byte == b'\\' {
            break;
        }
        position += 1;
    }
    position
}

/// Writes a JSON string with the escapes that JSON asks for and no others.
pub(crate) fn write_string(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push('"');
    let from = find_special(bytes, 0);
    out.push_str(&text[..from]);
    if from == bytes.len() {
        out.push('"');
        return;
    }
    write_escaped(out, text, from);
}

#[cold]
fn write_escaped(out: &mut String, text: &str, mut from: usize) {
    let bytes = text.as_bytes();
    loop {
        let special = find_special(bytes, from);
        out.push_str(&text[from..special]);
        let Some(&byte) = bytes.get(special) else {
            break;
        };
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0C => out.push_str("\\f"),
            _ => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
        from = special + 1;
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_byte_is_found_at_every_place() {
        for special in [b'"', b'\\', b'\n', 0, 0x1F] {
            for length in 0..40 {
                for place in 0..length {
                    let mut bytes = vec![b'\x7F'; length];
                    bytes[place] = special;
                    assert_eq!(find_special(&bytes, 0), place);
                    assert_eq!(find_special(&bytes, place), place);
                }
            }
        }
        let plain = "é\u{80}\u{2028} ~".repeat(5);
        assert_eq!(find_special(plain.as_bytes(), 0), plain.len());
    }
}
